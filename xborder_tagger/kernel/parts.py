"""What a kernel is made of, as it lies in a model file: settings of its header, and plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# name: (dtype, number of dimensions), in the order in which they lie in the file.
ARRAYS: Final[dict[str, tuple[str, int]]] = {
    "characters.pages": ("<u2", 1),
    "characters.entries": ("<u4", 1),
    "characters.pool": ("|u1", 1),
    "words.slots": ("<u8", 2),
    "words.displacements": ("<u2", 1),
    "abbreviations": ("|b1", 1),
    "terms.starts": ("<i4", 1),
    "terms.steps.slots": ("<u8", 1),
    "terms.steps.displacements": ("<u2", 1),
    "terms.names": ("<i4", 1),
    "terms.concepts": ("<i4", 1),
    "unigrams": ("<i4", 1),
    "bigrams.slots": ("<u8", 1),
    "bigrams.displacements": ("<u2", 1),
    "opens": ("|b1", 1),
    "closes": ("|b1", 1),
    "features.heads": ("<f4", 2),
    "features.rows": ("<f4", 2),
    "bias": ("<f8", 1),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A kernel in parts, checked for nothing yet.

    Args:
        settings: ``pooling``, ``decision``, ``flags``, ``longest_term``, ``common`` and ``tables`` of a header.
        arrays: each of `ARRAYS`, contiguous and in its dtype: views of a mapped file, or arrays.
    """

    settings: Mapping[str, Any]
    arrays: Mapping[str, Any]
