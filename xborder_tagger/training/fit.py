"""Weights, pooling, calibration and thresholds.

Weights: one linear support vector machine per tag (dual coordinate descent: Hsieh et al. 2008), which with a fixed
seed and a fixed order of rows gives the same bits on any number of threads. Its rows are the judged documents; the
sentences that hold the tag's evidence, as further positives (annotators' rationales: Zaidan et al. 2007); and the
sentences of documents without the tag, as further negatives. A tagged document's other sentences are unknown.

Pooling: margins of every passage come from a model that saw no document on its event. A logistic regression on the
margins of each document's best passage is the calibrated probability (Platt 1999, extended to several inputs; stacking:
Wolpert 1992); which passage is the best one depends on the regression, so both are found in turns, as in
multiple-instance learning (MI-SVM: Andrews et al. 2003).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from xborder_tagger.kernel.decision import Decision
from xborder_tagger.kernel.pooling import Pooling
from xborder_tagger.training.corpus import Document
from xborder_tagger.training.features import Space

FOLDS = 5
SURE = 0.9  # outside the review band at least this share of cross-validated calls is right
ROUNDING = 6  # decimals of pooling and decision: the solver is exact to more only on one machine
TURNS = 5  # of choosing passages and fitting the mix; the fifth moves no development figure by more than .002


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
    # Sentences in a passage: shorter ones keep more tags of texts run together, longer ones know more of what a
    # sentence stands in; docs/evaluation.md has the table.
    passage: int = 10
    mix_cost: float = 0.1
    # Expected share of documents with each tag, in the tags' order: its share in the development set of untouched
    # news, whose own calibration figure is therefore a little flattered. The corpus holds up to three times as much
    # cooperation.
    prevalence: tuple[float, ...] = (0.17, 0.07, 0.08, 0.15, 0.13, 0.12, 0.18, 0.04)
    # On calibrated probabilities one half gives the fewest errors; thresholds that gave the highest F1 out of fold
    # carried over worse to other news (docs/evaluation.md).
    threshold: float = 0.5
    # Flags: benchmarks/quality/flags.py has the measurements behind these.
    known_words: int = 5
    common_share: float = 0.17


def folds_of(documents: Sequence[Document]) -> NDArray[np.int64]:
    """Fold of each document, by the checksum of its event."""
    return np.array([zlib.crc32(document.event.encode()) % FOLDS for document in documents], dtype=np.int64)


def evidence_sentences(documents: Sequence[Document], space: Space, tags: Sequence[str]) -> NDArray[np.bool_]:
    """Which sentences overlap evidence for which tag, bool, (n_sentences, n_tags)."""
    out = np.zeros((len(space.document_of), len(tags)), dtype=bool)
    begins = np.searchsorted(space.document_of, np.arange(len(documents) + 1))
    for row, document in enumerate(documents):
        rows = slice(begins[row], begins[row + 1])
        starts, ends = space.spans[rows].T
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
    rows = space.kept[(chosen[space.document_of] & (proof | negative[space.document_of]))[space.kept]]
    matrix = sparse.vstack((space.documents[judged], space.sentences[rows]), format="csr")
    return matrix, np.concatenate((labels.positive[judged, tag], proof[rows]))


def _fit_tag(
    matrix: sparse.csr_matrix, positive: NDArray[np.bool_], settings: Settings
) -> tuple[NDArray[np.float64], float]:
    machine = LinearSVC(C=settings.cost, dual=True, random_state=settings.seed, max_iter=20_000)
    machine.fit(matrix, positive)
    return machine.coef_[0], float(machine.intercept_[0])


@dataclass(frozen=True, slots=True)
class PassageMargins:
    """Margins of all passages by models that had not seen their documents.

    Args:
        passage, sentence: float64, (n_passages, n_tags), of the passage and of its best sentences.
        documents: int64, (n_passages,), ascending.
    """

    passage: NDArray[np.float64]
    sentence: NDArray[np.float64]
    documents: NDArray[np.int64]


def margins_out_of_fold(space: Space, labels: Labels, settings: Settings) -> PassageMargins:
    """Margins of every passage by a model that saw no document on its event."""
    passages, n_tags = space.passages, labels.known.shape[1]
    passage, sentence = np.zeros((len(passages), n_tags)), np.zeros((len(passages), n_tags))
    for fold in range(FOLDS):
        weights, bias = fit_weights(space, labels, np.flatnonzero(labels.folds != fold), settings)
        inside = labels.folds[passages.documents] == fold
        passage[inside] = space.passage_rows[inside] @ weights + bias
        sentence[inside] = passages.highest(space.sentences[space.kept] @ weights + bias)[inside]
    return PassageMargins(passage, sentence, passages.documents)


def fit_pooling(margins: PassageMargins, labels: Labels, settings: Settings) -> Pooling:
    """The mix of margins that tells best whether a document has a tag, by its best passage."""
    n_tags = labels.known.shape[1]
    fitted = [_fit_tag_mix(margins, labels, tag, settings) for tag in range(n_tags)]
    mix = np.stack([shares.reshape(2, n_tags) for shares, _ in fitted])
    return Pooling(settings.passage, mix, np.array([intercept for _, intercept in fitted]))


def _fit_tag_mix(
    margins: PassageMargins, labels: Labels, tag: int, settings: Settings
) -> tuple[NDArray[np.float64], float]:
    inputs = np.concatenate((margins.passage, margins.sentence), axis=1)
    first = np.searchsorted(margins.documents, np.arange(len(labels.known) + 1))
    usable = np.flatnonzero(labels.known[:, tag] & labels.typical & (np.diff(first) > 0))
    scores = margins.passage[:, tag]
    for _ in range(TURNS):
        bounds = zip(first[usable], first[usable + 1], strict=True)
        chosen = [begin + scores[begin:end].argmax() for begin, end in bounds]
        shares, intercept = _fit_platt(inputs[chosen], labels.positive[usable, tag], tag, settings)
        scores = inputs @ shares + intercept
    return shares, intercept


def _fit_platt(
    inputs: NDArray[np.float64], positive: NDArray[np.bool_], tag: int, settings: Settings
) -> tuple[NDArray[np.float64], float]:
    """Logistic regression of a tag on margins, with the tag as frequent as it is expected to be in use."""
    spread, found, expected = inputs.std(axis=0), positive.mean(), settings.prevalence[tag]
    importance = np.where(positive, expected / found, (1 - expected) / (1 - found))
    platt = LogisticRegression(C=settings.mix_cost, solver="newton-cholesky", tol=1e-10)
    platt.fit(inputs / spread, positive, importance)
    return (platt.coef_[0] / spread).round(ROUNDING), round(float(platt.intercept_[0]), ROUNDING)


def fit_decision(shares: NDArray[np.float64], labels: Labels, settings: Settings) -> Decision:
    """Thresholds and review bands from probabilities of unseen documents, (n_docs, n_tags)."""
    n_tags = shares.shape[1]
    rows = [np.flatnonzero(known & labels.typical) for known in labels.known.T]
    bands = [review_band(shares[rows[tag], tag], labels.positive[rows[tag], tag]) for tag in range(n_tags)]
    thresholds = np.full(n_tags, settings.threshold)
    return Decision(thresholds, np.array(bands).round(ROUNDING), settings.known_words, settings.common_share)


def review_band(shares: NDArray[np.float64], positive: NDArray[np.bool_]) -> tuple[float, float]:
    """The band of probabilities inside which fewer than `SURE` of the calls are right, whichever way they go."""
    rate = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(shares, positive)
    grid = np.linspace(0, 1, 1001)
    unsure = grid[(rate.predict(grid) > 1 - SURE) & (rate.predict(grid) < SURE)]
    return (float(unsure[0]), float(unsure[-1])) if len(unsure) else (1.0, 1.0)
