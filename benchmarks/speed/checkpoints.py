"""What a job's safety costs: the same JSONL to JSONL, plain and as a job, whole passes in turn.

``python -m benchmarks.speed.checkpoints [DOCUMENTS]`` prints a table. Processor time is compared between the ways,
for others use the machine; what checkpoints take is waiting for the disk, so it is a share of each pass's own time.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.texts import news
from xborder_tagger.cli.archive import Archive
from xborder_tagger.cli.tag import tag
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.jobs.pace import Pace
from xborder_tagger.tagger import load

ROUNDS = 5
NEVER = 1 << 60


@dataclass(slots=True)
class TimedPace(Pace):
    """A pace that adds up what checkpoints take."""

    spent: float = 0.0
    made: int = 0

    @contextmanager
    def checkpoint(self) -> Iterator[None]:
        """Adds up what one takes."""
        begun = time.monotonic()
        with Pace.checkpoint(self):
            yield
        self.spent += time.monotonic() - begun
        self.made += 1


WAYS: dict[str, Callable[[], TimedPace]] = {
    "plain": TimedPace,
    "job, a checkpoint at the end only": lambda: TimedPace(seconds=NEVER, size=NEVER),
    "job, as shipped": TimedPace,
    "job, a checkpoint a second": lambda: TimedPace(seconds=1),
    "job, a checkpoint a batch": lambda: TimedPace(size=0),
}


@dataclass(frozen=True, slots=True)
class Pass:
    """Seconds of processor time, share of the whole time spent in checkpoints, their number."""

    processor: float
    share: float
    checkpoints: int


def main(documents: int) -> None:
    passes: dict[str, list[Pass]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory(dir=".") as folder:  # on a disk: the folder for temporary files may be memory
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        write_documents(source, documents)
        for _ in range(ROUNDS):
            for name, pace in WAYS.items():
                passes[name].append(timed(tag_plainly if name == "plain" else tag_as_job, source, out, pace()))
    show(passes)


def write_documents(source: Path, documents: int) -> None:
    texts = news(300, 2000)
    with source.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": n, "text": texts[n % len(texts)]}) + "\n" for n in range(documents))


def timed(way: Callable[[Path, Path, TimedPace], None], source: Path, out: Path, pace: TimedPace) -> Pass:
    out.unlink(missing_ok=True)
    begun, processor = time.monotonic(), time.process_time()
    way(source, out, pace)
    return Pass(time.process_time() - processor, pace.spent / (time.monotonic() - begun), pace.made)


def tag_plainly(source: Path, out: Path, pace: TimedPace) -> None:  # noqa: ARG001 - one signature for both ways
    with out.open("wb") as file:
        tag([str(source)], file, form="jsonl")


def tag_as_job(source: Path, out: Path, pace: TimedPace) -> None:
    work = Archive([str(source)], tagger=load(), form="jsonl", kind="auto", explain=False)
    with RealDisk() as disk:
        Job(work, out, disk=disk, pace=pace).run()


def show(passes: dict[str, list[Pass]]) -> None:
    base = statistics.median(one.processor for one in passes["plain"])
    print("| | processor time, plain = 1 | checkpoints | share of the time in them |\n|---|---|---|---|")
    for name, those in passes.items():
        processor = statistics.median(one.processor for one in those) / base
        share = statistics.median(one.share for one in those)
        made = statistics.median(one.checkpoints for one in those)
        print(f"| {name} | {processor:.2f} | {made:.0f} | {share:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
