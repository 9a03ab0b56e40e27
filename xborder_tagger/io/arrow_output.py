"""Parquet and Arrow files, assembled from a spool of batches (`arrow_spool`).

Rows are written in groups that depend on the rows alone, so the file does not depend on how the documents were cut into
batches, nor on where a job was taken up again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, Final

from xborder_tagger.extras import extra
from xborder_tagger.io.arrow_spool import encode, own_types
from xborder_tagger.io.arrow_types import converted, plan
from xborder_tagger.io.batch import Batch
from xborder_tagger.io.layout import default_fields, layout
from xborder_tagger.labels import LabelSet

with extra("arrow"):
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.ipc
    import pyarrow.parquet as pq

BLOCK: Final = 1024  # rows
GROUP_BLOCKS: Final = 16  # blocks of a row group, fewer where their texts have more than `GROUP_BYTES`
GROUP_BYTES: Final = 64 << 20


def arrow_output(
    form: str, labels: LabelSet, fields: Sequence[str] | None, crosswalk: Sequence[str], *, explain: bool
) -> tuple[Callable[[Batch], bytes], Callable[[BinaryIO, BinaryIO], None]]:
    """What encodes batches for the spool, and what assembles the file of it."""
    shape = layout(labels, fields, crosswalk)
    types = own_types(labels, shape)
    names = default_fields(crosswalk, explain=explain) if fields is None else fields
    finish = partial(assemble, form=form, names=names, open_ended=fields is None, types=types)
    return partial(encode, types=types, shape=shape), finish


def assemble(
    spool: BinaryIO,
    out: BinaryIO,
    *,
    form: str,
    names: Sequence[str],
    open_ended: bool,
    types: Mapping[str, Any],
) -> None:
    """Write the file.

    Args:
        spool: the appended batches, from their beginning.
        out: where the file goes; only written to.
        form: "parquet" or "arrow".
        names: of the first columns.
        open_ended: whether the other columns in the spool follow.
        types: of our own columns.
    """
    start = spool.tell()
    columns = plan((stream.schema for stream in _streams(spool)), names, types, open_ended=open_ended)
    spool.seek(start)
    schema = pa.schema([(name, column.type) for name, column in columns.items()])
    rows = (converted(batch, columns, schema) for stream in _streams(spool) for batch in stream)
    sink = _Sink(out)
    opened = pq.ParquetWriter(sink, schema, compression="zstd") if form == "parquet" else pa.ipc.new_file(sink, schema)
    with opened as file:
        for group in _groups(_blocks(rows, schema)):
            file.write_table(group)


def _streams(spool: BinaryIO) -> Iterator[Any]:
    """The Arrow streams that were appended."""
    start = spool.tell()
    end = spool.seek(0, io.SEEK_END)
    spool.seek(start)
    while spool.tell() < end:
        stream = pa.ipc.open_stream(spool)
        yield stream
        for _ in stream:  # what the caller did not read
            pass


def _blocks(batches: Iterator[Any], schema: Any) -> Iterator[Any]:
    """The rows in tables of `BLOCK` rows, the last one with what is left."""
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        while len(waiting) >= BLOCK:
            yield waiting.slice(0, BLOCK).combine_chunks()
            waiting = waiting.slice(BLOCK)
    if len(waiting):
        yield waiting.combine_chunks()


def _groups(blocks: Iterator[Any]) -> Iterator[Any]:
    """Blocks put together to row groups."""
    group: list[Any] = []
    size = 0
    for block in blocks:
        group.append(block)
        size += _text_bytes(block)
        if len(group) == GROUP_BLOCKS or size > GROUP_BYTES:
            yield pa.concat_tables(group).combine_chunks()
            group, size = [], 0
    if group:
        yield pa.concat_tables(group).combine_chunks()


def _text_bytes(table: Any) -> int:
    """Bytes of the texts of a table; unlike `nbytes` they depend on the values alone."""
    texts = [c for c in table.columns if c.type in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())]
    return sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in texts)


class _Sink:
    """A file that is only written to; Arrow may neither close it nor ask the disk where it is."""

    closed = False

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._size = out, 0

    def write(self, data: Any) -> int:
        """Append."""
        self._out.write(data)
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes so far."""
        return self._size

    def flush(self) -> None:
        """Nothing: whoever opened the file sees to that."""

    close = flush
