"""The work of a tagging job: all documents of the inputs, tagged batch by batch and written in one format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from typing import Any, BinaryIO, Final

from xborder_tagger.cli.documents import Documents, Input, Item, is_still, look_up
from xborder_tagger.cli.tag import formatter_of
from xborder_tagger.io import table
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.jobs import Step, Tally
from xborder_tagger.tagger import BATCH_SIZE, Tagger

BATCH_CHARACTERS: Final = 4_000_000  # of long documents fewer are in flight
LISTED_INPUTS: Final = 1000  # more of them are one digest in the journal


class Archive:
    """A `jobs.Work` over the readers and writers.

    Args:
        paths: of the inputs, in order.
        tagger: tags the documents.
        form: format of the output.
        kind: format of the inputs.
        explain: whether the output has the evidence.

    Raises:
        InputError: an input is not there.
    """

    assembled = False

    def __init__(self, paths: Sequence[str], *, tagger: Tagger, form: str, kind: str, explain: bool) -> None:
        self._inputs = [look_up(path) for path in paths]
        self._tagger, self._form, self._kind, self._explain = tagger, form, kind, explain
        self._format = formatter_of(form, colour=False)

    @property
    def size(self) -> int | None:
        """Bytes of all inputs; None if one is a stream."""
        sizes = [source.size for source in self._inputs]
        return None if None in sizes else sum(filter(None, sizes))

    def changed(self) -> list[str]:
        """Paths of the inputs that are no longer what they were at the beginning."""
        return [source.path for source in self._inputs if not is_still(source)]

    @property
    def fingerprint(self) -> dict[str, Any]:
        """All that the output depends on; the kernel too, for the last digit may differ between kernels."""
        return {
            "version": version("xborder-tagger"),
            "kernel": self._tagger.kernel.name,
            "model": self._tagger.digest,
            "format": self._form,
            "input format": self._kind,
            "explain": self._explain,
            "inputs": _listed(self._inputs),
        }

    @property
    def header(self) -> bytes:
        """The first line of a table."""
        return table.header(self._tagger.labels.names) if self._form == "csv" else b""

    def steps(self, position: Any) -> Iterator[Step]:
        """Batches of up to `BATCH_SIZE` documents, and at the end what the inputs hold beside documents."""
        documents = Documents(self._inputs, self._kind, position)
        read = documents.bytes_read
        for batch in chain(_batches(documents), [[]]):
            before, read = read, documents.bytes_read
            yield self._step(batch, documents.position, read - before)

    def assemble(self, spool: BinaryIO, out: BinaryIO) -> None:
        """Not for these formats."""
        raise NotImplementedError

    def _step(self, batch: Sequence[Item], position: Any, read: int) -> Step:
        records = [item for item in batch if isinstance(item, Record)]
        rejected = [item for item in batch if isinstance(item, Rejected)]
        texts = [record.text for record in records]
        predictions = list(self._tagger.pipe(texts, explain=self._explain or self._form == "text"))
        tally = Tally(
            documents=len(records),
            bytes=read,
            tags=_counts(prediction.tags for prediction in predictions),
            flags=_counts(prediction.flags for prediction in predictions),
            rejected=Counter(item.code for item in rejected),
        )
        return Step(b"".join(map(self._format, records, predictions)), rejected, position, tally)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in lists of so many documents or characters, never one item further than the list that is out."""
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += len(item.text) if isinstance(item, Record) else 0
        if len(batch) == BATCH_SIZE or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _counts(lists: Iterable[Sequence[str]]) -> dict[str, int]:
    return dict(Counter(chain.from_iterable(lists)))


def _listed(inputs: Sequence[Input]) -> Any:
    listed = [asdict(source) for source in inputs]
    if len(listed) <= LISTED_INPUTS:
        return listed
    digest = sha256(json.dumps(listed).encode("utf-8", "surrogatepass")).hexdigest()
    return {"files": len(listed), "bytes": sum(source.size or 0 for source in inputs), "digest": digest}
