"""Tables go through as columns: the same documents, rejects, bytes and jobs as one by one, and no record on the way."""

import dataclasses
import datetime
import io
import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs import STORY, items, parts, written
from xborder_tagger.cli.archive import Archive
from xborder_tagger.cli.batches import BATCH_SIZE, Tagging, batches
from xborder_tagger.cli.documents import Documents
from xborder_tagger.cli.tag import tag
from xborder_tagger.errors import JobMismatchError
from xborder_tagger.io.arrow_tagging import chosen
from xborder_tagger.io.batch import Batch
from xborder_tagger.io.columnar import Carried, Rows
from xborder_tagger.io.jsonl import dump
from xborder_tagger.io.layout import layout
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.rows import NO_TEXT, joined
from xborder_tagger.io.sources import find
from xborder_tagger.io.write import WriteOptions, writer_for
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.results import rounded


def stored(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def output(writer, found):
    """The file that a writer makes of some batches."""
    spool, out = io.BytesIO(b"".join(map(writer.encode, found))), io.BytesIO()
    writer.assemble(spool, out)
    return out.getvalue()


@given(st.lists(st.tuples(*[st.none() | st.sampled_from(["", "a", "é€", "too long"])] * 3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_texts_of_several_columns_are_joined_as_those_of_one_row_are(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "a.parquet"
    columns = {name: pa.array(cells, pa.string()) for name, cells in zip("abc", zip(*rows, strict=True), strict=True)}
    found = items(stored(path, **columns), text_columns=("a", "b", "c"), max_characters=10)
    assert len(found) == len(rows)
    for number, (item, cells) in enumerate(zip(found, rows, strict=True), 1):
        assert item.where == f"{path}:{number}"
        if cells == (None, None, None):
            assert (item.code, item.message, item.id) == ("not_text", NO_TEXT, item.where)
        else:
            wanted = joined(cells)
            assert getattr(item, "text", None) == wanted if len(wanted) <= 10 else item.code == "too_large"


def test_rejected_rows_stand_where_they_were_with_all_that_is_known_of_them(tmp_path):
    day = datetime.date(2024, 1, 2)
    path = stored(tmp_path / "a.parquet", id=[day, day, day], text=[None, "é" * 5, "fine"])
    (rows,) = parts(path, max_characters=4)
    null, long = rows.rejected
    assert (null.where, null.code, null.index, null.id, null.source) == (
        f"{path}:1", "not_text", 0, "2024-01-02", str(path),
    )  # fmt: skip
    assert (long.code, long.index, long.sample) == ("too_large", 1, "ééééé")
    assert long.message == "a text of 5 characters, at most 4 are tagged; split it"
    assert [type(item) for item in rows.items()] == [Rejected, Rejected, Record]
    assert items(path, max_characters=4, start=1)[0] == long


def test_a_text_of_many_bytes_and_few_characters_is_tagged(tmp_path):
    (rows,) = parts(stored(tmp_path / "a.parquet", text=["é" * 10, "x"]), max_characters=10)
    assert (len(rows), rows.rejected) == (2, ())


def forbidden(*_, **__):
    raise AssertionError("a row became a Python object")


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_from_table_to_table_no_row_becomes_an_object(tmp_path, monkeypatch, form):
    table = {"text": [STORY, None, "x", "é"] * 700, "n": range(2800)}
    path = stored(tmp_path / "a.parquet", id=[f"{number}" for number in range(2800)], **table)
    wanted = io.BytesIO()
    assert tag([str(path)], wanted, form=form) == 3
    monkeypatch.setattr(Rows, "records", forbidden)
    monkeypatch.setattr(Carried, "__init__", forbidden)
    monkeypatch.setattr("xborder_tagger.io.batch.as_records", forbidden)
    found = io.BytesIO()
    assert tag([str(path)], found, form=form) == 3
    assert found.getvalue() == wanted.getvalue()
    with pytest.raises(AssertionError, match="became a Python object"):
        tag([str(path)], io.BytesIO(), form="csv")


IDS = {
    "strings": pa.array(["007", None, "8", "é"]),
    "no strings but nulls": pa.array([None] * 4, pa.string()),
    "large strings": pa.array(["a", "b", "c", "d"], pa.large_string()),
    "views": pa.array(["a", "b", "c", "d"]).cast(pa.string_view()),
    "dictionary": pa.array(["a", "b", "a", None]).dictionary_encode(),
    "integers": pa.array([1, None, -3, 4], pa.int16()),
    "long integers": pa.array([2**53, 2**53 + 1, 0, None]),
    "unsigned": pa.array([2**64 - 1, 0, 1, 2], pa.uint64()),
    "nulls": pa.nulls(4),
    "doubles": pa.array([1.5, None, 2.0, float("nan")]),
    "booleans": pa.array([True, False, None, True]),
    "times": pa.array([1, 2, None, 3], pa.timestamp("ns")),
}


@pytest.mark.parametrize("ids", [*IDS.values(), None], ids=[*IDS, "none"])
@pytest.mark.parametrize("crosswalk", [(), ("iptc",)])
def test_columns_are_written_as_their_rows_are_one_by_one(tmp_path, tagger, ids, crosswalk):
    given = {"text": [STORY, "nothing", "", "é"]} if ids is None else {"id": ids, "text": [STORY, "nothing", "", "é"]}
    (rows,) = parts(stored(tmp_path / "a.parquet", **given))
    batch, other = (Tagging(tagger)([part])[0] for part in (rows, Record(7, "x")))
    single = dataclasses.replace(batch, documents=rows.records())
    for fields in (None, ("text", "id", "probabilities", "nowhere")):
        writer = writer_for("parquet", tagger.labels, WriteOptions(crosswalk=crosswalk, fields=fields))
        assert output(writer, [batch]) == output(writer, [single])
        assert output(writer, [batch, other]) == output(writer, [single, other])


def test_places_in_a_path_that_is_no_unicode_are_escaped(tmp_path, tagger):
    (rows,) = parts(stored(tmp_path / "a.parquet", text=["x"]))
    (batch,) = Tagging(tagger)([dataclasses.replace(rows, name="caf\udce9.parquet")])
    table = pq.read_table(io.BytesIO(output(writer_for("parquet", tagger.labels), [batch])))
    assert table["id"].to_pylist() == ["caf\\udce9.parquet:1"]


def test_rows_and_records_of_one_batch_keep_their_order(tmp_path, tagger):
    (rows,) = parts(stored(tmp_path / "a.parquet", id=["2", "3"], text=["x", STORY]))
    given = [Record("1", STORY), Rejected("here", "code", "message"), rows, Record("4", "y")]
    for form in ("jsonl", "csv"):
        writer = writer_for(form, tagger.labels)
        text = b"".join(map(writer.encode, Tagging(tagger)(given))).decode()
        assert [line.strip('{"id: ')[0] for line in text.splitlines()] == ["1", "2", "3", "4"]


def test_a_batch_ends_with_the_part_that_fills_it(tmp_path):
    (rows,) = parts(stored(tmp_path / "a.parquet", text=["x"] * BATCH_SIZE))
    assert [len(batch) for batch in batches([Record(1, "x"), rows, rows, Record(2, "x"), rows])] == [2, 1, 2]


def test_json_lines_of_columns_are_what_json_makes_of_each_row(tmp_path, tagger):
    path = stored(tmp_path / "a.parquet", id=[1, 2], text=[STORY, "é"], when=pa.array([1, None], pa.timestamp("ns")))
    (rows,) = parts(path)
    shape = layout(tagger.labels, None, ())
    wanted = [dump(shape.record(record, tagger.tag(record.text))) for record in rows.records()]
    (batch,) = Tagging(tagger)([rows])
    assert writer_for("jsonl", tagger.labels).encode(batch) == b"".join(wanted)


@given(st.lists(st.floats(0, 1) | st.integers(0, 2 * 10**6).map(lambda n: n / (2 * 10**6)), max_size=50))
def test_shares_are_rounded_as_python_rounds_them(shares):
    assert rounded(np.array(shares, np.float64)).tolist() == [round(share, 6) for share in shares]


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=6))
def test_lists_of_names_are_those_of_the_true_cells(rows):
    cells = np.array(rows, dtype=bool).reshape(-1, 3)
    wanted = [[name for name, cell in zip("abc", row, strict=True) if cell] for row in rows]
    assert chosen(("a", "b", "c"), cells).to_pylist() == wanted


def test_threads_change_no_byte(tmp_path):
    path = stored(tmp_path / "a.parquet", id=range(300), text=[f"{STORY} {number}" for number in range(300)])
    for form in ("parquet", "jsonl"):
        one, three = io.BytesIO(), io.BytesIO()
        tag([str(path)], one, form=form)
        tag([str(path)], three, form=form, threads=3)
        assert one.getvalue() == three.getvalue()


# Jobs


@pytest.fixture
def lake(tmp_path, monkeypatch):
    """A folder with tables, lines and a text: 5,000 rows and 401 other documents, some of each bad."""
    monkeypatch.chdir(tmp_path)
    texts = [None if number % 100 == 7 else f"{STORY} {number}" for number in range(5000)]
    pq.write_table(pa.table({"id": range(5000), "text": texts}), "b.parquet", row_group_size=1500)
    with pa.ipc.new_stream("c.arrows", pa.schema({"text": pa.string()})) as stream:
        stream.write_table(pa.table({"text": texts[:700]}), max_chunksize=300)
    rows = [json.dumps({"id": f"line {number}", "text": STORY}) if number % 50 else "{bad" for number in range(400)]
    written(tmp_path / "a.jsonl", "\n".join(rows))
    written(tmp_path / "d.txt", STORY)
    return ["a.jsonl", "b.parquet", "c.arrows", "d.txt"]


def work_of(tagger, paths, form="parquet", **wanted):
    return Archive(find(paths), tagger=tagger, form=form, options=ReadOptions(), wanted=WriteOptions(**wanted))


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_job_over_tables_goes_on_from_any_place_it_stopped_at(lake, tagger, tmp_path, form):
    whole = io.BytesIO()
    assert tag(lake, whole, form=form) == 3
    for place in range(len(list(work_of(tagger, lake, form).steps(None)))):
        with RealDisk() as disk:
            reached = Job(work_of(tagger, lake, form), tmp_path / "out", disk=disk).run(stop=lambda: True)
        assert (reached.complete, reached.tally.handled > 0) == (False, True), place
    with RealDisk() as disk:
        assert Job(work_of(tagger, lake, form), tmp_path / "out", disk=disk).run().complete
    assert (tmp_path / "out").read_bytes() == whole.getvalue()
    bad = [json.loads(line) for line in (tmp_path / "out.quarantine.jsonl").read_text().splitlines()]
    assert {one["code"] for one in bad} == {"not_text", "not_json"}
    wanted = [item for path in lake for item in items(path) if isinstance(item, Rejected)]
    assert [(one["where"], one["code"], one["index"], one["source"]) for one in bad] == [
        (one.where, one.code, one.index, one.source) for one in wanted
    ]


def test_a_job_over_tables_that_looks_for_near_copies_goes_on_too(lake, tagger, tmp_path):
    whole = io.BytesIO()
    assert tag(lake[:2], whole, form="jsonl", dedupe=True) == 3
    work = work_of(tagger, lake[:2], "jsonl", dedupe=True)
    for stops in (True, True, True, False):
        with RealDisk() as disk:
            reached = Job(work, tmp_path / "out", disk=disk).run(stop=lambda stops=stops: stops)
        assert reached.complete != stops
    assert (tmp_path / "out").read_bytes() == whole.getvalue()


def test_what_a_job_over_tables_counts_adds_up(lake, tagger):
    documents = Documents(find(["b.parquet"]), ReadOptions())
    first = next(iter(documents))
    assert (documents.position["texts"], documents.position["taken"]) == (first.size, first.count)
    assert first.size == sum(len(record.text.encode()) for record in first.records())
    steps = list(work_of(tagger, lake).steps(None))
    good = [item for path in lake for item in items(path) if isinstance(item, Record)]
    predictions = list(tagger.pipe(record.text for record in good))
    assert sum(step.tally.documents for step in steps) == len(good)
    assert sum(step.tally.bytes for step in steps) == sum(source.size for source in find(lake))
    assert sum(step.tally.tags.get("drugs", 0) for step in steps) == sum("drugs" in one.tags for one in predictions)
    assert all(0 not in (*step.tally.tags.values(), *step.tally.flags.values()) for step in steps)


@pytest.mark.usefixtures("lake")
def test_a_table_on_standard_input_is_known_again_by_its_contents(tagger, tmp_path, monkeypatch):
    def stopped(data, *, stop):
        stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))
        monkeypatch.setattr(sys, "stdin", stream)
        with RealDisk() as disk:
            return Job(work_of(tagger, ["-"]), tmp_path / "out", disk=disk).run(stop=lambda: stop)

    data = (tmp_path / "b.parquet").read_bytes()
    assert not stopped(data, stop=True).complete
    table = pq.read_table(io.BytesIO(data))
    other = io.BytesIO()
    changed = ["changed", *table["text"].to_pylist()[1:]]
    pq.write_table(table.set_column(1, "text", pa.array(changed)), other, row_group_size=1500)
    with pytest.raises(JobMismatchError, match="are not the ones that were done"):
        stopped(other.getvalue(), stop=False)
    assert stopped(data, stop=False).complete
    assert len(pq.read_table(tmp_path / "out")) == 4950


def test_a_batch_of_columns_shows_itself_one_by_one_too(tmp_path, tagger):
    (rows,) = parts(stored(tmp_path / "a.parquet", id=["a", "b"], text=[STORY, "x"]))
    (batch,) = Tagging(tagger, explain=True)([rows])
    assert isinstance(batch, Batch)
    assert [(record.id, prediction) for record, prediction in batch.pairs] == [
        ("a", tagger.tag(STORY, explain=True)),
        ("b", tagger.tag("x", explain=True)),
    ]
