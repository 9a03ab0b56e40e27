"""Options for reading inputs and choosing what is written, and what they are checked against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

import click

from xborder_tagger.io.layout import CLUSTER, EVIDENCE, OWN, TEXT, layout, schemes
from xborder_tagger.io.options import FORMATS, MIB, SPLITS, ReadOptions
from xborder_tagger.io.read import read
from xborder_tagger.io.records import Record
from xborder_tagger.io.rows import meant
from xborder_tagger.io.sources import STANDARD_INPUT, Source
from xborder_tagger.io.write import WriteOptions
from xborder_tagger.labels import LabelSet

Command = TypeVar("Command", bound=Callable[..., Any])
LOOK_AT: Final = 1000  # documents of the first input are looked at for the names of columns that it carries

READING: Final = (
    click.option(
        "--input-format",
        "kind",
        type=click.Choice(["auto", *FORMATS]),
        default="auto",
        show_default=True,
        help="Of all inputs; auto: by content, then by extension.",
    ),
    click.option("--text-column", "text_columns", multiple=True, help="Column with the text [text]; may be repeated."),
    click.option("--id-column", help="Column with the id [id, where there is one]."),
    click.option(
        "--split",
        type=click.Choice(SPLITS),
        default="document",
        show_default=True,
        help="Of plain text: a file is a document, or each of its lines is one.",
    ),
    click.option(
        "--max-mb",
        type=click.IntRange(1, 1024),
        default=64,
        show_default=True,
        help="Lines and documents of more MiB are left out.",
    ),
    click.option(
        "--parser-seconds",
        type=click.FloatRange(min=0, min_open=True),
        default=30,
        show_default=True,
        help="Files that take their parser longer are left out.",
    ),
    click.option(
        "--parser-mb",
        type=click.IntRange(64),
        default=1024,
        show_default=True,
        help="Files that take their parser more MiB of memory are left out.",
    ),
)
WRITING: Final = (
    click.option("--explain", is_flag=True, help="Add the sentences and words behind each tag."),
    click.option("--fields", metavar="A,B,...", help="Write these fields, in this order."),
    click.option("--crosswalk", metavar="A,B,...", help="Add the codes of these schemes, such as iptc,gdelt,plover."),
    click.option("--dedupe", is_flag=True, help="Add cluster_id, the id of the first of a document's near-copies."),
)


def reading_options(command: Command) -> Command:
    """Give a command the options that `reading` takes."""
    for option in reversed(READING):
        command = option(command)
    return command


def writing_options(command: Command) -> Command:
    """Give a command the options that `writing` takes."""
    for option in reversed(WRITING):
        command = option(command)
    return command


def reading(
    *,
    kind: str,
    text_columns: tuple[str, ...],
    id_column: str | None,
    split: str,
    max_mb: int,
    parser_seconds: float,
    parser_mb: int,
) -> ReadOptions:
    """How inputs are read."""
    return ReadOptions(
        format=kind,
        text_columns=text_columns or ReadOptions().text_columns,
        id_column=id_column,
        split=split,
        max_bytes=max_mb * MIB,
        max_characters=max_mb * MIB,
        parser_seconds=parser_seconds,
        parser_memory=parser_mb * MIB,
        parser_output=max_mb * MIB,
    )


def writing(
    labels: LabelSet,
    sources: Sequence[Source],
    options: ReadOptions,
    *,
    explain: bool = False,
    fields: str | None = None,
    crosswalk: str | None = None,
    dedupe: bool = False,
    colour: bool = False,
) -> WriteOptions:
    """What is written, checked against the codebook and the columns that the first input carries.

    Raises:
        click.BadParameter: a name is not known, or given twice.
    """
    chosen = _names(crosswalk, "--crosswalk")
    for scheme in chosen:
        if scheme not in schemes(labels):
            raise click.BadParameter(
                f"{scheme!r} is no scheme{meant(scheme, schemes(labels))}", param_hint="--crosswalk"
            )
    common: dict[str, Any] = {"crosswalk": chosen, "dedupe": dedupe, "colour": colour}
    if fields is None:
        return WriteOptions(explain=explain, **common)
    wanted = _names(fields, "--fields")
    _check_fields([name for name in wanted if not (dedupe and name == CLUSTER)], labels, chosen, sources, options)
    return WriteOptions(fields=wanted, explain=explain or EVIDENCE in wanted, **common)


def _names(value: str | None, option: str) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",")] if value is not None else []
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.BadParameter(f"{twice!r} is there twice; leave one out", param_hint=option)
    return tuple(names)


def _check_fields(
    wanted: Sequence[str], labels: LabelSet, chosen: Sequence[str], sources: Sequence[Source], options: ReadOptions
) -> None:
    known = [*OWN, EVIDENCE, TEXT, *chosen]
    if set(wanted) <= set(known):
        return
    if sources and sources[0].path == STANDARD_INPUT:
        return  # it can be read but once, so its columns are not known yet
    shape = layout(labels, None, chosen)
    known += map(shape.name_of, _carried(sources[:1], options))
    for name in wanted:
        if name not in known:
            raise click.BadParameter(f"{name!r} is no field{meant(name, known)}", param_hint="--fields")


def _carried(sources: Iterable[Source], options: ReadOptions) -> list[str]:
    """Names of the columns that the first documents carry."""
    items = (item for source in sources for item in read(source, options))
    records = (item for item in islice(items, LOOK_AT) if isinstance(item, Record))
    return list(dict.fromkeys(name for record in records for name in record.fields))
