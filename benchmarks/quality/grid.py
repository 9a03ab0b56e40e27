"""Choices of the recipe, each measured: out of fold, and on annotated sets that are given.

``python -m benchmarks.quality.grid GOLD.jsonl [...]`` prints a row for each choice; docs/evaluation.md keeps the table.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.robustness import kept_in_union, test_split
from xborder_tagger.cli.evaluate import evaluate
from xborder_tagger.shipped import ROOT
from xborder_tagger.tagger import load
from xborder_tagger.training.fit import Settings
from xborder_tagger.training.recipe import Recipe, train

RECIPE, SETTINGS = Recipe(), Settings()
EVEN = (0.5,) * len(SETTINGS.prevalence)


def choices() -> Iterator[tuple[str, Recipe]]:
    """Names and recipes; each differs from the shipped one in one thing."""
    yield "as shipped", RECIPE
    for events in (2, 3, 6, 10):
        yield f"features on {events} events or more", replace(RECIPE, min_events=events)
    for size in (4, 6, 8, 12, 16, 1000):
        yield f"passages of {size} sentences", replace(RECIPE, settings=replace(SETTINGS, passage=size))
    for cost in (0.1, 0.5, 1.0):
        yield f"cost {cost}", replace(RECIPE, settings=replace(SETTINGS, cost=cost))
    for cost in (0.03, 0.1, 1.0, 10.0):
        yield f"mix cost {cost}", replace(RECIPE, settings=replace(SETTINGS, mix_cost=cost))
    yield "prevalence one half", replace(RECIPE, settings=replace(SETTINGS, prevalence=EVEN))
    for threshold in (0.4, 0.6):
        yield f"threshold {threshold}", replace(RECIPE, settings=replace(SETTINGS, threshold=threshold))


def main(gold: list[str]) -> None:
    names = ["out of fold", *(Path(path).stem for path in gold), "three in one kept"]
    print("| choice | " + " | ".join(names) + " |\n|---" * 1 + "|---" * len(names) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for name, recipe in choices():
            out = Path(folder) / "model.xbt"
            record = train(ROOT / "corpus" / "documents", out, recipe)
            figures = [record["out_of_fold"], *(evaluate(path, model=str(out)) for path in gold)]
            cells = [f"{f['macro_f1']:.3f} / {f['macro_ap']:.3f} / {f['calibration_error']:.3f}" for f in figures]
            tagger = load(out)
            kept = kept_in_union(tagger, [document.text for document in test_split(tagger)])
            print(f"| {name} | " + " | ".join([*cells, f"{kept:.2f}"]) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
