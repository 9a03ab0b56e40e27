"""Parquet and Arrow: a row is a document, and many rows go through together, as columns.

All columns but the text and the id are carried as Arrow values, unconverted. Only those who need a row by itself make
a `Record` of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import DocumentError
from xborder_tagger.extras import extra
from xborder_tagger.io.child.frames import ROW, SKIPPED
from xborder_tagger.io.inputs import Input, Item, too_many
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.packed import MANY, on_disk
from xborder_tagger.io.records import Record, Rejected, sample_of
from xborder_tagger.io.rows import BETWEEN, ID, NO_TEXT
from xborder_tagger.io.sandbox import ask

with extra("arrow"):
    import pyarrow as pa
    import pyarrow.compute as pc

    from xborder_tagger.io.arrow_tagging import plain_strings, utf8


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a table that follow one another: the good documents as columns, and what is wrong with the others.

    Args:
        name: of the source.
        count: rows, good and bad.
        numbers: int64, (n_docs,), of the good rows, counted from 0 in the source.
        ids: Arrow array, (n_docs,); None where there are none, and documents are called by their places.
        texts: string or large_string, (n_docs,), without nulls.
        carried: the other columns.
        rejected: one for each bad row.
    """

    name: str
    count: int
    numbers: NDArray[np.int64]
    ids: pa.Array | None
    texts: pa.Array
    carried: pa.RecordBatch
    rejected: tuple[Rejected, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def size(self) -> int:
        """Bytes of the good texts."""
        offsets = utf8(self.texts)[1]
        return int(offsets[-1] - offsets[0])

    def records(self) -> list[Record]:
        """The good documents, one by one."""
        places = [_place(self.name, number) for number in self.numbers.tolist()]
        ids = places if self.ids is None else python_values(self.ids)
        columns = zip(ids, self.texts.to_pylist(), places, strict=True)
        return [Record(own, text, Carried(self.carried, row), at) for row, (own, text, at) in enumerate(columns)]

    def items(self) -> list[Record | Rejected]:
        """All rows in order."""
        numbered: dict[int, Record | Rejected] = {bad.index: bad for bad in self.rejected}
        numbered.update(zip(self.numbers.tolist(), self.records(), strict=True))
        return [numbered[number] for number in sorted(numbered)]

    @property
    def contents(self) -> bytes:
        """All that there is to know of the rows, for a digest."""
        ids = pa.nulls(len(self)) if self.ids is None else self.ids
        names = ["", "", *self.carried.schema.names]
        good = pa.RecordBatch.from_arrays([ids, self.texts, *self.carried.columns], names=names)
        return bytes(good.serialize()) + repr((self.name, self.numbers.tolist(), self.rejected)).encode(
            "utf-8", "surrogatepass"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Carried(Mapping[str, Any]):
    """The other columns of a row, as Python has their values."""

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
                yield Rejected(_place(given.name, row - 1), **json.loads(frame))
            else:
                batch = _batch(frame)
                yield _rows(batch, given.name, row, options)
                row += len(batch)


def _batch(frame: bytes) -> pa.RecordBatch:
    """The batch of a frame, checked in full: it comes from a process that read what nobody vouches for."""
    try:
        batch = pa.ipc.open_stream(frame).read_next_batch()
        batch.validate(full=True)
    except (pa.ArrowException, StopIteration) as error:
        raise DocumentError("parser_crashed", f"its parser sent no sound rows ({error})") from error
    return batch


def _rows(batch: pa.RecordBatch, name: str, first: int, options: ReadOptions) -> Rows:
    names, identity = batch.schema.names, options.id_column or ID
    numbers = np.arange(first, first + len(batch))
    texts, lacking = _texts([batch.column(column) for column in options.text_columns])
    ids = batch.column(identity) if identity in names else None
    carried = batch.drop_columns([column for column in names if column in (*options.text_columns, identity)])
    wrong = dict.fromkeys(np.flatnonzero(lacking).tolist(), ("not_text", NO_TEXT, ""))
    wrong |= dict(_too_long(texts, options.max_characters))
    if not wrong:
        return Rows(name, len(batch), numbers, ids, texts, carried)
    fine = np.ones(len(batch), dtype=bool)
    fine[list(wrong)] = False
    kept = pa.array(fine)
    rejected = tuple(_rejected(name, first + row, ids, row, *wrong[row]) for row in sorted(wrong))
    ids = None if ids is None else ids.filter(kept)
    carried = carried.filter(kept)
    return Rows(name, len(batch), numbers[fine], ids, texts.filter(kept), carried, rejected)


def _rejected(name: str, number: int, ids: pa.Array | None, row: int, *cause: str) -> Rejected:
    """What is said of a row of a batch: code, message and sample are the cause."""
    place = _place(name, number)
    own = place if ids is None else python_values(ids[row : row + 1])[0]
    plain = own if own is None or isinstance(own, (str, int, float)) else str(own)  # as JSON has it
    code, message, sample = cause
    return Rejected(place, code, message, name, number, id=plain, sample=sample)


def _place(name: str, number: int) -> str:
    """Where a row is, for people, who count from 1."""
    return f"{name}:{number + 1}"


def _texts(columns: list[pa.Array]) -> tuple[pa.Array, NDArray[np.bool_]]:
    """The text of each row, empty where it has none, and which rows these are; see `rows.joined`."""
    lacking = np.logical_and.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in columns])
    if len(columns) == 1:
        return plain_strings(columns[0]), lacking
    return reduce(_one_below_the_other, (plain_strings(column).cast(pa.large_string()) for column in columns)), lacking


def _one_below_the_other(upper: pa.Array, lower: pa.Array) -> pa.Array:
    """Texts of two columns as one; an empty one leaves no gap."""
    both = pc.binary_join_element_wise(upper, lower, pa.scalar(BETWEEN, pa.large_string()))
    return pc.if_else(pc.equal(upper, ""), lower, pc.if_else(pc.equal(lower, ""), upper, both))


def _too_long(texts: pa.Array, limit: int) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Rows whose text has too many characters, each with what is to be said of it."""
    if not (np.diff(utf8(texts)[1]) > limit).any():  # no character has less than a byte
        return
    lengths = pc.utf8_length(texts).to_numpy()
    for row in np.flatnonzero(lengths > limit).tolist():
        yield row, ("too_large", too_many(int(lengths[row]), limit), sample_of(texts[row].as_py()))


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
