"""DuckDB, Polars and pandas: tables tagged in this process."""

import runpy
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from expected import TEXTS, given, records, wanted
from pyarrow import parquet

from xborder_tagger.engines import duckdb as in_duckdb
from xborder_tagger.engines import pandas as in_pandas
from xborder_tagger.engines import polars as in_polars
from xborder_tagger.engines.arrow import RESULTS
from xborder_tagger.errors import DocumentError, InputError


@pytest.fixture(scope="module")
def connection(tagger):
    with duckdb.connect() as connection:
        connection.from_arrow(given()).create("news")
        in_duckdb.register(connection, tagger)
        yield connection


def test_duckdb_tags_in_sql(connection, tagger):
    found = connection.sql("SELECT tags(text), prediction(text) FROM news ORDER BY id").fetchall()
    assert [{"tags": tags} | prediction for tags, prediction in found] == records(tagger, TEXTS)


def test_duckdb_filters_and_adds_up_in_sql(connection, tagger):
    query = "count(*), sum(prediction(text).probabilities.drugs) FROM news WHERE list_contains(tags(text), 'drugs')"
    ((count, total),) = connection.sql(f"SELECT {query}").fetchall()
    shares = [row["probabilities"]["drugs"] for row in records(tagger, TEXTS) if "drugs" in row["tags"]]
    assert count == len(shares) > 10
    assert total == pytest.approx(sum(shares))


def test_duckdb_tags_a_relation(connection, tagger):
    tagged = in_duckdb.tag(connection.table("news")).order("id")
    assert tagged.columns == ["id", "text", "input_tags", *RESULTS]
    assert tagged.to_arrow_table().to_pylist() == wanted(tagger)


def test_duckdb_takes_names_that_need_quotes(connection):
    relation = connection.sql("""SELECT text AS 'my "text', id AS 'select' FROM news LIMIT 3""")
    tagged = in_duckdb.tag(relation, text='my "text', keep_text=False)
    assert tagged.columns == ["select", *RESULTS]
    assert len(tagged.fetchall()) == 3


def test_duckdb_tags_more_rows_than_it_hands_over_at_once(connection):
    relation = connection.sql("SELECT id, text FROM news, range(30) ORDER BY id")
    tagged = in_duckdb.tag(relation).aggregate("id, count(*) AS n, count(DISTINCT tags) AS kinds", "id")
    assert set(tagged.project("n, kinds").fetchall()) == {(30, 1)}


def test_duckdb_has_room_for_a_second_model(connection, tagger):
    in_duckdb.register(connection, tagger, prefix="other_")
    assert connection.sql("SELECT other_tags('Police seized heroin.')").fetchall() == [(["drugs"],)]
    assert in_duckdb.tag(connection.table("news").limit(2), prefix="other_").shape == (2, 7)


def test_duckdb_refuses_numbers_before_it_runs(connection):
    with pytest.raises(duckdb.BinderException, match="tags"):
        connection.sql("SELECT tags(42)")


def test_polars_tags_in_an_expression(tagger):
    frame = pl.from_arrow(given()).select(
        pl.col("text").xborder.tags(tagger).alias("tags"), pl.col("text").xborder.predict().alias("all")
    )
    assert frame["all"].to_list() == records(tagger, TEXTS)
    assert frame["tags"].to_list() == [row["tags"] for row in records(tagger, TEXTS)]


@pytest.mark.parametrize("engine", ["eager", "in-memory", "streaming"])
def test_polars_tags_a_frame(tagger, engine):
    frame = pl.from_arrow(given())
    tagged = in_polars.tag(frame if engine == "eager" else frame.lazy(), tagger)
    tagged = tagged if engine == "eager" else tagged.collect(engine=engine)
    assert tagged.columns == ["id", "text", "input_tags", *RESULTS]
    assert tagged.sort("id").to_dicts() == wanted(tagger)


