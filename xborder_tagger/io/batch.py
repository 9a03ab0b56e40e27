"""What writers are given: documents, and what was found about them, as arrays for as long as possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xborder_tagger.io.records import Record
from xborder_tagger.kernel import Predictions
from xborder_tagger.results import Evidence, Prediction
from xborder_tagger.tagger import as_records

if TYPE_CHECKING:
    from xborder_tagger.io.columnar import Rows


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents with their predictions.

    Args:
        documents: one by one, or as columns, where they came so.
        found: about each of them.
        names: of the tags.
        evidence: of each document, where it was asked for.
    """

    documents: Sequence[Record] | Rows
    found: Predictions
    names: tuple[str, ...]
    evidence: Sequence[tuple[Evidence, ...]] | None = None

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def records(self) -> Sequence[Record]:
        """The documents one by one."""
        return self.documents if isinstance(self.documents, Sequence) else self.documents.records()

    @property
    def pairs(self) -> Iterator[tuple[Record, Prediction]]:
        """Documents and predictions one by one."""
        return zip(self.records, as_records(self.found, self.names, self.evidence), strict=True)
