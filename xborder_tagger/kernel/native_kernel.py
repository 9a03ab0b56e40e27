"""The compiled kernel behind the same methods as the NumPy one, which stays its specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from xborder_tagger.kernel.encoded import Offsets, decoded
from xborder_tagger.kernel.native import _native
from xborder_tagger.kernel.numpy_kernel import Analysis, NumpyKernel, Scores, Tables
from xborder_tagger.kernel.tables import Table


class NativeKernel:
    """Scores texts in C++, with the GIL released. Threads may share it.

    Args:
        tables: checked once, here, and copied into a form that fits the processor's caches.

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

    def scores(self, texts: Sequence[str] | NDArray[np.str_], *, threads: int = 1) -> Scores:
        """Scores of the given texts, which up to ``threads`` threads share among them.

        An array of fixed width (dtype "U") is read where it lies; nobody may write to it meanwhile.

        Raises:
            TypeError: an item is no str.
        """
        found = self._empty(len(texts))
        if isinstance(texts, np.ndarray) and texts.dtype.kind == "U":
            codes, width = _codes(texts)
            self._kernel.score_utf32(codes, width, *_columns(found), threads)
        else:
            self._kernel.score(texts, *_columns(found), threads)
        return found

    def scores_utf8(self, data: Any, offsets: Offsets, *, threads: int = 1) -> Scores:
        """Scores of texts in UTF-8, read where they lie; those that are not ASCII are decoded one at a time.

        Raises:
            DocumentError: ``encoding``: a text is not UTF-8.
            ValueError: the offsets do not ascend, or lead out of the buffer.
        """
        found, plain = self._empty(len(offsets) - 1), np.frombuffer(data, np.uint8)
        try:
            self._kernel.score_utf8(plain, np.require(offsets, None, ("C", "A")), *_columns(found), threads)
        except UnicodeError:
            for _ in decoded(data, offsets):  # which says where
                pass
            raise
        return found

    def analyse(self, texts: Sequence[str]) -> Analysis:
        """Tokens, sentences and feature occurrences of the given texts, as one batch; by the NumPy kernel."""
        return self._twin.analyse(texts)

    def _empty(self, count: int) -> Scores:
        """Room for the scores of so many texts."""
        return Scores(np.empty((count, self.tables.model.n_tags)), *(np.empty(count, np.int64) for _ in range(3)))


def _columns(found: Scores) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    return found.scores, found.words, found.known, found.common


def _codes(texts: NDArray[np.str_]) -> tuple[NDArray[np.uint32], int]:
    """The characters of all items one after the other, and how many each has room for."""
    plain = np.require(texts, texts.dtype.newbyteorder("="), ("C", "A"))
    width = plain.dtype.itemsize // 4
    return (plain.view(np.uint32), width) if width else (np.zeros(len(plain), np.uint32), 1)


def _characters(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    table = tables.characters
    return _plain(table.pages, np.uint16), _plain(table.entries, np.uint32), _plain(table.pool, np.uint8)


def _vocabulary(tables: Tables) -> tuple[Any, ...]:
    words = tables.vocabulary
    return (
        *(_table(table) for table in (words.words, words.term_steps, words.bigrams)),
        _plain(words.abbreviations, np.bool_),
        *(_plain(array, np.int32) for array in (words.term_starts, words.node_names, words.node_terms, words.unigrams)),
        *(_plain(array, np.bool_) for array in (words.opens, words.closes)),
        words.longest_term,
    )


def _linear(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    model = tables.model
    if model.weights.shape != (len(model.idf), len(model.bias)):
        raise ValueError("weights have another shape than features by columns")
    return _plain(model.idf, np.float64), _plain(model.weights, np.float64), _plain(model.bias, np.float64)


def _pooling(tables: Tables) -> tuple[NDArray[Any], NDArray[Any], int]:
    pooling, n_tags = tables.pooling, tables.model.n_tags
    if pooling.mix.shape != (n_tags, 2, n_tags):
        raise ValueError("the mix has another shape")
    return _plain(pooling.mix, np.float64), _plain(pooling.intercept, np.float64), pooling.size


def _table(table: Table) -> tuple[NDArray[Any], NDArray[Any], int, int]:
    return _plain(table.keys, np.uint64), _plain(table.values, np.int32), table.seed, table.max_probe


def _plain(array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """The array itself if it is contiguous, aligned and of this type, else a copy that is."""
    return np.require(array, dtype, ("C", "A"))
