"""Weights, mix, calibration and thresholds.

Weights: one linear support vector machine per tag (dual coordinate descent: Hsieh et al. 2008), which with a fixed
seed and a fixed order of rows gives the same bits on any number of threads. Its rows are the judged documents; the
sentences that hold the tag's evidence, as further positives (annotators' rationales: Zaidan et al. 2007); and the
sentences of documents without the tag, as further negatives. A tagged document's other sentences are unknown.

Decision: margins of every document come from a model that saw no document on its event; a logistic regression on
them is the calibrated probability (Platt 1999).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from xborder_tagger.kernel.numpy_kernel import Margins
from xborder_tagger.linear import Decision, probabilities
from xborder_tagger.training.corpus import Document
from xborder_tagger.training.features import Space

FOLDS = 5
SURE = 0.9  # outside the review band at least this share of cross-validated calls is right
ROUNDING = 6  # decimals of the decision: its solver is exact to more only on one machine


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known about a corpus, for training.

    Args:
        positive, known: bool, (n_docs, n_tags).
        evidence: bool, (n_sentences, n_tags), the sentence holds evidence for the tag.
        folds: int64, (n_docs,), documents on one event share a fold.
        typical: bool, (n_docs,), documents written as news comes in, minimal pairs left out; only these calibrate.
            The others teach, but a storyteller's words and pairs made to be hard spread margins otherwise. Calibrated
            on all, the error on untouched news is .037 instead of .034; with a smaller and more coloured corpus, and
            before the mix of all tags, the gap was wider.
    """

    positive: NDArray[np.bool_]
    known: NDArray[np.bool_]
    evidence: NDArray[np.bool_]
    folds: NDArray[np.int64]
    typical: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of the recipe; benchmarks/quality/grid.py varies them, docs/evaluation.md has the table."""

    cost: float = 0.25
    seed: int = 0
    mix_cost: float = 0.3
    # Expected share of documents with each tag, in the tags' order: its share in the development set of untouched
    # news, whose own calibration figure is therefore a little flattered. The corpus holds up to three times as much
    # cooperation.
    prevalence: tuple[float, ...] = (0.17, 0.07, 0.08, 0.15, 0.13, 0.12, 0.18, 0.04)
    # On calibrated probabilities one half gives the fewest errors; thresholds that gave the highest F1 out of fold
    # carried over worse to other news (docs/evaluation.md).
    threshold: float = 0.5


def folds_of(documents: Sequence[Document]) -> NDArray[np.int64]:
    """Fold of each document, by the checksum of its event."""
    return np.array([zlib.crc32(document.event.encode()) % FOLDS for document in documents], dtype=np.int64)


def evidence_sentences(documents: Sequence[Document], space: Space, tags: Sequence[str]) -> NDArray[np.bool_]:
    """Which sentences overlap evidence for which tag, bool, (n_sentences, n_tags)."""
    out = np.zeros((len(space.document_of), len(tags)), dtype=bool)
    begins = np.searchsorted(space.document_of, np.arange(len(documents) + 1))
    for row, document in enumerate(documents):
        rows = slice(begins[row], begins[row + 1])
        starts, ends = space.sentence_spans[rows].T
        for column, tag in enumerate(tags):
            for start, end in _places(document.text, document.evidence.get(tag, [])):
                out[rows, column] |= (starts < end) & (ends > start)
    return out


def _places(text: str, spans: Sequence[str]) -> list[tuple[int, int]]:
    places = []
    for span in spans:
        at = text.find(span)
        while at >= 0:
            places.append((at, at + len(span)))
            at = text.find(span, at + 1)
    return places


def fit_weights(
    space: Space, labels: Labels, documents: NDArray[np.int64], settings: Settings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights, (n_features, n_tags), and biases, (n_tags,), learned from the given documents only."""
    jobs = (delayed(_fit_tag)(*_rows(space, labels, documents, tag), settings) for tag in range(labels.known.shape[1]))
    fitted = Parallel(n_jobs=-1)(jobs)
    return np.stack([weights for weights, _ in fitted], axis=1), np.array([bias for _, bias in fitted])


def _rows(
    space: Space, labels: Labels, documents: NDArray[np.int64], tag: int
) -> tuple[sparse.csr_matrix, NDArray[np.bool_]]:
    """Training rows of a tag, whole documents and sentences, and their classes."""
    judged = documents[labels.known[documents, tag]]
    chosen = np.zeros(len(labels.known), dtype=bool)
    chosen[judged] = True
    negative = ~labels.positive[:, tag]
    proof = labels.evidence[:, tag]
    rows = np.flatnonzero(chosen[space.document_of] & (proof | negative[space.document_of]))
    matrix = sparse.vstack((space.documents[judged], space.sentences[rows]), format="csr")
    return matrix, np.concatenate((labels.positive[judged, tag], proof[rows]))


