"""Batches of results as Arrow streams, to be appended to a spool.

A column of Arrow input goes through as it is. Of other carried columns nobody knows the type before the last document
is in; until then texts are kept as texts and all else as JSON, with the kinds of values seen beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from xborder_tagger.extras import extra
from xborder_tagger.io.jsonl import dump
from xborder_tagger.io.layout import EVIDENCE, TEXT, Layout
from xborder_tagger.io.records import Record
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import Prediction

with extra("arrow"):
    import pyarrow as pa

    from xborder_tagger.io.columnar import Carried

Batch = Sequence[tuple[Record, Prediction]]
STRINGS: Final = pa.list_(pa.string())
KINDS: Final = b"kinds"  # key of a field's metadata: kinds of its values, or `ARROW`, or none for our own columns
ARROW: Final = "arrow"
STRING: Final = "string"
JSON: Final = "json"
INT: Final = "int"
LONG: Final = "long"  # beside INT: integers that a double does not hold
SCALARS: Final = {bool: "bool", int: INT, float: "double", str: STRING}
EXACT: Final = range(-(2**53), 2**53 + 1)  # integers that a double holds
INT64: Final = range(-(2**63), 2**63)
_place = [("start", pa.int64()), ("end", pa.int64())]
_word = pa.struct([*_place, ("contribution", pa.float64())])
_sentence = pa.struct(
    [*_place, ("text", pa.string()), ("contribution", pa.float64()), ("words", pa.list_(_word))],
)


def own_types(labels: LabelSet, shape: Layout) -> dict[str, Any]:
    """Types of our own columns; they are those that the fields of the JSON output have."""
    sentences = pa.list_(_sentence)
    return {
        "tags": STRINGS,
        "probabilities": pa.struct([(tag, pa.float64()) for tag in labels.names]),
        "review": STRINGS,
        "flags": STRINGS,
        EVIDENCE: pa.struct([(tag, sentences) for tag in labels.names]),
        TEXT: pa.string(),
        **dict.fromkeys(shape.codes, STRINGS),
    }


def encode(batch: Batch, types: Mapping[str, Any], shape: Layout) -> bytes:
    """The batch as Arrow streams, one for each stretch of rows that came in one Arrow batch or in none."""
    sink = pa.BufferOutputStream()
    for _, stretch in groupby(batch, key=_origin):
        part = _stretch(list(stretch), types, shape)
        with pa.ipc.new_stream(sink, part.schema) as stream:
            stream.write_batch(part)
    return bytes(sink.getvalue())


def _origin(pair: tuple[Record, Prediction]) -> int | None:
    fields = pair[0].fields
    return id(fields.batch) if isinstance(fields, Carried) else None


def _stretch(batch: Batch, types: Mapping[str, Any], shape: Layout) -> Any:
    carried = dict(_carried([record for record, _ in batch], shape))
    records = [shape.record(*pair, own_only=isinstance(pair[0].fields, Carried)) for pair in batch]
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: _column(name, [record.get(name) for record in records], types.get(name)) for name in names}
    parts = (columns | carried).values()
    return pa.RecordBatch.from_arrays([array for _, array in parts], schema=pa.schema([field for field, _ in parts]))


def _carried(records: Sequence[Record], shape: Layout) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Name, field and array of each column that came as Arrow."""
    origin = records[0].fields
    if not isinstance(origin, Carried):
        return
    rows = pa.array([record.fields.row for record in records])  # type: ignore[attr-defined]
    for name, array in zip(origin.batch.schema.names, origin.batch.take(rows).columns, strict=True):
        called = shape.name_of(name)
        if shape.fields is None or called in shape.fields:
            yield called, (pa.field(called, array.type, metadata={KINDS: ARROW}), array)


def _column(name: str, values: list[Any], own_type: Any) -> tuple[Any, Any]:
    """Field and array of a column of Python values."""
    if own_type is not None:
        return pa.field(name, own_type), _array(values, own_type)
    kinds = kinds_of(values)
    array = _array(values if kinds <= {STRING} else [as_json(value) for value in values], pa.string())
    return pa.field(name, pa.string(), metadata={KINDS: ",".join(sorted(kinds))}), array


def kinds_of(values: Sequence[Any]) -> set[str]:
    """Which kinds of values there are, nulls aside."""
    kinds = {SCALARS.get(kind, JSON) for kind in set(map(type, values)) - {type(None)}}
    if INT in kinds:
        sizes = [value for value in values if type(value) is int]
        low, high = min(sizes), max(sizes)
        kinds |= {JSON} if low not in INT64 or high not in INT64 else set()
        kinds |= {LONG} if low not in EXACT or high not in EXACT else set()
    return kinds


def as_json(value: Any) -> str | None:
    """A value as JSON; null stays null."""
    return None if value is None else dump(value).decode().rstrip("\n")


def _array(values: Sequence[Any], kind: Any) -> Any:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # lone surrogates, which Arrow's texts cannot hold
        return pa.array(_escaped(values), kind)


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _escaped(part) for name, part in value.items()}
    return [_escaped(part) for part in value] if isinstance(value, (list, tuple)) else value
