"""The compiled kernel behind the same methods as the NumPy one, which stays its specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from xborder_tagger.kernel.native import _native
from xborder_tagger.kernel.numpy_kernel import Analysis, NumpyKernel, Scores, Tables
from xborder_tagger.kernel.tables import PairTable, WordTable


class NativeKernel:
    """Scores texts in C++, with the GIL released. Threads may share it.

    Args:
        tables: checked once, here. Most of them are read where they lie and must not change while the kernel lives.

    Raises:
        ValueError: the tables do not fit together.
    """

    name = "native"

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._twin = NumpyKernel(tables)
        self._kernel = _native.Kernel(
            _characters(tables), _vocabulary(tables), _linear(tables), _pooling(tables), tables.common
        )

    def scores(self, texts: Sequence[str], *, threads: int = 1) -> Scores:
        """Scores of the given texts, which up to ``threads`` threads share among them.

        Raises:
            TypeError: an item is no str.
        """
        scores = np.empty((len(texts), self.tables.model.n_tags))
        words, known, common = (np.empty(len(texts), np.int64) for _ in range(3))
        self._kernel.score(texts, scores, words, known, common, threads)
        return Scores(scores, words, known, common)

    def analyse(self, texts: Sequence[str]) -> Analysis:
        """Tokens, sentences and feature occurrences of the given texts, as one batch; by the NumPy kernel."""
        return self._twin.analyse(texts)


def _characters(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    table = tables.characters
    return _plain(table.pages, np.uint16), _plain(table.entries, np.uint32), _plain(table.pool, np.uint8)


def _vocabulary(tables: Tables) -> tuple[Any, ...]:
    words = tables.vocabulary
    return (
        *(_table(table) for table in (words.words, words.term_steps, words.bigrams)),
        _plain(words.abbreviations, np.bool_),
        *(_plain(array, np.int32) for array in (words.term_starts, words.node_names, words.node_terms, words.unigrams)),
        words.longest_term,
    )


def _linear(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], float, NDArray[Any]]:
    model = tables.model
    return _plain(model.heads, np.float32), _plain(model.rows, np.int32), model.unit, _plain(model.bias, np.float64)


def _pooling(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], int]:
    pooling, n_tags = tables.pooling, tables.model.n_tags
    if pooling.mix.shape != (n_tags, 2, n_tags):
        raise ValueError("the mix has another shape")
    return _plain(pooling.mix, np.float64), _plain(pooling.intercept, np.float64), pooling.size


def _table(table: WordTable | PairTable) -> tuple[NDArray[Any], NDArray[Any], int]:
    return _plain(table.slots, np.uint64), _plain(table.places.displacements, np.uint16), table.places.seed


def _plain(array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """The array itself if it is contiguous, aligned and of this type, else a copy that is."""
    return np.require(array, dtype, ("C", "A"))
