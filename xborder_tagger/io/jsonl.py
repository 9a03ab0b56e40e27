"""JSON lines: ``{"id": ..., "text": ...}``, other fields are carried through."""

from __future__ import annotations

import base64
import codecs
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.inputs import Input, Item
from xborder_tagger.io.lines import Line, TooLong, lines, rejected, too_long
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.rows import ID, record_of


def read(given: Input, start: int) -> Iterator[Item]:
    """Documents of a file, one a line; blank lines are skipped. Only the byte 0x0A ends a line."""
    number = 0
    for line in lines(given.file, given.options.max_bytes):
        if not line[2].isspace():
            yield _parse(*line, given) if number >= start else 1
            number += 1


def _parse(number: int, offset: int, data: bytes | TooLong, given: Input) -> Record | Rejected:
    if isinstance(data, TooLong):
        return too_long(Line(number, offset, data), given.name, given.options.max_bytes)
    value = None
    try:
        value = _object(data)
        return record_of(value, f"{given.name}:{number}", given.options)
    except DocumentError as error:
        found = rejected(Line(number, offset, data), given.name, error.code, str(error))
        return replace(found, id=value.get(given.options.id_column or ID)) if value else found


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        raise DocumentError("encoding", f"byte {error.start} of the line is not UTF-8") from error
    except RecursionError as error:
        raise DocumentError("too_deep", "JSON nested too deep to be a record") from error
    except ValueError as error:
        raise _not_json(data, error) from error
    if not isinstance(value, dict):
        found = type(value).__name__
        raise DocumentError("not_object", f'{found}, expected an object like {{"id": 1, "text": "..."}}')
    return value


def _not_json(data: bytes, error: ValueError) -> DocumentError:
    if b"\0" in data:
        return DocumentError("nul", "holds NUL bytes, which JSON has only as \\u0000")
    return DocumentError("not_json", f"not JSON ({error})")


def dump(value: Any) -> bytes:
    """One line of JSON as UTF-8; a text with lone surrogates is written with escapes.

    Dates, times and decimals become strings, bytes base64; NaN and infinities, which JSON lacks, become null.
    """
    try:
        return _dumps(value, READABLE).encode() + b"\n"
    except UnicodeEncodeError:
        return _dumps(value, ESCAPED).encode() + b"\n"


def _dumps(value: Any, encoder: json.JSONEncoder) -> str:
    try:
        return encoder.encode(value)
    except ValueError:
        return encoder.encode(_finite(value))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else _plain(value)


READABLE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain)
ESCAPED: Final = json.JSONEncoder(ensure_ascii=True, allow_nan=False, default=_plain)
