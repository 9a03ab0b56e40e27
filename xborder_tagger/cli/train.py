"""``xborder-tagger train``: a corpus in, a model file out."""

from __future__ import annotations

from pathlib import Path

import click

from xborder_tagger.cli.exits import Exit
from xborder_tagger.errors import MissingExtraError
from xborder_tagger.rendering import figures_text


@click.command("train")
@click.argument("corpus", metavar="CORPUS", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Model file to write.")
def command(corpus: Path, out: Path) -> int:
    """Train a model on an annotated corpus: a JSONL file, or a folder of them. Needs the [train] extra.

    The same corpus gives the same bytes.

    Example: xborder-tagger train models/corpus/documents -o my-model.xbt
    """
    try:
        from xborder_tagger.training.recipe import train
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "train") from error
    record = train(corpus, out)
    click.echo(f"{out}: trained on {record['corpus']['documents']} documents; figures out of fold:")
    click.echo(figures_text(record["out_of_fold"]), nl=False)
    return Exit.OK