def _fit_tag(
    matrix: sparse.csr_matrix, positive: NDArray[np.bool_], settings: Settings
) -> tuple[NDArray[np.float64], float]:
    machine = LinearSVC(C=settings.cost, dual=True, random_state=settings.seed, max_iter=20_000)
    machine.fit(matrix, positive)
    return machine.coef_[0], float(machine.intercept_[0])


def margins_of(
    space: Space, weights: NDArray[np.float64], bias: NDArray[np.float64], documents: NDArray[np.int64]
) -> Margins:
    """Margins of the given documents."""
    whole = space.documents[documents] @ weights + bias
    single = np.tile(bias, (len(documents), 1))
    row_of = np.full(space.documents.shape[0], -1)
    row_of[documents] = np.arange(len(documents))
    rows = np.flatnonzero(row_of[space.document_of] >= 0)
    best = np.full_like(single, -np.inf)
    np.maximum.at(best, row_of[space.document_of[rows]], space.sentences[rows] @ weights + bias)
    return _without_counts(whole, np.where(np.isfinite(best), best, single))


def _without_counts(document: NDArray[np.float64], sentence: NDArray[np.float64]) -> Margins:
    nothing = np.zeros(len(document), dtype=np.int64)
    return Margins(document, sentence, nothing, nothing, nothing)


def margins_out_of_fold(space: Space, labels: Labels, settings: Settings) -> Margins:
    """Margins of every document by a model that saw no document on its event."""
    n_docs, n_tags = labels.known.shape
    document, sentence = np.zeros((n_docs, n_tags)), np.zeros((n_docs, n_tags))
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(labels.folds == fold), np.flatnonzero(labels.folds != fold)
        found = margins_of(space, *fit_weights(space, labels, outside, settings), inside)
        document[inside], sentence[inside] = found.document, found.sentence
    return _without_counts(document, sentence)


def fit_decision(margins: Margins, labels: Labels, settings: Settings) -> Decision:
    """Mix, calibration, thresholds and review bands from margins of unseen documents."""
    rows = [np.flatnonzero(known & labels.typical) for known in labels.known.T]
    n_tags = len(rows)
    fitted = [_fit_platt(margins, labels, tag, rows[tag], settings) for tag in range(n_tags)]
    mix = np.stack([shares.reshape(2, n_tags) for shares, _ in fitted]).round(ROUNDING)
    intercept = np.array([intercept for _, intercept in fitted]).round(ROUNDING)
    draft = Decision(mix, intercept, np.zeros(n_tags), np.zeros((n_tags, 2)))
    shares = probabilities(draft.scores(margins))
    bands = [review_band(shares[rows[tag], tag], labels.positive[rows[tag], tag]) for tag in range(n_tags)]
    return replace(draft, thresholds=np.full(n_tags, settings.threshold), review=np.array(bands).round(ROUNDING))


def _fit_platt(
    margins: Margins, labels: Labels, tag: int, rows: NDArray[np.int64], settings: Settings
) -> tuple[NDArray[np.float64], float]:
    """Logistic regression of a tag on all margins, with the tag as frequent as it is expected to be in use."""
    inputs = np.concatenate((margins.document[rows], margins.sentence[rows]), axis=1)
    spread = inputs.std(axis=0)
    positive, expected = labels.positive[rows, tag], settings.prevalence[tag]
    found = positive.mean()
    importance = np.where(positive, expected / found, (1 - expected) / (1 - found))
    platt = LogisticRegression(C=settings.mix_cost, solver="newton-cholesky", tol=1e-10)
    platt.fit(inputs / spread, positive, importance)
    return platt.coef_[0] / spread, float(platt.intercept_[0])


def review_band(shares: NDArray[np.float64], positive: NDArray[np.bool_]) -> tuple[float, float]:
    """The band of probabilities inside which fewer than `SURE` of the calls are right, whichever way they go."""
    rate = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(shares, positive)
    grid = np.linspace(0, 1, 1001)
    unsure = grid[(rate.predict(grid) > 1 - SURE) & (rate.predict(grid) < SURE)]
    return (float(unsure[0]), float(unsure[-1])) if len(unsure) else (1.0, 1.0)
