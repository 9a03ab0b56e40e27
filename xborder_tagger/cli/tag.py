"""``xborder-tagger tag``: texts in, tags out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

import click

from xborder_tagger.cli.batches import Tagging, batches, rejects
from xborder_tagger.cli.exits import Exit
from xborder_tagger.cli.inputs import reading, reading_options, writing, writing_options
from xborder_tagger.cli.options import model_option, wants_colour, warn
from xborder_tagger.io.batch import Batch
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import Part, read_parts
from xborder_tagger.io.records import UNREADABLE, Record, Rejected
from xborder_tagger.io.sources import Source, find
from xborder_tagger.io.write import FORMATS, WriteOptions, Writer, writer_for
from xborder_tagger.tagger import load


@click.command("tag")
@click.argument("paths", nargs=-1, required=True, metavar="[FILES | FOLDERS | -]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Of the output.")
@reading_options
@writing_options
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="That share the tagging.")
@click.option("-o", "--out", metavar="FILE", help="Write to a file, as a job that goes on where it was if stopped.")
@click.option("--restart", is_flag=True, help="With -o: begin again, and replace an output that is there.")
@click.option("--quiet", is_flag=True, help="With -o: neither progress nor summary.")
@model_option
def command(
    paths: tuple[str, ...],
    form: str,
    explain: bool,
    fields: str | None,
    crosswalk: str | None,
    dedupe: bool,
    threads: int,
    out: str | None,
    restart: bool,
    quiet: bool,
    model: str | None,
    **how: Any,
) -> int:
    """Tag texts; results go to standard output, everything else to standard error.

    Reads plain text, JSON lines, CSV, TSV, Parquet, Arrow, HTML, PDF and mail, also packed (.gz, .zst), from files,
    folders and patterns.

    Example: xborder-tagger tag news.jsonl --format csv > tags.csv

    With -o the same command, given again, goes on where it was stopped: docs/jobs.md.
    """
    chosen = {"explain": explain, "fields": fields, "crosswalk": crosswalk, "dedupe": dedupe}
    common: dict[str, Any] = {"form": form, "options": reading(**how), "model": model, "threads": threads, **chosen}
    if out not in (None, "-"):
        from xborder_tagger.cli.job import tag_job

        return tag_job(paths, out, restart=restart, quiet=quiet, **common)
    if restart:
        raise click.UsageError("--restart needs -o")
    return tag(paths, sys.stdout.buffer, **common)


def tag(
    paths: Sequence[str],
    out: BinaryIO,
    *,
    form: str = "text",
    options: ReadOptions | None = None,
    model: str | None = None,
    threads: int = 1,
    **chosen: Any,
) -> Exit:
    """Tag all documents of the inputs, in order, and write them to ``out``.

    Args:
        paths: files, folders, patterns, "-".
        out: where the output goes.
        form: of the output.
        options: how to read.
        model: path of a model file; None: the shipped one.
        threads: that share the tagging; the NumPy kernel has one.
        chosen: ``explain``, ``fields``, ``crosswalk`` and ``dedupe`` of `inputs.writing`.

    Returns:
        `Exit.OK`, or the gravest of what went wrong on the way: documents left out, inputs not read.

    Raises:
        click.BadParameter: a field or a scheme is not known.
    """
    tagger, sources, options = load(model), find(paths), options or ReadOptions()
    wanted = writing(tagger.labels, sources, options, colour=wants_colour(sys.stdout), **chosen)
    check_form(form, wanted, on_terminal=out.isatty())
    writer = writer_for(form, tagger.labels, wanted)
    inputs = _Inputs(sources, options)
    tagging = Tagging(tagger, explain=wanted.explain or form == "text", dedupe=wanted.dedupe, threads=threads)
    _write(writer, chain.from_iterable(map(tagging, batches(inputs))), out)
    out.flush()
    return inputs.status


def check_form(form: str, wanted: WriteOptions, *, on_terminal: bool = False) -> None:
    """Refuse what a format cannot show.

    Raises:
        click.BadParameter: fields for plain text, or a binary format on a terminal.
    """
    if form == "text" and (wanted.fields or wanted.crosswalk or wanted.dedupe):
        message = "text shows tags only; --fields, --crosswalk and --dedupe need jsonl, csv, parquet or arrow"
        raise click.BadParameter(message, param_hint="--format")
    if form in ("parquet", "arrow") and on_terminal:
        message = f"{form} is nothing to read on a terminal; add > FILE to the command"
        raise click.BadParameter(message, param_hint="--format")


def _write(writer: Writer, batches: Iterable[Batch], out: BinaryIO) -> None:
    if not writer.assembled:
        out.write(writer.header)
        for batch in batches:
            out.write(writer.encode(batch))
        return
    import tempfile

    with tempfile.TemporaryFile() as spool:
        for batch in batches:
            spool.write(writer.encode(batch))
        spool.seek(0)
        writer.assemble(spool, out)


class _Inputs:
    """The good documents of several sources; what is wrong with the others is said and remembered."""

    def __init__(self, sources: Sequence[Source], options: ReadOptions) -> None:
        self._sources, self._options = sources, options
        self.status = Exit.OK

    def __iter__(self) -> Iterator[Part]:
        for source in self._sources:
            for part in read_parts(source, self._options):
                if not isinstance(part, Record):
                    for bad in rejects([part]):
                        self._reject(bad)
                yield part

    def _reject(self, item: Rejected) -> None:
        unreadable = item.code in UNREADABLE
        warn(f"{item.where}: {item.message}" + ("" if unreadable else "; left out"))
        self.status = max(self.status, Exit.INPUT_UNREADABLE if unreadable else Exit.QUARANTINED)
