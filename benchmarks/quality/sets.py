"""The annotated texts that systems are scored on: the corpus's test split, and files that are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.io.gold import read_gold
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import Document, label_matrix, read_corpus

DOCUMENTS = ROOT / "corpus" / "documents"


@dataclass(frozen=True, slots=True)
class AnnotatedSet:
    """Texts with their labels; ``positive`` and ``known`` are bool, (n_docs, n_tags)."""

    name: str
    texts: list[str]
    positive: NDArray[np.bool_]
    known: NDArray[np.bool_]


def split(name: str, tags: Sequence[str]) -> list[Document]:
    """Documents of the corpus's "train" or "test" split."""
    return [document for document in read_corpus(DOCUMENTS, tags) if document.split == name]


def annotated_sets(gold: Sequence[str], tags: Sequence[str]) -> list[AnnotatedSet]:
    """The test split and the files given."""
    test = split("test", tags)
    files = [AnnotatedSet(Path(path).stem, *read_gold(path, tags)) for path in gold]
    return [AnnotatedSet("test split", [d.text for d in test], *label_matrix(test, tags)), *files]
