"""JSON lines: ``{"id": ..., "text": ...}``, other fields are carried through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.results import Prediction

RESERVED = ("id", "tags", "probabilities", "review", "flags", "evidence")


def read(file: BinaryIO, name: str) -> Iterator[Record | Rejected]:
    """Documents of a file, one a line; blank lines are skipped. Only the byte 0x0A ends a line."""
    for number, line in enumerate(file, 1):
        if line.strip():
            yield _parse(line, f"{name}:{number}")


def _parse(line: bytes, where: str) -> Record | Rejected:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Rejected(where, "encoding", f"byte {error.start} of the line is not UTF-8")
    except (ValueError, RecursionError) as error:
        return Rejected(where, "not_json", f"not JSON ({error})")
    if not isinstance(record, dict):
        return Rejected(
            where,
            "not_object",
            f'{type(record).__name__}, expected an object like {{"id": 1, "text": "..."}}',
        )
    text = record.pop("text", None)
    if not isinstance(text, str):
        found = "no field" if text is None else f"{type(text).__name__} in field"
        return Rejected(where, "not_text", f'{found} "text", expected a string')
    return Record(record.pop("id", where), text, record)


def write(record: Record, prediction: Prediction) -> bytes:
    """One line of output. A carried field whose name we use ourselves gets ``input_`` before it."""
    carried = {f"input_{key}" if key in RESERVED else key: value for key, value in record.fields.items()}
    return dump({"id": record.id} | prediction.to_dict() | carried)


def dump(value: Any) -> bytes:
    """One line of JSON as UTF-8; a text with lone surrogates is written with escapes."""
    try:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value).encode() + b"\n"
