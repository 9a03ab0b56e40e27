"""How well boilerplate is told that no model was trained on.

A model is trained with half of the examples of models/xborder-en/boilerplate.txt; blocks of a hundred words are drawn
from the other half and set before and behind texts. ``python -m benchmarks.quality.boilerplate [GOLD.jsonl ...]``
prints the share of texts that keep their tags both times.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.robustness import tags, test_split
from xborder_tagger.io.gold import read_gold
from xborder_tagger.shipped import ROOT
from xborder_tagger.tagger import Tagger, load
from xborder_tagger.training.boilerplate import read_boilerplate
from xborder_tagger.training.recipe import Recipe, train

WORDS = 100
SEPARATORS = {"line by line": "\n", "run together": " "}


def blocks(examples: Sequence[str], separator: str) -> Iterator[str]:
    """Endless blocks of a hundred words or a few more."""
    generator = random.Random(0)  # noqa: S311
    while True:
        lines: list[str] = []
        while sum(len(line.split()) for line in lines) < WORDS:
            lines.append(generator.choice(examples))
        yield separator.join(lines)


def kept(tagger: Tagger, texts: Sequence[str], examples: Sequence[str], separator: str) -> float:
    """Share of texts whose tag set stays the same with a block before, and with one behind them."""
    chosen = [block for block, _ in zip(blocks(examples, separator), texts, strict=False)]
    pairs = list(zip(chosen, texts, strict=True))
    before = tags(tagger, [f"{block}\n\n{text}" for block, text in pairs])
    after = tags(tagger, [f"{text}\n\n{block}" for block, text in pairs])
    plain = tags(tagger, texts)
    return sum(p == b == a for p, b, a in zip(plain, before, after, strict=True)) / len(texts)


def main(paths: list[str]) -> None:
    examples = read_boilerplate(Recipe().boilerplate)
    with tempfile.TemporaryDirectory() as folder:
        known, model = Path(folder) / "known.txt", Path(folder) / "model.xbt"
        known.write_text("\n".join(examples[::2]), encoding="utf-8")
        train(ROOT / "corpus" / "documents", model, replace(Recipe(), boilerplate=known))
        tagger = load(model)
    sets = {"test split": [document.text for document in test_split(tagger)]}
    sets |= {Path(path).stem: read_gold(path, tagger.labels.names)[0] for path in paths}
    print("| texts | " + " | ".join(SEPARATORS) + " |\n|---|---|---|")
    for name, texts in sets.items():
        cells = [f"{kept(tagger, texts, examples[1::2], separator):.3f}" for separator in SEPARATORS.values()]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
