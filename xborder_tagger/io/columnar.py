"""Parquet and Arrow: a row is a document; all other columns are carried as Arrow values, unconverted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xborder_tagger.errors import DocumentError
from xborder_tagger.extras import extra
from xborder_tagger.io.child.frames import ROW, SKIPPED
from xborder_tagger.io.inputs import Input, Item
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.packed import MANY, on_disk
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.rows import ID, joined
from xborder_tagger.io.sandbox import ask

with extra("arrow"):
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Carried(Mapping[str, Any]):
    """The other columns of a row. A writer of Arrow takes them from the batch, others see Python values."""

    batch: pa.RecordBatch
    row: int

    def __getitem__(self, name: str) -> Any:
        place = self.batch.schema.get_field_index(name)
        if place < 0:
            raise KeyError(name)
        return python_values(self.batch.column(place).slice(self.row, 1))[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.batch.schema.names)

    def __len__(self) -> int:
        return len(self.batch.schema)


def read_parquet(given: Input, start: int) -> Iterator[Item]:
    """Documents of a Parquet file; row groups before ``start`` are not touched."""
    return _read("parquet", given, start)


def read_arrow(given: Input, start: int) -> Iterator[Item]:
    """Documents of an Arrow IPC file or stream."""
    return _read("arrow", given, start)


def _read(task: str, given: Input, start: int) -> Iterator[Item]:
    options, row = given.options, 0
    wanted: dict[str, Any] = {"start": start, "text_columns": options.text_columns, "id_column": options.id_column}
    with on_disk(given) as path:
        for kind, frame in ask(task, options, path=path, many=MANY * options.max_bytes, **wanted):
            if kind == SKIPPED:
                row += int(frame)
                yield int(frame)
            elif kind == ROW:
                row += 1
                yield Rejected(f"{given.name}:{row}", **json.loads(frame))
            else:
                batch = _batch(frame)
                yield from _documents(batch, f"{given.name}:", row, options)
                row += len(batch)


def _batch(frame: bytes) -> pa.RecordBatch:
    """The batch of a frame, checked in full: it comes from a process that read what nobody vouches for."""
    try:
        batch = pa.ipc.open_stream(frame).read_next_batch()
        batch.validate(full=True)
    except (pa.ArrowException, StopIteration) as error:
        raise DocumentError("parser_crashed", f"its parser sent no sound rows ({error})") from error
    return batch


def _documents(batch: pa.RecordBatch, place: str, row: int, options: ReadOptions) -> Iterator[Record | Rejected]:
    names, identity = batch.schema.names, options.id_column or ID
    places = [f"{place}{number}" for number in range(row + 1, row + 1 + len(batch))]
    ids = python_values(batch.column(identity)) if identity in names else places
    texts = zip(*(batch.column(name).to_pylist() for name in options.text_columns), strict=True)
    carried = batch.drop_columns([name for name in names if name in (*options.text_columns, identity)])
    for number, (where, own, cells) in enumerate(zip(places, ids, texts, strict=True)):
        try:
            yield Record(own, joined(cells), Carried(carried, number), where)
        except DocumentError as error:
            yield Rejected(where, error.code, str(error), id=_plain(own))


def python_values(column: pa.Array) -> list[Any]:
    """The values of a column as Python has them; times too fine for Python become texts."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":  # of which pyarrow makes what depends on pandas being there
        column = _coarser(column, pa.timestamp("us", kind.tz))
    return list(column.to_pylist())


def _coarser(column: pa.Array, kind: pa.DataType) -> pa.Array:
    try:
        return column.cast(kind)
    except pa.ArrowInvalid:  # it would lose digits
        return column.cast(pa.string())


def _plain(value: Any) -> Any:
    """A value that JSON has."""
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
