"""What a kernel says of a batch of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Predictions(NamedTuple):
    """Scores of ``n_docs`` texts and what follows from them: arrays, or what NumPy takes for arrays and has ``tolist``.

    A tuple, for where texts come one at a time it is made for each: a frozen dataclass would cost a tenth of them.

    Args:
        scores: float64, (n_docs, n_tags), log-odds.
        probabilities: float64, (n_docs, n_tags), in (0, 1).
        applies, review: bool, (n_docs, n_tags), which tags apply and which a person should look at.
        flags: bool, (n_docs, 3), cautions about the texts, in the order of `results.FLAGS`.
        words, known, common: int64, (n_docs,), number of words (tokens but numbers), of those in the vocabulary,
            and of those that are common words of the model's language.
    """

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    applies: NDArray[np.bool_]
    review: NDArray[np.bool_]
    flags: NDArray[np.bool_]
    words: NDArray[np.int64]
    known: NDArray[np.int64]
    common: NDArray[np.int64]

    def as_arrays(self) -> Predictions:
        """The same as arrays of NumPy, not copied."""
        import numpy as np

        return Predictions._make(map(np.asarray, self))
