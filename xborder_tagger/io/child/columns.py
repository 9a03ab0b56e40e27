"""Parquet and Arrow files, batch by batch, each sent on as an Arrow stream of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import DATA, ROW, SKIPPED, Frame, refusal
from xborder_tagger.io.inputs import BOMB, bomb
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.rows import check_columns

ROWS: Final = 2048  # of a batch; with 512, 1,024, 2,048 and 4,096 the reader took 19.5, 19.0, 18.0 and 19.2 us a row
BATCH_BYTES: Final = 32 << 20  # of a batch of more than one row
MANY_ROWS: Final = 1_000_000  # that a file may have whatever its size
ROWS_PER_BYTE: Final = 100  # beyond that; a text that differs from the others takes a hundred bytes and more


def parquet(arguments: dict[str, Any]) -> Iterator[Frame]:
    """Rows of a Parquet file, without the first ``start`` ones."""
    with _damage("Parquet"), pyarrow.parquet.ParquetFile(arguments["path"], pre_buffer=False) as file:
        _check(file.schema_arrow, arguments)
        groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
        rows, size = sum(g.num_rows for g in groups), sum(g.total_byte_size for g in groups)
        _check_growth(arguments, rows, size)
        start, first = arguments["start"], 0
        while first < len(groups) and start >= groups[first].num_rows:
            start -= groups[first].num_rows
            first += 1
        yield SKIPPED, b"%d" % (arguments["start"] - start)
        at_a_time = min(ROWS, max(1, BATCH_BYTES * rows // max(size, 1)))
        # Group by group: a batch that ran over into a damaged group would take good rows with it.
        wanted = range(first, len(groups))
        batches = (batch for group in wanted for batch in file.iter_batches(at_a_time, [group], use_threads=False))
        yield from _frames(batches, start, arguments)


def arrow(arguments: dict[str, Any]) -> Iterator[Frame]:
    """Rows of an Arrow file or stream, without the first ``start`` ones."""
    with _damage("Arrow"), pa.OSFile(arguments["path"]) as file:
        magic = file.read(6)
        file.seek(0)
        if not magic.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
            raise pa.ArrowInvalid("neither an Arrow file nor a stream")
        if magic == b"ARROW1":
            reader = pyarrow.ipc.open_file(file)
            batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            batches = reader = pyarrow.ipc.open_stream(file)
        _check(reader.schema, arguments)
        yield from _frames(batches, arguments["start"], arguments)


@contextmanager
def _damage(format_name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError:  # which Arrow's own is, too
        raise
    except (pa.ArrowException, OSError) as error:
        message = f"is damaged from here on as a {format_name} file ({error}); what was read before is kept"
        raise DocumentError("damaged_table", message) from error


def _check(schema: pa.Schema, arguments: dict[str, Any]) -> None:
    options = ReadOptions(text_columns=tuple(arguments["text_columns"]), id_column=arguments["id_column"])
    check_columns(schema.names, options)
    for name in options.text_columns:
        kind = schema.field(name).type
        values = kind.value_type if pa.types.is_dictionary(kind) else kind
        if values not in (pa.string(), pa.large_string(), pa.string_view(), pa.null()):
            raise DocumentError("not_text", f"column {name!r} is of type {kind}, expected strings")


def _check_growth(arguments: dict[str, Any], rows: int, size: int) -> None:
    packed = os.path.getsize(arguments["path"])
    if rows > max(MANY_ROWS, ROWS_PER_BYTE * packed):
        message = f"{rows:,} rows in {packed:,} bytes, more than texts can be; not read"
        raise DocumentError("decompression_bomb", message)
    if size > max(arguments["many"], BOMB * packed):
        raise bomb(packed, size)


def _frames(batches: Iterable[Any], skip: int, arguments: dict[str, Any]) -> Iterator[Frame]:
    sent, packed = 0, os.path.getsize(arguments["path"])
    for batch in batches:
        skipped = min(skip, len(batch))
        skip -= skipped
        yield SKIPPED, b"%d" % skipped
        rows = batch.slice(skipped)
        for start in range(0, len(rows), ROWS):
            part = rows.slice(start, ROWS)
            sent += part.nbytes
            if sent > max(arguments["many"], BOMB * packed):
                raise bomb(packed, sent)
            yield from _sound(_plain(part), arguments["output"])


def _plain(batch: Any) -> Any:
    """Dictionaries become the values that they stand for: each part is sent alone."""
    columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _sound(batch: Any, output: int) -> Iterator[Frame]:
    """The batch in frames, halved until they are small; a row that is unsound or too large is refused alone."""
    if batch.nbytes > (min(BATCH_BYTES, output) if len(batch) > 1 else output):
        if len(batch) == 1:
            yield refusal(ROW, code="too_large", message=f"a row of more than {output:,} bytes; split it")
            return
    elif (fault := _fault(batch)) is None:
        sink = pa.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield DATA, memoryview(sink.getvalue())
        return
    elif len(batch) == 1:
        yield refusal(ROW, code="encoding", message=f"a value of the row is no valid Arrow ({fault})")
        return
    half = len(batch) // 2
    yield from _sound(batch.slice(0, half), output)
    yield from _sound(batch.slice(half), output)


def _fault(batch: Any) -> str | None:
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid as error:
        return str(error)
    return None
