"""The real command on the real disk, killed or refused by strace at one system call after the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.crash.power_cuts import Toll, count
from xborder_tagger.jobs.paths import Paths

CHANGES = "write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"
REFUSED = ("write", "fsync", "ftruncate", "rename")
Point = tuple[str, int]  # a system call, and which one of its kind
ENVIRONMENT = {**os.environ, "XBORDER_TAGGER_CHECKPOINT": "0", "PYTHONDONTWRITEBYTECODE": "1"}
DOCUMENTS = 2000  # eight batches, each a checkpoint
TEXTS = ("Police seized 40 kg of heroin at the border.", "The choir sang.", "Ministers signed a memorandum.", "")
ALREADY_THERE = 2


@dataclass(frozen=True)
class Scenario:
    """A command in a folder of its own, and whether it was killed once before."""

    name: str
    arguments: tuple[str, ...]
    out: str
    stream: bool = False
    half_done: bool = False

    def line(self) -> list[str]:
        return [sys.executable, "-m", "xborder_tagger", "tag", *self.arguments, "-o", self.out, "--quiet"]

    def run(self, folder: Path, *, under: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
        stdin = (folder / "in.jsonl").open("rb") if self.stream else None
        line = [*under, *self.line()]
        done = subprocess.run(line, cwd=folder, env=ENVIRONMENT, stdin=stdin, capture_output=True, timeout=300)
        if stdin:
            stdin.close()
        return done


def strace(folder: Path, out: str, *options: str) -> tuple[str, ...]:
    """The beginning of a command line that traces what a job does to its files."""
    paths = Paths(folder / out)
    files = [paths.out, paths.part, paths.quarantine, paths.quarantine_part, paths.journal, paths.new_journal]
    names = [*map(str, [*files, paths.lock, folder]), *(path.name for path in [*files, paths.lock])]
    watched = [word for name in names for word in ("-P", name)]  # by descriptor, and as the command names them
    return ("strace", "-o", str(folder / "trace"), "-e", "signal=none", *watched, *options)


def stop_half_way(scenario: Scenario, folder: Path) -> None:
    under = strace(folder, scenario.out, "--inject=fsync:signal=SIGKILL:when=11")
    assert scenario.run(folder, under=under).returncode == -9


SCENARIOS = (
    Scenario("jsonl", ("in.jsonl", "--format", "jsonl"), "out.jsonl"),
    Scenario("two inputs, csv", ("in.jsonl", "more.jsonl", "--format", "csv"), "out.csv"),
    Scenario("gone on with", ("in.jsonl", "--format", "jsonl"), "out.jsonl", half_done=True),
    Scenario("standard input", ("-", "--format", "text"), "out.txt", stream=True),
    Scenario("no bad documents", ("more.jsonl", "--format", "jsonl"), "out.jsonl"),
    Scenario("gone on with a stream", ("-", "--format", "jsonl"), "out.jsonl", stream=True, half_done=True),
)


class Bench:
    """Folders to run scenarios in, each a copy of one that was prepared once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.prepared, self.expected = cache(self._prepare), cache(self._expect)

    def fresh(self, scenario: Scenario) -> Path:
        shutil.rmtree(self._folder / "trial", ignore_errors=True)
        return Path(shutil.copytree(self.prepared(scenario), self._folder / "trial"))

    def points(self, scenario: Scenario) -> list[Point]:
        """The changes of the disk that an undisturbed run makes, in order."""
        folder = self.fresh(scenario)
        done = scenario.run(folder, under=strace(folder, scenario.out, "-e", f"trace={CHANGES}"))
        assert done.returncode in (0, 3), done.stderr
        counted: Counter[str] = Counter()
        calls = [line.split("(")[0] for line in (folder / "trace").read_text().splitlines() if "(" in line]
        return [(call, counted[call]) for call in calls if not counted.update([call])]

    def _prepare(self, scenario: Scenario) -> Path:
        folder = self._folder / f"prepared {scenario.name}"
        folder.mkdir()
        write_documents(folder)
        if scenario.half_done:
            stop_half_way(scenario, folder)
        return folder

    def _expect(self, scenario: Scenario) -> tuple[bytes, bytes, int]:
        """Output, quarantine and status of a run that nothing disturbed."""
        folder = self._folder / f"expected {scenario.name}"
        folder.mkdir()
        write_documents(folder, like=self.prepared(scenario))
        done = scenario.run(folder)
        return (*results(folder, scenario), done.returncode)


