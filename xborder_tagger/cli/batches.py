"""From what readers give to what writers take, batch by batch: one way for standard output and for jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from xborder_tagger.io.batch import Batch
from xborder_tagger.io.read import Part
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.tagger import BATCH_SIZE, Tagger

if TYPE_CHECKING:
    from xborder_tagger.cli.clusters import Clusters
    from xborder_tagger.io.columnar import Rows

BATCH_CHARACTERS: Final = 1 << 22  # of the texts of a batch: many long documents are not held at a time


def batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Parts in lists of so many documents or characters, never one part further than the list that is out."""
    batch: list[Part] = []
    count = size = 0
    for part in parts:
        batch.append(part)
        if isinstance(part, Record):
            count, size = count + 1, size + len(part.text)
        else:
            count += 1 if isinstance(part, Rejected) else part.count
        if count >= BATCH_SIZE or size >= BATCH_CHARACTERS:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


def rejects(parts: Iterable[Part]) -> list[Rejected]:
    """What is rejected among some parts, in order."""
    found: list[Rejected] = []
    for part in parts:
        if isinstance(part, Rejected):
            found.append(part)
        elif not isinstance(part, Record):
            found += part.rejected
    return found


def stretches(parts: Iterable[Part]) -> Iterator[list[Record] | Rows]:
    """The good documents among some parts, in order: rows as they are, what came one by one in lists."""
    records: list[Record] = []
    for part in parts:
        if isinstance(part, Record):
            records.append(part)
        elif not isinstance(part, Rejected):
            yield records
            yield part
            records = []
    yield records


class Tagging:
    """Tags the documents of batches.

    Args:
        tagger: which tags.
        explain: whether evidence is wanted.
        dedupe: whether each document gets the cluster of near-copies that it is in.
        threads: that share a batch.
    """

    def __init__(self, tagger: Tagger, *, explain: bool = False, dedupe: bool = False, threads: int = 1) -> None:
        self._tagger, self._explain, self._threads = tagger, explain, threads
        self._clusters = _clusters(tagger) if dedupe else None

    def __call__(self, parts: Iterable[Part]) -> list[Batch]:
        """The good documents with what was found; rows of a table stay columns."""
        documents = stretches(parts) if self._clusters is None else [self.marked(parts)]
        return [self._tagged(stretch) for stretch in documents if len(stretch)]

    def marked(self, parts: Iterable[Part]) -> list[Record]:
        """The good documents one by one, with their clusters, which later documents may be in, too."""
        lists = (found if isinstance(found, list) else found.records() for found in stretches(parts))
        records = [record for found in lists for record in found]
        return records if self._clusters is None else self._clusters.marked(records)

    def _tagged(self, documents: list[Record] | Rows) -> Batch:
        tagger, names, threads = self._tagger, self._tagger.labels.names, self._threads
        if isinstance(documents, list):
            found = tagger.kernel.predict([record.text for record in documents], threads=threads)
        else:
            from xborder_tagger.io.arrow_tagging import predictions

            found = predictions(tagger, documents.texts, threads=threads)
        if not self._explain:
            return Batch(documents, found, names)
        texts = (record.text for record in documents) if isinstance(documents, list) else documents.texts.to_pylist()
        return Batch(documents, found, names, list(tagger.evidence(texts, found)))


def _clusters(tagger: Tagger) -> Clusters:
    from xborder_tagger.cli.clusters import Clusters

    return Clusters(tagger)
