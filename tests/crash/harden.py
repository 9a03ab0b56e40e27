"""The long form of the crash suites: `make harden` prints what each came to and fails if a document was harmed."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.crash.broken_disks import BROKEN
from tests.crash.command_points import Bench, kill, kill_points, refusal_points, refuse, strace_works
from tests.crash.disk_faults import disk_faults
from tests.crash.power_cuts import Toll, kills_then_power_cuts, power_cuts

CUTS = 40_000
REFUSALS = 4_000
BROKEN_CUTS = 4_000


def main() -> int:
    print(
        f"{'suite':<44}{'points':>7} {'lost':>6} {'doubled':>7} {'torn':>6} {'refused':>7} {'left':>5} {'seconds':>7}"
    )
    harm = simulated()
    if strace_works():
        harm += traced()
    else:
        print("strace is not installed or may not trace: the command itself was not tested")
        harm += 1
    noticed = [broken(disk) for disk in BROKEN]
    return 1 if harm or not all(noticed) else 0


def simulated() -> int:
    begun = time.monotonic()
    toll = power_cuts(CUTS)
    harm = show("power cuts, simulated disk", toll.cuts, toll, begun)
    begun = time.monotonic()
    toll = kills_then_power_cuts(CUTS)
    harm += show("SIGKILL, then a power cut, simulated disk", toll.cuts, toll, begun)
    begun = time.monotonic()
    met, toll = disk_faults(REFUSALS)
    return harm + show("ENOSPC and EIO, simulated disk", met, toll, begun)


def traced() -> int:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        begun = time.monotonic()
        kills = total(kill(bench, *point) for point in kill_points(bench))
        harm = show("SIGKILL at each change of the disk", kills.jobs, kills, begun)
        begun = time.monotonic()
        points = enumerate(refusal_points(bench))
        toll = total(refuse(bench, *point, for_good=number % 4 < 2) for number, point in points)
        return harm + show("ENOSPC and EIO at each change of the disk", toll.jobs, toll, begun)


def broken(disk: type) -> bool:
    """Whether the suite notices that a disk is broken."""
    begun = time.monotonic()
    toll = power_cuts(BROKEN_CUTS, disk=disk)
    return bool(show(f"must fail: {disk.__name__}", toll.cuts, toll, begun))


def total(tolls: Iterable[Toll]) -> Toll:
    return sum(tolls, Toll())


def show(name: str, points: int, toll: Toll, begun: float) -> int:
    counts = f"{toll.lost:>6} {toll.doubled:>7} {toll.torn:>6} {toll.refused:>7} {toll.left_over:>5}"
    print(f"{name:<44}{points:>7} {counts} {time.monotonic() - begun:>7.0f}", flush=True)
    return toll.harm


if __name__ == "__main__":
    sys.exit(main())
