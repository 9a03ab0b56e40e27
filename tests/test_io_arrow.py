"""Parquet and Arrow: in with ids, types and columns untouched, out independent of how batches were cut."""

import dataclasses
import datetime
import decimal
import io
import json
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs import STORY, codes, items, only, parts, written
from xborder_tagger.cli.batches import Tagging
from xborder_tagger.errors import MissingExtraError
from xborder_tagger.io.records import Record
from xborder_tagger.io.write import WriteOptions, writer_for

COLUMNS = {
    "id": pa.array(["007", "8", None]),
    "text": pa.array([STORY, None, "b"]),
    "count": pa.array([1, None, 3], pa.int16()),
    "when": pa.array([1, 2, None], pa.timestamp("ns", "Asia/Vientiane")),
    "day": pa.array([datetime.date(2024, 1, 2)] * 3),
    "price": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.00")]),
    "flag": pa.array([True, None, False]),
    "raw": pa.array([b"\0\xff", None, b""]),
    "names": pa.array([["NA", None], None, []]),
    "place": pa.array(["Laos", "Laos", None]).dictionary_encode(),
    "tags": pa.array(["theirs", "x", None]),
}
TABLE = pa.table(COLUMNS)


def stored(path, table=TABLE, **options):
    """The table as Parquet, an Arrow file or an Arrow stream."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, **options)
        return path
    opened = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
    with opened(str(path), table.schema) as file:
        file.write_table(table, **options)
    return path


def output(batches, form, labels, **options) -> bytes:
    """What a writer makes of some batches."""
    writer = writer_for(form, labels, WriteOptions(**options))
    spool, out = io.BytesIO(), io.BytesIO()
    for batch in batches:
        spool.write(writer.encode(batch))
    spool.seek(0)
    writer.assemble(spool, out)
    return out.getvalue()


def table_of(data: bytes, form: str = "parquet") -> pa.Table:
    return pq.read_table(io.BytesIO(data)) if form == "parquet" else pa.ipc.open_file(data).read_all()


@pytest.fixture(scope="module")
def tagged(tagger):
    """Batches for the writers, of records and rows."""
    return Tagging(tagger)


def cut(rows, size):
    """The same rows in pieces."""
    for begin in range(0, len(rows), size):
        columns = {name: getattr(rows, name) for name in ("numbers", "ids", "texts", "carried")}
        pieces = {name: None if column is None else column[begin : begin + size] for name, column in columns.items()}
        yield dataclasses.replace(rows, **pieces)


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows"])
def test_rows_are_documents_with_their_ids_and_columns(tmp_path, name):
    path = stored(tmp_path / name)
    first, second, third = items(path)
    assert (first.id, first.text, first.where) == ("007", STORY, f"{path}:1")
    assert {name: first.fields[name] for name in ("count", "price", "raw", "names", "place", "tags")} == {
        "count": 1,
        "price": decimal.Decimal("1.10"),
        "raw": b"\0\xff",
        "names": ["NA", None],
        "place": "Laos",
        "tags": "theirs",
    }
    assert first.fields["when"].startswith("1970-01-01 ")
    assert (second.code, second.id, second.index, second.where) == ("not_text", "8", 1, f"{path}:2")
    assert (third.id, third.text, third.fields["count"]) == (None, "b", 3)


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows"])
def test_reading_may_begin_at_any_row(tmp_path, name):
    table = pa.table({"text": [None if n % 7 == 0 else str(n) for n in range(3000)]})
    options = {"row_group_size": 700} if name == "a.parquet" else {"max_chunksize": 700}
    path = stored(tmp_path / name, table, **options)
    found = [(item.where, getattr(item, "text", None)) for item in items(path)]
    assert len(found) == 3000
    for start in (1, 699, 700, 701, 1500, 2999, 3000, 5000):
        rest = [(item.where, getattr(item, "text", None)) for item in items(path, start=start)]
        assert rest == found[start:]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_all_kinds_of_strings_are_texts(tmp_path, kind):
    path = stored(tmp_path / "a.arrow", pa.table({"text": pa.array([STORY, "b", STORY]).cast(kind)}))
    assert [item.text for item in items(path)] == [STORY, "b", STORY]


def test_texts_are_joined_and_other_ids_taken(tmp_path):
    table = pa.table({"k": pa.array([5], pa.int8()), "head": ["Title"], "body": ["Text."]})
    found = only(stored(tmp_path / "a.parquet", table), text_columns=("head", "body"), id_column="k")
    assert (found.id, found.text, dict(found.fields)) == (5, "Title\n\nText.", {})


@pytest.mark.parametrize(
    ("table", "code", "message"),
    [
        (pa.table({"Text": ["x"]}), "no_column", "did you mean 'Text'"),
        (pa.table({"text": [1]}), "not_text", "of type int64"),
        (pa.table([["x"], ["y"], ["z"]], names=["text", "a", "a"]), "duplicate_header", "'a' is there twice"),
    ],
)
def test_a_table_without_fit_columns_is_refused(tmp_path, table, code, message):
    found = only(stored(tmp_path / "a.arrow", table))
    assert found.code == code
    assert message in found.message


def test_a_text_that_is_no_utf8_costs_its_row(tmp_path):
    texts = pa.array([b"fine", b"caf\xe9", b"also fine"]).view(pa.string())
    for name in ("a.parquet", "a.arrow"):
        found = items(stored(tmp_path / name, pa.table({"text": texts})))
        assert codes(found) == [None, "encoding", None]
        assert found[2].where.endswith(":3")


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows"])
def test_rows_before_the_damage_are_kept(tmp_path, name):
    import os

    table = pa.table({"text": [os.urandom(200).hex() for _ in range(4000)]})
    options = {"row_group_size": 1000} if name == "a.parquet" else {"max_chunksize": 1000}
    path = stored(tmp_path / name, table, **options)
    data = bytearray(path.read_bytes())
    if name == "a.parquet":
        place = pq.read_metadata(path).row_group(1).column(0).data_page_offset + 1000
        data[place : place + 3000] = b"\xff" * 3000
    else:
        del data[len(data) // 2 :]
    found = items(written(path, data))
    assert codes(found)[-1] == "damaged_table"
    if name != "a.arrow":  # whose index is at its end
        assert len(found) > 1000
        assert name != "a.parquet" or len(found) == 1001
        assert [item.text for item in found[:1000]] == table["text"].to_pylist()[:1000]


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_what_is_no_table_at_all_is_damaged(tmp_path, name):
    assert only(written(tmp_path / name, "no table")).code == "damaged_table"


def test_a_parquet_file_of_few_bytes_and_endless_rows_is_a_bomb(tmp_path):
    table = pa.table({"text": pa.nulls(1 << 21, pa.string())})
    path = stored(tmp_path / "a.parquet", table, row_group_size=1 << 21)
    assert path.stat().st_size < 5000
    found = only(path)
    assert found.code == "decompression_bomb"
    assert "2,097,152 rows" in found.message


def test_a_parquet_file_that_unpacks_to_far_more_than_it_is_is_a_bomb(tmp_path):
    path = stored(tmp_path / "a.parquet", pa.table({"text": ["a" * (20 << 20)]}), compression="zstd")
    assert only(path, max_bytes=1 << 20).code == "decompression_bomb"


def test_rows_that_repeat_themselves_are_no_bomb_until_they_are_too_many(tmp_path):
    path = stored(tmp_path / "a.parquet", pa.table({"text": [STORY] * 60_000}))
    assert len(items(path)) == 60_000
    found = items(path, max_bytes=1 << 17)  # 2 MiB of rows are allowed, 6.5 there are
    assert codes(found)[-1] == "decompression_bomb"
    assert codes(found)[0] is None


def test_an_arrow_batch_that_does_not_fit_into_memory_costs_what_comes_after(tmp_path):
    from xborder_tagger.io import sandbox

    options = pa.ipc.IpcWriteOptions(compression="zstd")
    path = tmp_path / "a.arrows"
    with pa.ipc.new_stream(str(path), pa.schema({"text": pa.string()}), options=options) as stream:
        stream.write_table(pa.table({"text": [STORY]}))
        stream.write_table(pa.table({"text": ["a" * (300 << 20)]}))
    sandbox._end_all()
    assert codes(items(path, parser_memory=200 << 20)) == [None, "parser_memory"]


def test_a_row_that_is_too_large_is_left_out_alone(tmp_path):
    path = stored(tmp_path / "a.parquet", pa.table({"text": ["a", "b" * (3 << 20), "c"]}))
    found = items(path, parser_output=2 << 20)
    assert codes(found) == [None, "too_large", None]


# Out


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_arrow_columns_go_through_with_their_types(tmp_path, tagger, tagged, form):
    found = table_of(output(tagged(parts(stored(tmp_path / "a.parquet"))), form, tagger.labels), form)
    assert found.column_names[:5] == ["id", "tags", "probabilities", "review", "flags"]
    assert found.column_names[5:] == ["count", "when", "day", "price", "flag", "raw", "names", "place", "input_tags"]
    kept = TABLE.take([0, 2])
    for name in ("count", "when", "day", "price", "flag", "raw", "names"):
        assert found[name].combine_chunks() == kept[name].combine_chunks(), name
    assert found["place"].to_pylist() == ["Laos", None]
    assert found["id"].to_pylist() == ["007", None]
    prediction = tagger.tag(STORY)
    assert found["tags"][0].as_py() == list(prediction.tags)
    assert found["probabilities"][0].as_py() == prediction.to_dict()["probabilities"]


def test_columns_of_json_get_the_type_that_holds_them_all(tagger, tagged):
    rows = [
        {"n": 1, "x": 1, "b": True, "s": "007", "mixed": 7, "deep": {"a": [1]}, "big": 1, "long": 2**53 + 1},
        {"n": 2, "x": 0.5, "b": None, "s": None, "mixed": "7", "deep": None, "big": 2**70, "late": "l", "long": 0.5},
    ]
    records = [Record(number, STORY, row) for number, row in enumerate(rows)]
    found = table_of(output(tagged(records), "parquet", tagger.labels)).drop(
        ["tags", "probabilities", "review", "flags"]
    )
    types = {field.name: str(field.type) for field in found.schema}
    strings = dict.fromkeys(("s", "mixed", "deep", "big", "late", "long"), "string")
    assert types == {"id": "int64", "n": "int64", "x": "double", "b": "bool", **strings}
    first, second = found.to_pylist()
    json_texts = {"mixed": "7", "deep": '{"a": [1]}', "big": "1", "long": "9007199254740993"}
    assert first == {"id": 0, "n": 1, "x": 1.0, "b": True, "s": "007", "late": None, **json_texts}
    json_texts = {"mixed": '"7"', "deep": None, "big": str(2**70), "long": "0.5"}
    assert second == {"id": 1, "n": 2, "x": 0.5, "b": None, "s": None, "late": "l", **json_texts}


cells = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers(), max_size=2))
rows = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c", "id"]), cells, max_size=4), min_size=1, max_size=12)


@settings(deadline=None, max_examples=200)
@given(rows, st.sets(st.integers(1, 11)), st.sampled_from(["parquet", "arrow"]))
def test_the_file_does_not_depend_on_how_batches_were_cut(tagger, tagged, rows, cuts, form):
    records = [Record(row.get("id"), "x", row) for row in rows]
    places = [0, *sorted(cut for cut in cuts if cut < len(records)), len(records)]
    pieces = [batch for start, end in pairwise(places) for batch in tagged(records[start:end])]
    assert output(pieces, form, tagger.labels) == output(tagged(records), form, tagger.labels)


def test_it_does_not_depend_on_that_for_long_files_with_columns_of_arrow_either(tmp_path, tagger, tagged):
    first = pa.table({"text": [str(n) for n in range(9000)], "n": pa.array(range(9000), pa.int32()), "s": ["é"] * 9000})
    second = pa.table({"text": [None if n % 3 else "x" for n in range(9000)], "n": range(9000), "t": ["t"] * 9000})
    stored(tmp_path / "a.parquet", first)
    stored(tmp_path / "b.parquet", second)
    found = parts(tmp_path)
    assert sum(map(len, found)) == 12_000
    files = [
        output(tagged(piece for rows in found for piece in cut(rows, size)), "parquet", tagger.labels)
        for size in (256, 1000, 12_000)
    ]
    assert files[0] == files[1] == files[2]
    found = table_of(files[0])
    assert [str(found.schema.field(name).type) for name in "nst"] == ["int64", "string", "string"]
    assert found["n"].to_pylist()[-1] == 8997
    assert found["t"].null_count == 9000


def test_row_groups_are_cut_by_rows_and_by_the_size_of_their_texts(tagger, tagged, monkeypatch):
    monkeypatch.setattr("xborder_tagger.io.arrow_output.GROUP_BYTES", 1 << 20)
    small = [Record(n, "x", {"s": "s"}) for n in range(20_000)]
    large = [Record(n, "x", {"s": "s" * 400}) for n in range(6000)]
    for records, wanted in ((small, [16_384, 3616]), (large, [3072, 2928])):
        whole = output(tagged(records), "parquet", tagger.labels)
        groups = pq.ParquetFile(io.BytesIO(whole)).metadata
        assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == wanted
        pieces = [batch for at in range(0, len(records), 700) for batch in tagged(records[at : at + 700])]
        assert output(pieces, "parquet", tagger.labels) == whole


def test_columns_of_arrow_and_json_meet_as_json(tmp_path, tagger, tagged):
    stored(
        tmp_path / "a.arrow",
        pa.table({"text": ["x"], "n": pa.array([1], pa.int32()), "d": [datetime.date(2024, 1, 2)]}),
    )
    written(tmp_path / "b.jsonl", json.dumps({"text": "y", "n": "one", "d": None}))
    found = table_of(output(tagged(parts(tmp_path)), "parquet", tagger.labels))
    assert found["n"].to_pylist() == ["1", '"one"']
    assert found["d"].to_pylist() == ['"2024-01-02"', None]


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_an_output_without_documents_is_a_file_without_rows(tagger, form):
    found = table_of(output([], form, tagger.labels), form)
    assert len(found) == 0
    assert found.column_names == ["id", "tags", "probabilities", "review", "flags"]


def test_fields_evidence_and_codes_have_columns(tagger):
    batches = Tagging(tagger, explain=True)([Record("a", STORY, {"x": 1, "y": "z"})])
    fields = ("evidence", "y", "iptc", "text", "nowhere")
    found = table_of(output(batches, "parquet", tagger.labels, fields=fields, explain=True, crosswalk=("iptc",)))
    assert found.column_names == list(fields)
    row = found.to_pylist()[0]
    wanted = tagger.tag(STORY, explain=True).to_dict()["evidence"]
    assert {tag: sentences for tag, sentences in row["evidence"].items() if sentences is not None} == wanted
    assert "20000095" in row["iptc"]
    assert (row["y"], row["text"], row["nowhere"]) == ("z", STORY, None)


def test_lone_surrogates_do_not_stop_the_writer(tagger, tagged):
    found = table_of(output(tagged([Record("\ud800", "x \ud800", {"s": "\udfff"})]), "arrow", tagger.labels), "arrow")
    assert (found["id"][0].as_py(), found["s"][0].as_py()) == ("\\ud800", "\\udfff")


def test_the_schema_is_that_of_the_tagged_batches(tagger, tagged):
    schema = table_of(output(tagged([Record(1, "x", {})]), "arrow", tagger.labels), "arrow").schema
    strings = pa.list_(pa.string())
    assert schema.field("tags").type == schema.field("review").type == schema.field("flags").type == strings
    assert schema.field("probabilities").type == pa.struct([(tag, pa.float64()) for tag in tagger.labels.names])


def test_without_pyarrow_the_extra_is_named(monkeypatch, tagger):
    import sys

    for name in [name for name in sys.modules if name.startswith(("pyarrow", "xborder_tagger.io."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    from xborder_tagger.io.write import writer_for as fresh

    with pytest.raises(MissingExtraError, match=r"pyarrow.* is not installed; pip install 'xborder-tagger\[arrow\]'"):
        fresh("parquet", tagger.labels)
