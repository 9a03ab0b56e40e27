"""The file of bad documents: one JSON object a line, with where it was, what is wrong, and what its reader knows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def lines(rejected: Sequence[DataclassInstance]) -> bytes:
    """The records as lines. Lone surrogates become the escapes that JSON has for them."""
    text = "".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in rejected)
    return text.encode("utf-8", "backslashreplace")
