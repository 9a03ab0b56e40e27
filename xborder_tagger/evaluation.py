"""Per-tag and averaged precision, recall, F1 and average precision, calibration error, bootstrap intervals.

Unknown cells ("?") are masked: no figure here changes when an unknown cell does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.tagger import Tagger

BINS = 10
RESAMPLES = 1000
INTERVAL = (2.5, 97.5)  # percentiles


@dataclass(frozen=True, slots=True)
class Judged:
    """A model's output beside the truth, all (n_docs, n_tags).

    Args:
        positive, known: bool, the truth and which of its cells are judged.
        probabilities: float64.
        predicted: bool.
    """

    positive: NDArray[np.bool_]
    known: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    predicted: NDArray[np.bool_]

    def __getitem__(self, rows: NDArray[np.int64]) -> Judged:
        return Judged(self.positive[rows], self.known[rows], self.probabilities[rows], self.predicted[rows])


def judge(tagger: Tagger, texts: Sequence[str], positive: NDArray[np.bool_], known: NDArray[np.bool_]) -> Judged:
    """A tagger's output on annotated texts."""
    predictions = list(tagger.pipe(texts))
    shares = np.array([list(prediction.probabilities.values()) for prediction in predictions])
    predicted = np.array([[score.applies for score in prediction.scores] for prediction in predictions])
    return Judged(positive, known, shares, predicted)


def evaluate(judged: Judged, tags: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Any]:
    """All figures, ready for JSON; with ``resamples`` also 95% intervals of macro and micro F1."""
    figures: dict[str, Any] = {"documents": len(judged.positive), "tags": {}}
    columns = [_column(judged, place) for place in range(len(tags))]
    for tag, column in zip(tags, columns, strict=True):
        figures["tags"][tag] = _rounded(_tag_figures(*column))
    figures |= _rounded(_averages(judged))
    figures["macro_ap"] = round(float(np.nanmean([average_precision(p, y) for p, _, y in columns])), 4)
    figures["calibration_error"] = round(
        calibration_error(judged.probabilities[judged.known], judged.positive[judged.known]), 4
    )
    if resamples:
        figures |= _intervals(judged, resamples, seed)
    return figures


def _column(judged: Judged, place: int) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    known = judged.known[:, place]
    return judged.probabilities[known, place], judged.predicted[known, place], judged.positive[known, place]


def _tag_figures(
    shares: NDArray[np.float64], predicted: NDArray[np.bool_], positive: NDArray[np.bool_]
) -> dict[str, float]:
    right, called, there = int((predicted & positive).sum()), int(predicted.sum()), int(positive.sum())
    return {
        "precision": right / called if called else 0.0,
        "recall": right / there if there else 0.0,
        "f1": 2 * right / (called + there) if called + there else 0.0,
        "ap": average_precision(shares, positive),
        "positives": there,
    }


def _averages(judged: Judged) -> dict[str, float]:
    """Macro and micro F1."""
    right = (judged.predicted & judged.positive & judged.known).sum(axis=0)
    total = (judged.predicted & judged.known).sum(axis=0) + (judged.positive & judged.known).sum(axis=0)
    return {
        "macro_f1": float((2 * right / np.maximum(total, 1)).mean()),
        "micro_f1": float(2 * right.sum() / max(int(total.sum()), 1)),
    }


def _intervals(judged: Judged, resamples: int, seed: int) -> dict[str, Any]:
    """95% intervals by drawing documents with replacement."""
    generator = np.random.default_rng(seed)
    size = len(judged.positive)
    draws = [_averages(judged[generator.integers(0, size, size)]) for _ in range(resamples)]
    return {
        f"{name}_interval": np.percentile([draw[name] for draw in draws], INTERVAL).round(4).tolist()
        for name in ("macro_f1", "micro_f1")
    }


def average_precision(shares: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Mean precision at the ranks of the positives; NaN without any. Ties keep their order."""
    order = np.argsort(-shares, kind="stable")
    hits = positive[order]
    if not hits.any():
        return float("nan")
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def calibration_error(shares: NDArray[np.float64], positive: NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error: |mean probability - share of positives| over equal bins, by their size."""
    place = np.minimum((shares * bins).astype(np.int64), bins - 1)
    gap = np.bincount(place, weights=shares - positive, minlength=bins)
    return float(np.abs(gap).sum() / max(len(shares), 1))


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: value if isinstance(value, int) else round(value, 4) for name, value in figures.items()}
