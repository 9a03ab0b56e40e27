"""``xborder-tagger explain``: which words moved each tag's score."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

import click

from xborder_tagger.cli.exits import Exit
from xborder_tagger.cli.options import model_option, wants_colour
from xborder_tagger.errors import DocumentError, InputError
from xborder_tagger.io import jsonl
from xborder_tagger.io.read import read_all
from xborder_tagger.io.records import UNREADABLE, Record, Rejected
from xborder_tagger.rendering import evidence_text
from xborder_tagger.tagger import Tagger, load


@click.command("explain")
@click.argument("path", metavar="[FILE | -]")
@click.option("--tag", "tags", multiple=True, help="Explain this tag only; may be repeated.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@model_option
def command(path: str, tags: tuple[str, ...], form: str, model: str | None) -> int:
    """Show, for each tag, its bias and what every word adds to the score (log-odds).

    Bias plus all contributions is the score; offsets count code points of the text given.

    Example: xborder-tagger explain article.txt --tag drugs
    """
    return explain(path, sys.stdout.buffer, tags=tags, form=form, model=model)


def explain(
    path: str, out: BinaryIO, *, tags: tuple[str, ...] = (), form: str = "text", model: str | None = None
) -> Exit:
    """Write the evidence for each document of an input.

    Raises:
        click.BadParameter: a tag is not one of the model's.
        DocumentError: a document cannot be read.
        InputError: the input cannot be opened.
    """
    tagger = load(model)
    if unknown := sorted(set(tags) - set(tagger.labels.names)):
        known = ", ".join(tagger.labels.names)
        raise click.BadParameter(f"{unknown[0]!r} is not a tag; the model has {known}", param_hint="--tag")
    for item in read_all([path]):
        if isinstance(item, Rejected):
            message = f"{item.where}: {item.message}"
            raise InputError(message) if item.code in UNREADABLE else DocumentError(item.code, message)
        out.write(_render(tagger, item, tags or tagger.labels.names, form))
    return Exit.OK


def _render(tagger: Tagger, record: Record, tags: tuple[str, ...], form: str) -> bytes:
    found = tagger.explain(record.text)
    data: list[dict[str, Any]] = [found[tag].to_dict() for tag in tags]
    if form == "jsonl":
        return jsonl.dump({"id": record.id, "evidence": data})
    shown = evidence_text(str(record.id), record.text, data, colour=wants_colour(sys.stdout))
    return shown.encode("utf-8", "backslashreplace")
