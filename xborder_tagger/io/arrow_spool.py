"""Batches of results as Arrow streams, to be appended to a spool.

A column of Arrow input goes through as it is. Of other carried columns nobody knows the type before the last document
is in; until then texts are kept as texts and all else as JSON, with the kinds of values seen beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, Final, TypeAlias

import numpy as np

from xborder_tagger.extras import extra
from xborder_tagger.io.batch import Batch
from xborder_tagger.io.jsonl import dump
from xborder_tagger.io.layout import EVIDENCE, TEXT, Layout
from xborder_tagger.io.records import Record
from xborder_tagger.io.rows import ID
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import evidence_record, rounded

with extra("arrow"):
    import pyarrow as pa
    import pyarrow.compute as pc

    from xborder_tagger.io.arrow_tagging import STRINGS, TEXTS, result_columns, result_types
    from xborder_tagger.io.columnar import Rows, python_values

Column: TypeAlias = "tuple[pa.Field, pa.Array]"
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
        **result_types(labels.names),
        EVIDENCE: pa.struct([(tag, sentences) for tag in labels.names]),
        TEXT: pa.string(),
        **dict.fromkeys(shape.codes, STRINGS),
    }


def encode(batch: Batch, types: Mapping[str, Any], shape: Layout) -> bytes:
    """The batch as an Arrow stream."""
    columns = {name: column for name, column in _columns(batch, types, shape) if shape.wants(name)}
    schema = pa.schema([field for field, _ in columns.values()])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.RecordBatch.from_arrays([array for _, array in columns.values()], schema=schema))
    return bytes(sink.getvalue())


def _columns(batch: Batch, types: Mapping[str, Any], shape: Layout) -> Iterator[tuple[str, Column]]:
    """Name, field and array of each column."""
    given = batch.documents
    yield from _of_rows(given, shape) if isinstance(given, Rows) else _of_records(given, shape)
    found = batch.found.as_arrays()
    shown = found._replace(probabilities=rounded(found.probabilities))
    own = result_columns(shown, batch.names) | _codes(batch, shape)
    if batch.evidence is not None:
        own[EVIDENCE] = pa.array([evidence_record(evidence) for evidence in batch.evidence], types[EVIDENCE])
    yield from ((name, (pa.field(name, types[name]), array)) for name, array in own.items())


def _of_rows(rows: Rows, shape: Layout) -> Iterator[tuple[str, Column]]:
    """What came as Arrow."""
    yield ID, _ids(rows)
    if shape.wants_text:
        yield TEXT, (pa.field(TEXT, pa.string()), rows.texts.cast(pa.string()))
    for name, array in zip(rows.carried.schema.names, rows.carried.columns, strict=True):
        called = shape.name_of(name)
        yield called, (pa.field(called, array.type, metadata={KINDS: ARROW}), array)


def _of_records(records: Sequence[Record], shape: Layout) -> Iterator[tuple[str, Column]]:
    """What came one by one."""
    yield ID, _column(ID, [record.id for record in records])
    if shape.wants_text:
        yield TEXT, (pa.field(TEXT, pa.string()), _array([record.text for record in records], pa.string()))
    fields = [shape.carried(record.fields) for record in records]
    for name in dict.fromkeys(name for row in fields for name in row):
        yield name, _column(name, [row.get(name) for row in fields])


def _codes(batch: Batch, shape: Layout) -> dict[str, Any]:
    """For each scheme the codes of the tags that apply. Few documents differ in their tags."""
    if not shape.codes:
        return {}
    kinds, which = np.unique(batch.found.as_arrays().applies, axis=0, return_inverse=True)
    codes = [shape.crosswalk(compress(batch.names, kind)) for kind in kinds.tolist()]
    places = pa.array(which.ravel())
    return {scheme: pa.array([of[scheme] for of in codes], STRINGS).take(places) for scheme in shape.codes}


def _ids(rows: Rows) -> Column:
    """Ids that came as Arrow. Unlike carried columns they become what JSON makes of them, whatever the inputs are."""
    ids = rows.ids
    if ids is None:
        places = pa.array(rows.numbers + 1).cast(pa.string())
        return _field(ID, {STRING}), pc.binary_join_element_wise(_escaped(rows.name), places, ":")
    if pa.types.is_integer(ids.type):
        bounds = pc.min_max(ids).as_py().values()
        return _field(ID, kinds_of([bound for bound in bounds if bound is not None])), ids.cast(pa.string())
    if ids.type in TEXTS:
        return _field(ID, {STRING} if ids.null_count < len(ids) else set()), ids.cast(pa.string())
    return _column(ID, python_values(ids))


def _column(name: str, values: list[Any]) -> Column:
    """Field and array of a column of Python values."""
    kinds = kinds_of(values)
    array = _array(values if kinds <= {STRING} else [as_json(value) for value in values], pa.string())
    return _field(name, kinds), array


def _field(name: str, kinds: set[str]) -> Any:
    """Of a column of texts, or of JSON."""
    return pa.field(name, pa.string(), metadata={KINDS: ",".join(sorted(kinds))})


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
