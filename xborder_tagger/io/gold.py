"""Annotated texts, for evaluation: JSON lines with ``text`` and ``labels`` (0, 1 or "?")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import EvaluationError, InputError
from xborder_tagger.io.read import ReadOptions, read_all
from xborder_tagger.io.records import UNREADABLE, Record, Rejected


def read_gold(path: str, tags: Sequence[str]) -> tuple[list[str], NDArray[np.bool_], NDArray[np.bool_]]:
    """Texts, labels and the mask of judged cells of an annotated file.

    Raises:
        InputError: the file cannot be opened.
        EvaluationError: a line is no annotated document.
    """
    texts, rows = [], []
    for number, item in enumerate(read_all([path], ReadOptions(format="jsonl")), 1):
        if isinstance(item, Rejected):
            if item.code in UNREADABLE:
                raise InputError(f"{item.where}: {item.message}")
            raise EvaluationError(f"{item.where}: {item.message}")
        texts.append(item.text)
        rows.append(_cells(item, f"{path}, document {number}", tags))
    if not rows:
        raise EvaluationError(f'{path}: no documents; each line needs "text" and "labels"')
    return (
        texts,
        np.array([[c == 1 for c in row] for row in rows]),
        np.array([[c != "?" for c in row] for row in rows]),
    )


def _cells(record: Record, where: str, tags: Sequence[str]) -> list[Any]:
    labels = record.fields.get("labels")
    if not isinstance(labels, dict):
        raise EvaluationError(f'{where}: no "labels"; expected {{"{tags[0]}": 1, ...}}')
    cells = [labels.get(tag) for tag in tags]
    for tag, cell in zip(tags, cells, strict=True):
        if isinstance(cell, bool) or cell not in (0, 1, "?"):
            raise EvaluationError(f'{where}: {tag} is {cell!r}, expected 0, 1 or "?"')
    return cells
