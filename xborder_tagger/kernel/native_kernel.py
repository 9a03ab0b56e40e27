"""The compiled kernel behind the same methods as the NumPy one, its specification. Tagging needs no NumPy."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.kernel.native import _native
from xborder_tagger.kernel.parts import Parts
from xborder_tagger.kernel.predictions import Predictions, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xborder_tagger.kernel.numpy_kernel import Tables

N_FLAGS = 3


class NativeKernel:
    """Predicts in C++, with the GIL released. Threads may share it.

    Args:
        parts: checked once, here; the arrays are read where they lie.

    Raises:
        ValueError, KeyError, TypeError: the parts do not fit together.
    """

    name = "native"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._n_tags = len(parts.settings["pooling"]["intercept"])
        characters, vocabulary, linear = _characters(parts), _vocabulary(parts), _linear(parts)
        pooling, decision, common = _pooling(parts), _decision(parts), parts.settings["common"]
        self._kernel = _native.Kernel(characters, vocabulary, linear, pooling, decision, common)

    @cached_property
    def tables(self) -> Tables:
        """The parts as the NumPy kernel reads them."""
        from xborder_tagger.kernel.assembly import assemble

        return assemble(self._parts)

    def predict(self, texts: Sequence[str], *, threads: int = 1) -> Predictions:
        """Predictions for the given texts, which up to ``threads`` threads share among them.

        Raises:
            TypeError: an item is no str.
        """
        import numpy as np

        n, n_tags = len(texts), self._n_tags
        cells: list[NDArray[Any]] = [np.empty((n, n_tags)) for _ in range(2)]
        cells += [np.empty((n, width), np.bool_) for width in (n_tags, n_tags, N_FLAGS)]
        counts = [np.empty(n, np.int64) for _ in range(3)]
        self._kernel.predict(texts, (*cells, *counts), threads)
        return Predictions(*cells, *counts)

    def rows(self, texts: Sequence[str], *, threads: int = 1) -> Iterator[Row]:
        """The same text by text, as lists."""
        n, n_tags = len(texts), self._n_tags
        if not n:
            return iter(())
        cells: list[memoryview[Any]] = [memoryview(bytearray(8 * n * n_tags)).cast("d", (n, n_tags)) for _ in range(2)]
        cells += [memoryview(bytearray(n * width)).cast("?", (n, width)) for width in (n_tags, n_tags, N_FLAGS)]
        counts = [memoryview(bytearray(8 * n)).cast("q") for _ in range(3)]
        self._kernel.predict(texts, (*cells, *counts), threads)
        return zip(*(matrix.tolist() for matrix in cells), strict=True)

    def explain(self, text: str, columns: Sequence[int]) -> Explanation:
        """Parts of each word in the scores of the tags of some columns.

        Raises:
            TypeError: ``text`` is no str.
        """
        found = zip(self._kernel.explain(text, tuple(columns)), "qqqqqdddd", strict=True)
        return Explanation._make([memoryview(data).cast(kind) for data, kind in found])  # type: ignore[call-overload]


def _characters(parts: Parts) -> tuple[Any, Any, Any]:
    arrays = parts.arrays
    return arrays["characters.pages"], arrays["characters.entries"], arrays["characters.pool"]


def _vocabulary(parts: Parts) -> tuple[Any, ...]:
    tables = (_table(parts, name) for name in ("words", "terms.steps", "bigrams"))
    names = ("abbreviations", "terms.starts", "terms.names", "terms.concepts", "unigrams")
    return (*tables, *(parts.arrays[name] for name in names), parts.settings["longest_term"])


def _table(parts: Parts, name: str) -> tuple[Any, ...]:
    return (
        *(parts.arrays[f"{name}.{part}"] for part in ("slots", "displacements")),
        parts.settings["tables"][name]["seed"],
    )


def _linear(parts: Parts) -> tuple[Any, Any, float, Any]:
    arrays = parts.arrays
    return arrays["features.heads"], arrays["features.rows"], parts.settings["unit"], arrays["bias"]


def _pooling(parts: Parts) -> tuple[Any, Any, int]:
    pooling = parts.settings["pooling"]
    mix = array("d", chain.from_iterable(chain.from_iterable(pooling["mix"])))
    return mix, array("d", pooling["intercept"]), pooling["size"]


def _decision(parts: Parts) -> tuple[Any, Any, float, float]:
    decision, flags = parts.settings["decision"], parts.settings["flags"]
    review = array("d", chain.from_iterable(decision["review"]))
    return array("d", decision["thresholds"]), review, flags["known_words"], flags["common_share"]
