"""Names and terms that fold into concepts, from the lists in models/xborder-en/gazetteers.

``places.tsv`` is the list of names: single words of it are matched by their exact spelling, since stems would make
"polished" Polish. The other lists hold terms and are matched by stems, so that "border guard" finds "border guards".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAMES = "places"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """One list: its concept, and the spellings it covers."""

    concept: str
    terms: tuple[str, ...]
    exact: bool


def read_gazetteers(folder: Path) -> list[Gazetteer]:
    """All lists of a folder, by name."""
    return [_read(file) for file in sorted(folder.glob("*.tsv"))]


def _read(file: Path) -> Gazetteer:
    exact = file.stem == NAMES
    rows = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    cells = [cell for row in rows for cell in row.split("\t")[1 if exact else 0 :]]
    terms = {term.strip() for cell in cells for term in (cell.split(";") if exact else [cell])}
    return Gazetteer(file.stem, tuple(sorted(terms - {""})), exact)
