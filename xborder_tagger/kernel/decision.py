"""From scores to probabilities, tags and flags. A score is the log-odds of its tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.predictions import Predictions

EXTREME: Final = 36.0  # log-odds; from 37 on a probability would round to 1, which none is


@dataclass(frozen=True, slots=True)
class Counts:
    """Words of texts, int64, (n_docs,) each; as in `Predictions`."""

    words: NDArray[np.int64]
    known: NDArray[np.int64]
    common: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decision:
    """How scores become tags, and counts of words become flags.

    Args:
        thresholds: float64, (n_tags,), a tag applies from this probability on.
        review: float64, (n_tags, 2), the band of probabilities in which a person should look.
        known_words: a text with fewer of them gets the flag ``low_evidence``.
        common_share: a text with a smaller share of common words among its words gets ``other_language``.
    """

    thresholds: NDArray[np.float64]
    review: NDArray[np.float64]
    known_words: float
    common_share: float

    def decide(self, scores: NDArray[np.float64], counts: Counts) -> Predictions:
        """Everything that follows from scores, float64, (n_docs, n_tags), and counts."""
        shares = probabilities(scores)
        tags = (self.applies(shares), self.unsure(shares))
        return Predictions(scores, shares, *tags, self.flags(counts), counts.words, counts.known, counts.common)

    def applies(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return probabilities >= self.thresholds

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags a person should look at, bool, (n_docs, n_tags)."""
        low, high = self.review.T
        return (probabilities >= low) & (probabilities < high)

    def flags(self, counts: Counts) -> NDArray[np.bool_]:
        """Flags of each text, bool, (n_docs, 3), in the order of `results.FLAGS`; an empty one gets no other."""
        empty = counts.words == 0
        few = counts.known < self.known_words
        foreign = counts.common < self.common_share * counts.words
        return np.column_stack((empty, few & ~empty, foreign & ~empty))

    def to_dict(self) -> dict[str, Any]:
        """For the header of a model file; JSON keeps every bit of a float64."""
        bands = {"thresholds": self.thresholds.tolist(), "review": self.review.tolist()}
        return {"decision": bands, "flags": {"known_words": self.known_words, "common_share": self.common_share}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Decision:
        """The inverse of `to_dict`."""
        thresholds, review = (np.array(data["decision"][name], dtype=np.float64) for name in ("thresholds", "review"))
        return cls(thresholds, review, data["flags"]["known_words"], data["flags"]["common_share"])


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic function of log-odds, in (0, 1), same shape."""
    return 1 / (1 + np.exp(-np.clip(scores, -EXTREME, EXTREME)))
