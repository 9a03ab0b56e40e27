"""Parquet and Arrow files, assembled from a spool of batches (`arrow_spool`).

The types of carried columns follow from the whole: integers, numbers, booleans and texts where all values are of one
kind, JSON texts where they are not. Rows are written in groups that depend on the rows alone, so the file does not
depend on how the documents were cut into batches, nor on where a job was taken up again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from xborder_tagger.extras import extra
from xborder_tagger.io.arrow_spool import ARROW, JSON, KINDS, STRING, as_json, encode, own_types
from xborder_tagger.io.columnar import python_values
from xborder_tagger.io.layout import default_fields, layout
from xborder_tagger.labels import LabelSet

with extra("arrow"):
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.ipc
    import pyarrow.parquet as pq

if TYPE_CHECKING:
    from xborder_tagger.io.write import WriteOptions, Writer

BLOCK: Final = 1024  # rows
GROUP_BLOCKS: Final = 16  # blocks of a row group, fewer where their texts have more than `GROUP_BYTES`
GROUP_BYTES: Final = 64 << 20
OWN: Final = "own"
NUMBER: Final = "number"
# Types that one type holds without loss: bytes of a number may differ from file to file of a lake.
KIN: Final = (
    (pa.types.is_signed_integer, pa.int64()),
    (pa.types.is_unsigned_integer, pa.uint64()),
    (pa.types.is_floating, pa.float64()),
    (lambda kind: kind in (pa.string(), pa.large_string(), pa.string_view()), pa.large_string()),
)
NUMBERS: Final = {frozenset({"int"}): pa.int64(), frozenset({"bool"}): pa.bool_()} | dict.fromkeys(
    (frozenset({"double"}), frozenset({"double", "int"})), pa.float64()
)


def arrow_writer(form: str, labels: LabelSet, options: WriteOptions) -> Writer:
    """The writer of Parquet or Arrow files."""
    from xborder_tagger.io.write import Writer

    shape = layout(labels, options.fields, options.crosswalk)
    types = own_types(labels, shape)
    names = options.fields or default_fields(options.crosswalk, explain=options.explain)
    assemble_form = partial(assemble, form=form, names=names, open_ended=options.fields is None, types=types)
    return Writer(b"", partial(encode, types=types, shape=shape), assembled=True, assemble=assemble_form)


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
    plan = _plan(_streams(spool), names, types, open_ended=open_ended)
    spool.seek(start)
    schema = pa.schema([(name, column.type) for name, column in plan.items()])
    rows = (_converted(batch, plan, schema) for stream in _streams(spool) for batch in stream)
    sink = _Sink(out)
    opened = pq.ParquetWriter(sink, schema, compression="zstd") if form == "parquet" else pa.ipc.new_file(sink, schema)
    with opened as file:
        for group in _groups(_blocks(rows, schema)):
            file.write_table(group)


@dataclass(frozen=True, slots=True)
class Column:
    """Type of a column of the output, and how the spool's columns become it.

    Args:
        type: in the output.
        how: `OWN` or `ARROW` (cast), `STRING` (as it is), `JSON` (texts of JSON), or "number" (read from JSON).
    """

    type: Any
    how: str


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


def _plan(
    streams: Iterator[Any], names: Sequence[str], types: Mapping[str, Any], *, open_ended: bool
) -> dict[str, Column]:
    """The output's columns: ours, then the carried ones as they first come."""
    seen: dict[str, list[Any]] = {name: [] for name in names}
    for stream in streams:
        for field in stream.schema:
            if open_ended or field.name in seen:
                seen.setdefault(field.name, []).append(field)
    return {name: Column(types[name], OWN) if name in types else _column(fields) for name, fields in seen.items()}


def _column(fields: Sequence[Any]) -> Column:
    kinds = {kind for field in fields for kind in field.metadata[KINDS].decode().split(",") if kind}
    if kinds == {ARROW}:
        common = _common(dict.fromkeys(field.type for field in fields))
        return Column(common, ARROW) if common else Column(pa.string(), JSON)
    if kinds <= {STRING}:
        return Column(pa.string(), STRING)
    number = NUMBERS.get(frozenset(kinds))
    return Column(number, NUMBER) if number else Column(pa.string(), JSON)


def _common(types: Iterable[Any]) -> Any:
    """The type that values of all types have without loss; None if there is none."""
    kinds = [kind for kind in types if kind != pa.null()] or [pa.null()]
    if len(kinds) == 1:
        return kinds[0]
    for is_kin, widest in KIN:
        if all(map(is_kin, kinds)):
            return widest
    return None


def _converted(batch: Any, plan: Mapping[str, Column], schema: Any) -> Any:
    return pa.RecordBatch.from_arrays([_cells(batch, name, column) for name, column in plan.items()], schema=schema)


def _cells(batch: Any, name: str, column: Column) -> Any:
    place = batch.schema.get_field_index(name)
    if place < 0:
        return pa.nulls(len(batch), column.type)
    array = batch.column(place)
    if column.how in (OWN, ARROW):
        return array.cast(column.type)
    kinds = (batch.schema.field(place).metadata or {})[KINDS].decode()
    if column.how == STRING or (column.how == JSON and kinds not in (ARROW, STRING)):
        return array
    convert = as_json if column.how == JSON else _number
    return pa.array(map(convert, python_values(array)), column.type)


def _number(value: str | None) -> Any:
    return None if value is None else json.loads(value)


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
