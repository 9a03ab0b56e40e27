"""What a kernel is made of, as it lies in a model file: settings of its header, and plain arrays.

Settings are checked here, for every kernel; arrays by the kernel that reads them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# name: (dtype, number of dimensions), in the order in which they lie in the file.
ARRAYS: Final[dict[str, tuple[str, int]]] = {
    "characters.pages": ("<u2", 1),
    "characters.entries": ("<u4", 1),
    "characters.pool": ("|u1", 1),
    "words.slots": ("<u8", 1),
    "words.factors": ("<u2", 1),
    "words.keys": ("<u8", 2),
    "abbreviations": ("|b1", 1),
    "terms.starts": ("<i4", 1),
    "terms.steps.slots": ("<u8", 1),
    "terms.steps.factors": ("<u2", 1),
    "terms.names": ("<i4", 1),
    "terms.concepts": ("<i4", 1),
    "unigrams": ("<i4", 1),
    "bigrams.slots": ("<u8", 1),
    "bigrams.factors": ("<u2", 1),
    "opens": ("|b1", 1),
    "closes": ("|b1", 1),
    "features.rows": ("<i2", 2),
    "bias": ("<f8", 1),
}
UNITS: Final = 3  # of the numbers in rows of features: boilerplate, squares, tags


@dataclass(frozen=True, slots=True)
class Parts:
    """A kernel in parts, checked for nothing yet.

    Args:
        settings: ``pooling``, ``decision``, ``flags``, ``longest_term``, ``common``, ``units`` and ``tables``,
            all of a header.
        arrays: each of `ARRAYS`, contiguous and in its dtype: views of a mapped file, or arrays.
    """

    settings: Mapping[str, Any]
    arrays: Mapping[str, Any]


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse settings that are not of the right kind.

    Raises:
        ValueError, KeyError, TypeError: a setting is off or missing.
    """
    for name, table in settings["tables"].items():
        _require_whole(f"the seed of {name}", table["seed"], 0, (1 << 64) - 1)
    _require_whole("longest_term", settings["longest_term"], 0, 32)
    _require_whole("common", settings["common"], 0, (1 << 31) - 1)
    _require_whole("the size of passages", settings["pooling"]["size"], 2, 1024)
    units = settings["units"]
    if len(units) != UNITS or not all(type(unit) is float and 0 < unit < math.inf for unit in units):
        raise ValueError("the units of weights are off")
    if settings["pooling"]["size"] % 2:
        raise ValueError("the size of passages is odd")
    for name in ("known_words", "common_share"):
        if type(settings["flags"][name]) not in (int, float):
            raise ValueError(f"{name} is no number")


def _require_whole(name: str, value: Any, lowest: int, highest: int) -> None:
    if type(value) is not int or not lowest <= value <= highest:
        raise ValueError(f"{name} is {value!r}, expected a whole number from {lowest} to {highest}")
