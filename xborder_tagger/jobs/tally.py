"""What a job counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a batch or of a whole job; they add up.

    Args:
        documents: tagged, without the rejected ones.
        bytes: of the inputs that were read.
        tags: documents by tag.
        flags: documents by flag.
        rejected: documents by the code of what is wrong with them.
    """

    documents: int = 0
    bytes: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.documents + other.documents,
            self.bytes + other.bytes,
            _sum(self.tags, other.tags),
            _sum(self.flags, other.flags),
            _sum(self.rejected, other.rejected),
        )

    @property
    def quarantined(self) -> int:
        """Documents that were left out."""
        return sum(self.rejected.values())

    @property
    def handled(self) -> int:
        """Documents that are done with, tagged or left out."""
        return self.documents + self.quarantined


def _sum(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(left) + Counter(right))
