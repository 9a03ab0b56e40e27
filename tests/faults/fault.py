"""A fault: a small wrong change of a source file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NATIVE = "xborder_tagger/kernel/native"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is written instead of what.

    Args:
        file: from the root of the repository.
        old: stands in the file once.
        meaning: of the change, for the table.
    """

    file: str
    old: str
    new: str
    meaning: str

    def text(self, root: Path) -> str:
        """The file with the fault in it.

        Raises:
            ValueError: it does not stand there once.
        """
        source = (root / self.file).read_text(encoding="utf-8")
        if source.count(self.old) != 1:
            raise ValueError(f"{self.file}: {self.meaning}: {self.old!r} stands there {source.count(self.old)} times")
        return source.replace(self.old, self.new)


def native(file: str, meaning: str, old: str, new: str) -> Fault:
    """A fault of the compiled kernel."""
    return Fault(f"{NATIVE}/{file}", old, new, meaning)


def python(file: str, meaning: str, old: str, new: str) -> Fault:
    """A fault of its Python side."""
    return Fault(f"xborder_tagger/{file}", old, new, meaning)
