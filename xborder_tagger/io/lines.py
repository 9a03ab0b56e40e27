"""Lines of a byte stream, in bounded memory: a line that is too long is counted and digested, never held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO, Final, NamedTuple

from xborder_tagger.io.records import Rejected, sample_of

PIECE: Final = 1 << 20  # bytes read at a time of a long line


@dataclass(frozen=True, slots=True)
class TooLong:
    """What is kept of a line that is too long: its length in bytes, its beginning, its SHA-256."""

    length: int
    start: bytes
    digest: str

    def __len__(self) -> int:
        return self.length

    def isspace(self) -> bool:
        """Not blank, as far as anybody can tell."""
        return False


class Line(NamedTuple):
    """A line with its number from 1, the byte at which it begins, and its bytes with the line end."""

    number: int
    offset: int
    data: bytes | TooLong


def lines(file: BinaryIO, max_bytes: int) -> Iterator[tuple[int, int, bytes | TooLong]]:
    """All lines of a stream, as the three parts of a `Line`; only the byte 0x0A ends one."""
    offset, piece = 0, min(PIECE, max_bytes + 1)
    for number in count(1):
        data = file.readline(piece)
        length = len(data)
        if not length:
            return
        if length < piece or (length <= max_bytes and data.endswith(b"\n")):
            yield number, offset, data
        else:
            line = _long(file, data, max_bytes)
            length = len(line)
            yield number, offset, line
        offset += length


def _long(file: BinaryIO, start: bytes, max_bytes: int) -> bytes | TooLong:
    pieces, length, digest = [start], len(start), hashlib.sha256(start)
    while not pieces[-1].endswith(b"\n") and (piece := file.readline(PIECE)):
        length += len(piece)
        digest.update(piece)
        if length > max_bytes:
            pieces.clear()
        pieces.append(piece)
    return b"".join(pieces) if length <= max_bytes else TooLong(length, start[:400], digest.hexdigest())


def rejected(line: Line, name: str, code: str, message: str) -> Rejected:
    """A line that holds no document."""
    data = line.data
    sample = sample_of(data.start if isinstance(data, TooLong) else data)
    digest = data.digest if isinstance(data, TooLong) else hashlib.sha256(data).hexdigest()
    return Rejected(f"{name}:{line.number}", code, message, offset=line.offset, sample=sample, digest=digest)


def too_long(line: Line, name: str, max_bytes: int) -> Rejected:
    """A line that is too long."""
    message = (
        f"a line of {len(line.data):,} bytes, more than the {max_bytes:,} that are read; split it, or see --max-mb"
    )
    return rejected(line, name, "line_too_long", message)
