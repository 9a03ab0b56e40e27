"""The work of a tagging job: all documents of the inputs, tagged batch by batch and written in one format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.cli.batches import Tagging, batches, rejects
from xborder_tagger.cli.documents import Documents, is_still
from xborder_tagger.errors import JobMismatchError
from xborder_tagger.io.batch import Batch
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import Part
from xborder_tagger.io.sources import Source
from xborder_tagger.io.write import WriteOptions, writer_for
from xborder_tagger.jobs import Step, Tally
from xborder_tagger.results import FLAGS
from xborder_tagger.tagger import Tagger

LISTED_INPUTS: Final = 1000  # more of them are one digest in the journal


class Archive:
    """A `jobs.Work` over the readers and writers.

    Args:
        sources: the inputs, in order.
        tagger: tags the documents.
        form: format of the output.
        options: how the inputs are read.
        wanted: what is written.
        threads: that share the tagging.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        tagger: Tagger,
        form: str,
        options: ReadOptions,
        wanted: WriteOptions,
        threads: int = 1,
    ) -> None:
        self._sources, self._tagger, self._form = sources, tagger, form
        self._options, self._wanted, self._threads = options, wanted, threads
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
        """Batches, and at the end what the inputs hold beside documents."""
        explain, dedupe = self._wanted.explain or self._form == "text", self._wanted.dedupe
        tagging = Tagging(self._tagger, explain=explain, dedupe=dedupe, threads=self._threads)
        if dedupe and position is not None:
            documents = self._read_again(tagging, position)
        else:
            documents = Documents(self._sources, self._options, position, columns=not dedupe)
        read = documents.bytes_read
        for parts in chain(batches(documents), [[]]):
            before, read = read, documents.bytes_read
            yield self._step(parts, tagging(parts), documents.position, read - before)

    def _read_again(self, tagging: Tagging, position: Any) -> Documents:
        """The documents from the position on. Those before it are read once more, for what comes may copy them."""
        documents = Documents(self._sources, self._options, columns=False)  # batches must end where they ended then
        for parts in batches(documents):
            tagging.marked(parts)
            if documents.position == position:
                return documents
        raise JobMismatchError("the inputs end before what was done; give the same ones, or --restart")

    def assemble(self, spool: BinaryIO, out: BinaryIO) -> None:
        """Put the output together from the pieces that were appended."""
        self._writer.assemble(spool, out)

    def _step(self, parts: Sequence[Part], tagged: Sequence[Batch], position: Any, read: int) -> Step:
        rejected, names = rejects(parts), self._tagger.labels.names
        tally = Tally(
            documents=sum(map(len, tagged)),
            bytes=read,
            tags=_counts(names, [batch.found.as_arrays().applies for batch in tagged]),
            flags=_counts(FLAGS, [batch.found.as_arrays().flags for batch in tagged]),
            rejected=Counter(bad.code for bad in rejected),
        )
        return Step(b"".join(map(self._writer.encode, tagged)), rejected, position, tally)


def _counts(names: Sequence[str], columns: Sequence[NDArray[np.bool_]]) -> dict[str, int]:
    """How often each name's column is true, those that never are left out."""
    counts = np.sum([cells.sum(axis=0) for cells in columns], axis=0).tolist() if columns else []
    return {name: count for name, count in zip(names, counts, strict=False) if count}


def _listed(sources: Sequence[Source]) -> Any:
    listed = [{"path": source.path, "size": source.size, "modified": source.mtime} for source in sources]
    if len(listed) <= LISTED_INPUTS:
        return listed
    digest = sha256(json.dumps(listed).encode("utf-8", "surrogatepass")).hexdigest()
    return {"files": len(listed), "bytes": sum(source.size or 0 for source in sources), "digest": digest}
