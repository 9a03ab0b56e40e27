"""Throughput of all systems in one run: whole passes in turn, by CPU time on one core, medians and their ratios.

``python -m benchmarks.speed.ratios [WORDS ...]`` prints a table, writes it with the machine and the versions to
benchmarks/results/speed.md and speed.json, and draws docs/speed.svg. The peers' packages are in
benchmarks/requirements.txt; what is not installed is left out.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy is imported: one core each

import json
import platform
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import PAGE, table
from benchmarks.speed.picture import draw
from benchmarks.speed.systems import OURS, Score, count_words, systems
from benchmarks.speed.texts import documents, news

ROUNDS = 7
WORDS = 900_000  # a pass, all of them different texts: 3,000 of 300 words, over which the fastest system takes 20 ms
TRAINING = 1000  # documents; their number changes no speed
RESULTS = PAGE.parents[1] / "benchmarks" / "results"
PICTURE = PAGE.parent / "speed.svg"
PACKAGES = ("numpy", "scipy", "scikit-learn", "fasttext", "vowpalwabbit", "libmultilabel", "spacy")
WC = "wc -w"

Medians = dict[str, list[float]]  # system to lower quartile, median and upper quartile, in microseconds a text


def main(lengths: list[int]) -> None:
    contestants = systems(documents()[:TRAINING])
    measured = {words: measure(contestants, words) for words in lengths}
    record = {"machine": machine(), "versions": versions(), "rounds": ROUNDS, "microseconds": measured}
    (RESULTS / "speed.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "speed.md").write_text(page(record), encoding="utf-8")
    draw(measured, PICTURE)
    print(page(record))


def measure(contestants: Mapping[str, Score], words: int) -> Medians:
    """Quartiles of a text's time for every system; the first round warms up and does not count."""
    texts = news(words, WORDS // words)
    seconds: dict[str, list[float]] = {name: [] for name in (*contestants, WC)}
    for _ in range(ROUNDS + 1):
        for name, score in contestants.items():
            seconds[name].append(timed(score, texts))
        seconds[WC].append(count_words(texts))
    quartiles = {name: np.percentile(taken[1:], (25, 50, 75)) for name, taken in seconds.items()}
    return {name: (1e6 * found / len(texts)).round(2).tolist() for name, found in quartiles.items()}


def timed(score: Score, texts: list[str]) -> float:
    """CPU seconds of a pass. Its first sixth is gone through before: an archive finds the tables in the caches."""
    score(texts[: len(texts) // 6])
    begin = time.process_time()
    score(texts)
    return time.process_time() - begin


def machine() -> dict[str, Any]:
    return {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version()}


def processor() -> str:
    """The processor's name, which Python itself does not know on Linux."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def page(record: Mapping[str, Any]) -> str:
    """The results as Markdown: microseconds a text, and how many times as long as ours a system takes."""
    measured: Mapping[int, Medians] = record["microseconds"]
    names = sorted(next(iter(measured.values())), key=lambda name: -measured[max(measured)][name][1])
    rows = [[name, *(cell(found, name) for found in measured.values())] for name in names]
    head = ["system", *(f"{words:,} words" for words in measured)]
    installed = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    return (
        f"# Speed\n\nMicroseconds a text, and in brackets how many times as long as {OURS} it takes. CPU time on one "
        f"core, medians of {record['rounds']} passes in turn over the same texts.\n\n{table(head, rows)}\n\n"
        f"{record['machine']['processor']}, {record['machine']['cores']} cores, Python {record['machine']['python']}; "
        f"{installed}.\n"
    )


def cell(found: Medians, name: str) -> str:
    return f"{found[name][1]:.1f} ({found[name][1] / found[OURS][1]:.1f})"


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [30, 300, 3000])
