"""Jobs on a disk that loses power, again and again, at every operation; what is lost, doubled or torn is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

from tests.crash.fake_work import FakeWork
from tests.crash.simulated_disk import Fault, PowerCut, SimulatedDisk, no_fault
from xborder_tagger.errors import JobError, JobMismatchError
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.pace import Pace
from xborder_tagger.jobs.paths import Paths

PATHS = Paths(Path("/folder/out"))
MORE_CUTS = 0.4  # chance that a run that goes on is cut again
POWER = 0.8  # chance that the power goes; else only the process dies, and what it wrote can be read
LAST = 30  # operations of a run that goes on
Plan = Iterable[tuple[int, bool]]  # where each run ends, and whether the power went


@dataclass
class Toll:
    """What it came to."""

    cuts: int = 0
    kills: int = 0
    jobs: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    refused: int = 0
    left_over: int = 0

    def __add__(self, other: Toll) -> Toll:
        return Toll(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def harm(self) -> int:
        return self.lost + self.doubled + self.torn + self.refused + self.left_over


def power_cuts(cuts: int, *, seed: int = 0, disk: type[SimulatedDisk] = SimulatedDisk) -> Toll:
    """At least so many power cuts: each operation of a job is cut before any is cut twice."""
    toll, random = Toll(), Random(seed)
    while toll.cuts < cuts:
        work = any_work(random)
        for operation in range(1, operations_of(work) + 1):
            toll += survive(work, any_plan(operation, random), random, disk)
            if toll.cuts >= cuts:
                break
    return toll


def kills_then_power_cuts(cuts: int, *, seed: int = 0, disk: type[SimulatedDisk] = SimulatedDisk) -> Toll:
    """At least so many power cuts, each in a run after a killed one: all pairs of operations of small jobs."""
    toll, random = Toll(), Random(seed)
    while toll.cuts < cuts:
        work = FakeWork(random, random.randint(1, 4), random.random() < 0.5)
        for first in range(1, operations_of(work) + 1):
            for second in range(1, LAST):
                toll += survive(work, [(first, False), (second, True)], random, disk)
    return toll


def any_plan(operation: int, random: Random) -> Iterator[tuple[int, bool]]:
    yield operation, random.random() < POWER
    while random.random() < MORE_CUTS:
        yield random.randint(1, LAST), random.random() < POWER


def any_work(random: Random) -> FakeWork:
    header = random.choice([b"", b"header\n"])
    return FakeWork(random, random.randint(0, 25), random.random() < 0.4, header, random.random() < 0.8)


def any_pace(random: Random) -> Pace:
    return Pace(seconds=1e9, size=random.choice([0, 40, 200]))


def operations_of(work: FakeWork) -> int:
    disk = SimulatedDisk()
    Job(work, PATHS.out, disk=disk, pace=Pace(seconds=0)).run()
    return disk.operations


def survive(work: FakeWork, plan: Plan, random: Random, kind: type[SimulatedDisk]) -> Toll:
    """One job that is stopped as planned, goes on until it is finished, and loses power once more after that."""
    toll, disk = Toll(jobs=1), kind()
    for operation, power in plan:
        disk.operations, disk.fault = 0, cut_at(operation)
        if finished(work, disk, random, toll):
            break
        toll += Toll(cuts=1) if power else Toll(kills=1)
        disk = disk.after_power_cut(random) if power else disk
        if disk.size(PATHS.out) is not None:  # an output with its name is whole
            toll += count(work.output(), disk.read(PATHS.out).read())
    disk.fault = no_fault
    while not finished(work, disk, random, toll):
        pass
    if toll.refused:
        return toll
    return toll + Toll(cuts=1) + judge(work, disk.after_power_cut(random))


def cut_at(operation: int) -> Fault:
    def fault(number: int) -> None:
        if number == operation:
            raise PowerCut

    return fault


def finished(work: FakeWork, disk: SimulatedDisk, random: Random, toll: Toll) -> bool:
    """Run the job once; whether that was the last time."""
    try:
        stop = (lambda: random.random() < 0.1) if random.random() < 0.3 else (lambda: False)
        return Job(work, PATHS.out, disk=disk, pace=any_pace(random)).run(stop=stop).complete
    except PowerCut:
        return False
    except JobMismatchError:
        toll.refused += 1
        return True
    except JobError:  # the output is there: the cut came after the end
        return True


def judge(work: FakeWork, disk: SimulatedDisk) -> Toll:
    """Compare what is on the disk with what one undisturbed run leaves."""
    found = {path: bytes(file.visible) for path, file in disk.visible.items()}
    toll = count(work.output(), found.pop(PATHS.out, b""))
    toll += count(work.quarantine() or b"", found.pop(PATHS.quarantine, b""))
    return toll + Toll(left_over=len(found))


def count(expected: bytes, found: bytes) -> Toll:
    if expected == found:
        return Toll()
    wanted, there = Counter(expected.splitlines()), Counter(found.splitlines())
    torn = sum((there - wanted).values()) - sum(there[line] - wanted[line] for line in wanted if there[line] > 1)
    doubled = sum(max(0, there[line] - wanted[line]) for line in wanted)
    return Toll(lost=sum((wanted - there).values()), doubled=doubled, torn=torn or (not wanted - there and not doubled))
