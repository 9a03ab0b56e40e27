"""Which documents agree in a whole band (locality-sensitive hashing: Indyk and Motwani 1998).

Entries are single integers, the band's key above the document's number, in a few sorted runs of growing length, as in
a log-structured merge tree (O'Neil et al. 1996): 8 bytes an entry, and every step is one array operation.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

NUMBER_BITS: Final = np.uint64(32)
NUMBERS: Final = np.uint64(0xFFFFFFFF)
# Entries of a key after which no more are taken: what so many documents have in common tells none of them apart, and
# short texts of a few common words would otherwise be compared with a share of all others.
CROWD: Final = 64


class BandIndex:
    """From band keys to the numbers of the documents that were added with them."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []

    @property
    def nbytes(self) -> int:
        """Bytes of all entries."""
        return sum(run.nbytes for run in self._runs)

    def add(self, keys: NDArray[np.uint32], numbers: NDArray[np.int64], full: NDArray[np.bool_]) -> None:
        """Add documents: keys and which of them are full, (n_docs, n_bands), numbers (n_docs,) and below 2**32."""
        run = np.sort(_entries(keys, numbers)[~full])
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate((self._runs.pop(), run)), kind="stable")  # linear: both halves are in order
        self._runs.append(run)

    def find(self, keys: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Rows of ``keys``, (n_docs, n_bands), each with a number that shares a key with it; every pair once.

        Also which keys are full: they take no more documents.
        """
        order = np.argsort(keys, axis=None)  # neighbours in a run are asked for one after another
        wanted, rows = keys.ravel()[order].astype(np.uint64) << NUMBER_BITS, order // keys.shape[1]
        counts, found = np.zeros(keys.size, dtype=np.int64), [np.empty(0, np.uint64)]
        for run in self._runs:
            hit, first, entries = _entries_of(run, wanted)
            counts[order[hit]] += entries
            found.append(_pairs(run, rows[hit], first, entries))
        pairs = np.unique(np.concatenate(found))
        full = (counts >= CROWD).reshape(keys.shape)
        return (pairs >> NUMBER_BITS).astype(np.int64), (pairs & NUMBERS).astype(np.int64), full


def _entries(keys: NDArray[np.uint32], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    return keys.astype(np.uint64) << NUMBER_BITS | numbers.astype(np.uint64)[:, None]


def _entries_of(
    run: NDArray[np.uint64], wanted: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Which wanted keys a run has, and for each of these its first entry and the number of its entries."""
    first = np.searchsorted(run, wanted)
    hit = np.flatnonzero(run[np.minimum(first, len(run) - 1)] >> NUMBER_BITS == wanted >> NUMBER_BITS)
    first = first[hit]
    return hit, first, np.searchsorted(run, wanted[hit] | NUMBERS, side="right") - first


def _pairs(
    run: NDArray[np.uint64], rows: NDArray[np.int64], first: NDArray[np.int64], entries: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Row and number, in one integer, of all these entries of a run."""
    places = np.arange(entries.sum()) - np.repeat(np.cumsum(entries) - entries - first, entries)
    return np.repeat(rows, entries).astype(np.uint64) << NUMBER_BITS | run[places] & NUMBERS


def agreeing_rows(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a row of some keys and a row of others that have the same key in one of their bands."""
    agree = np.zeros((len(some), len(others)), dtype=bool)
    for ours, theirs in zip(some.T, others.T, strict=True):
        agree |= ours[:, None] == theirs
    rows, places = np.nonzero(agree)
    return rows, places
