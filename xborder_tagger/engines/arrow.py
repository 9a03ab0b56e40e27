"""Tags for Arrow record batches, column by column: no Python object is made for a document's results.

The results are four columns, named and shaped like the fields of the JSON output:

- ``tags``, ``review``, ``flags``: list<string>, never null;
- ``probabilities``: struct, one double for every tag of the model, never null.

A null text is read as an empty one: no tags, and the flag ``empty_text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.dedupe import NearCopies
from xborder_tagger.errors import DocumentError, InputError
from xborder_tagger.extras import extra
from xborder_tagger.kernel import Predictions
from xborder_tagger.results import FLAGS
from xborder_tagger.tagger import BATCH_SIZE, Tagger

with extra("arrow"):
    import pyarrow as pa

RESULTS: Final = ("tags", "probabilities", "review", "flags")
CLUSTER: Final = "cluster_id"


def result_type(tagger: Tagger) -> pa.StructType:
    """Type of `predict`'s result."""
    strings = pa.list_(pa.string())
    shares = pa.struct([(tag, pa.float64()) for tag in tagger.labels.names])
    return pa.struct(list(zip(RESULTS, (strings, shares, strings, strings), strict=True)))


def predict(tagger: Tagger, texts: pa.Array | pa.ChunkedArray) -> pa.StructArray:
    """Results for a column of texts, a struct of the four columns; (n_docs,), no nulls.

    Args:
        texts: string, large_string, string_view, or a dictionary of them; chunked, sliced and null texts are fine.

    Raises:
        DocumentError: the column holds no strings, or one that is not UTF-8.
    """
    found = _predictions(tagger, _large_strings(texts))
    names = tagger.labels.names
    shares = [pa.array(column) for column in np.ascontiguousarray(found.probabilities.T)]
    return pa.StructArray.from_arrays(
        [
            _chosen(names, found.applies),
            pa.StructArray.from_arrays(shares, names=names),
            _chosen(names, found.review),
            _chosen(FLAGS, found.flags),
        ],
        names=RESULTS,
    )


def tag_batch(tagger: Tagger, batch: pa.RecordBatch, *, text: str = "text", keep_text: bool = True) -> pa.RecordBatch:
    """The batch with the four result columns after its own, which stay as they are.

    A column that has the name of a result column gets ``input_`` before its name.

    Args:
        text: the column to tag.
        keep_text: whether that column is passed on.

    Raises:
        InputError: the batch has no such column, or more than one.
        DocumentError: the column holds no strings, or one that is not UTF-8.
    """
    schema = tagged_schema(tagger, batch.schema, text=text, keep_text=keep_text)
    own = [batch.column(place) for place, _ in carried(batch.schema.names, text=text, keep_text=keep_text)]
    results = predict(tagger, batch.column(text)).flatten()
    return pa.RecordBatch.from_arrays([*own, *results], schema=schema)


def tag_batches(
    tagger: Tagger, batches: Iterable[pa.RecordBatch], *, text: str = "text", keep_text: bool = True
) -> Iterator[pa.RecordBatch]:
    """`tag_batch` over a stream, in order, one batch in memory at a time."""
    return (tag_batch(tagger, batch, text=text, keep_text=keep_text) for batch in batches)


def tag_table(tagger: Tagger, table: pa.Table, *, text: str = "text", keep_text: bool = True) -> pa.Table:
    """`tag_batch` over a table; the result has the table's chunks."""
    batches = tag_batches(tagger, table.to_batches(), text=text, keep_text=keep_text)
    schema = tagged_schema(tagger, table.schema, text=text, keep_text=keep_text)
    return pa.Table.from_batches(batches, schema=schema)


def tagged_schema(tagger: Tagger, schema: pa.Schema, *, text: str = "text", keep_text: bool = True) -> pa.Schema:
    """Schema of what `tag_batch` makes of batches of this schema.

    Raises:
        InputError: there is no such column, or more than one.
    """
    names = carried(schema.names, text=text, keep_text=keep_text)
    own = [schema.field(place).with_name(name) for place, name in names]
    return pa.schema([*own, *result_type(tagger).fields], metadata=schema.metadata)


