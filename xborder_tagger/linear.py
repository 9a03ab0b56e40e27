"""From scores to probabilities and tags. A score is the log-odds of its tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
