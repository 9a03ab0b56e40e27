"""What passes between readers, the tagger and writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SAMPLE_CHARACTERS: Final = 80
# Codes of whole inputs that could not be opened; all others are of documents that were read.
UNREADABLE: Final = frozenset({"missing", "unreadable", "symlink_loop"})


@dataclass(frozen=True, slots=True)
class Record:
    """One document.

    Args:
        id: as given, or the document's place if it has none.
        text: its text.
        fields: everything else that came with it, untouched.
        where: its place, for people: "news.jsonl:17", a line for line formats, a row (from 1) for columnar ones.
    """

    id: Any
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that cannot be tagged, or the rest of a source that cannot be read.

    Args:
        where: its place, for people.
        code: short, stable cause for machines; docs/formats.md lists all.
        message: one line for people: what, and what to do.
        source: name of its source.
        index: its number in the source, counted from 0 over records and rejects alike.
        offset: byte at which it begins in the (unpacked) source, where known.
        id: its own id, where it was read.
        sample: at most 80 characters of the raw input, escaped.
        digest: SHA-256 of the raw item in hexadecimal, where it was at hand.
    """

    where: str
    code: str
    message: str
    source: str = ""
    index: int = 0
    offset: int | None = None
    id: Any = None
    sample: str = ""
    digest: str | None = None


def sample_of(raw: bytes | str) -> str:
    """The beginning of a raw item on one line, with everything unprintable escaped."""
    start = raw[: 4 * SAMPLE_CHARACTERS]
    text = start.decode("utf-8", "backslashreplace") if isinstance(start, bytes) else start
    shown = (c if c.isprintable() else ascii(c)[1:-1] for c in text[:SAMPLE_CHARACTERS])
    return "".join(shown)[:SAMPLE_CHARACTERS]
