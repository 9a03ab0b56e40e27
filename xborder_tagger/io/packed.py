"""Packed inputs (.gz, .zst), unpacked piece by piece in the child process."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

from xborder_tagger.errors import OutputError
from xborder_tagger.io.inputs import BOMB, PIECE, Chunks, Input, bomb, pieces
from xborder_tagger.io.sandbox import ask

# What holds many documents may swell to more than one document may; beyond, only as far as text can.
MANY: Final = 16


@contextmanager
def unpacked(given: Input, kind: str) -> Iterator[Input]:
    """The input with its contents unpacked."""
    with on_disk(given) as path:
        size = os.path.getsize(path)
        chunks = _bounded((data for _, data in ask(kind, given.options, path=path)), size, given.options.max_bytes)
        file = io.BufferedReader(Chunks(chunks), PIECE)
        try:
            yield Input(given.name, file, given.options, packed=size)
        finally:
            chunks.close()


@contextmanager
def on_disk(given: Input) -> Iterator[str]:
    """A path under which the child process can open the input; standard input is copied to a temporary file.

    Raises:
        OutputError: there is no room for the copy.
    """
    if given.path:
        yield os.path.abspath(given.path)  # the child may have been started in another folder
        return
    with tempfile.TemporaryDirectory(prefix="xborder-tagger-") as folder:
        yield _copied(given, os.path.join(folder, "input"))


def _copied(given: Input, path: str) -> str:
    with open(path, "wb") as file:
        for piece in pieces(given.file):
            try:
                file.write(piece)
            except OSError as error:
                message = (
                    f"{path}: no room for a copy of {given.name} ({error.strerror}); let TMPDIR name a larger disk"
                )
                raise OutputError(message) from error
    return path


def _bounded(chunks: Iterator[bytes], packed: int, max_bytes: int) -> Generator[bytes, None, None]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max(MANY * max_bytes, BOMB * packed):
            raise bomb(packed, size)
        yield chunk
