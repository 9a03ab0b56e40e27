"""From margins to scores, probabilities and tags.

A tag's score is a linear mix of margins, those of the whole document and those of its best sentences, for this tag
and for the others: "trafficking" beside drugs is less likely to be of people. The mix is fitted by logistic regression
on margins of documents the weights had not seen (Platt 1999, extended to several inputs; stacking: Wolpert 1992). The
score is the log-odds of the tag; its logistic function is the calibrated probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.numpy_kernel import Margins

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
        # Not `@`: BLAS rounds otherwise for one row than for many, and a text's tags must not depend on its batch.
        document = np.einsum("nt,kt->nk", margins.document, self.mix[:, 0])
        sentence = np.einsum("nt,kt->nk", margins.sentence, self.mix[:, 1])
        return document + sentence + self.intercept

    def applies(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return probabilities >= self.thresholds

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which tags a person should look at, bool, (n_docs, n_tags)."""
        low, high = self.review.T
        return (probabilities >= low) & (probabilities < high)

    def decide(self, margins: Margins, limits: Mapping[str, float]) -> Predictions:
        """Everything that follows from margins; ``limits`` are those of `Model.flags`."""
        scores = self.scores(margins)
        shares = probabilities(scores)
        return Predictions(scores, shares, self.applies(shares), self.unsure(shares), _flags(margins, limits))

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


def _flags(margins: Margins, limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """Bool, (n_docs, 3): which of `FLAGS` each text gets; an empty one gets no other."""
    empty = margins.words == 0
    few = margins.known < limits["known_words"]
    foreign = margins.common < limits["common_share"] * margins.words
    return np.column_stack((empty, few & ~empty, foreign & ~empty))
