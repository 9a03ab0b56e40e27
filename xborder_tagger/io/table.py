"""CSV for spreadsheets: one row a document, one column a tag's probability."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from xborder_tagger.io.records import Record
from xborder_tagger.results import Prediction

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so


def header(tags: Sequence[str]) -> bytes:
    """The first line."""
    return _line(["id", "tags", *tags, "review", "flags"])


def write(record: Record, prediction: Prediction) -> bytes:
    """One row; several tags in a cell are separated by ";"."""
    data = prediction.to_dict()
    lists = {name: ";".join(data[name]) for name in ("tags", "review", "flags")}
    shares = data["probabilities"].values()
    return _line([defuse(record.id), lists["tags"], *shares, lists["review"], lists["flags"]])


def defuse(cell: Any) -> Any:
    """A text that a spreadsheet would run gets an apostrophe, which it shows as plain text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _line(cells: Sequence[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode("utf-8", "backslashreplace")
