"""Tags for Arrow record batches, column by column: no Python object is made for a document.

The results are the four columns of `io.arrow_tagging`, with probabilities unrounded. A null text
is read as an empty one: no tags, and the flag ``empty_text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from xborder_tagger.dedupe import NearCopies
from xborder_tagger.errors import InputError
from xborder_tagger.extras import extra
from xborder_tagger.io.arrow_tagging import RESULTS, plain_strings, predictions, result_columns, result_types, utf8
from xborder_tagger.kernel.encoded import decoded
from xborder_tagger.tagger import Tagger

with extra("arrow"):
    import pyarrow as pa

__all__ = ["RESULTS", "add_cluster_ids", "predict", "tag_batch", "tag_batches", "tag_table", "tagged_schema"]
CLUSTER: Final = "cluster_id"


def result_type(tagger: Tagger) -> pa.StructType:
    """Type of `predict`'s result."""
    return pa.struct(list(result_types(tagger.labels.names).items()))


def predict(tagger: Tagger, texts: pa.Array | pa.ChunkedArray) -> pa.StructArray:
    """Results for a column of texts, a struct of the four columns; (n_docs,), no nulls.

    Args:
        texts: string, large_string, string_view, or a dictionary of them; chunked, sliced and null texts are fine.

    Raises:
        DocumentError: the column holds no strings, or one that is not UTF-8.
    """
    columns = result_columns(predictions(tagger, plain_strings(texts)), tagger.labels.names)
    return pa.StructArray.from_arrays(list(columns.values()), names=RESULTS)


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
    identities, texts = batch.column(ids), plain_strings(batch.column(text))
    found = copies.add(list(decoded(*utf8(texts))), identities.to_pylist())
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


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"input_{name}"
    taken.add(name)
    return name
