"""What more documents are worth: the shipped recipe on random parts of the corpus.

``python -m benchmarks.quality.learning_curve [GOLD.jsonl ...]`` puts the table into docs/evaluation.md and draws
docs/learning_curve.svg. A part is made of whole events drawn at random until it has the number of documents.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.quality.sets import AnnotatedSet, annotated_sets, split
from benchmarks.report import PAGE, put, table
from benchmarks.svg import figure, save
from xborder_tagger.evaluation import Judged, evaluate
from xborder_tagger.kernel import make_kernel
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.labels import LabelSet, read_codebook
from xborder_tagger.training.corpus import Document
from xborder_tagger.training.recipe import Recipe, fit

SEEDS = {250: 5, 500: 5, 1000: 3, 2000: 3, 4000: 2}  # documents: how many parts; the whole corpus follows
LONG_STEP = 0.7  # of the whole corpus at most: the last step's gain would drown in noise otherwise
PICTURE = PAGE.parent / "learning_curve.svg"
FIGURES = {"macro_f1": "macro-F1", "macro_ap": "average precision"}

Points = dict[str, list[float]]  # name of a figure to its values, one for each part
Curve = dict[int, dict[str, Points]]  # documents to name of a set to points


def parts(documents: Sequence[Document]) -> Iterator[tuple[int, list[Document]]]:
    """Number of documents asked for, and the part; the whole corpus last."""
    for size, seeds in SEEDS.items():
        if size <= LONG_STEP * len(documents):
            yield from ((size, part(documents, size, seed)) for seed in range(seeds))
    yield len(documents), list(documents)


def part(documents: Sequence[Document], size: int, seed: int) -> list[Document]:
    """Documents of whole events drawn at random, ``size`` or a few more, in the order given."""
    events = defaultdict(list)
    for document in documents:
        events[document.event].append(document.id)
    order = sorted(events)
    random.Random(seed).shuffle(order)  # noqa: S311
    chosen: set[str] = set()
    for event in order:
        if len(chosen) >= size:
            break
        chosen.update(events[event])
    return [document for document in documents if document.id in chosen]


def judged(documents: Sequence[Document], labels: LabelSet, sets: Sequence[AnnotatedSet]) -> Iterator[Judged]:
    """The recipe's output on each set after training on the documents."""
    tables, _ = fit(documents, labels, Recipe())
    kernel = make_kernel(disassemble(tables))
    for given in sets:
        found = kernel.predict(given.texts)
        yield Judged(given.positive, given.known, found.probabilities, found.applies)


def measure(documents: Sequence[Document], labels: LabelSet, sets: Sequence[AnnotatedSet]) -> Curve:
    curve: Curve = {}
    for size, some in parts(documents):
        point = curve.setdefault(size, {given.name: {name: [] for name in FIGURES} for given in sets})
        for given, found in zip(sets, judged(some, labels, sets), strict=True):
            figures = evaluate(found, labels.names, resamples=0)
            for name in FIGURES:
                point[given.name][name].append(figures[name])
        print(f"{len(some)} documents: {[points['macro_f1'][-1] for points in point.values()]}", file=sys.stderr)
    return curve


def curve_table(curve: Curve) -> str:
    sets = list(next(iter(curve.values())))
    head = ["documents", "parts", *(f"{given}: F1 / AP" for given in sets)]
    rows = [
        [
            f"{size:,}",
            str(len(point[sets[0]]["macro_f1"])),
            *(" / ".join(f"{statistics.mean(point[given][name]):.3f}" for name in FIGURES) for given in sets),
        ]
        for size, point in curve.items()
    ]
    return table(head, rows)


def summary(curve: Curve) -> str:
    """What the last doubling brought, in points, and how far small parts differ among themselves."""
    before, last = list(curve)[-2:]
    small = next(iter(curve))
    gains = [
        f"{given} {_gain(curve, before, last, given, 'macro_f1'):+.1f} points of F1 and "
        f"{_gain(curve, before, last, given, 'macro_ap'):+.1f} of AP"
        for given in curve[last]
    ]
    spread = max(max(points[name]) - min(points[name]) for points in curve[small].values() for name in FIGURES)
    return (
        f"From {before:,} to {last:,} documents a doubling was worth: {'; '.join(gains)}. "
        f"Parts of {small:,} documents differ among themselves by up to {100 * spread:.1f} points."
    )


def _gain(curve: Curve, before: int, after: int, given: str, name: str) -> float:
    """Points of a figure for each doubling between two sizes."""
    rise = statistics.mean(curve[after][given][name]) - statistics.mean(curve[before][given][name])
    return 100 * rise / math.log2(after / before)


def draw(curve: Curve) -> None:
    """Two panels, a line for each set through the means, a bar from the worst part to the best."""
    picture, axes = figure(columns=len(FIGURES))
    for panel, (name, title) in zip(axes, FIGURES.items(), strict=True):
        for given in next(iter(curve.values())):
            values = [point[given][name] for point in curve.values()]
            means = [statistics.mean(v) for v in values]
            bars = [[m - min(v) for m, v in zip(means, values, strict=True)]]
            bars += [[max(v) - m for m, v in zip(means, values, strict=True)]]
            panel.errorbar(list(curve), means, yerr=bars, marker="o", markersize=4, capsize=3, label=given)
        panel.set_xscale("log", base=2)
        panel.set_xticks(list(curve), [f"{size:,}" for size in curve])
        panel.set_xlabel("training documents")
        panel.set_title(title)
    axes[0].legend(frameon=False, loc="lower right")
    save(picture, PICTURE)


def main(gold: list[str]) -> None:
    labels = read_codebook(Recipe().codebook)
    sets = annotated_sets(gold, labels.names)
    curve = measure(split("train", labels.names), labels, sets)
    draw(curve)
    put("learning curve", f"{curve_table(curve)}\n\n{summary(curve)}\n\n![Learning curve]({PICTURE.name})")


if __name__ == "__main__":
    main(sys.argv[1:])
