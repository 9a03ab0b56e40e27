"""Arrow columns of texts in, Arrow columns of results out: no Python object is made for a document.

The result columns are named and shaped like the fields of the JSON output:

- ``tags``, ``review``, ``flags``: list<string>, never null;
- ``probabilities``: struct, one double for every tag of the model, never null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import DocumentError
from xborder_tagger.extras import extra
from xborder_tagger.kernel import Predictions
from xborder_tagger.results import FLAGS
from xborder_tagger.tagger import Tagger

with extra("arrow"):
    import pyarrow as pa

if TYPE_CHECKING:
    from xborder_tagger.kernel.encoded import Offsets

RESULTS: Final = ("tags", "probabilities", "review", "flags")
STRINGS: Final = pa.list_(pa.string())
TEXTS: Final = frozenset({pa.string(), pa.large_string(), pa.string_view(), pa.null()})


def result_types(names: Sequence[str]) -> dict[str, pa.DataType]:
    """Types of the result columns for a model with these tags."""
    shares = pa.struct([(tag, pa.float64()) for tag in names])
    return dict(zip(RESULTS, (STRINGS, shares, STRINGS, STRINGS), strict=True))


def result_columns(found: Predictions, names: Sequence[str]) -> dict[str, pa.Array]:
    """The result columns, (n_docs,) each."""
    shares = [pa.array(column) for column in np.ascontiguousarray(found.probabilities.T)]
    columns = (
        chosen(names, found.applies),
        pa.StructArray.from_arrays(shares, names=names),
        chosen(names, found.review),
        chosen(FLAGS, found.flags),
    )
    return dict(zip(RESULTS, columns, strict=True))


def chosen(names: Sequence[str], cells: NDArray[np.bool_]) -> pa.ListArray:
    """For each row of a boolean array the names of its true columns: list<string>, (n_docs,)."""
    rows, columns = np.nonzero(cells)
    offsets = np.zeros(len(cells) + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=len(cells)), out=offsets[1:])
    values = pa.array(names, pa.string()).take(pa.array(columns))
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def predictions(tagger: Tagger, texts: pa.Array, *, threads: int = 1) -> Predictions:
    """What the tagger makes of a column that `plain_strings` gave; the texts are read where they lie.

    Raises:
        DocumentError: ``encoding``: a text is not UTF-8.
    """
    return tagger.kernel.predict_utf8(*utf8(texts), threads=threads).as_arrays()


def utf8(texts: pa.Array) -> tuple[Any, Offsets]:
    """The buffer of a column that `plain_strings` gave, and where in it each text begins, (n_docs + 1,)."""
    if not len(texts):
        return b"", np.zeros(1, np.int64)
    _, places, data = texts.buffers()
    kind: type[np.signedinteger[Any]] = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    return data or b"", np.frombuffer(places, kind)[texts.offset : texts.offset + len(texts) + 1]


def plain_strings(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One string or large_string array without nulls, which become empty; copied only where it is not that already.

    Args:
        texts: string, large_string, string_view, or a dictionary of them; chunked, sliced and null texts are fine.

    Raises:
        DocumentError: ``not_text``: the column holds no strings.
    """
    kind = texts.type.value_type if pa.types.is_dictionary(texts.type) else texts.type
    if kind not in TEXTS:
        raise DocumentError("not_text", f"the column to tag holds {texts.type}, expected strings; cast it first")
    strings = texts if texts.type == pa.string() else texts.cast(pa.large_string())
    if isinstance(strings, pa.ChunkedArray):
        one = strings.num_chunks == 1
        strings = strings.chunk(0) if one else strings.cast(pa.large_string()).combine_chunks()
    return strings.fill_null("") if strings.null_count else strings
