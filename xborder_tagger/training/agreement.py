"""How far two annotators agree, before their disagreements were set to "?"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask

from xborder_tagger.training.corpus import Document

ANNOTATORS = ("first", "second")


def alpha(documents: Sequence[Document]) -> float:
    """Krippendorff's alpha over the sets of tags at 1, with the MASI distance (Passonneau 2006)."""
    rows = [
        (who, document.id, frozenset(tag for tag, value in document.extra[who].items() if value == 1))
        for document in documents
        for who in ANNOTATORS
    ]
    return float(AnnotationTask(rows, distance=_distance).alpha())


def _distance(one: frozenset[str], other: frozenset[str]) -> float:
    """MASI; nltk divides by the size of the union, and two empty sets agree."""
    return float(masi_distance(one, other)) if one or other else 0.0


def kappa(documents: Sequence[Document], tag: str) -> float:
    """Cohen's kappa of a tag over the cells that both annotators judged."""
    rows: list[tuple[str, str, Any]] = []
    for document in documents:
        values = [document.extra[who][tag] for who in ANNOTATORS]
        if "?" not in values:
            rows += [(who, document.id, value) for who, value in zip(ANNOTATORS, values, strict=True)]
    return float(AnnotationTask(rows).kappa())


def differing(documents: Sequence[Document], tags: Sequence[str]) -> float:
    """Share of cells on which the two differ."""
    cells = [document.extra["first"][tag] != document.extra["second"][tag] for document in documents for tag in tags]
    return sum(cells) / len(cells)
