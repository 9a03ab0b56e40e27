"""Open an input, find its format, and read its documents."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from xborder_tagger.errors import DocumentError
from xborder_tagger.io import formats
from xborder_tagger.io.inputs import PIECE, Input, Item, too_many
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import Record, Rejected, sample_of
from xborder_tagger.io.sources import STANDARD_INPUT, Source, find, unreadable

if TYPE_CHECKING:
    from xborder_tagger.io.columnar import Rows

__all__ = ["Part", "ReadOptions", "read", "read_all", "read_parts"]

Part: TypeAlias = "Record | Rejected | Rows"

# Module and function, imported when the first input of the format is read.
READERS: Final = {
    "txt": "text:read",
    "lines": "text:read_lines",
    "jsonl": "jsonl:read",
    "csv": "delimited:read_csv",
    "tsv": "delimited:read_tsv",
    "parquet": "columnar:read_parquet",
    "arrow": "columnar:read_arrow",
    "html": "parsed:read_html",
    "pdf": "parsed:read_pdf",
    "eml": "parsed:read_eml",
}
STREAMS: Final = frozenset({"lines", "jsonl", "csv", "tsv"})  # of text, read line by line
HEAD: Final = 4096  # bytes that a format is recognised by
Reader = Callable[[Input, int], Iterator[Item]]


def read(source: Source, options: ReadOptions | None = None, *, start: int = 0) -> Iterator[Record | Rejected]:
    """The documents of a source, in order, in constant memory.

    Args:
        source: as `sources.find` gives it.
        options: how to read it.
        start: number of the first item wanted, counted from 0 over records and rejects.

    Yields:
        Each item of the source, as a `Record` or as a `Rejected` with what is wrong with it. Where the rest of a
        source cannot be read, one last `Rejected` says so.

    Raises:
        MissingExtraError: the format needs an extra that is not installed.
    """
    for part in read_parts(source, options, start=start):
        if isinstance(part, (Record, Rejected)):
            yield part
        else:
            yield from part.items()


def read_parts(source: Source, options: ReadOptions | None = None, *, start: int = 0) -> Iterator[Part]:
    """The same as `read`, but rows of a table as they are: as columns, many in one `Rows`."""
    options, index = options or ReadOptions(), 0
    for item in _items(source, options, start):
        if isinstance(item, int):
            index += item
        elif not isinstance(item, (Record, Rejected)):  # rows, which begin at `start` and are checked already
            yield item
            index += item.count
        elif index < start:
            index += 1
        else:
            is_fine = isinstance(item, Record) and len(item.text) <= options.max_characters
            yield item if is_fine else _rejected(item, source, index, options)
            index += 1


def read_all(paths: Iterable[str], options: ReadOptions | None = None) -> Iterator[Record | Rejected]:
    """The documents of all sources that some paths stand for.

    Raises:
        MissingExtraError: a format needs an extra that is not installed.
    """
    for source in find(paths):
        yield from read(source, options)


def _rejected(item: Record | Rejected, source: Source, index: int, options: ReadOptions) -> Rejected:
    if isinstance(item, Rejected):
        return replace(item, source=source.name, index=index)
    message = too_many(len(item.text), options.max_characters)
    return Rejected(item.where, "too_large", message, source.name, index, id=item.id, sample=sample_of(item.text))


def _items(source: Source, options: ReadOptions, start: int) -> Iterator[Item]:
    if source.problem:
        yield source.problem
        return
    try:
        with ExitStack() as opened:
            given = _opened(source, options, opened)
            items = _reader(given.format)(given, start)
            yield from _marked(items, given.encoding) if given.encoding else items
    except DocumentError as error:
        yield Rejected(source.name, error.code, str(error))
    except OSError as error:
        yield unreadable(source.name, error)


def _opened(source: Source, options: ReadOptions, opened: ExitStack) -> Input:
    """The input with its bytes unpacked, its format found and lines of text in UTF-8."""
    given = _bytes(source, options, opened)
    if kind := formats.packing(given.file.peek(HEAD)):
        from xborder_tagger.io.packed import unpacked

        given = opened.enter_context(unpacked(given, kind))
    given = replace(given, format=_format(given))
    if given.format not in STREAMS:
        return given
    from xborder_tagger.io.legacy import in_utf8

    return in_utf8(given)


def _bytes(source: Source, options: ReadOptions, opened: ExitStack) -> Input:
    if source.path == STANDARD_INPUT:
        return Input(source.name, cast("io.BufferedReader[Any]", sys.stdin.buffer), options)
    file = io.BufferedReader(io.FileIO(source.path), PIECE)
    opened.callback(file.close)
    return Input(source.name, file, options, source.path if source.size is not None else None)


def _format(given: Input) -> str:
    kind, options = given.options.format, given.options
    if kind == "auto":
        kind = formats.recognise(given.name, given.file.peek(HEAD)[:HEAD])
    return "lines" if kind == "txt" and options.split == "lines" else kind


def _marked(items: Iterator[Item], encoding: str) -> Iterator[Item]:
    """The items with the encoding among their fields. Offsets are dropped: they would count recoded bytes."""
    for item in items:
        if isinstance(item, Record):
            yield replace(item, fields={"encoding": encoding, **item.fields})
        elif isinstance(item, Rejected):
            yield replace(item, offset=None)
        else:
            yield item


def _reader(kind: str) -> Reader:
    module, function = READERS[kind].split(":")
    reader: Reader = getattr(import_module(f"xborder_tagger.io.{module}"), function)
    return reader
