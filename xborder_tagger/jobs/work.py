"""What a job is given: something that turns inputs into bytes, batch by batch, from any place on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from xborder_tagger.jobs.tally import Tally

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Position = Any  # a JSON value that only the work understands; None is the beginning


@dataclass(frozen=True, slots=True)
class Step:
    """One batch.

    Args:
        output: bytes to append to the output.
        rejected: bad documents, for the quarantine; records with at least a ``code`` and a ``message``.
        position: where the next batch begins.
        tally: counts of this batch.
    """

    output: bytes
    rejected: Sequence[DataclassInstance]
    position: Position
    tally: Tally


class Work(Protocol):
    """The documents of a job and what is to be done with them.

    The bytes of a document may not depend on the batch it came in, nor on where the work was taken up.
    """

    @property
    def fingerprint(self) -> Mapping[str, Any]:
        """All that the output depends on, as JSON: inputs with size and time, options, digest of the model."""

    @property
    def header(self) -> bytes:
        """The beginning of the output."""

    @property
    def assembled(self) -> bool:
        """Whether the appended bytes are only a spool that `assemble` turns into the output at the end."""

    def steps(self, position: Position) -> Iterator[Step]:
        """Batches in order, from a position that an earlier step named, or None, on.

        Raises:
            JobMismatchError: the input is no longer what led to the position.
        """

    def assemble(self, spool: BinaryIO, out: BinaryIO) -> None:
        """Write the output from the spool; called again from the start if it was interrupted."""


class Watcher(Protocol):
    """Is told how far a run is."""

    def begin(self, tally: Tally) -> None:
        """Take the counts of earlier runs."""

    def update(self, tally: Tally) -> None:
        """Take the counts after a batch."""
