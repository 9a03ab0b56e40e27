"""Disks that take a promise back, as a job would that forgot it: the suites must notice each of them."""

from __future__ import annotations

from pathlib import Path

from tests.crash.power_cuts import PATHS
from tests.crash.simulated_disk import SimulatedDisk


class NoFsync(SimulatedDisk):
    """As if no file were ever synced."""

    unsynced = (PATHS.part, PATHS.quarantine_part, PATHS.assembled, PATHS.journal, PATHS.new_journal)

    def fsync(self, path: Path) -> None:
        if path not in self.unsynced:
            super().fsync(path)


class OutputNotSynced(NoFsync):
    unsynced = (PATHS.part,)


class QuarantineNotSynced(NoFsync):
    unsynced = (PATHS.quarantine_part,)


class AssembledNotSynced(NoFsync):
    unsynced = (PATHS.assembled,)


class JournalNotSynced(NoFsync):
    unsynced = (PATHS.journal,)


class NewJournalNotSynced(NoFsync):
    unsynced = (PATHS.new_journal,)


class JournalFirst(SimulatedDisk):
    """As if the journal were written and synced before the output it speaks of."""

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self._put_off: list[Path] = []

    def fsync(self, path: Path) -> None:
        if path in (PATHS.part, PATHS.quarantine_part):
            self._put_off.append(path)
            return
        super().fsync(path)
        for late in self._put_off:
            super().fsync(late)
        self._put_off.clear()


class NoFolderSync(SimulatedDisk):
    """As if names were never synced."""

    def sync_folder(self, folder: Path) -> None:
        self._begin()


class NoTruncate(SimulatedDisk):
    """As if what the journal does not speak of were not cut off."""

    def truncate(self, path: Path, size: int) -> None:
        if path not in (PATHS.part, PATHS.quarantine_part) or path not in self.visible:
            super().truncate(path, size)


BROKEN = (
    NoFsync,
    OutputNotSynced,
    QuarantineNotSynced,
    AssembledNotSynced,
    JournalNotSynced,
    NewJournalNotSynced,
    JournalFirst,
    NoFolderSync,
    NoTruncate,
)
