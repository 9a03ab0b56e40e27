"""Text, JSON lines and CSV: which fields, under which names, and what becomes of values that a format lacks."""

import csv
import datetime
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs import STORY
from xborder_tagger.cli.batches import Tagging
from xborder_tagger.io.jsonl import dump
from xborder_tagger.io.layout import codes_of, layout, schemes
from xborder_tagger.io.records import Record
from xborder_tagger.io.table import defuse
from xborder_tagger.io.write import WriteOptions, writer_for


@pytest.fixture(scope="module")
def write(tagger):
    """Bytes that a writer makes of some records."""

    def run(form, *records, explain=False, **options) -> bytes:
        writer = writer_for(form, tagger.labels, WriteOptions(explain=explain, **options))
        assert not writer.assembled
        tagging = Tagging(tagger, explain=explain)
        batches = [batch for record in records for batch in tagging([record])]
        return writer.header + b"".join(map(writer.encode, batches))

    return run


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_json_record_has_ours_first_and_then_what_came_with_it(write, tagger):
    (line,) = write("jsonl", Record("007", STORY, {"a": "NA", "tags": 1, "deep": {"b": None}})).splitlines()
    row = json.loads(line)
    assert list(row) == ["id", "tags", "probabilities", "review", "flags", "a", "input_tags", "deep"]
    assert row == {"id": "007", **tagger.tag(STORY).to_dict(), "a": "NA", "input_tags": 1, "deep": {"b": None}}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(categories=["L", "Cs", "Zl", "Cc"])),
    lambda part: st.lists(part, max_size=2) | st.dictionaries(st.text(max_size=3), part, max_size=2),
    max_leaves=4,
)


@given(JSON, st.dictionaries(st.sampled_from(["a", "tags", "id", "%s", "é"]), JSON, max_size=3))
def test_the_ready_made_pieces_are_what_json_makes_of_the_record(tagger, own, fields):
    records = [Record(own, STORY, fields), Record(1, "nothing", {})]
    shape = layout(tagger.labels, None, ())
    wanted = b"".join(dump(shape.record(record, tagger.tag(record.text))) for record in records)
    (batch,) = Tagging(tagger)(records)
    assert writer_for("jsonl", tagger.labels).encode(batch) == wanted


def test_fields_choose_and_order(write):
    (line,) = write("jsonl", Record(1, STORY, {"a": 2, "b": 3}), fields=("b", "text", "tags", "id")).splitlines()
    row = json.loads(line)
    assert list(row) == ["b", "text", "tags", "id"]
    assert (row["b"], row["text"], row["id"]) == (3, STORY, 1)


def test_codes_of_other_schemes_are_those_of_the_tags_that_apply(write, tagger):
    (line,) = write("jsonl", Record(1, STORY), crosswalk=("iptc", "gdelt", "plover")).splitlines()
    row = json.loads(line)
    assert row["tags"]
    for scheme in ("iptc", "gdelt", "plover"):
        wanted = [code for tag in row["tags"] for code in codes_of(tagger.labels, tag, scheme)]
        assert row[scheme] == list(dict.fromkeys(wanted))
    assert "20000095" in row["iptc"]
    assert "illegal_drugs" in row["plover"]


def test_the_schemes_are_those_of_the_codebook(tagger):
    assert set(schemes(tagger.labels)) >= {"iptc", "gdelt", "plover"}


def test_values_that_json_lacks_become_what_is_nearest(write):
    fields = {"n": float("nan"), "i": [float("inf"), 1.5], "d": datetime.date(2024, 1, 2), "b": b"\xff", "s": "\ud800"}
    (line,) = write("jsonl", Record(1, STORY, fields)).splitlines()
    row = json.loads(line)
    assert {name: row[name] for name in fields} == {
        "n": None,
        "i": [None, 1.5],
        "d": "2024-01-02",
        "b": "/w==",
        "s": "\ud800",
    }


def test_a_line_end_of_unicode_stays_in_its_line(write):
    data = write("jsonl", Record(1, STORY, {"a": "x\u2028y\u2029z\x85"}))
    assert data.count(b"\n") == 1
    assert "x\u2028y".encode() in data


def test_csv_has_ours_and_the_carried_columns_that_are_named(write, tagger):
    record = Record("007", STORY, {"outlet": "KPL", "drugs": "yes", "list": [1, 2], "when": datetime.date(2024, 1, 2)})
    (row,) = rows_of(write("csv", record))
    assert list(row) == ["id", "tags", *tagger.labels.names, "review", "flags"]
    (row,) = rows_of(write("csv", record, explain=True, crosswalk=("iptc",)))
    assert list(row)[-2:] == ["evidence", "iptc"]
    assert json.loads(row["evidence"]) == tagger.tag(STORY, explain=True).to_dict()["evidence"]
    fields = ("id", "outlet", "input_drugs", "list", "when", "nowhere", "iptc", "probabilities")
    (row,) = rows_of(write("csv", record, fields=fields, crosswalk=("iptc",)))
    assert list(row) == [*fields[:-1], *tagger.labels.names]
    assert (row["outlet"], row["input_drugs"], row["list"], row["when"], row["nowhere"]) == (
        "KPL",
        "yes",
        "[1, 2]",
        "2024-01-02",
        "",
    )
    assert row["iptc"].split(";")[0] == "20000095"


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@sum", "\tx", "\rx", "+1;2", "-1+cmd|' /c calc'!A0"])
def test_cells_that_a_spreadsheet_would_run_are_defused(cell, write):
    assert defuse(cell) == "'" + cell
    (row,) = rows_of(write("csv", Record(cell, STORY, {"a": cell}), fields=("id", "a")))
    assert row["a"] == "'" + cell


@pytest.mark.parametrize("cell", ["-1", "+1.5", "-1e5", "-0,5", "007", "NA", "a=b", ""])
def test_numbers_and_plain_texts_are_left_alone(cell):
    assert defuse(cell) == cell


def test_text_shows_colour_only_if_asked(write):
    assert b"\033" not in write("text", Record(1, STORY), explain=True)
    assert b"\033" in write("text", Record(1, STORY), explain=True, colour=True)
    assert b"heroin" in write("text", Record(1, STORY), explain=True)


def test_lone_surrogates_stop_no_writer(write):
    record = Record("\ud800", f"{STORY} \udfff", {"s": "\ud800"})
    for form in ("text", "jsonl", "csv"):
        assert write(form, record, fields=("id", "text", "s"))


def test_unknown_formats_and_schemes_are_refused(tagger):
    with pytest.raises(ValueError, match="'xml' is no format"):
        writer_for("xml", tagger.labels)
    with pytest.raises(ValueError, match="'itpc' is no scheme"):
        writer_for("jsonl", tagger.labels, WriteOptions(crosswalk=("itpc",)))
