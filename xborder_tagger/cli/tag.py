"""``xborder-tagger tag``: texts in, tags out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO, Final

import click

from xborder_tagger.cli.exits import Exit, status_of
from xborder_tagger.cli.options import model_option, wants_colour, warn
from xborder_tagger.errors import InputError
from xborder_tagger.io import jsonl, table
from xborder_tagger.io.read import READERS, read
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.rendering import prediction_text
from xborder_tagger.results import Prediction
from xborder_tagger.tagger import BATCH_SIZE, Tagger, load

Formatter = Callable[[Record, Prediction], bytes]
FORMATS: Final = ("text", "jsonl", "csv")


@click.command("tag")
@click.argument("paths", nargs=-1, required=True, metavar="[FILES | -]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Of the output.")
@click.option(
    "--input-format",
    "kind",
    type=click.Choice(["auto", *READERS]),
    default="auto",
    show_default=True,
    help="txt: a file is a document; jsonl: a line is one. auto: by extension.",
)
@click.option("--explain", is_flag=True, help="Add the sentences and words behind each tag to jsonl output.")
@click.option("-o", "--out", metavar="FILE", help="Write to a file, as a job that goes on where it was if stopped.")
@click.option("--restart", is_flag=True, help="With -o: begin again, and replace an output that is there.")
@click.option("--quiet", is_flag=True, help="With -o: neither progress nor summary.")
@model_option
def command(
    paths: tuple[str, ...],
    form: str,
    kind: str,
    explain: bool,
    out: str | None,
    restart: bool,
    quiet: bool,
    model: str | None,
) -> int:
    """Tag texts; results go to standard output, everything else to standard error.

    Example: xborder-tagger tag news.jsonl --format csv > tags.csv

    With -o the same command, given again, goes on where it was stopped: docs/jobs.md.
    """
    if out not in (None, "-"):
        from xborder_tagger.cli.job import tag_job

        return tag_job(paths, out, form=form, kind=kind, explain=explain, model=model, restart=restart, quiet=quiet)
    if restart:
        raise click.UsageError("--restart needs -o")
    return tag(paths, sys.stdout.buffer, form=form, kind=kind, explain=explain, model=model)


def tag(
    paths: Sequence[str],
    out: BinaryIO,
    *,
    form: str = "text",
    kind: str = "auto",
    explain: bool = False,
    model: str | None = None,
) -> Exit:
    """Tag all documents of the inputs, in order, and write them to ``out``.

    Returns:
        `Exit.OK`, or the gravest of what went wrong on the way: documents left out, inputs not read.
    """
    tagger = load(model)
    inputs = _Inputs(paths, kind)
    formatter = formatter_of(form, colour=wants_colour(sys.stdout))
    if form == "csv":
        out.write(table.header(tagger.labels.names))
    with closing(tag_records(tagger, inputs, explain=explain or form == "text")) as tagged:
        for record, prediction in tagged:
            out.write(formatter(record, prediction))
    out.flush()
    return inputs.status


def tag_records(
    tagger: Tagger, records: Iterable[Record], *, explain: bool
) -> Generator[tuple[Record, Prediction], None, None]:
    """Records with their predictions, in order, in constant memory."""
    source = iter(records)
    while batch := list(islice(source, BATCH_SIZE)):
        predictions = tagger.pipe([record.text for record in batch], explain=explain)
        yield from zip(batch, predictions, strict=True)


class _Inputs:
    """The good documents of several inputs; what is wrong with the others is said and remembered."""

    def __init__(self, paths: Sequence[str], kind: str) -> None:
        self.paths, self.kind = paths, kind
        self.status = Exit.OK

    def __iter__(self) -> Iterator[Record]:
        return chain.from_iterable(map(self._records, self.paths))

    def _records(self, path: str) -> Iterator[Record]:
        try:
            for item in read(path, self.kind):
                if isinstance(item, Record):
                    yield item
                else:
                    self._reject(item)
        except InputError as error:
            warn(str(error))
            self.status = status_of(error)

    def _reject(self, item: Rejected) -> None:
        warn(f"{item.where}: {item.message}; left out")
        self.status = max(self.status, Exit.QUARANTINED)


def formatter_of(form: str, *, colour: bool) -> Formatter:
    """What turns a tagged record into bytes of a format."""
    if form == "jsonl":
        return jsonl.write
    return table.write if form == "csv" else partial(_text, colour=colour)


def _text(record: Record, prediction: Prediction, *, colour: bool) -> bytes:
    data: dict[str, Any] = prediction.to_dict()
    return prediction_text(str(record.id), record.text, data, colour=colour).encode("utf-8", "backslashreplace")
