"""What the command costs beside the bare kernel, on one core: a file in, a file of the same format out.

``python -m benchmarks.scale.command [DOCUMENTS]`` prints the table of docs/scale.md (default 50,000 documents of 300
words). What counts is the processor time of this process and of the one that reads files for it, against the kernel's
right before, the median of the rounds. The kernel has its texts in memory and writes nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import xborder_tagger
from benchmarks.scale.engines import documents, measure, write_input
from xborder_tagger.cli.tag import tag
from xborder_tagger.tagger import BATCH_SIZE

ROUNDS, ROWS = 5, 5_000
NAMES = {"parquet": "Parquet, Snappy", "arrow": "Arrow, not compressed", "jsonl": "JSON lines"}


def write(texts: list[str], form: str, path: Path) -> Path:
    """The documents as a file of a format."""
    if form == "parquet":
        return write_input(texts, path)
    table = pa.table({"id": [f"{number:07}" for number in range(len(texts))], "text": texts})
    if form == "arrow":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, max_chunksize=ROWS)
        return path
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist())
    return path


def run(source: Path, target: Path) -> None:
    """The command, as it writes to standard output."""
    with target.open("wb") as out:
        tag([str(source)], out, form=source.suffix[1:])


def decode(source: Path, target: Path) -> None:  # noqa: ARG001 - signature of what is measured
    """Parquet to columns and nothing else."""
    for _ in pq.ParquetFile(source, pre_buffer=False).iter_batches(2048, use_threads=False):
        pass


def main(count: int) -> None:
    """Print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    tagger, texts = xborder_tagger.load(), documents(count)
    batches = [texts[begin : begin + BATCH_SIZE] for begin in range(0, count, BATCH_SIZE)]

    def kernel(*_: Path) -> None:
        for batch in batches:
            tagger.kernel.predict(batch)

    print("| in and out | share of the kernel's throughput | times the kernel's time |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        for form, name in NAMES.items():
            source = write(texts, form, Path(folder) / f"in.{form}")
            measure(run, source, target)  # starts the child process
            rounds = [(measure(kernel, source, target)[0], measure(run, source, target)[0]) for _ in range(ROUNDS)]
            share = statistics.median(bare / whole for bare, whole in rounds)
            print(f"| {name} | {share:.2f} | {1 / share:.2f} |", flush=True)
        source = Path(folder) / "in.parquet"
        parts = [measure(decode, source, target)[0] / measure(kernel, source, target)[0] for _ in range(ROUNDS)]
        print(f"| Parquet decoded and nothing else | | {statistics.median(parts):.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50_000)
