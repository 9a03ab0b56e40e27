"""The documents of several inputs as one stream that can be taken up again where it was left."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from xborder_tagger.errors import InputError, JobMismatchError
from xborder_tagger.io.read import STANDARD_INPUT, name_of, read
from xborder_tagger.io.records import Record, Rejected

Item = Record | Rejected
UNREADABLE = "unreadable"  # code of an input that cannot be opened


@dataclass(frozen=True, slots=True)
class Input:
    """An input and what tells whether it is still the same.

    Args:
        path: of a file; "-" is standard input.
        size: bytes; None for a stream (standard input, a pipe), which is told by its documents.
        modified: nanoseconds since 1970; None for a stream.
    """

    path: str
    size: int | None = None
    modified: int | None = None


def look_up(path: str) -> Input:
    """The input at a path.

    Raises:
        InputError: there is none.
    """
    if path == STANDARD_INPUT:
        return Input(path)
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: {cause}; nothing was begun; give the paths of readable files") from error
    return Input(path, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else Input(path)


def is_still(source: Input) -> bool:
    """Whether an input is what it was when it was looked up."""
    try:
        return look_up(source.path) == source
    except InputError:
        return False


@dataclass(slots=True)
class Place:
    """A place between two documents.

    Args:
        number: of the input, from 0.
        taken: documents taken from it.
        before: bytes of the inputs before it.
        texts: bytes of the texts taken from it.
        digest: of what was taken from it, for a stream.
    """

    number: int = 0
    taken: int = 0
    before: int = 0
    texts: int = 0
    digest: str | None = None


class Documents:
    """Iterates over records and rejected documents, and knows at any time where it is.

    Files are known by size and time. A stream is not, so going on means reading what was taken from it again and
    comparing digests.

    Args:
        inputs: in order.
        kind: their format, as for `io.read.read`.
        position: where to begin; None is the beginning.
    """

    def __init__(self, inputs: Sequence[Input], kind: str, position: Mapping[str, Any] | None = None) -> None:
        self._inputs, self._kind = inputs, kind
        self._at = Place(**position or {})
        self._hash = sha256()

    @property
    def position(self) -> dict[str, Any]:
        """Where the next document is, as JSON."""
        taken = self._is_stream and self._at.taken
        return asdict(self._at) | {"digest": self._hash.hexdigest() if taken else None}

    @property
    def bytes_read(self) -> int:
        """Bytes of the inputs so far: right at the end of each input; within one, those of its texts."""
        if self._at.number == len(self._inputs):
            return self._at.before
        size = self._inputs[self._at.number].size
        return self._at.before + (self._at.texts if size is None else min(size, self._at.texts))

    def __iter__(self) -> Iterator[Item]:
        while self._at.number < len(self._inputs):
            items = _items(self._inputs[self._at.number].path, self._kind)
            self._skip(items)
            for item in items:
                self._take(item)
                yield item
            size = self._inputs[self._at.number].size
            read = self._at.texts if size is None else size
            self._at, self._hash = Place(self._at.number + 1, before=self._at.before + read), sha256()

    @property
    def _is_stream(self) -> bool:
        return self._at.number < len(self._inputs) and self._inputs[self._at.number].size is None

    def _take(self, item: Item) -> None:
        self._at.taken += 1
        if isinstance(item, Record):
            self._at.texts += _utf8_length(item.text)
        self._digest(item)

    def _skip(self, items: Iterator[Item]) -> None:
        """Pass by what was taken from the present input before.

        Raises:
            JobMismatchError: it is not the same any more.
        """
        found = sum(1 for _ in map(self._digest, islice(items, self._at.taken)))
        if (found, self.position["digest"]) != (self._at.taken, self._at.digest):
            name = name_of(self._inputs[self._at.number].path)
            change = f"its first {self._at.taken} documents are not the ones that were done"
            raise JobMismatchError(f"{name}: {change}; give the same input again, or --restart to begin with this one")

    def _digest(self, item: Item) -> None:
        if self._is_stream:
            self._hash.update(repr(item).encode("utf-8", "surrogatepass"))


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _items(path: str, kind: str) -> Iterator[Item]:
    try:
        yield from read(path, kind)
    except InputError as error:
        yield Rejected(name_of(path), UNREADABLE, str(error))
