"""fastText: one against all, words and word pairs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import fasttext
import numpy as np

from benchmarks.quality.peers import Score, fully_judged
from xborder_tagger.training.corpus import Document


def one_against_all(
    documents: Sequence[Document], tags: Sequence[str], *, epochs: int = 100, rate: float = 1.0, dimensions: int = 50
) -> Score:
    """It cannot leave a cell out, so documents with a "?" stay out of training.

    Ten threads, so no two runs are quite alike: each of them sets a tenth of fastText 0.9.3's starting weights; with
    fewer the rest is memory as it was found.
    """
    settings = {"loss": "ova", "wordNgrams": 2, "epoch": epochs, "lr": rate, "dim": dimensions}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [_line(document, tags) for document in fully_judged(documents, tags)]
        path.write_text("\n".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(str(path), **settings, verbose=0, thread=10)

    def score(texts: Sequence[str]) -> np.ndarray:
        # The method of the compiled model: the one around it fails with NumPy 2.
        found = [model.f.predict(" ".join(_words(text)) + "\n", len(tags), 0.0, "strict") for text in texts]
        rows = [{name: share for share, name in row} for row in found]
        return np.array([[min(row.get(f"__label__{tag}", 0.0), 1.0) for tag in tags] for row in rows])

    return score


def _line(document: Document, tags: Sequence[str]) -> str:
    return " ".join([*(f"__label__{tag}" for tag in tags if document.labels[tag] == 1), *_words(document.text)])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
