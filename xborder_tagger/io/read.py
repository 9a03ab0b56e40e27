"""Open inputs and find their formats."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from xborder_tagger.errors import InputError
from xborder_tagger.io import jsonl, text
from xborder_tagger.io.records import Record, Rejected

READERS: Final = {"txt": text.read, "jsonl": jsonl.read}
EXTENSIONS: Final = {".jsonl": "jsonl", ".ndjson": "jsonl"}
STANDARD_INPUT: Final = "-"


def read(path: str, kind: str = "auto") -> Iterator[Record | Rejected]:
    """Documents of one input.

    Args:
        path: of a file, or "-" for standard input.
        kind: "txt" (the whole input is one document), "jsonl", or "auto": by extension, on standard input by the
            first character.

    Raises:
        InputError: the input cannot be opened.
    """
    with _open(path) as file:
        kind = _guess(path, file) if kind == "auto" else kind
        yield from READERS[kind](file, name_of(path))


def name_of(path: str) -> str:
    """How an input is called in ids and messages."""
    return "stdin" if path == STANDARD_INPUT else path


@contextmanager
def _open(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below, after its errors were told apart
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: {cause}; give the path of a readable file, or - for standard input") from error
    with file:
        yield file


def _guess(path: str, file: BinaryIO) -> str:
    if path != STANDARD_INPUT:
        return EXTENSIONS.get(Path(path).suffix.lower(), "txt")
    peek = getattr(file, "peek", None)
    start = peek(1)[:64].lstrip() if peek else b""
    return "jsonl" if start.startswith(b"{") else "txt"
