"""What passes between readers, the tagger and writers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One document.

    Args:
        id: as given, or the document's place if it has none.
        text: its text.
        fields: everything else that came with it, untouched.
    """

    id: Any
    text: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that cannot be tagged: where it is, a code for machines, a line for people."""

    where: str
    code: str
    message: str
