"""The files of a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """All names are the output's name with something after it, so that a listing shows them together."""

    out: Path

    @property
    def part(self) -> Path:
        """Output so far; for formats that are assembled at the end, their spool."""
        return self._beside(".part")

    @property
    def assembled(self) -> Path:
        """Output that is being assembled from its spool."""
        return self._beside(".assembled.part")

    @property
    def quarantine_part(self) -> Path:
        """Bad documents so far."""
        return self._beside(".quarantine.part")

    @property
    def quarantine(self) -> Path:
        """All bad documents."""
        return self._beside(".quarantine.jsonl")

    @property
    def journal(self) -> Path:
        """What is safe on the disk."""
        return self._beside(".journal")

    @property
    def new_journal(self) -> Path:
        """A journal that is being written anew."""
        return self._beside(".journal.new")

    @property
    def lock(self) -> Path:
        """Held while a process is at work; left behind by a crash, it means nothing."""
        return self._beside(".lock")

    @property
    def folder(self) -> Path:
        """The folder of all of them."""
        return self.out.parent

    @property
    def all(self) -> frozenset[Path]:
        """Every file of the job, whether it is there or not."""
        beside = (self.part, self.assembled, self.quarantine_part, self.quarantine, self.journal, self.new_journal)
        return frozenset((self.out, *beside, self.lock))

    def _beside(self, suffix: str) -> Path:
        return self.out.with_name(self.out.name + suffix)
