"""What each engine costs beside the bare kernel: Parquet in, tagged Parquet out, one core, all in one run in turn.

``python -m benchmarks.scale.engines [DOCUMENTS]`` prints the table of docs/scale.md (default 50,000 documents of 300
words). One engine at a time; what counts is the processor time of this process and all that it started, against the
kernel's right before, the median of the rounds. Told apart, on the wall: start-up, and a job of 100 documents.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[variable] = "1"  # before the libraries are imported: one core each

import atexit
import logging
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

import xborder_tagger
from benchmarks.speed.texts import news
from xborder_tagger.engines import arrow
from xborder_tagger.tagger import BATCH_SIZE, Tagger

ROUNDS, ROWS, WORDS, SMALL = 5, 5_000, 300, 100
Run = Callable[[Path, Path], object]


def documents(count: int) -> list[str]:
    """Texts of 300 words cut from the corpus, far from their neighbours, so that files do not shrink by repetition."""
    stream = " ".join(news(1000, 1200)).split(" ")
    begins = (1009 * number % (len(stream) - WORDS) for number in range(count))
    return [" ".join(stream[begin : begin + WORDS]) for begin in begins]


def write_input(texts: list[str], path: Path) -> Path:
    table = pa.table({"id": [f"{number:07}" for number in range(len(texts))], "text": texts})
    pq.write_table(table, path, row_group_size=ROWS)
    return path


def run_arrow(tagger: Tagger, source: Path, target: Path) -> None:
    given = pq.ParquetFile(source)
    with pq.ParquetWriter(target, arrow.tagged_schema(tagger, given.schema_arrow, keep_text=False)) as out:
        for batch in arrow.tag_batches(tagger, given.iter_batches(ROWS, use_threads=False), keep_text=False):
            out.write_batch(batch)


def start_duckdb(tagger: Tagger) -> Run:
    import duckdb

    from xborder_tagger.engines.duckdb import register, tag

    connection = duckdb.connect(config={"threads": 1})
    register(connection, tagger)
    return lambda source, target: tag(connection.read_parquet(str(source)), keep_text=False).write_parquet(str(target))


def start_polars(tagger: Tagger) -> Run:
    import polars as pl

    from xborder_tagger.engines.polars import tag

    return lambda source, target: tag(pl.scan_parquet(source), tagger, keep_text=False).sink_parquet(target)


def start_pandas(tagger: Tagger) -> Run:
    import pandas as pd

    from xborder_tagger.engines.pandas import tag

    return lambda source, target: tag(pd.read_parquet(source), tagger, keep_text=False).to_parquet(target)


def start_dask(tagger: Tagger) -> Run:
    import dask.dataframe as dd
    from distributed import Client

    from xborder_tagger.engines.dask import parquet_schema, tag

    client = Client(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR)
    atexit.register(client.shutdown)

    def run(source: Path, target: Path) -> None:
        tagged = tag(dd.read_parquet(source, split_row_groups=True), tagger, keep_text=False)
        tagged.to_parquet(target, schema=parquet_schema(tagged, tagger), write_index=False)

    return run


def start_spark(tagger: Tagger) -> Run:
    from pyspark.sql import SparkSession

    from xborder_tagger.engines.spark import tag

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1"}
    spark = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return lambda source, target: tag(spark.read.parquet(str(source)), tagger, keep_text=False).write.parquet(
        str(target)
    )


def start_ray(tagger: Tagger) -> Run:
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
    import ray

    from xborder_tagger.engines.ray import tag

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)

    def run(source: Path, target: Path) -> None:
        tag(ray.data.read_parquet(str(source)), tagger, keep_text=False).write_parquet(str(target))

    return run


STARTS: dict[str, Callable[[Tagger], Run]] = {
    "Arrow": lambda tagger: partial(run_arrow, tagger),
    "DuckDB": start_duckdb,
    "Polars": start_polars,
    "pandas": start_pandas,
    "Dask": start_dask,
    "Spark": start_spark,
    "Ray Data": start_ray,
}


def main(count: int, names: Sequence[str]) -> None:
    """Each engine in a process of its own, so that none is counted with another's idle threads."""
    print(
        "| | share of the kernel's throughput | seconds for 100 documents | start-up, seconds |\n|---|---|---|---|",
        flush=True,
    )
    for name in names:
        subprocess.run([sys.executable, "-m", "benchmarks.scale.engines", str(count), name], check=True)


def one_engine(count: int, name: str) -> None:
    warnings.simplefilter("ignore")
    tagger, texts = xborder_tagger.load(), documents(count)
    batches = [texts[begin : begin + BATCH_SIZE] for begin in range(0, count, BATCH_SIZE)]

    def kernel(*_: Path) -> None:
        for batch in batches:
            tagger.kernel.predict(batch)

    begin = time.perf_counter()
    run = STARTS[name](tagger) if name in STARTS else lambda *_: sum(1 for _ in tagger.pipe(texts))
    start = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        large, small = (write_input(texts[:size], Path(folder) / f"{size}.parquet") for size in (count, SMALL))
        target = Path(folder) / "out"
        job = min(measure(run, small, target)[1] for _ in range(2))  # the first time warms up
        shares = [measure(kernel, large, target)[0] / measure(run, large, target)[0] for _ in range(ROUNDS)]
    small_job, start_up = (f"{job:.2f}", f"{start:.1f}") if name in STARTS else ("", "")
    print(f"| {name} | {statistics.median(shares):.2f} | {small_job} | {start_up} |", flush=True)


def measure(run: Run, source: Path, target: Path) -> tuple[float, float]:
    """Seconds of one run: of processors, on the wall."""
    shutil.rmtree(target, ignore_errors=True)
    target.unlink(missing_ok=True)
    busy, begin = processor_seconds(), time.perf_counter()
    run(source, target)
    return processor_seconds() - busy, time.perf_counter() - begin


def processor_seconds() -> float:
    """Of this process, its descendants, and those of them that have ended."""
    this = psutil.Process()
    seconds = 0.0
    for process in (this, *this.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            seconds += sum(process.cpu_times()[:4])  # user, system, and both of its ended children
    return seconds


if __name__ == "__main__":
    arguments = sys.argv[1:] or ["50000"]
    if len(arguments) == 2:
        one_engine(int(arguments[0]), arguments[1])
    else:
        main(int(arguments[0]), ["`Tagger.pipe`, texts in memory", *STARTS])
