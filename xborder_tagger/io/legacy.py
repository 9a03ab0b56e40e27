"""Lines of text that are not in UTF-8: the whole stream is recoded, so that readers see UTF-8 only."""

from __future__ import annotations

import io
from dataclasses import replace

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.decode import byte_order, guess, note, recode
from xborder_tagger.io.inputs import PIECE, Chunks, Input, pieces


def in_utf8(given: Input) -> Input:
    """The input as UTF-8. Of JSON lines, which are UTF-8 by RFC 8259, only a byte order mark is heeded."""
    head = given.file.peek(PIECE)
    encoding = byte_order(head)[1]
    if encoding is None and given.format != "jsonl":
        encoding = _guessed(head, given.name)
    if encoding is None or encoding == "utf-8":
        return given
    chunks = recode(pieces(given.file), encoding)
    return replace(given, file=io.BufferedReader(Chunks(chunks), PIECE), encoding=encoding)


def _guessed(head: bytes, name: str) -> str | None:
    """The encoding of a file whose lines beyond ASCII are mostly not UTF-8; else its odd lines are refused singly."""
    strange = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    odd = [line for line in strange if not _is_utf8(line)]
    if 2 * len(odd) < len(strange) or not odd:
        return None
    try:
        encoding = guess(b"\n".join(odd))
    except DocumentError:
        return None
    note(name, encoding)
    return encoding


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
