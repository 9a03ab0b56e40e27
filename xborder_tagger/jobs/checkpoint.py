"""How far a job got: what a journal record says."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from xborder_tagger.jobs.tally import Tally
from xborder_tagger.jobs.work import Position


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place between two batches.

    Args:
        output: bytes of the output up to here.
        quarantine: bytes of the quarantine up to here.
        position: where the work goes on.
        tally: counts up to here.
        complete: whether all documents are in.
    """

    output: int = 0
    quarantine: int = 0
    position: Position = None
    tally: Tally = field(default_factory=Tally)
    complete: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For the journal."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Checkpoint:
        """From the journal."""
        return cls(**record | {"tally": Tally(**record["tally"])})
