"""What calls cost beside a plain batch: threads, one text at a time, evidence, more texts, loading, the command.

``python -m benchmarks.speed.calls`` prints a table of ratios and writes it to benchmarks/results/calls.md. All figures
are of 300-word news and the compiled kernel; each pair is timed in turn, the median of the rounds counts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

import xborder_tagger
from benchmarks.report import PAGE, table
from benchmarks.speed.ratios import machine, versions
from benchmarks.speed.texts import news
from xborder_tagger.tagger import Tagger

ROUNDS, TEXTS, STEPS = 11, 2000, (1, 2, 4, 8)
RESULT = PAGE.parents[1] / "benchmarks" / "results" / "calls.md"
Clock = Callable[[], float]


def ratio(ours: Callable[[], object], theirs: Callable[[], object], clock: Clock = time.process_time) -> float:
    """How many times as long ``ours`` takes, median of the rounds."""
    found = []
    for _ in range(ROUNDS):
        begin = clock()
        ours()
        middle = clock()
        theirs()
        found.append((middle - begin) / (clock() - middle))
    return statistics.median(found)


def calls(tagger: Tagger, texts: list[str]) -> dict[str, float]:
    """Ratios of calls to a batch of the same kind."""
    batch = lambda: drain(tagger.pipe(texts))  # noqa: E731
    read = lambda prediction: [evidence.sentences for evidence in prediction.evidence or ()]  # noqa: E731
    return {
        "two threads against one, speed (wall clock)": ratio(
            lambda: tagger.predictions(texts), lambda: tagger.predictions(texts, threads=2), time.perf_counter
        ),
        "`tag(text)`, one text at a time, against its share of `pipe`": ratio(
            lambda: drain(tagger.tag(text) for text in texts), batch
        ),
        "`tag(text, explain=True)`, evidence not read": ratio(
            lambda: drain(tagger.tag(text, explain=True) for text in texts), batch
        ),
        "the same, all evidence read": ratio(
            lambda: drain(read(tagger.tag(text, explain=True)) for text in texts), batch
        ),
    }


def drain(results: Iterable[object]) -> None:
    """Make all results and keep none: the collector of garbage would walk over them again and again."""
    deque(results, maxlen=0)


def slope(tagger: Tagger, texts: list[str]) -> float:
    """Of the logarithm of time over that of the number of texts: 1 if each text costs the same."""
    logs = []
    for _ in range(ROUNDS):
        taken = []
        for step in STEPS:
            begin = time.process_time()
            tagger.predictions(texts[: step * len(texts) // STEPS[-1]])
            taken.append(time.process_time() - begin)
        logs.append(np.polyfit(np.log(STEPS), np.log(taken), 1)[0])
    return float(statistics.median(logs))


def growth(tagger: Tagger, texts: list[str]) -> float:
    """Megabytes by which the process grows over eight passes of a stream after the first one."""
    peaks = []
    for _ in range(9):
        drain(tagger.pipe(texts))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return peaks[-1] - peaks[0]


def load_seconds() -> float:
    found = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        xborder_tagger.load()
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def command(article: Path) -> tuple[float, float]:
    """Time of one call of the command against ``import numpy``, and its peak memory in megabytes."""
    ours = [sys.executable, "-m", "xborder_tagger", "tag", str(article)]
    run = lambda line: subprocess.run(line, stdout=subprocess.DEVNULL, check=True)  # noqa: E731
    found = ratio(lambda: run(ours), lambda: run([sys.executable, "-c", "import numpy"]), time.perf_counter)
    code = f"import os, subprocess; subprocess.run({ours!r}, stdout=subprocess.DEVNULL); import resource as r;"
    peak = subprocess.check_output([sys.executable, "-c", code + "print(r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss)"])
    return found, int(peak) / 1024


def main() -> None:
    tagger, texts = xborder_tagger.load(), news(300, TEXTS)
    rows = [(name, f"{value:.2f}") for name, value in calls(tagger, texts).items()]
    rows.append((f"slope of time over {len(texts) // 8:,} to {len(texts):,} texts", f"{slope(tagger, texts):.3f}"))
    rows.append(("growth of the process over eight more passes, MB", f"{growth(tagger, texts):.1f}"))
    rows.append(("loading the model, warm, milliseconds", f"{1000 * load_seconds():.1f}"))
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(texts[0], encoding="utf-8")
        against_numpy, peak = command(article)
    rows.append(("the command on one file against `python -c 'import numpy'` (wall clock)", f"{against_numpy:.2f}"))
    rows.append(("peak memory of that, MB", f"{peak:.0f}"))
    where = machine()
    place = f"{where['processor']}, {where['cores']} cores, Python {where['python']}, numpy {versions()['numpy']}"
    page = f"# Calls\n\n{table(('300-word news', 'ratio'), rows)}\n\n{place}.\n"
    RESULT.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
