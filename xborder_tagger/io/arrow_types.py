"""The columns of a Parquet or Arrow output: their types, and how the spool's columns (`arrow_spool`) become them.

The types of carried columns follow from the whole: integers, numbers, booleans and texts where all values are of one
kind, JSON texts where they are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xborder_tagger.extras import extra
from xborder_tagger.io.arrow_spool import ARROW, INT, JSON, KINDS, LONG, STRING, as_json
from xborder_tagger.io.columnar import python_values

with extra("arrow"):
    import pyarrow as pa

OWN: Final = "own"
NUMBER: Final = "number"
# Types that one type holds without loss: bytes of a number may differ from file to file of a lake.
KIN: Final = (
    (pa.types.is_signed_integer, pa.int64()),
    (pa.types.is_unsigned_integer, pa.uint64()),
    (pa.types.is_floating, pa.float64()),
    (lambda kind: kind in (pa.string(), pa.large_string(), pa.string_view()), pa.large_string()),
)
NUMBERS: Final = {
    frozenset({"bool"}): pa.bool_(),
    frozenset({INT}): pa.int64(),
    frozenset({INT, LONG}): pa.int64(),
    frozenset({"double"}): pa.float64(),
    frozenset({"double", INT}): pa.float64(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """Type of a column of the output, and how the spool's columns become it.

    Args:
        type: in the output.
        how: `OWN` or `ARROW` (cast), `STRING` (as it is), `JSON` (texts of JSON), or "number" (read from JSON).
    """

    type: Any
    how: str


def plan(
    schemas: Iterable[Any], names: Sequence[str], types: Mapping[str, Any], *, open_ended: bool
) -> dict[str, Column]:
    """The output's columns: ours, then the carried ones as they first come."""
    seen: dict[str, set[tuple[bytes, Any]]] = {name: set() for name in names}
    for schema in schemas:
        for field in schema:
            if open_ended or field.name in seen:
                seen.setdefault(field.name, set()).add(((field.metadata or {}).get(KINDS, b""), field.type))
    return {name: Column(types[name], OWN) if name in types else _column(found) for name, found in seen.items()}


def _column(found: Iterable[tuple[bytes, Any]]) -> Column:
    """A carried column, from the kinds of values and the types that it has in the spool."""
    kinds = {kind for kinds, _ in found for kind in kinds.decode().split(",") if kind}
    if kinds == {ARROW}:
        common = _common([kind for _, kind in found])
        return Column(common, ARROW) if common else Column(pa.string(), JSON)
    if kinds <= {STRING}:
        return Column(pa.string(), STRING)
    number = NUMBERS.get(frozenset(kinds))
    return Column(number, NUMBER) if number else Column(pa.string(), JSON)


def _common(types: Iterable[Any]) -> Any:
    """The type that values of all types have without loss; None if there is none."""
    kinds = list({kind for kind in types if kind != pa.null()}) or [pa.null()]
    if len(kinds) == 1:
        return kinds[0]
    for is_kin, widest in KIN:
        if all(map(is_kin, kinds)):
            return widest
    return None


def converted(batch: Any, columns: Mapping[str, Column], schema: Any) -> Any:
    """A batch of the spool with the output's columns."""
    return pa.RecordBatch.from_arrays([_cells(batch, name, column) for name, column in columns.items()], schema=schema)


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
