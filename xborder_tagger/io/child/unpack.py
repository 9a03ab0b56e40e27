"""Packed files, unpacked piece by piece."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Any, Final

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import DATA, Frame

PIECE: Final = 1 << 20


def gunzip(arguments: dict[str, Any]) -> Iterator[Frame]:
    """Contents of a gzip file, of all its members."""
    import gzip

    with gzip.open(arguments["path"]) as file:
        yield from _pieces(file, (OSError, EOFError, zlib.error))


def unzstd(arguments: dict[str, Any]) -> Iterator[Frame]:
    """Contents of a Zstandard file, of all its frames."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    with zstd.open(arguments["path"]) as file:
        yield from _pieces(file, (EOFError, zstd.ZstdError))


def _pieces(file: Any, damage: tuple[type[Exception], ...]) -> Iterator[Frame]:
    """The contents in pieces that are worth a frame; what comes before the damage is not lost with it."""
    held = bytearray()
    try:
        while chunk := file.read1(PIECE):
            held += chunk
            if len(held) >= PIECE:
                yield DATA, held
                held = bytearray()
    except damage as error:
        yield DATA, held
        cure = "what was read before is kept; fetch the file again"
        raise DocumentError("damaged_archive", f"cannot be unpacked from here on ({error}); {cure}") from error
    yield DATA, held
