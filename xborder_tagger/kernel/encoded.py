"""Texts in UTF-8 as Arrow keeps them: one buffer, and where in it each text begins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from xborder_tagger.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Offsets: TypeAlias = NDArray[np.signedinteger[Any]]  # int32 or int64


def decoded(data: Any, offsets: Offsets) -> Iterator[str]:
    """The texts: from each offset to the next one.

    Args:
        data: a buffer of bytes.
        offsets: (n_docs + 1,), ascending.

    Raises:
        DocumentError: ``encoding``: a text is not UTF-8.
    """
    places, view = offsets.tolist(), memoryview(data).cast("B")
    for row, (begin, end) in enumerate(pairwise(places)):
        try:
            yield str(view[begin:end], "utf-8")
        except UnicodeDecodeError:
            raise DocumentError(
                "encoding", f"row {row}: not UTF-8, though its column says so; decode it first"
            ) from None
