"""Whether a journal is of the job at hand, and if not, what differs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

WIDTH = 160  # characters of a value in a message


def difference(before: Any, now: Any, name: str = "") -> str | None:
    """The first difference of two JSON values in words, as 'format was "text", is "csv"'; None if there is none."""
    if before == now:
        return None
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        parts = ((before.get(key), now.get(key), f"{name}.{key}".lstrip(".")) for key in {**before, **now})
        return next(filter(None, (difference(*part) for part in parts)), None)
    if isinstance(before, list) and isinstance(now, list):
        pairs = enumerate(zip_longest(before, now), 1)
        return next(f"{name} {place} {_change(*pair)}" for place, pair in pairs if pair[0] != pair[1])
    return f"{name} {_change(before, now)}"


def _change(before: Any, now: Any) -> str:
    return f"was {_shown(before)}, is {_shown(now)}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
