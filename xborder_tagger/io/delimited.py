"""CSV and TSV in strict grammar: a row that breaks it costs that row alone, whatever it leaves open."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from itertools import starmap
from typing import Final, NamedTuple

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.inputs import Input, Item
from xborder_tagger.io.lines import Line, TooLong, lines, rejected, too_long
from xborder_tagger.io.options import MIB
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.rows import check_columns, record_of

RECORD_BYTES: Final = (
    16 * MIB
)  # of a row: Python's reader takes four times as many; an open quote is given up after them
# Bytes read in vain after open quotes before the rest of the file is given up: a file can be made so that every row
# costs `RECORD_BYTES`.
PATIENCE: Final = 64 * RECORD_BYTES


class Row(NamedTuple):
    """The cells of a row, and all its lines as one."""

    line: Line
    cells: list[str]


def read_csv(given: Input, start: int) -> Iterator[Item]:
    """Documents of a CSV file with a header; separated by semicolons where the header has no comma."""
    return _read(given, start, ",;")


def read_tsv(given: Input, start: int) -> Iterator[Item]:
    """Documents of a table with a header, separated by tabs."""
    return _read(given, start, "\t")


def _read(given: Input, start: int, delimiters: str) -> Iterator[Item]:
    rows = _Rows(given, delimiters).rows()
    header = next(rows, None)
    if header is None:
        return
    if isinstance(header, Rejected):
        raise DocumentError(header.code, f"in the header: {header.message}")
    check_columns(header.cells, given.options)
    for number, row in enumerate(rows):
        if number < start:
            yield 1
        else:
            yield row if isinstance(row, Rejected) else _record(row, header.cells, given)


def _record(row: Row, columns: list[str], given: Input) -> Record | Rejected:
    if len(row.cells) != len(columns):
        message = f"{len(row.cells)} cells, the header has {len(columns)}; is a delimiter or a quote missing?"
        return rejected(row.line, given.name, "ragged_row", message)
    fields = dict(zip(columns, row.cells, strict=True))
    return record_of(fields, f"{given.name}:{row.line.number}", given.options)


class _Rows:
    """Lines put together to rows.

    When a row turns out bad only its first line is given up: the lines that it swallowed are read once more.
    """

    def __init__(self, given: Input, delimiters: str) -> None:
        self._name, self._max_bytes = given.name, min(RECORD_BYTES, given.options.max_bytes)
        self._lines = starmap(Line, lines(given.file, self._max_bytes))
        self._again: deque[Line] = deque()
        self._delimiters = delimiters
        self._wasted = 0
        # Python's own limit is the whole process's, and too low; ours is on the row.
        csv.field_size_limit(max(csv.field_size_limit(), RECORD_BYTES))

    def rows(self) -> Iterator[Row | Rejected]:
        """All rows, the header first; blank lines are skipped."""
        while line := self._next():
            if isinstance(line.data, TooLong):
                yield too_long(line, self._name, self._max_bytes)
            elif line.data.strip(b"\r\n"):
                self._settle_delimiter(line.data)
                yield self._row(line)

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _settle_delimiter(self, header: bytes) -> None:
        if len(self._delimiters) > 1:
            first, second = tuple(self._delimiters)
            self._delimiters = second if first.encode() not in header and second.encode() in header else first

    def _row(self, first: Line) -> Row | Rejected:
        taken = [first]
        try:
            cells = next(csv.reader(self._feed(taken), delimiter=self._delimiters, strict=True))
        except csv.Error as error:
            return self._give_up(taken, error)
        return self._checked(first, b"".join(map(_raw, taken)), cells)

    def _feed(self, taken: list[Line]) -> Iterator[str]:
        """The first line, then more for as long as the CSV reader asks, each noted in ``taken``."""
        yield _decoded(taken[0])
        size = len(taken[0].data)
        while line := self._next():
            taken.append(line)
            size += len(line.data)
            if size > self._max_bytes:
                return  # the CSV reader takes it for the end of the file, with the quote still open
            yield _decoded(line)

    def _give_up(self, taken: list[Line], error: csv.Error) -> Rejected:
        self._again.extendleft(reversed(taken[1:]))
        self._wasted += sum(len(line.data) for line in taken[1:])
        if self._wasted > PATIENCE:
            raise DocumentError("open_quote", "too many quotes are not closed; the rest of the file is not read")
        if len(taken) > 1 or "unexpected end" in str(error):
            message = "a quote is opened and not closed; only this line is left out, the next ones are read as rows"
            return rejected(taken[0], self._name, "open_quote", message)
        return rejected(taken[0], self._name, "not_csv", f"not CSV ({error}); quotes inside cells are doubled")

    def _checked(self, first: Line, data: bytes, cells: list[str]) -> Row | Rejected:
        line = first._replace(data=data)
        if b"\0" in data:
            return rejected(line, self._name, "nul", "holds NUL bytes; is this a text file?")
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return rejected(line, self._name, "encoding", f"byte {error.start} of the row is not UTF-8")
        return Row(line, cells)


def _raw(line: Line) -> bytes:
    return line.data.start if isinstance(line.data, TooLong) else line.data


def _decoded(line: Line) -> str:
    """A line as text; bytes that are not UTF-8 pass, so that the row they are in can be told from its neighbours."""
    data = _raw(line)
    return (data.removeprefix(codecs.BOM_UTF8) if line.number == 1 else data).decode("utf-8", "surrogateescape")
