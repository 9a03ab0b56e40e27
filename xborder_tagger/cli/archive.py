"""The work of a tagging job: all documents of the inputs, tagged batch by batch and written in one format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from typing import Any, BinaryIO, Final

from xborder_tagger.cli.documents import Documents, Item, is_still
from xborder_tagger.cli.tag import marker
from xborder_tagger.errors import JobMismatchError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.sources import Source
from xborder_tagger.io.write import WriteOptions, writer_for
from xborder_tagger.jobs import Step, Tally
from xborder_tagger.tagger import BATCH_SIZE, Tagger

BATCH_CHARACTERS: Final = 4_000_000  # of long documents fewer are in flight
LISTED_INPUTS: Final = 1000  # more of them are one digest in the journal


class Archive:
    """A `jobs.Work` over the readers and writers.

    Args:
        sources: the inputs, in order.
        tagger: tags the documents.
        form: format of the output.
        options: how the inputs are read.
        wanted: what is written.
    """

    def __init__(
        self, sources: Sequence[Source], *, tagger: Tagger, form: str, options: ReadOptions, wanted: WriteOptions
    ) -> None:
        self._sources, self._tagger, self._form = sources, tagger, form
        self._options, self._wanted = options, wanted
        self._writer = writer_for(form, tagger.labels, wanted)

    @property
    def size(self) -> int | None:
        """Bytes of all inputs; None if one is a stream."""
        sizes = [source.size for source in self._sources if not source.problem]
        return None if None in sizes else sum(filter(None, sizes))

    def changed(self) -> list[str]:
        """Paths of the inputs that are no longer what they were at the beginning."""
        return [source.name for source in self._sources if not is_still(source)]

    @property
    def fingerprint(self) -> dict[str, Any]:
        """All that the output depends on; the kernel too, for the last digit may differ between kernels."""
        return {
            "version": version("xborder-tagger"),
            "kernel": self._tagger.kernel.name,
            "model": self._tagger.digest,
            "format": self._form,
            "reading": asdict(self._options),
            "writing": asdict(self._wanted),
            "inputs": _listed(self._sources),
        }

    @property
    def header(self) -> bytes:
        """The beginning of the output."""
        return self._writer.header

    @property
    def assembled(self) -> bool:
        """Whether the output is put together at the end."""
        return self._writer.assembled

    def steps(self, position: Any) -> Iterator[Step]:
        """Batches of up to `BATCH_SIZE` documents, and at the end what the inputs hold beside documents."""
        if self._wanted.dedupe:
            yield from self._steps_with_clusters(position)
            return
        documents = Documents(self._sources, self._options, position)
        yield from self._steps(documents, list)

    def _steps_with_clusters(self, position: Any) -> Iterator[Step]:
        """The same with near-copies looked for: what was done is read once more, for what comes may copy it."""
        documents, mark = Documents(self._sources, self._options), marker(self._tagger)
        if position is not None:
            for batch in _batches(documents):
                mark([item for item in batch if isinstance(item, Record)])
                if documents.position == position:
                    break
            else:
                raise JobMismatchError("the inputs end before what was done; give the same ones, or --restart")
        yield from self._steps(documents, mark)

    def _steps(self, documents: Documents, mark: Callable[[list[Record]], list[Record]]) -> Iterator[Step]:
        read = documents.bytes_read
        for batch in chain(_batches(documents), [[]]):
            before, read = read, documents.bytes_read
            yield self._step(batch, mark, documents.position, read - before)

    def assemble(self, spool: BinaryIO, out: BinaryIO) -> None:
        """Put the output together from the pieces that were appended."""
        self._writer.assemble(spool, out)

    def _step(
        self, batch: Sequence[Item], mark: Callable[[list[Record]], list[Record]], position: Any, read: int
    ) -> Step:
        records = mark([item for item in batch if isinstance(item, Record)])
        rejected = [item for item in batch if isinstance(item, Rejected)]
        texts = [record.text for record in records]
        predictions = list(self._tagger.pipe(texts, explain=self._wanted.explain or self._form == "text"))
        tally = Tally(
            documents=len(records),
            bytes=read,
            tags=_counts(prediction.tags for prediction in predictions),
            flags=_counts(prediction.flags for prediction in predictions),
            rejected=Counter(item.code for item in rejected),
        )
        return Step(self._writer.encode(list(zip(records, predictions, strict=True))), rejected, position, tally)


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


def _listed(sources: Sequence[Source]) -> Any:
    listed = [{"path": source.path, "size": source.size, "modified": source.mtime} for source in sources]
    if len(listed) <= LISTED_INPUTS:
        return listed
    digest = sha256(json.dumps(listed).encode("utf-8", "surrogatepass")).hexdigest()
    return {"files": len(listed), "bytes": sum(source.size or 0 for source in sources), "digest": digest}
