"""Writers: records and their predictions to bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final

from xborder_tagger.io.batch import Batch
from xborder_tagger.io.json_output import encoder
from xborder_tagger.io.layout import CLUSTER, default_fields, layout
from xborder_tagger.labels import LabelSet
from xborder_tagger.rendering import prediction_text

FORMATS: Final = ("text", "jsonl", "csv", "parquet", "arrow")


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What is written of each document.

    Args:
        fields: names of the fields, in order; None: all of ours, and in all formats but CSV all carried ones.
        explain: add the evidence, which the predictions must have.
        crosswalk: schemes of the codebook whose codes are added.
        dedupe: whether records come with the id of the cluster of near-copies that they are in.
        colour: whether text is coloured for a terminal.
    """

    fields: tuple[str, ...] | None = None
    explain: bool = False
    crosswalk: tuple[str, ...] = ()
    dedupe: bool = False
    colour: bool = False


def _copy(spool: BinaryIO, out: BinaryIO) -> None:
    import shutil

    shutil.copyfileobj(spool, out)


@dataclass(frozen=True, slots=True)
class Writer:
    """A format's writer.

    Args:
        header: the beginning of the output.
        encode: bytes of a batch, to be appended.
        assembled: whether the appended bytes are only a spool, of which `assemble` makes the output.
        assemble: reads the spool from its beginning and writes the output; the output does not depend on how the
            documents were cut into batches.
    """

    header: bytes
    encode: Callable[[Batch], bytes]
    assembled: bool = False
    assemble: Callable[[BinaryIO, BinaryIO], None] = _copy


def writer_for(form: str, labels: LabelSet, options: WriteOptions | None = None) -> Writer:
    """The writer of one of `FORMATS`.

    Raises:
        MissingExtraError: Parquet and Arrow need the extra ``arrow``.
        ValueError: the format or a scheme is not known.
    """
    options = options or WriteOptions()
    if form not in FORMATS:
        raise ValueError(f"{form!r} is no format, expected one of {', '.join(FORMATS)}")
    if form == "text":
        return Writer(b"", partial(_text, colour=options.colour))
    if form == "jsonl":
        return Writer(b"", encoder(labels, layout(labels, options.fields, options.crosswalk)))
    if form == "csv":
        from xborder_tagger.io.table import Table

        fields = options.fields
        if options.dedupe and fields is None:
            fields = (*default_fields(options.crosswalk, explain=options.explain), CLUSTER)
        table = Table(labels, fields, options.crosswalk, explain=options.explain)
        return Writer(table.header, table.encode)
    from xborder_tagger.io.arrow_output import arrow_output

    encode, assemble = arrow_output(form, labels, options.fields, options.crosswalk, explain=options.explain)
    return Writer(b"", encode, assembled=True, assemble=assemble)


def _text(batch: Batch, *, colour: bool) -> bytes:
    shown = (prediction_text(str(r.id), r.text, p.to_dict(), colour=colour) for r, p in batch.pairs)
    return "".join(shown).encode("utf-8", "backslashreplace")
