"""Throughput of all systems in one run: whole passes in turn, by CPU time on one core, medians and ratios.

``python -m benchmarks.speed.ratios [WORDS ...]`` prints a table and writes it to benchmarks/results/speed.md.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy is imported: one core each

import platform
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks.speed.systems import Score, count_words, systems
from benchmarks.speed.texts import news

ROUNDS = 7
CHARACTERS = 400_000  # a pass
TARGET = Path(__file__).resolve().parent.parent / "results" / "speed.md"


def main(lengths: list[int]) -> None:
    contestants = systems(news(300, 2000))
    rows = [row for words in lengths for row in measure(contestants, words)]
    table = "\n".join(["| words | system | microseconds a text | times scikit-learn |", "|---|---|---|---|", *rows])
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scikit-learn", "scipy"))
    TARGET.write_text(
        f"# Speed\n\nOne core, CPU time, medians of {ROUNDS} passes in turn; {machine}; {packages}.\n\n{table}\n"
    )
    print(table)


def measure(contestants: dict[str, Score], words: int) -> list[str]:
    texts = news(words, max(20, CHARACTERS // (6 * words)))
    seconds: dict[str, list[float]] = {name: [] for name in [*contestants, "wc -w"]}
    for _ in range(ROUNDS):
        for name, score in contestants.items():
            seconds[name].append(timed(score, texts))
        seconds["wc -w"].append(count_words(texts))
    base = statistics.median(seconds["scikit-learn tfidf"])
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return [
        f"| {words} | {name} | {1e6 * median / len(texts):.1f} | {base / max(median, 1e-9):.1f} |"
        for name, median in sorted(medians.items(), key=lambda item: -item[1])
    ]


def timed(score: Score, texts: list[str]) -> float:
    begin = time.process_time()
    score(texts)
    return time.process_time() - begin


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [30, 300, 3000])
