"""From margins to scores, probabilities and tags.

A tag's score is a linear mix of margins, those of the whole document and those of its best sentences, for this tag
and for the others: "trafficking" beside drugs is less likely to be of people. The mix is fitted by logistic regression
on margins of documents the weights had not seen (Platt 1999, extended to several inputs; stacking: Wolpert 1992). The
score is the log-odds of the tag; its logistic function is the calibrated probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.numpy_kernel import Margins


@dataclass(frozen=True, slots=True)
class Decision:
    """How margins become tags.

    Args:
        mix: float64, (n_tags, 2, n_tags): in each tag's score, the shares of the document's margins for all tags
            and of the highest sentence margins for all tags.
        intercept: float64, (n_tags,).
        thresholds: float64, (n_tags,), a tag applies from this probability on.
        review: float64, (n_tags, 2), the band of probabilities in which a person should look.
    """

    mix: NDArray[np.float64]
    intercept: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    review: NDArray[np.float64]

    def scores(self, margins: Margins) -> NDArray[np.float64]:
        """Log-odds, float64, (n_docs, n_tags)."""
        document, sentence = self.mix[:, 0].T, self.mix[:, 1].T
        return margins.document @ document + margins.sentence @ sentence + self.intercept

    def applies(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return probabilities >= self.thresholds

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags a person should look at, bool, (n_docs, n_tags)."""
        low, high = self.review.T
        return (probabilities >= low) & (probabilities < high)

    def to_dict(self) -> dict[str, Any]:
        """For the header of a model file; JSON keeps every bit of a float64."""
        return {name: getattr(self, name).tolist() for name in ("mix", "intercept", "thresholds", "review")}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Decision:
        """The inverse of `to_dict`."""
        return cls(**{name: np.array(rows, dtype=np.float64) for name, rows in data.items()})


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic function of log-odds, in (0, 1), same shape."""
    return 1 / (1 + np.exp(-np.clip(scores, -40, 40)))
