"""Plain text: one file is one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from xborder_tagger.io.records import Record, Rejected


def read(file: BinaryIO, name: str) -> Iterator[Record | Rejected]:
    """The one document of a file, which must be UTF-8."""
    data = file.read()
    if b"\0" in data:
        yield Rejected(name, "binary", "holds NUL bytes; is this a text file?")
        return
    try:
        yield Record(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        cure = "convert it to UTF-8 first, for example with iconv"
        yield Rejected(name, "encoding", f"byte {error.start} is not UTF-8; {cure}")
