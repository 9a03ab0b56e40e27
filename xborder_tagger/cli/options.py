"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

model_option = click.option("--model", "model", metavar="FILE", help="Model file to use instead of the shipped one.")


def wants_colour(stream: TextIO) -> bool:
    """Whether to write colours: only to a terminal, and never with NO_COLOR (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def warn(message: str) -> None:
    """One line on stderr."""
    click.echo("xborder-tagger: " + " ".join(message.split()), file=sys.stderr)
