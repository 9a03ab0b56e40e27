"""Jobs on a disk that refuses: ENOSPC and EIO at every operation, for a moment or for good, then power cuts on top."""

from __future__ import annotations

import errno
import os
from random import Random

from tests.crash.fake_work import FakeWork
from tests.crash.power_cuts import PATHS, Toll, any_pace, any_work, cut_at, finished, judge, operations_of
from tests.crash.simulated_disk import Fault, SimulatedDisk
from xborder_tagger.errors import OutputError
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.pace import Pace

CAUSES = (errno.ENOSPC, errno.EIO)


def disk_faults(points: int, *, seed: int = 0) -> tuple[int, Toll]:
    """At least so many refusals, at every operation of a job before any is met twice; what came of it."""
    met, toll, random = 0, Toll(), Random(seed)
    while met < points:
        work = any_work(random)
        for operation in range(1, operations_of(work) + 1):
            for cause in CAUSES:
                refused, found = refuse(work, operation, cause, random)
                met, toll = met + refused, toll + found
    return met, toll


def refuse(work: FakeWork, operation: int, cause: int, random: Random) -> tuple[int, Toll]:
    """One job that meets a refusal, says so, and is taken up again. Whether it met one, and what came of it."""
    disk, toll = SimulatedDisk(fault=refusal(operation, cause, for_good=random.random() < 0.5)), Toll(jobs=1)
    message = complaint(work, disk, any_pace(random))
    if message is None:  # this time there were fewer operations
        return 0, judge(work, disk)
    assert os.strerror(cause) in message
    assert "run the same command again to go on" in message
    disk.operations, disk.fault = 0, cut_at(random.randint(0, 40))
    while not finished(work, disk, random, toll):
        toll.cuts += 1
        disk = disk.after_power_cut(random)
    toll.cuts += 1
    return 1, toll + judge(work, disk.after_power_cut(random))


def complaint(work: FakeWork, disk: SimulatedDisk, pace: Pace) -> str | None:
    try:
        Job(work, PATHS.out, disk=disk, pace=pace).run()
    except OutputError as error:
        return str(error)
    return None


def refusal(operation: int, cause: int, *, for_good: bool) -> Fault:
    def fault(number: int) -> None:
        if number == operation or (for_good and number > operation):
            raise OSError(cause, os.strerror(cause))

    return fault
