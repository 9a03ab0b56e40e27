"""The end of a job: its files get their names.

The journal, which says that all documents are in, goes last, and every name before it is safe on the disk by then.
So a job that is stopped between any two of these steps finds the journal and does the rest: a part that is no longer
there has its name already.
"""

from __future__ import annotations

import io

from xborder_tagger.jobs.checkpoint import Checkpoint
from xborder_tagger.jobs.disk import Appending, Disk
from xborder_tagger.jobs.paths import Paths
from xborder_tagger.jobs.work import Work

BUFFER = 1 << 20


def publish(work: Work, paths: Paths, disk: Disk, reached: Checkpoint) -> None:
    """Name output and quarantine, remove what only the job needed. May be called again after any interruption."""
    if disk.size(paths.part) is not None:
        if work.assembled:
            _assemble(work, paths, disk)
        disk.rename(paths.assembled if work.assembled else paths.part, paths.out)
    _name_quarantine(paths, disk, reached.quarantine)
    disk.sync_folder(paths.folder)
    if work.assembled:
        disk.remove(paths.part)
        disk.sync_folder(paths.folder)
    disk.remove(paths.journal)
    disk.sync_folder(paths.folder)


def _assemble(work: Work, paths: Paths, disk: Disk) -> None:
    disk.truncate(paths.assembled, 0)
    with disk.read(paths.part) as spool, io.BufferedWriter(Appending(disk, paths.assembled), BUFFER) as out:
        work.assemble(spool, out)
    disk.fsync(paths.assembled)


def _name_quarantine(paths: Paths, disk: Disk, size: int) -> None:
    if not size:
        disk.remove(paths.quarantine_part)
        disk.remove(paths.quarantine)  # of an earlier job whose output this one replaces
    elif disk.size(paths.quarantine_part) is not None:
        disk.rename(paths.quarantine_part, paths.quarantine)
