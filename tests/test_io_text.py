"""Plain text and JSON lines: places, ids, encodings, and lines of any length in little memory."""

import json
import logging
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs import STORY, codes, items, only, written
from xborder_tagger.io.read import ReadOptions
from xborder_tagger.io.records import Record, Rejected


def test_a_text_file_is_one_document(tmp_path):
    path = written(tmp_path / "a.txt", "one\n\ntwo\r\n")
    assert only(path) == Record(str(path), "one\n\ntwo\r\n", {}, str(path))


def test_lines_are_documents_on_request_and_blank_ones_are_not(tmp_path):
    path = written(tmp_path / "a.txt", "one\r\n\n  \ntwo\u2028still two\nthree")
    found = items(path, split="lines")
    assert [item.text for item in found] == ["one", "two\u2028still two", "three"]
    assert [item.id for item in found] == [f"{path}:1", f"{path}:4", f"{path}:5"]
    assert found == items(path, format="lines")


def test_json_lines_keep_ids_and_fields_untouched(tmp_path):
    fields = {"n": 10**30, "share": 0.1, "none": None, "deep": {"a": [1, {"b": "NA"}]}, "zero": "007"}
    path = written(tmp_path / "a.jsonl", json.dumps({"id": "007", "text": "x", **fields}))
    assert only(path) == Record("007", "x", fields, f"{path}:1")


def test_text_may_be_joined_from_several_fields_and_the_id_be_another(tmp_path):
    rows = [
        {"key": 1, "head": "Title", "body": "Text.", "id": 5},
        {"key": 2, "head": None, "body": "Text."},
        {"key": 3, "head": "Title"},
        {"key": 4, "body": None},
        {"key": 5, "head": 1},
    ]
    path = written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    found = items(path, text_columns=("head", "body"), id_column="key")
    assert [(r.id, r.text) for r in found[:3]] == [(1, "Title\n\nText."), (2, "Text."), (3, "Title")]
    assert found[0].fields == {"id": 5}
    assert [(r.id, r.code) for r in found[3:]] == [(4, "not_text"), (5, "not_text")]


def test_a_bad_line_says_where_it_is_and_what_was_in_it(tmp_path):
    lines = [b'{"id": "a", "text": "x"}', b"", b'{"id": "b", "text": 5}', b'{"broken": "\tcaf\xc3\xa9']
    path = written(tmp_path / "a.jsonl", b"\n".join(lines))
    good, first, second = items(path)
    assert isinstance(good, Record)
    assert (first.where, first.source, first.index, first.id) == (f"{path}:3", str(path), 1, "b")
    assert (second.index, second.offset, second.code) == (2, len(b"\n".join(lines[:3])) + 1, "not_json")
    assert second.sample == r'{"broken": "\tcafé'
    assert second.digest == sha256(lines[3]).hexdigest()


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt"])
def test_reading_may_begin_at_any_item(tmp_path, name):
    lines = ["id,text"] if name == "a.csv" else []
    for number in range(6):
        fine, bad = {"a.csv": (f"{number},x", f"{number}"), "a.txt": (f"{number}", f"{number}\0")}.get(
            name, (json.dumps({"id": number, "text": "x"}), "{")
        )
        lines += [fine, "", bad]
    path = written(tmp_path / name, "\n".join(lines))
    found = items(path, split="lines")
    assert len(found) == 12
    for start in range(14):
        assert items(path, split="lines", start=start) == found[start:]


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_no_bytes_whatever_stop_the_reader_of_json_lines(tmp_path_factory, lines):
    path = written(tmp_path_factory.mktemp("any") / "a.jsonl", b"\n".join(lines))
    found = items(path, format="jsonl")
    filled = [line for line in b"\n".join(lines).split(b"\n") if line.strip()]
    assert len(found) <= len(filled)
    assert [item.index for item in found if isinstance(item, Rejected)] == [
        number for number, item in enumerate(found) if isinstance(item, Rejected)
    ]


def test_a_text_that_is_longer_than_allowed_is_left_out_alone(tmp_path):
    rows = [{"id": 1, "text": "x" * 11}, {"id": 2, "text": "x" * 10}]
    path = written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    long, short = items(path, max_characters=10)
    assert (long.code, long.id, long.index) == ("too_large", 1, 0)
    assert short.id == 2


def test_a_line_that_is_longer_than_allowed_is_left_out_and_digested(tmp_path):
    mib = 1 << 20
    long = b'{"id": 1, "text": "' + b"x" * (5 * mib) + b'"}\n'
    path = written(tmp_path / "a.jsonl", b'{"text": "a"}\n' + long + b'{"text": "b"}\n' + long[:-1])
    found = items(path, max_bytes=4 * mib)
    assert codes(found) == [None, "line_too_long", None, "line_too_long"]
    assert found[1].digest == sha256(long).hexdigest()
    assert (found[1].offset, found[3].offset) == (14, 28 + len(long))
    assert f"{len(long):,} bytes" in found[1].message
    assert codes(items(path, max_bytes=6 * mib)) == [None] * 4
    assert codes(items(path, max_bytes=14)) == [None, "line_too_long"] * 2
    assert codes(items(path, max_bytes=13)) == ["line_too_long"] * 4


