"""Passages: overlapping runs of a few sentences, the unit in which a text is scored.

A tag holds if one passage proves it, so that what else stands in a long text, or beside it on a page, takes nothing
away (overlapping windows in retrieval: Kaszkiel and Zobel 2001, Effective ranking with arbitrary passages).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Passages:
    """Runs of sentences; both bounds ascend.

    Args:
        begins, ends: int64, (n_passages,), first and one-past-last sentence.
        documents: int64, (n_passages,), ascending.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    documents: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.begins)

    def around(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last passage that hold each sentence: the same one, or two that overlap."""
        numbers = np.arange(self.ends[-1] if len(self) else 0)
        first = np.searchsorted(self.ends, numbers, side="right")
        return first, np.searchsorted(self.begins, numbers, side="right") - 1

    def holding(self, sentences: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The one or two passages that hold each of some sentences; negative numbers are in none.

        Returns:
            indices into ``sentences``, and passages beside them.
        """
        first, last = self.around()
        inside = np.flatnonzero(sentences >= 0)
        found = sentences.take(inside)
        shared = np.flatnonzero((first < last).take(found))
        passages = np.concatenate((first.take(found), last.take(found.take(shared))))
        return np.concatenate((inside, inside.take(shared))), passages

    def sums(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums over the sentences of each passage, column by column; arguments and result as with `highest`."""
        return self._reduce(np.add, rows)

    def highest(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Highest value of the sentences of each passage, column by column.

        Args:
            rows: float64, (n_sentences, n_columns).

        Returns:
            float64, (n_passages, n_columns).
        """
        return self._reduce(np.maximum, rows)

    def _reduce(self, function: np.ufunc, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        bounds = np.stack((self.begins, self.ends), axis=1).ravel()
        fenced = np.concatenate((rows, rows[:1]))  # the last end lies behind all rows
        reduced: NDArray[np.float64] = function.reduceat(fenced, bounds, axis=0)[::2] if len(bounds) else rows[:0]
        return reduced


def cut_passages(documents: NDArray[np.int64], size: int) -> Passages:
    """Passages of ``size`` sentences, each beginning half a passage after the one before.

    A document of at most ``size`` sentences is one passage; the last passage of a longer one may be shorter.

    Args:
        documents: int64, (n_sentences,), ascending, the document of each sentence.
        size: even.
    """
    half = size // 2
    firsts = np.flatnonzero(np.diff(documents, prepend=-1))
    lengths = np.diff(firsts, append=len(documents))
    counts = np.maximum(-(-lengths // half) - 1, 1)
    document = np.repeat(np.arange(len(firsts)), counts)
    number = np.arange(len(document)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = firsts[document] + half * number
    ends = np.minimum(begins + size, (firsts + lengths)[document])
    return Passages(begins, ends, documents[begins])
