"""``xborder-tagger info``: what is installed and which model it uses."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import Any

import click

from xborder_tagger.cli.exits import Exit
from xborder_tagger.cli.options import model_option
from xborder_tagger.rendering import facts_text
from xborder_tagger.tagger import load


@click.command("info")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@model_option
def command(form: str, model: str | None) -> int:
    """Show versions, the kernel in use, the model, its digest and its figures.

    Example: xborder-tagger info
    """
    facts = info(model=model)
    click.echo(json.dumps(facts, indent=2) if form == "json" else facts_text(facts), nl=form == "json")
    return Exit.OK


def info(*, model: str | None = None) -> dict[str, Any]:
    """Facts about this installation and its model."""
    tagger = load(model)
    recipe = tagger.recipe
    return {
        "xborder-tagger": version("xborder-tagger"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "kernel": tagger.kernel.name,
        "model": tagger.name,
        "model file": str(tagger.path),
        "digest": tagger.digest,
        "tags": list(tagger.labels.names),
        "trained on": recipe["corpus"],
        "out of fold": {name: recipe["out_of_fold"][name] for name in ("macro_f1", "micro_f1", "calibration_error")},
    }