def test_a_gigabyte_in_one_line_costs_little_memory():
    """The source is a pipe, so no page of a file is counted; the parent measures nothing but this process."""
    code = (
        "import resource, sys; from xborder_tagger.io.read import read, ReadOptions;"
        "from xborder_tagger.io.sources import find;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "found = list(read(find(['-'])[0], ReadOptions(format='jsonl')));"
        "print(found[0].code, found[1].id, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        piece = b"x" * (1 << 24)
        for _ in range(64):
            process.stdin.write(piece)
        process.stdin.write(b'\n{"id": 7, "text": "after"}\n')
        process.stdin.close()
        first, second, grown = process.stdout.read().split()
    assert (first, second) == (b"line_too_long", b"7")
    assert int(grown) < 150


# Encodings


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Süß".encode(), "Süß", None),
        (b"\xef\xbb\xbf" + "Süß".encode(), "Süß", None),
        (b"\xff\xfe" + "Süß".encode("utf-16-le"), "Süß", "utf-16-le"),
        (b"\xfe\xff" + "Süß".encode("utf-16-be"), "Süß", "utf-16-be"),
        (b"\xff\xfe\0\0" + "Süß".encode("utf-32-le"), "Süß", "utf-32-le"),
        (STORY.replace("-", "–").encode("utf-8"), STORY.replace("-", "–"), None),
        (f"“{STORY}” José".encode("cp1252"), f"“{STORY}” José", "cp1252"),
        ("Полиция задержала подозреваемого".encode("cp1251"), "Полиция задержала подозреваемого", "cp1251"),
    ],
)
def test_the_encoding_of_a_text_is_found_and_named_unless_it_is_utf8(tmp_path, data, text, encoding):
    found = only(written(tmp_path / "a.txt", data))
    assert found.text == text
    assert found.fields == ({"encoding": encoding} if encoding else {})


def test_a_guess_is_told_once_a_file_and_nothing_else_is(tmp_path, caplog):
    written(tmp_path / "a.txt", f"“{STORY}” José".encode("cp1252"))
    written(tmp_path / "b.txt", b"\xff\xfe" + STORY.encode("utf-16-le"))
    written(tmp_path / "c.csv", "text\nJosé, the police chief, spoke\n".replace(", ", " ").encode("cp1252") * 3)
    with caplog.at_level(logging.WARNING):
        assert codes(items(tmp_path)) == [None] * 7
    assert [record.getMessage().split(":")[0].rsplit("/")[-1] for record in caplog.records] == ["a.txt", "c.csv"]
    assert "read as cp1252" in caplog.text


@pytest.mark.parametrize("data", [b"caf\xe9", bytes(range(128, 256)), b"\xff\xfe" + b"\x00\xd8" * 20])
def test_bytes_in_no_encoding_are_refused(tmp_path, data):
    found = only(written(tmp_path / "a.txt", data))
    assert found.code == "encoding"
    assert "convert it to UTF-8" in found.message


def test_a_table_in_an_old_encoding_is_recoded_as_a_whole(tmp_path):
    rows = "id;text\r\n1;„Šéf“ žil\r\n2;plain\r\n"
    path = written(tmp_path / "a.csv", ("\ufeff" + rows).encode("utf-16-le"))
    found = items(path)
    assert [(r.id, r.text, r.fields["encoding"]) for r in found] == [
        ("1", "„Šéf“ žil", "utf-16-le"),
        ("2", "plain", "utf-16-le"),
    ]


def test_an_odd_line_among_utf8_is_refused_and_changes_no_other(tmp_path):
    lines = ["The café was searched.", "Zürich", "Müller"]
    data = "\n".join(lines).encode() + b"\nJos\xe9 was seen at the border\n"
    found = items(written(tmp_path / "a.txt", data), split="lines")
    assert [item.text for item in found[:3]] == lines
    assert found[3].code == "encoding"


def test_a_byte_that_does_not_fit_the_files_encoding_costs_its_line_alone(tmp_path):
    data = f"The “café” of José {STORY}\n".encode("cp1252") * 9000 + b"bad \x81 byte\nlast\n"
    found = items(written(tmp_path / "a.txt", data), split="lines")
    assert codes(found[9000:]) == ["encoding", None]
    assert found[9000].offset is None
    assert {item.text for item in found[:9000]} == {f"The “café” of José {STORY}"}


@pytest.mark.parametrize(
    "wrong", [{"format": "doc"}, {"split": "pages"}, {"text_columns": ()}, {"max_characters": 2**31}]
)
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ReadOptions(**wrong)
