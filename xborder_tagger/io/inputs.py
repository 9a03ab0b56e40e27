"""An input that is open: its bytes, unpacked and in bounded pieces."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import Record, Rejected, sample_of

if TYPE_CHECKING:
    from xborder_tagger.io.columnar import Rows

PIECE: Final = 1 << 20
# Text packs to a third or a tenth, deflate at its very best to a 1,032nd (zlib.net/zlib_tech.html).
BOMB: Final = 500

Item: TypeAlias = "Record | Rejected | Rows | int"  # what readers yield; a number stands for as many items skipped


@dataclass(frozen=True, slots=True)
class Input:
    """An input that is open.

    Args:
        name: of its source.
        file: its bytes, unpacked.
        options: how to read it.
        path: of the file, where it can be opened again; None for standard input and what was packed.
        packed: size in bytes of the packed file; None if it was not packed.
        format: one of `options.FORMATS`, once it is known.
        encoding: that lines of text had before they were recoded; None if UTF-8.
    """

    name: str
    file: io.BufferedReader[Any]
    options: ReadOptions
    path: str | None = None
    packed: int | None = None
    format: str = "auto"
    encoding: str | None = None


class Chunks(io.RawIOBase):
    """An iterator of byte strings as a file; wrap it in a BufferedReader."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """A file in pieces."""
    while piece := file.read(PIECE):
        yield piece


def document(given: Input, start: int, parse: Callable[[bytes], tuple[str, Mapping[str, Any]]]) -> Iterator[Item]:
    """The one document of an input, as ``parse`` makes it of the bytes."""
    if start:
        yield 1
        return
    data, name = b"", given.name
    try:
        data = _whole(given)
        text, fields = parse(data)
    except DocumentError as error:
        digest = hashlib.sha256(data).hexdigest() if data else None
        yield Rejected(name, error.code, str(error), offset=0, sample=sample_of(data), digest=digest)
    else:
        yield Record(name, text, fields, name)


def _whole(given: Input) -> bytes:
    limit, data = given.options.max_bytes, bytearray()
    for piece in pieces(given.file):
        data += piece
        if len(data) > limit:
            raise too_large(given, len(data))
    return bytes(data)


def too_large(given: Input, size: int) -> DocumentError:
    """What is said of an input that is more than one document may be."""
    if given.packed is not None and size > BOMB * given.packed:
        return bomb(given.packed, size)
    limit = given.options.max_bytes
    return DocumentError("too_large", f"more than {limit:,} bytes in one document; split it or raise --max-mb")


def too_many(characters: int, limit: int) -> str:
    """What is said of a text of too many characters."""
    return f"a text of {characters:,} characters, at most {limit:,} are tagged; split it"


def bomb(packed: int, size: int) -> DocumentError:
    """What is said of a packed file that swells beyond what text can."""
    grown = f"{packed:,} bytes unpack to more than {size:,}"
    return DocumentError("decompression_bomb", f"{grown}, which no text does; not read further")
