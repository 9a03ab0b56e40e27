"""From scores to probabilities and tags. A score is the log-odds of its tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.numpy_kernel import Scores

FLAGS: Final = ("empty_text", "low_evidence", "other_language")


@dataclass(frozen=True, slots=True)
class Predictions:
    """What was decided about ``n_docs`` texts, as arrays.

    Args:
        scores: float64, (n_docs, n_tags), log-odds.
        probabilities: float64, (n_docs, n_tags), in (0, 1).
        applies, review: bool, (n_docs, n_tags), which tags apply and which a person should look at.
        flags: bool, (n_docs, 3), cautions about the texts, in the order of `FLAGS`.
    """

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    applies: NDArray[np.bool_]
    review: NDArray[np.bool_]
    flags: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decision:
    """How probabilities become tags.

    Args:
        thresholds: float64, (n_tags,), a tag applies from this probability on.
        review: float64, (n_tags, 2), the band of probabilities in which a person should look.
    """

    thresholds: NDArray[np.float64]
    review: NDArray[np.float64]

    def applies(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return probabilities >= self.thresholds

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags a person should look at, bool, (n_docs, n_tags)."""
        low, high = self.review.T
        return (probabilities >= low) & (probabilities < high)

    def decide(self, found: Scores, limits: Mapping[str, float]) -> Predictions:
        """Everything that follows from what a kernel found; ``limits`` are those of `Model.flags`."""
        shares = probabilities(found.scores)
        return Predictions(found.scores, shares, self.applies(shares), self.unsure(shares), _flags(found, limits))

    def to_dict(self) -> dict[str, Any]:
        """For the header of a model file; JSON keeps every bit of a float64."""
        return {name: getattr(self, name).tolist() for name in ("thresholds", "review")}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Decision:
        """The inverse of `to_dict`."""
        return cls(**{name: np.array(rows, dtype=np.float64) for name, rows in data.items()})


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic function of log-odds, in (0, 1), same shape."""
    return 1 / (1 + np.exp(-np.clip(scores, -40, 40)))


def _flags(found: Scores, limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """Bool, (n_docs, 3): which of `FLAGS` each text gets; an empty one gets no other."""
    empty = found.words == 0
    few = found.known < limits["known_words"]
    foreign = found.common < limits["common_share"] * found.words
    return np.column_stack((empty, few & ~empty, foreign & ~empty))
