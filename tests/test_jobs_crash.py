"""The short form of the crash suites; `make harden` is the long one. docs/jobs.md has what it came to."""

import pytest

from tests.crash.broken_disks import BROKEN
from tests.crash.command_points import SCENARIOS, Bench, kill, refuse, strace_works
from tests.crash.disk_faults import disk_faults
from tests.crash.power_cuts import Toll, power_cuts

needs_strace = pytest.mark.skipif(
    not strace_works(), reason="strace is not installed or may not trace; apt-get install strace"
)


@pytest.mark.parametrize("seed", range(3))
def test_no_power_cut_loses_doubles_or_tears_a_document(seed):
    toll = power_cuts(300, seed=seed)
    assert toll.cuts >= 300
    assert toll.harm == 0, toll


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
