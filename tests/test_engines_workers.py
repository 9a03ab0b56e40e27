"""Dask, Spark and Ray: tables tagged by other processes, to which the model goes as its path and digest."""

import os
import runpy
import shutil
import sys
from operator import itemgetter

import pyarrow as pa
import pytest
from expected import TEXTS, given, records, wanted
from pyarrow import parquet

import xborder_tagger
from models import write_another
from xborder_tagger import tagger as tagger_module
from xborder_tagger.engines.arrow import RESULTS, result_type
from xborder_tagger.errors import InputError, ModelFileError

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of Ray by Ray
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that the engines leave to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the same, seen by pytest
]


# How often the process that runs this has opened a tagger that it was sent. A lambda travels whole.
times_opened = lambda *_: tagger_module._reopened.cache_info().misses  # noqa: E731


def run_example(root, engine, capsys):
    """Run an example in the session that the engine's other tests use."""
    runpy.run_path(str(root / "examples" / "engines" / f"tag_in_{engine}.py"), run_name="__main__")
    assert "human_trafficking" in capsys.readouterr().out


@pytest.fixture
def private_tagger(tagger, tmp_path):
    """A tagger of a file of its own."""
    return xborder_tagger.load(shutil.copy(tagger.path, tmp_path / "model.xbt"))


def exchange(tagger):
    """Put another model in the place of a tagger's own."""
    tagger.path.unlink()
    write_another(tagger, tagger.path)


@pytest.fixture(scope="module")
def dask_client():
    from distributed import Client, LocalCluster

    any_port = {"dashboard_address": ":0"}  # the scheduler serves HTTP even without a dashboard, by default on 8787
    one = {"n_workers": 1, "threads_per_worker": 2}
    with (
        LocalCluster(**one, dashboard_address=None, scheduler_kwargs=any_port, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def dask_frame():
    import dask.dataframe as dd

    return dd.from_pandas(given().to_pandas(), npartitions=7)


def test_dask_tags_a_frame_on_its_workers(tagger, dask_client, dask_frame):
    from xborder_tagger.engines import dask as in_dask

    tagged = in_dask.tag(dask_frame, tagger)
    assert list(tagged.columns) == ["id", "text", "input_tags", *RESULTS]
    table = tagged.compute()
    assert table.dtypes.equals(tagged.dtypes), "what Dask was told is what it gets"
    text = table["text"].astype(object).where(table["text"].notna(), None)
    assert table.assign(text=text).to_dict("records") == wanted(tagger)
    assert set(dask_client.run(times_opened).values()) == {1}
    assert dask_client.run_on_scheduler(times_opened) == 0


def test_dask_threads_share_the_tagger(tagger, dask_frame):
    from xborder_tagger.engines import dask as in_dask

    tagged = in_dask.tag(dask_frame, tagger, keep_text=False).compute(scheduler="threads")
    assert tagged["tags"].tolist() == [row["tags"] for row in records(tagger, TEXTS)]
    assert "text" not in tagged.columns


@pytest.mark.usefixtures("dask_client")
def test_dask_writes_the_types_that_the_other_engines_write(tagger, dask_frame, tmp_path):
    from xborder_tagger.engines import dask as in_dask

    tagged = in_dask.tag(dask_frame, tagger, keep_text=False)
    tagged.to_parquet(tmp_path, schema=in_dask.parquet_schema(tagged, tagger), write_index=False)
    table = parquet.read_table(tmp_path)
    assert pa.struct(table.select(RESULTS).schema) == result_type(tagger)
    assert table.select(RESULTS).to_pylist() == records(tagger, TEXTS)


@pytest.mark.usefixtures("dask_client")
def test_dask_workers_refuse_another_model_in_the_place_of_the_first(private_tagger, dask_frame):
    from xborder_tagger.engines import dask as in_dask

    tagged = in_dask.tag(dask_frame, private_tagger)
    exchange(private_tagger)
    with pytest.raises(ModelFileError, match="put the same file there"):
        tagged.compute()


def test_dask_names_a_missing_column_before_it_runs(tagger, dask_frame):
    from xborder_tagger.engines import dask as in_dask

    with pytest.raises(InputError, match="'body' is none of id, text, tags"):
        in_dask.tag(dask_frame, tagger, text="body")


@pytest.mark.usefixtures("dask_client")
def test_the_example_of_dask_runs(root, capsys):
    run_example(root, "dask", capsys)


@pytest.fixture(scope="module")
def spark():
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, and there is no java on the path")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # starts in half the time
        "spark.sql.shuffle.partitions": "2",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def spark_frame(spark):
    return spark.createDataFrame(given()).repartition(5)


def test_spark_tags_a_frame_on_its_workers(tagger, spark, spark_frame):
    from xborder_tagger.engines import spark as in_spark

    tagged = in_spark.tag(spark_frame, tagger)
    assert tagged.columns == ["id", "text", "input_tags", *RESULTS]
    assert sorted(tagged.toArrow().to_pylist(), key=itemgetter("id")) == wanted(tagger)
    count = lambda batches: (pa.record_batch({"opened": [times_opened()]}) for _ in batches)  # noqa: E731
    opened = spark.range(8).repartition(8).mapInArrow(count, "opened long").toArrow()
    assert max(opened["opened"].to_pylist()) == 1


def test_spark_queries_what_it_tagged(tagger, spark, spark_frame):
    from xborder_tagger.engines import spark as in_spark

    in_spark.tag(spark_frame, tagger, keep_text=False).createOrReplaceTempView("tagged")
    query = "SELECT count(*) AS n, sum(probabilities.drugs) AS p FROM tagged WHERE array_contains(tags, 'drugs')"
    found = spark.sql(query).first()
    shares = [row["probabilities"]["drugs"] for row in records(tagger, TEXTS) if "drugs" in row["tags"]]
    assert found["n"] == len(shares)
    assert found["p"] == pytest.approx(sum(shares))


def test_spark_workers_refuse_another_model_in_the_place_of_the_first(private_tagger, spark_frame):
    from pyspark.errors import PythonException

    from xborder_tagger.engines import spark as in_spark

    tagged = in_spark.tag(spark_frame, private_tagger)
    exchange(private_tagger)
    with pytest.raises(PythonException, match=r"ModelFileError: .*put the same file there"):
        tagged.collect()


@pytest.mark.usefixtures("spark")
def test_the_example_of_spark_runs(root, capsys):
    run_example(root, "spark", capsys)


@pytest.fixture(scope="module")
def ray():
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100_000_000)
    yield ray
    ray.shutdown()


def test_ray_tags_a_dataset_with_actors(tagger, ray):
    from xborder_tagger.engines import ray as in_ray

    dataset = ray.data.from_arrow([given().slice(begin, 100) for begin in range(0, len(TEXTS), 100)])
    tagged = in_ray.tag(dataset, tagger, workers=2)
    assert sorted(tagged.take_all(), key=itemgetter("id")) == wanted(tagger)
    assert tagged.schema().names == ["id", "text", "input_tags", *RESULTS]


def test_ray_tags_an_empty_block(tagger, ray):
    from xborder_tagger.engines import ray as in_ray

    dataset = ray.data.from_arrow([given().slice(0, 0), given().slice(0, 2)])
    assert in_ray.tag(dataset, tagger, keep_text=False).count() == 2


@pytest.mark.usefixtures("ray")
def test_the_example_of_ray_runs(root, capsys):
    run_example(root, "ray", capsys)