def test_polars_takes_categories_and_columns_of_nulls(tagger):
    frame = pl.DataFrame({"text": TEXTS[:3]}, schema={"text": pl.Categorical})
    assert frame.select(pl.col("text").xborder.predict(tagger)).to_series().to_list() == records(tagger, TEXTS[:3])
    nothing = in_polars.tag(pl.DataFrame({"text": [None, None]}), tagger)
    assert nothing["flags"].to_list() == [["empty_text"]] * 2


def test_polars_names_a_missing_column_before_it_runs(tagger):
    with pytest.raises(InputError, match="'body' is none of id, text, tags"):
        in_polars.tag(pl.from_arrow(given()).lazy(), tagger, text="body")


def rows(frame: pd.DataFrame) -> list[dict]:
    """The frame's rows, with None for a missing text."""
    return frame.assign(text=frame["text"].astype(object).where(frame["text"].notna(), None)).to_dict("records")


@pytest.mark.parametrize("kind", ["str", "object", "string[pyarrow]", "category"])
def test_pandas_tags_a_frame_of_any_kind_of_text(tagger, kind):
    frame = given().to_pandas()
    frame["text"] = frame["text"].astype(object).where(frame["text"].notna(), None).astype(kind)
    tagged = frame.xborder.tag("text", tagger=tagger)
    assert list(tagged.columns) == ["id", "text", "input_tags", *RESULTS]
    assert rows(tagged) == wanted(tagger)
    assert tagged["text"].dtype == frame["text"].dtype
    assert list(frame.columns) == ["id", "text", "tags"], "the frame given is left alone"


def test_pandas_keeps_the_index_and_columns_that_arrow_could_not_hold():
    frame = pd.DataFrame({"text": TEXTS[:3], "thing": [object(), 3, "x"]}, index=[7, 7, -1])
    tagged = frame.xborder.tag(keep_text=False)
    assert list(tagged.index) == [7, 7, -1]
    assert list(tagged.columns) == ["thing", *RESULTS]
    assert tagged["thing"].tolist() == frame["thing"].tolist()


def test_pandas_reads_missing_values_of_every_kind_as_empty_texts(tagger):
    frame = pd.DataFrame({"text": pd.Series([None, np.nan, pd.NA], dtype=object)})
    assert frame.xborder.tag(tagger=tagger)["flags"].tolist() == [["empty_text"]] * 3


def test_pandas_asks_the_results_and_writes_and_reads_them_back(tagger, tmp_path):
    expected = records(tagger, TEXTS)
    tagged = given().to_pandas().xborder.tag(tagger=tagger)
    assert tagged["probabilities"].str["drugs"].tolist() == [row["probabilities"]["drugs"] for row in expected]
    assert tagged.explode("tags")["tags"].count() == sum(len(row["tags"]) for row in expected)
    tagged.to_parquet(tmp_path / "tagged.parquet")
    again = pd.read_parquet(tmp_path / "tagged.parquet", columns=["id", "tags"])
    assert [list(tags) for tags in again["tags"]] == [row["tags"] for row in expected]


@pytest.mark.parametrize("cell", [3, b"raw", "\ud800"])
def test_pandas_refuses_a_cell_that_is_no_text(tagger, cell):
    frame = pd.DataFrame({"body": pd.Series(["fine", cell], dtype=object)})
    with pytest.raises(DocumentError, match=r"column .*(convert|cast) it") as caught:
        in_pandas.tag(frame, tagger, text="body")
    assert caught.value.code == "not_text"


@pytest.mark.parametrize("name", ["in_duckdb", "in_polars", "in_pandas", "parquet"])
def test_an_example_runs_from_anywhere(root, name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["example"])
    runpy.run_path(str(root / "examples" / "engines" / f"tag_{name}.py"), run_name="__main__")
    assert "human_trafficking" in capsys.readouterr().out


def test_the_parquet_example_tags_a_file_of_ones_own(root, tmp_path, tagger):
    parquet.write_table(given(), tmp_path / "in.parquet", row_group_size=100)
    script = root / "examples" / "engines" / "tag_parquet.py"
    line = [sys.executable, str(script), "in.parquet", "out.parquet", "text"]
    subprocess.run(line, check=True, cwd=tmp_path, timeout=60, stdout=subprocess.DEVNULL)
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == wanted(tagger)
