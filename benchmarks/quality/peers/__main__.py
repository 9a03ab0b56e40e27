"""Other systems trained on the same split and scored on the same texts, in one run.

``python -m benchmarks.quality.peers [GOLD.jsonl ...]`` prints the table and puts it into docs/evaluation.md. The peers'
packages are in benchmarks/requirements.txt; a system whose package is missing is named and left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

import numpy as np

import xborder_tagger
from benchmarks.quality.peers import Score
from benchmarks.quality.sets import AnnotatedSet, annotated_sets, split
from benchmarks.report import put, table
from xborder_tagger.evaluation import INTERVAL, RESAMPLES, Judged, evaluate, judge
from xborder_tagger.training.corpus import Document, corpus_digest

OURS = "xborder_tagger"
PEERS = {
    "scikit-learn, calibrated SVM": ("scikit_learn", "machine"),
    "scikit-learn, logistic regression": ("scikit_learn", "logistic"),
    "LibMultiLabel, micromacro-freq": ("libmultilabel_linear", "thresholding"),
    "LibMultiLabel, one-vs-rest": ("libmultilabel_linear", "one_against_the_rest"),
    "fastText, one against all": ("fasttext_ova", "one_against_all"),
    "spaCy, bag of words": ("spacy_bow", "bag_of_words"),
    "MiniLM embedding + logistic": ("minilm", "embedding"),
    "keyword rules": ("keywords", "keyword_rules"),
}
HEAD = ("texts", "system", "macro-F1 (95%)", "ours is ahead by (95%)", "micro-F1 (95%)", "at best cuts", "AP", "ECE")


def main(gold: list[str]) -> None:
    tagger = xborder_tagger.load()
    tags = tagger.labels.names
    documents = split("train", tags)
    if tagger.recipe["corpus"]["digest"] != corpus_digest(documents):
        sys.exit("the shipped model was trained on another corpus than this one; run `make model` first")
    sets = annotated_sets(gold, tags)
    ours = [judge(tagger, given.texts, given.positive, given.known) for given in sets]
    found = {OURS: ours} | {name: [_judged(s, given) for given in sets] for name, s in systems(documents, tags)}
    rows = [
        _row(given.name, name, judged[place], ours[place], tags)
        for place, given in enumerate(sets)
        for name, judged in found.items()
    ]
    put("peers", table(HEAD, rows))


def systems(documents: Sequence[Document], tags: Sequence[str]) -> Iterator[tuple[str, Score]]:
    """Name and scoring function of each peer that is installed, trained one after the other."""
    for name, (module, function) in PEERS.items():
        try:
            trained = getattr(import_module(f"benchmarks.quality.peers.{module}"), function)
        except ModuleNotFoundError as error:
            print(f"{name} left out: {error}; pip install -r benchmarks/requirements.txt", file=sys.stderr)
            continue
        print(f"training {name}", file=sys.stderr)
        yield name, trained(documents, tags)


def _judged(score: Score, given: AnnotatedSet) -> Judged:
    """Probabilities of a system; a tag applies from one half on, which is each system's own rule."""
    shares = score(given.texts)
    return Judged(given.positive, given.known, shares, shares >= 0.5)


def _row(texts: str, name: str, judged: Judged, ours: Judged, tags: Sequence[str]) -> list[str]:
    figures = evaluate(judged, tags)
    macro, micro = (_with_interval(figures[f], *figures[f"{f}_interval"]) for f in ("macro_f1", "micro_f1"))
    ahead = "" if name == OURS else _with_interval(*lead(ours, judged))
    rest = (f"{value:.3f}" for value in (best_cuts_f1(judged), figures["macro_ap"], figures["calibration_error"]))
    return [texts, name, macro, ahead, micro, *rest]


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def lead(ours: Judged, other: Judged) -> tuple[float, float, float]:
    """How far macro-F1 is ahead of another system's, with a 95% interval: both on the same documents of each draw."""
    generator, size = np.random.default_rng(0), len(ours.positive)
    draws = [generator.integers(0, size, size) for _ in range(RESAMPLES)]
    gaps = [macro_f1(ours[rows]) - macro_f1(other[rows]) for rows in draws]
    low, high = np.percentile(gaps, INTERVAL)
    return macro_f1(ours) - macro_f1(other), float(low), float(high)


def macro_f1(judged: Judged) -> float:
    """Mean over the tags of F1 on judged cells."""
    called, there = judged.predicted & judged.known, judged.positive & judged.known
    return float((2 * (called & there).sum(0) / np.maximum(called.sum(0) + there.sum(0), 1)).mean())


def best_cuts_f1(judged: Judged) -> float:
    """Macro-F1 with every tag's best threshold in hindsight: what is left when calibration plays no part."""
    scores = []
    for shares, positive, known in zip(judged.probabilities.T, judged.positive.T, judged.known.T, strict=True):
        order = np.argsort(-shares[known], kind="stable")
        ranked, hits = shares[known][order], np.cumsum(positive[known][order])
        f1 = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
        last_of_ties = np.append(ranked[1:] < ranked[:-1], True)  # a cut cannot part equal probabilities
        scores.append(f1[last_of_ties].max())
    return float(np.mean(scores))


if __name__ == "__main__":
    main(sys.argv[1:])
