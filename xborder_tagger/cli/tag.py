"""``xborder-tagger tag``: texts in, tags out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
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
@model_option
def command(paths: tuple[str, ...], form: str, kind: str, explain: bool, model: str | None) -> int:
    """Tag texts; results go to standard output, everything else to standard error.

    Example: xborder-tagger tag news.jsonl --format csv > tags.csv
    """
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
    formatter = _formatter(form)
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


def _formatter(form: str) -> Formatter:
    if form == "jsonl":
        return jsonl.write
    return table.write if form == "csv" else _text


def _text(record: Record, prediction: Prediction) -> bytes:
    colour = wants_colour(sys.stdout)
    data: dict[str, Any] = prediction.to_dict()
    return prediction_text(str(record.id), record.text, data, colour=colour).encode("utf-8", "backslashreplace")
