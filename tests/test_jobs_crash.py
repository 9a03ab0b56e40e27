"""The short form of the crash suites; `make harden` is the long one. docs/jobs.md has what it came to."""

from contextlib import suppress
from random import Random

import pytest

from tests.crash.broken_disks import BROKEN
from tests.crash.command_points import SCENARIOS, Bench, kill, refuse, strace_works
from tests.crash.disk_faults import disk_faults
from tests.crash.fake_work import FakeWork
from tests.crash.poisoned import KINDS, measure
from tests.crash.power_cuts import PATHS, Toll, cut_at, judge, kills_then_power_cuts, power_cuts
from tests.crash.simulated_disk import PowerCut, SimulatedDisk, no_fault
from xborder_tagger.errors import JobError
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.pace import Pace

NEVER = 0  # operations count from one
needs_strace = pytest.mark.skipif(
    not strace_works(), reason="strace is not installed or may not trace; apt-get install strace"
)


@pytest.mark.parametrize("seed", range(3))
def test_no_power_cut_loses_doubles_or_tears_a_document(seed):
    toll = power_cuts(300, seed=seed)
    assert toll.cuts >= 300
    assert toll.harm == 0, toll


def test_no_power_cut_after_a_kill_does_either():
    toll = kills_then_power_cuts(300)
    assert toll.kills >= 300
    assert toll.harm == 0, toll


def run_until(operation, work, disk):
    """A run that ends before one of its operations."""
    disk.operations, disk.fault = 0, cut_at(operation)
    with suppress(PowerCut, JobError):
        Job(work, PATHS.out, disk=disk, pace=Pace(size=0)).run()
    disk.fault = no_fault


def test_a_last_record_that_was_only_in_memory_does_not_mislead():
    """A job killed before the fsync of its last record reads that back, and names its output, and the power goes."""
    work = FakeWork(count=1, rejects=False)
    undisturbed = SimulatedDisk()
    run_until(NEVER, work, undisturbed)
    last_fsync = undisturbed.operations - 6  # four names change after it, and two syncs of the folder
    for operation in range(5, 11):  # around the new name of the output
        for outcome in range(50):
            disk = SimulatedDisk()
            run_until(last_fsync, work, disk)
            assert b'"complete":true' in disk.visible[PATHS.journal].pending[-1].data
            run_until(operation, work, disk)
            disk = disk.after_power_cut(Random(outcome))
            run_until(NEVER, work, disk)
            assert judge(work, disk).harm == 0, (operation, outcome)


def test_a_restart_that_loses_power_leaves_the_old_output_or_the_new_one():
    work, old = FakeWork(count=8), {PATHS.out: b"old output", PATHS.quarantine: b"old quarantine"}
    for operation in range(1, 45):
        for outcome in range(10):
            disk = SimulatedDisk(dict(old), fault=cut_at(operation))
            with suppress(PowerCut):
                Job(work, PATHS.out, disk=disk, pace=Pace(size=0)).run(restart=True)
            disk = disk.after_power_cut(Random(outcome))
            assert disk.read(PATHS.out).read() in (b"old output", work.output())
            run_until(NEVER, work, disk)  # goes on, or is refused for it was not begun
            if disk.read(PATHS.out).read() == b"old output":
                assert disk.read(PATHS.quarantine).read() == b"old quarantine"
                Job(work, PATHS.out, disk=disk).run(restart=True)
            assert judge(work, disk.after_power_cut(Random(outcome))).harm == 0, (operation, outcome)


def test_a_tail_that_was_cut_off_does_not_come_back():
    """Work may reject other documents the second time, as where a limit of time decides: then nothing is appended."""
    work = FakeWork(count=8)
    for outcome in range(50):
        disk, random = SimulatedDisk(), Random(outcome)
        job = Job(work, PATHS.out, disk=disk)
        assert not job.run(stop=lambda disk=disk: bool(disk.size(PATHS.quarantine_part))).complete
        disk.append(PATHS.quarantine_part, b"rejected the first time\n")
        disk.fsync(PATHS.quarantine_part)
        assert Job(work, PATHS.out, disk=disk).run().complete
        assert judge(work, disk.after_power_cut(random)).harm == 0, outcome


@pytest.mark.parametrize("disk", BROKEN)
def test_the_suite_notices_each_promise_that_is_not_kept(disk):
    assert power_cuts(1000, disk=disk).harm > 0


def test_without_fsync_documents_are_lost_and_torn():
    toll = power_cuts(300, disk=BROKEN[0])
    assert toll.lost > 0
    assert toll.torn > 0


def test_a_disk_that_refuses_harms_no_document():
    met, toll = disk_faults(200)
    assert met >= 200
    assert toll.harm == 0, toll


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"))


@needs_strace
@pytest.mark.parametrize("scenario", [SCENARIOS[0], SCENARIOS[3]], ids=lambda scenario: scenario.name)
def test_the_killed_command_goes_on_where_it_was(bench, scenario):
    points = bench.points(scenario)
    chosen = [points[0], points[len(points) // 2], points[-4]]
    toll = sum((kill(bench, scenario, point) for point in chosen), Toll())
    assert toll.kills == len(chosen)
    assert toll.harm == 0, toll


@needs_strace
def test_the_command_on_a_full_or_broken_disk_says_so_and_goes_on_later(bench):
    scenario = SCENARIOS[0]
    for point, cause, for_good in ((("write", 5), "ENOSPC", True), (("fsync", 6), "EIO", False)):
        toll = refuse(bench, scenario, point, cause, for_good=for_good)
        assert toll.harm == 0, (point, toll)


def test_poisoned_documents_and_no_others_are_quarantined(tmp_path):
    """The long form has 100,000 documents and 1,000 poisoned ones."""
    found = measure(2000, tmp_path)
    assert found.poisoned.total() == KINDS == 20
    assert found.wrong == 0
    assert found.same_output