def add_cluster_ids(
    copies: NearCopies[Any], batch: pa.RecordBatch, *, text: str = "text", ids: str = "id"
) -> pa.RecordBatch:
    """The batch with the column ``cluster_id``: for each document the id of the first one it is a near-copy of.

    Batches are to come in the order of the documents, all to the same ``copies``.

    Args:
        ids: the column of the documents' ids, whose type ``cluster_id`` gets.

    Raises:
        InputError: the batch has no such columns, or more than one.
        DocumentError: the text column holds no strings, or one that is not UTF-8.
    """
    carried(batch.schema.names, text=ids, keep_text=True)
    names = carried(batch.schema.names, text=text, keep_text=True, added=(CLUSTER,))
    identities, texts = batch.column(ids), _large_strings(batch.column(text))
    found = copies.add(_strings(texts, 0), identities.to_pylist())
    kind = identities.type.value_type if pa.types.is_dictionary(identities.type) else identities.type
    columns = [*batch.columns, pa.array(found, kind)]
    return pa.RecordBatch.from_arrays(columns, names=[*(name for _, name in names), CLUSTER])


def carried(
    names: Sequence[str], *, text: str, keep_text: bool, added: Sequence[str] = RESULTS
) -> list[tuple[int, str]]:
    """Places of the columns that are passed on, each with its name in the result, where others are added.

    Raises:
        InputError: there is no column ``text``, or more than one.
    """
    if names.count(text) != 1:
        found = "stands more than once in" if text in names else "is none of"
        raise InputError(f"column {text!r} {found} {', '.join(names)}; name the column that holds the texts")
    taken = {*names, *added}
    own = ((place, name) for place, name in enumerate(names) if keep_text or name != text)
    return [(place, _free(name, taken) if name in added else name) for place, name in own]


def _predictions(tagger: Tagger, texts: pa.LargeStringArray) -> Predictions:
    """The one place where Arrow's texts become what the kernel takes: a few str at a time."""
    begins = range(0, max(len(texts), 1), BATCH_SIZE)
    parts = [tagger.kernel.predict(_strings(texts.slice(begin, BATCH_SIZE), begin)) for begin in begins]
    return Predictions(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Predictions)))


def _strings(texts: pa.LargeStringArray, begin: int) -> list[str]:
    try:
        return texts.to_numpy(zero_copy_only=False).tolist()
    except pa.ArrowException:
        row = begin + next(row for row, text in enumerate(texts) if not _is_utf8(text.as_buffer()))
        raise DocumentError("encoding", f"row {row}: not UTF-8, though its column says so; decode it first") from None


def _is_utf8(data: pa.Buffer) -> bool:
    try:
        data.to_pybytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def _large_strings(texts: pa.Array | pa.ChunkedArray) -> pa.LargeStringArray:
    """One array of 64-bit offsets without nulls; copied only where it is not that already."""
    kind = texts.type.value_type if pa.types.is_dictionary(texts.type) else texts.type
    if kind not in (pa.string(), pa.large_string(), pa.string_view(), pa.null()):
        raise DocumentError("not_text", f"the column to tag holds {texts.type}, expected strings; cast it first")
    strings = texts.cast(pa.large_string())
    if isinstance(strings, pa.ChunkedArray):
        strings = strings.combine_chunks()
    return strings.fill_null("") if strings.null_count else strings


def _chosen(names: Sequence[str], cells: NDArray[np.bool_]) -> pa.ListArray:
    """For each row of a boolean array the names of its true columns: list<string>, (n_docs,)."""
    offsets = np.zeros(len(cells) + 1, dtype=np.int32)
    np.cumsum(cells.sum(axis=1), out=offsets[1:])
    values = pa.array(names, pa.string()).take(pa.array(np.nonzero(cells)[1]))
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"input_{name}"
    taken.add(name)
    return name