def write_documents(folder: Path, like: Path | None = None) -> None:
    """Two inputs, the first with a bad line in every hundred; with the times of another folder's."""
    lines = [json.dumps({"id": n, "text": f"{n} {TEXTS[n % len(TEXTS)]}"}) + "\n" for n in range(DOCUMENTS)]
    (folder / "more.jsonl").write_text("".join(lines[:600]))
    (folder / "in.jsonl").write_text("".join("{bad\n" if n % 100 == 7 else line for n, line in enumerate(lines)))
    for path in folder.glob("*.jsonl") if like else ():
        shutil.copystat(like / path.name, path)


def results(folder: Path, scenario: Scenario) -> tuple[bytes, bytes]:
    paths = Paths(folder / scenario.out)
    return tuple(path.read_bytes() if path.exists() else b"" for path in (paths.out, paths.quarantine))


def kill(bench: Bench, scenario: Scenario, point: Point) -> Toll:
    """Kill the command before a change of the disk, give the same command again; what came of it."""
    call, number = point
    folder = bench.fresh(scenario)
    under = strace(folder, scenario.out, "-e", f"trace={call}", f"--inject={call}:signal=SIGKILL:when={number}")
    done = scenario.run(folder, under=under)
    assert done.returncode == -9, f"{scenario.name}, {point}: {done}"
    return Toll(kills=1) + go_on(bench, scenario, folder)


def refuse(bench: Bench, scenario: Scenario, point: Point, cause: str, *, for_good: bool) -> Toll:
    """Refuse a call of the command, give the same command again; what came of it."""
    call, number = point
    folder = bench.fresh(scenario)
    when = f"{number}+" if for_good else str(number)
    under = strace(folder, scenario.out, "-e", f"trace={call}", f"--inject={call}:error={cause}:when={when}")
    done = scenario.run(folder, under=under)
    message = done.stderr.decode()
    assert done.returncode == 6, f"{scenario.name}, {point}: {done}"
    assert message.count("\n") == 1, message
    assert "run the same command again to go on" in message, message
    return go_on(bench, scenario, folder)


def go_on(bench: Bench, scenario: Scenario, folder: Path) -> Toll:
    output, quarantine, status = bench.expected(scenario)
    paths = Paths(folder / scenario.out)
    toll = Toll(jobs=1)
    if paths.out.exists():
        toll += count(output, paths.out.read_bytes())  # whole from the moment that it has its name
    done = scenario.run(folder)
    over = done.returncode == ALREADY_THERE and not paths.journal.exists()
    if done.returncode != status and not over:
        return toll + Toll(refused=1)
    found = results(folder, scenario)
    left = [path for path in folder.glob(f"{scenario.out}.*") if path != paths.quarantine]
    return toll + count(output, found[0]) + count(quarantine, found[1]) + Toll(left_over=len(left))


def kill_points(bench: Bench) -> Iterator[tuple[Scenario, Point]]:
    for scenario in SCENARIOS:
        for point in bench.points(scenario):
            yield scenario, point


def refusal_points(bench: Bench) -> Iterator[tuple[Scenario, Point, str]]:
    for scenario in SCENARIOS[:2]:
        for point in bench.points(scenario):
            if point[0] in REFUSED:
                yield scenario, point, "ENOSPC"
                yield scenario, point, "EIO"


def strace_works() -> bool:
    """Whether strace is installed and allowed to trace."""
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0
