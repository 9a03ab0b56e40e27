"""The compiled kernel behind the same methods as the NumPy one, its specification. Tagging needs no NumPy."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from xborder_tagger.kernel.encoded import decoded
from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.kernel.native import _native
from xborder_tagger.kernel.parts import Parts
from xborder_tagger.kernel.predictions import Predictions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xborder_tagger.kernel.encoded import Offsets
    from xborder_tagger.kernel.numpy_kernel import Tables


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
        characters, vocabulary, linear = _characters(parts), _vocabulary(parts), _linear(parts)
        pooling, decision, common = _pooling(parts), _decision(parts), parts.settings["common"]
        self._kernel = _native.Kernel(characters, vocabulary, linear, pooling, decision, common)

    @cached_property
    def tables(self) -> Tables:
        """The parts as the NumPy kernel reads them."""
        from xborder_tagger.kernel.assembly import assemble

        return assemble(self._parts)

    def predict(self, texts: Sequence[str] | NDArray[np.str_], *, threads: int = 1) -> Predictions:
        """Predictions for the given texts, which up to ``threads`` threads share among them.

        An array of fixed width (dtype "U") is read where it lies; nobody may write to it meanwhile.

        Raises:
            TypeError: an item is no str.
        """
        kind = getattr(texts, "dtype", None)
        if kind is not None and kind.kind == "U":
            return Predictions(*self._kernel.predict_utf32(*_codes(texts), threads))
        return Predictions(*self._kernel.predict(texts, threads))

    def predict_utf8(self, data: Any, offsets: Offsets, *, threads: int = 1) -> Predictions:
        """Predictions for texts in UTF-8, read where they lie; those that are not ASCII are decoded one at a time.

        Raises:
            DocumentError: ``encoding``: a text is not UTF-8.
            ValueError: the offsets do not ascend, or lead out of the buffer.
        """
        import numpy as np

        places = np.require(offsets, None, ("C", "A"))
        try:
            return Predictions(*self._kernel.predict_utf8(np.frombuffer(data, np.uint8), places, threads))
        except UnicodeError:
            for _ in decoded(data, offsets):  # which says where
                pass
            raise

    def explain(self, text: str, columns: Sequence[int]) -> Explanation:
        """Parts of each word in the scores of the tags of some columns.

        Raises:
            TypeError: ``text`` is no str.
        """
        return Explanation(*self._kernel.explain(text, tuple(columns)))


def _codes(texts: Any) -> tuple[NDArray[np.uint32], int]:
    """The characters of all items one after the other, and how many each has room for."""
    import numpy as np

    plain = np.require(texts, texts.dtype.newbyteorder("="), ("C", "A"))
    width = plain.dtype.itemsize // 4
    return (plain.view(np.uint32), width) if width else (np.zeros(len(plain), np.uint32), 1)


def _characters(parts: Parts) -> tuple[Any, Any, Any]:
    arrays = parts.arrays
    return arrays["characters.pages"], arrays["characters.entries"], arrays["characters.pool"]


def _vocabulary(parts: Parts) -> tuple[Any, ...]:
    tables = (_table(parts, name) for name in ("words", "terms.steps", "bigrams"))
    names = ("abbreviations", "terms.starts", "terms.names", "terms.concepts", "unigrams")
    return (*tables, *(parts.arrays[name] for name in names), parts.settings["longest_term"])


def _table(parts: Parts, name: str) -> tuple[Any, ...]:
    return (
        *(parts.arrays[f"{name}.{part}"] for part in ("slots", "factors")),
        parts.settings["tables"][name]["seed"],
    )


def _linear(parts: Parts) -> tuple[Any, tuple[float, ...], Any]:
    return parts.arrays["features.rows"], tuple(parts.settings["units"]), parts.arrays["bias"]


def _pooling(parts: Parts) -> tuple[Any, Any, int]:
    pooling = parts.settings["pooling"]
    mix = array("d", chain.from_iterable(chain.from_iterable(pooling["mix"])))
    return mix, array("d", pooling["intercept"]), pooling["size"]


def _decision(parts: Parts) -> tuple[Any, Any, float, float]:
    decision, flags = parts.settings["decision"], parts.settings["flags"]
    review = array("d", chain.from_iterable(decision["review"]))
    return array("d", decision["thresholds"]), review, flags["known_words"], flags["common_share"]
