"""Plain pictures for the docs: matplotlib, the same bytes for the same figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot

STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "grid.color": "#e4e4e0",
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "xborder_tagger",
}


def figure(*, columns: int, width: float = 4.2, height: float = 3.2) -> tuple[Any, Any]:
    """A figure and its panels, side by side; ``width`` and ``height`` are a panel's, in inches."""
    with mpl.rc_context(STYLE):
        picture, panels = pyplot.subplots(1, columns, figsize=(width * columns, height), squeeze=False)
    return picture, panels[0]


def save(picture: Any, path: Path) -> None:
    """Write the picture without a date."""
    with mpl.rc_context(STYLE):
        picture.savefig(path, metadata={"Date": None})
    pyplot.close(picture)
