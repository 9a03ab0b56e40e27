"""Plain text: a file is one document, or each of its lines is one."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.decode import decode, note
from xborder_tagger.io.inputs import Input, Item, document
from xborder_tagger.io.lines import Line, TooLong, lines, rejected, too_long
from xborder_tagger.io.records import Record, Rejected


def read(given: Input, start: int) -> Iterator[Item]:
    """The one document of a file."""

    def parse(data: bytes) -> tuple[str, dict[str, Any]]:
        text, encoding, guessed = decode(data)
        if "\0" in text:
            raise DocumentError("nul", "holds NUL characters; is this a text file?")
        if encoding and guessed:
            note(given.name, encoding)
        return text, {"encoding": encoding} if encoding else {}

    return document(given, start, parse)


def read_lines(given: Input, start: int) -> Iterator[Item]:
    """A document for each line that is not blank."""
    number = 0
    for line in lines(given.file, given.options.max_bytes):
        if not line[2].isspace():
            yield _parse(Line(*line), given) if number >= start else 1
            number += 1


def _parse(line: Line, given: Input) -> Record | Rejected:
    if isinstance(line.data, TooLong):
        return too_long(line, given.name, given.options.max_bytes)
    if b"\0" in line.data:
        return rejected(line, given.name, "nul", "holds NUL bytes; is this a text file?")
    where = f"{given.name}:{line.number}"
    try:
        text = line.data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        return rejected(line, given.name, "encoding", f"byte {error.start} of the line is not UTF-8")
    return Record(where, text.rstrip("\r\n"), {}, where)
