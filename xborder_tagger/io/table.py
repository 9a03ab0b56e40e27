"""CSV for spreadsheets: one row a document, one column a tag's probability."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, Final

from xborder_tagger.io.batch import Batch
from xborder_tagger.io.jsonl import dump
from xborder_tagger.io.layout import default_fields, layout
from xborder_tagger.io.records import Record
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import Prediction

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so
NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")  # but not if it is a number
PROBABILITIES: Final = "probabilities"  # a column for each tag


class Table:
    """Rows of some fields, by default all of ours.

    Args:
        labels: the tags.
        fields: names of the fields, in order; None: all of ours, and no carried ones.
        crosswalk: schemes that have a column each.
        explain: whether the evidence has a column, as JSON.
    """

    def __init__(
        self, labels: LabelSet, fields: Sequence[str] | None, crosswalk: Sequence[str], *, explain: bool = False
    ) -> None:
        wanted = default_fields(crosswalk, explain=explain) if fields is None else tuple(fields)
        self._fields, self._tags = wanted, labels.names
        self._layout = layout(labels, wanted, crosswalk, also_reserved=labels.names)

    @property
    def header(self) -> bytes:
        """The first line."""
        return _lines([[name for field in self._fields for name in self._names(field)]])

    def encode(self, batch: Batch) -> bytes:
        """Rows of some documents; several values in a cell are separated by ";"."""
        return _lines([self._cells(record, prediction) for record, prediction in batch.pairs])

    def _names(self, field: str) -> tuple[str, ...]:
        return self._tags if field == PROBABILITIES else (field,)

    def _cells(self, record: Record, prediction: Prediction) -> list[Any]:
        cells: list[Any] = []
        for field, value in self._layout.record(record, prediction).items():
            if field == PROBABILITIES:
                cells.extend(value.values())
            else:
                cells.append(defuse(_cell(value)))
        return cells


def defuse(cell: Any) -> Any:
    """A text that a spreadsheet would run gets an apostrophe, which it shows as plain text."""
    if isinstance(cell, str) and cell.startswith(FORMULA) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _cell(value: Any) -> Any:
    """What a value is in a cell: texts as they are, lists of texts joined, all else that is no number as JSON."""
    if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    text = dump(value).decode().rstrip("\n")
    return text[1:-1] if text.startswith('"') else text


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")
