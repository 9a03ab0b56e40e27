"""``xborder-tagger evaluate``: score the model on annotated texts."""

from __future__ import annotations

import json
from typing import Any

import click

from xborder_tagger.cli.exits import Exit
from xborder_tagger.cli.options import model_option
from xborder_tagger.rendering import figures_text


@click.command("evaluate")
@click.argument("gold", metavar="GOLD.jsonl")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@model_option
def command(gold: str, form: str, model: str | None) -> int:
    """Precision, recall, F1 and average precision per tag, averages with 95% intervals, calibration error.

    Each line of the file has "text" and "labels": {tag: 0, 1 or "?"}; "?" cells are left out of every figure.

    Example: xborder-tagger evaluate gold.jsonl
    """
    figures = evaluate(gold, model=model)
    click.echo(json.dumps(figures, indent=2) if form == "json" else figures_text(figures), nl=form == "json")
    return Exit.OK


def evaluate(gold: str, *, model: str | None = None) -> dict[str, Any]:
    """All figures of `evaluation.evaluate` for an annotated file.

    Raises:
        InputError: the file cannot be opened.
        EvaluationError: a line is no annotated document.
    """
    from xborder_tagger.evaluation import evaluate as score
    from xborder_tagger.evaluation import judge
    from xborder_tagger.io.gold import read_gold
    from xborder_tagger.tagger import load

    tagger = load(model)
    texts, positive, known = read_gold(gold, tagger.labels.names)
    return score(judge(tagger, texts, positive, known), tagger.labels.names)
