"""``--dedupe``: each document gets the id of the first of its near-copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xborder_tagger.dedupe import NearCopies
from xborder_tagger.io.layout import CLUSTER, PREFIX
from xborder_tagger.io.records import Record
from xborder_tagger.tagger import Tagger


class Clusters:
    """Gives records, in the order in which they come, their cluster's id as a further field."""

    def __init__(self, tagger: Tagger) -> None:
        self._copies: NearCopies[Any] = NearCopies(tagger.characters)

    def marked(self, records: Sequence[Record]) -> list[Record]:
        """The records with their clusters; a field of theirs with that name gets `PREFIX` before it."""
        found = self._copies.add([record.text for record in records], [record.id for record in records])
        return [_with(record, cluster) for record, cluster in zip(records, found, strict=True)]


def _with(record: Record, cluster: Any) -> Record:
    carried = {PREFIX + name if name == CLUSTER else name: value for name, value in record.fields.items()}
    return replace(record, fields={CLUSTER: cluster, **carried})
