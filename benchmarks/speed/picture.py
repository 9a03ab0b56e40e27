"""The speeds as bars: a panel for each length of text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.speed.systems import OURS, TFIDF
from benchmarks.svg import figure, save


def draw(measured: Mapping[int, Mapping[str, list[float]]], path: Path) -> None:
    """How many times as fast as scikit-learn's TF-IDF each system is, on a logarithmic axis.

    Args:
        measured: for each length in words, every system's quartiles of a text's time.
    """
    first = next(iter(measured.values()))
    names = sorted(first, key=lambda name: -measured[max(measured)][name][1])
    picture, panels = figure(columns=len(measured), width=3.3, height=3.0)
    for panel, (words, found) in zip(panels, measured.items(), strict=True):
        times = [found[TFIDF][1] / found[name][1] for name in names]
        colours = ["#1e8449" if name == OURS else "#b8bfc6" for name in names]
        bars = panel.barh(names, times, color=colours)
        panel.bar_label(bars, [f"{value:.1f}" for value in times], padding=2, fontsize=8)
        panel.set_xscale("log")
        panel.xaxis.set_major_formatter("{x:g}")
        panel.set_xlim(right=4 * max(times))
        panel.set_title(f"{words:,} words")
        panel.grid(visible=False, axis="y")
        panel.tick_params(axis="y", length=0, labelleft=panel is panels[0])
    panels[len(panels) // 2].set_xlabel("times as fast as scikit-learn's TF-IDF")
    save(picture, path)
