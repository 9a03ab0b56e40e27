"""The documents of several inputs as one stream that can be taken up again where it was left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from xborder_tagger.errors import InputError, JobMismatchError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import Part, read, read_parts
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.sources import STANDARD_INPUT, Source, find


def present(paths: Sequence[str]) -> list[Source]:
    """The inputs that some paths stand for.

    Raises:
        InputError: a path leads nowhere.
    """
    sources = find(paths)
    for source in sources:
        if source.problem and source.problem.code == "missing":
            raise InputError(f"{source.name}: nothing was begun: {source.problem.message}")
    return sources


def is_still(source: Source) -> bool:
    """Whether an input is what it was when it was found."""
    return source.path == STANDARD_INPUT or find([source.path]) == [source]


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
    """Iterates over documents and rows of tables, and knows at any time where it is.

    Files are known by size and time. A stream is not, so going on means reading what was taken from it again and
    comparing digests.

    Args:
        sources: the inputs, in order.
        options: how they are read.
        position: where to begin; None is the beginning.
        columns: whether rows of tables come as they are, many at a time.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: ReadOptions,
        position: Mapping[str, Any] | None = None,
        *,
        columns: bool = True,
    ) -> None:
        self._sources, self._options, self._columns = sources, options, columns
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
        if self._at.number == len(self._sources):
            return self._at.before
        size = self._sources[self._at.number].size
        return self._at.before + (self._at.texts if size is None else min(size, self._at.texts))

    def __iter__(self) -> Iterator[Part]:
        while self._at.number < len(self._sources):
            for part in self._parts(self._sources[self._at.number]):
                self._take(part)
                yield part
            size = self._sources[self._at.number].size
            done = self._at.texts if size is None else size
            self._at, self._hash = Place(self._at.number + 1, before=self._at.before + done), sha256()

    @property
    def _is_stream(self) -> bool:
        if self._at.number == len(self._sources):
            return False
        source = self._sources[self._at.number]
        return source.size is None and not source.problem

    def _take(self, part: Part) -> None:
        self._at.taken += _count(part)
        if isinstance(part, Record):
            self._at.texts += _utf8_length(part.text)
        elif not isinstance(part, Rejected):
            self._at.texts += part.size
        self._digest(part)

    def _parts(self, source: Source) -> Iterator[Part]:
        """What was not taken yet."""
        reader: Callable[..., Iterator[Part]] = read_parts if self._columns else read
        if not self._is_stream:
            return reader(source, self._options, start=self._at.taken)
        parts = reader(source, self._options)
        self._skip(parts, source.name)
        return parts

    def _skip(self, parts: Iterator[Part], name: str) -> None:
        """Pass by what was taken from the present stream before.

        Raises:
            JobMismatchError: it is not the same any more.
        """
        left = self._at.taken
        while left > 0 and (part := next(parts, None)) is not None:
            self._digest(part)
            left -= _count(part)
        if (left, self.position["digest"]) != (0, self._at.digest):
            change = f"its first {self._at.taken} documents are not the ones that were done"
            raise JobMismatchError(f"{name}: {change}; give the same input again, or --restart to begin with this one")

    def _digest(self, part: Part) -> None:
        if self._is_stream:
            self._hash.update(_contents(part))


def _count(part: Part) -> int:
    return 1 if isinstance(part, (Record, Rejected)) else part.count


def _contents(part: Part) -> bytes:
    return repr(part).encode("utf-8", "surrogatepass") if isinstance(part, (Record, Rejected)) else part.contents


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
