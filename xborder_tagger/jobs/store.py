"""The files of a job while it runs: output and quarantine, which grow, and the journal that says how far they are safe.

The order that everything rests on: the files are appended, then synced, and only then does the journal say how long
they are. Whatever happens, they are right up to the length that its last good record names; the rest is cut off.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xborder_tagger.jobs import quarantine
from xborder_tagger.jobs.checkpoint import Checkpoint
from xborder_tagger.jobs.disk import Disk
from xborder_tagger.jobs.journal import Journal
from xborder_tagger.jobs.pace import Pace
from xborder_tagger.jobs.paths import Paths
from xborder_tagger.jobs.work import Step


class Store:
    """Appends batches and makes them safe.

    Args:
        paths: of the files.
        disk: where they are.
        journal: read, so that it can be appended to.
        pace: how often what is done is made safe.
    """

    def __init__(self, paths: Paths, disk: Disk, journal: Journal, pace: Pace) -> None:
        self._paths, self._disk, self._journal, self._pace = paths, disk, journal, pace
        self._unsafe: dict[Path, int] = {}  # files that changed since the last checkpoint, and their new bytes

    def cut_back(self, reached: Checkpoint) -> None:
        """Make the files as long as the journal says, and their names safe before it speaks of them again."""
        for path, size in ((self._paths.part, reached.output), (self._paths.quarantine_part, reached.quarantine)):
            self._disk.truncate(path, size)
            self._unsafe[path] = 0
        self._disk.sync_folder(self._paths.folder)
        self._pace.start()

    def begin(self, header: bytes, reached: Checkpoint) -> Checkpoint:
        """Where the job is after the header."""
        self._append(self._paths.part, header)
        return replace(reached, output=reached.output + len(header))

    def append(self, step: Step, reached: Checkpoint) -> Checkpoint:
        """Where the job is after one more batch, which is not safe yet."""
        bad = quarantine.lines(step.rejected)
        self._append(self._paths.part, step.output)
        self._append(self._paths.quarantine_part, bad)
        return replace(
            reached,
            output=reached.output + len(step.output),
            quarantine=reached.quarantine + len(bad),
            position=step.position,
            tally=reached.tally + step.tally,
        )

    @property
    def due(self) -> bool:
        """Whether it is time to save."""
        return self._pace.due(sum(self._unsafe.values()))

    def save(self, reached: Checkpoint) -> None:
        """Make a checkpoint: first the files, then the word that they are safe."""
        with self._pace.checkpoint():
            for path in self._unsafe:
                self._disk.fsync(path)
            self._journal.append(reached.to_dict())
        self._unsafe.clear()

    def _append(self, path: Path, data: bytes) -> None:
        if data:
            self._disk.append(path, data)
            self._unsafe[path] = self._unsafe.get(path, 0) + len(data)
