"""What each engine costs beside the bare kernel: Parquet in, tagged Parquet out, one core, all in one run in turn.

``python -m benchmarks.scale.engines [DOCUMENTS]`` prints the table of docs/scale.md (default 50,000 documents of 300
words). Time is on the wall, the shortest of the rounds; start-up of an engine is told apart.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[variable] = "1"  # before the libraries are imported: one core each

import logging
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import xborder_tagger
from benchmarks.speed.texts import news
from xborder_tagger.engines import arrow
from xborder_tagger.tagger import BATCH_SIZE, Tagger

ROUNDS, ROWS, WORDS = 3, 5_000, 300
Run = Callable[[Path, Path], object]


def documents(count: int) -> list[str]:
    """Texts of 300 words cut from the corpus, far from their neighbours, so that files do not shrink by repetition."""
    stream = " ".join(news(1000, 1200)).split(" ")
    begins = (1009 * number % (len(stream) - WORDS) for number in range(count))
    return [" ".join(stream[begin : begin + WORDS]) for begin in begins]


def write_input(texts: list[str], folder: Path) -> Path:
    table = pa.table({"id": [f"{number:07}" for number in range(len(texts))], "text": texts})
    pq.write_table(table, folder / "news.parquet", row_group_size=ROWS)
    return folder / "news.parquet"


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

    Client(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR)

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


STARTS = {
    "DuckDB": start_duckdb,
    "Polars": start_polars,
    "pandas": start_pandas,
    "Dask": start_dask,
    "Spark": start_spark,
    "Ray Data": start_ray,
}


def main(count: int) -> None:
    warnings.simplefilter("ignore")
    tagger, texts = xborder_tagger.load(), documents(count)
    batches = [texts[begin : begin + BATCH_SIZE] for begin in range(0, count, BATCH_SIZE)]
    runs: dict[str, Run] = {
        "the kernel, texts in memory": lambda *_: [tagger.kernel.scores(batch) for batch in batches],
        "`Tagger.pipe`, texts in memory": lambda *_: sum(1 for _ in tagger.pipe(texts)),
        "Arrow": partial(run_arrow, tagger),
    }
    starts: dict[str, float] = dict.fromkeys(runs, 0.0)
    for name, start in STARTS.items():
        begin = time.perf_counter()
        runs[name] = start(tagger)
        starts[name] = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure(runs, write_input(texts, Path(folder)), Path(folder) / "out")
    base = seconds["the kernel, texts in memory"]
    print("| | share of the kernel's throughput | documents a second | start-up, seconds |\n|---|---|---|---|")
    for name, least in seconds.items():
        print(f"| {name} | {base / least:.2f} | {count / least:,.0f} | {starts[name]:.1f} |")
    sys.stdout.flush()
    os._exit(0)  # the engines take their time to stop


def measure(runs: dict[str, Run], source: Path, target: Path) -> dict[str, float]:
    """Shortest time of each run, in seconds; the first round warms up and does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS + 1):
        for name, run in runs.items():
            shutil.rmtree(target, ignore_errors=True)
            target.unlink(missing_ok=True)
            begin = time.perf_counter()
            run(source, target)
            seconds[name].append(time.perf_counter() - begin)
    return {name: min(times[1:]) for name, times in seconds.items()}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
