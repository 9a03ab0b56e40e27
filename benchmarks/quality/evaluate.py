"""Score the shipped model on the corpus's test split, and on further annotated sets, into evaluation.json.

``python -m benchmarks.quality.evaluate [GOLD.jsonl ...]``. A set that is not given keeps the figures it had for the
same model; for another model they are dropped, so that the file never mixes models.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import xborder_tagger
from xborder_tagger.evaluation import evaluate, judge
from xborder_tagger.io.gold import read_gold
from xborder_tagger.shipped import DEFAULT, ROOT
from xborder_tagger.tagger import Tagger
from xborder_tagger.training.corpus import label_matrix, read_corpus

TARGET = ROOT / "xborder-en" / "evaluation.json"
TEST_SPLIT = "corpus, test split"


def main(paths: list[str]) -> None:
    tagger = xborder_tagger.load()
    sets = {TEST_SPLIT: on_test_split(tagger)}
    sets |= {Path(path).stem: on_gold(tagger, path) for path in paths}
    record = {"model": describe(tagger), "sets": kept(tagger.digest) | sets}
    TARGET.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for name, figures in record["sets"].items():
        print(f"{name}: macro F1 {figures['macro_f1']:.3f}, calibration error {figures['calibration_error']:.4f}")


def on_test_split(tagger: Tagger) -> dict[str, Any]:
    documents = [d for d in read_corpus(ROOT / "corpus" / "documents", tagger.labels.names) if d.split == "test"]
    positive, known = label_matrix(documents, tagger.labels.names)
    return evaluate(judge(tagger, [d.text for d in documents], positive, known), tagger.labels.names)


def on_gold(tagger: Tagger, path: str) -> dict[str, Any]:
    return evaluate(judge(tagger, *read_gold(path, tagger.labels.names)), tagger.labels.names)


def describe(tagger: Tagger) -> dict[str, Any]:
    features = len(tagger.kernel.tables.model.idf)
    documents = tagger.recipe["corpus"]["documents"]
    size = DEFAULT.stat().st_size
    return {"name": tagger.name, "digest": tagger.digest, "features": features, "documents": documents, "bytes": size}


def kept(digest: str) -> dict[str, Any]:
    """Figures of the same model that stand in the file already."""
    if not TARGET.exists():
        return {}
    record = json.loads(TARGET.read_text(encoding="utf-8"))
    return record["sets"] if record["model"]["digest"] == digest else {}


if __name__ == "__main__":
    main(sys.argv[1:])
