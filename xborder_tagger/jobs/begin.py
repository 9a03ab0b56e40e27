"""The beginning of a run: a new journal, or the place that an old one names, or a refusal that says why."""

from __future__ import annotations

import json
from typing import Any, Final

from xborder_tagger.errors import JobError, JobMismatchError
from xborder_tagger.jobs.checkpoint import Checkpoint
from xborder_tagger.jobs.disk import Disk
from xborder_tagger.jobs.fingerprint import difference
from xborder_tagger.jobs.journal import Journal
from xborder_tagger.jobs.paths import Paths
from xborder_tagger.jobs.work import Work

FORMAT: Final = 1  # of the journal
START: Final = Checkpoint()


def begin(work: Work, paths: Paths, disk: Disk, journal: Journal, *, restart: bool) -> Checkpoint:
    """Where to go on; `START` for a new job.

    Raises:
        JobError: there is a finished output.
        JobMismatchError: what an earlier run left is of another job, or damaged.
    """
    fingerprint = json.loads(json.dumps({"journal format": FORMAT} | dict(work.fingerprint)))
    first, last = journal.first_and_last()
    if restart or first is None:
        if not restart:
            _refuse_to_overwrite(paths, disk)
        journal.replace([fingerprint])
        return START
    _refuse_another_job(paths, first, fingerprint)
    reached = START if last is None else Checkpoint.from_dict(last)
    _refuse_changed_files(paths, disk, reached)
    journal.replace([first] if last is None else [first, last])
    return reached


def _refuse_to_overwrite(paths: Paths, disk: Disk) -> None:
    for path in (paths.out, paths.quarantine):
        if disk.size(path) is not None:
            disk.sync_folder(paths.folder)  # the job may be one that was killed in its last step
            cure = "--restart makes it anew, another -o keeps it"
            raise JobError(f"{path}: is there already, so this job is finished or the file is not its own; {cure}")
    for path in (paths.part, paths.quarantine_part):  # never written to before the journal has its first record
        if disk.size(path):
            raise JobMismatchError(f"{path}: is there, but its journal is missing or damaged; --restart discards it")


def _refuse_another_job(paths: Paths, before: Any, now: Any) -> None:
    if changed := difference(before, now):
        cure = "give what was given then to go on, or --restart to discard what was done"
        raise JobMismatchError(f"{paths.journal}: is of another job: {changed}; {cure}")


def _refuse_changed_files(paths: Paths, disk: Disk, reached: Checkpoint) -> None:
    files = (
        (paths.part, reached.output, paths.out),
        (paths.quarantine_part, reached.quarantine, paths.quarantine),
    )
    for part, expected, final in files:
        size = disk.size(part)
        named = reached.complete and size is None and disk.size(final) is not None
        if (size or 0) < expected and not named:
            found = f"holds {size or 0} bytes where the journal counts {expected}"
            raise JobMismatchError(f"{part}: {found}, so something else changed it; --restart begins again")
