"""CSV and TSV: cells stay texts, and a row that breaks the grammar costs that row."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs import codes, items, only, written
from xborder_tagger.io import delimited
from xborder_tagger.io.records import Record


def test_cells_stay_the_texts_they_are(tmp_path):
    path = written(tmp_path / "a.csv", 'id,text,count,when\n007,NA,1.10,2024-01-01\n"","a ""b"",\nc",,null\n')
    first, second = items(path)
    assert first == Record("007", "NA", {"count": "1.10", "when": "2024-01-01"}, f"{path}:2")
    assert second == Record("", 'a "b",\nc', {"count": "", "when": "null"}, f"{path}:3")


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.tab", "\t")])
def test_delimiters(tmp_path, name, delimiter):
    data = f'\ufeffid{delimiter}text\r\n1{delimiter}"a{delimiter}b"\r\n\r\n2{delimiter}c'
    found = items(written(tmp_path / name, data))
    assert [(r.id, r.text) for r in found] == [("1", f"a{delimiter}b"), ("2", "c")]


def test_an_open_quote_costs_one_row(tmp_path):
    rows = ["id,text", "1,fine", '2,"open', "3,fine", '4,"fine, ""quoted"""', '5,"open', '6,"fine"', "7,fine"]
    path = written(tmp_path / "a.csv", "\n".join(rows) + "\n")
    found = items(path)
    assert codes(found) == [None, "open_quote", None, None, "open_quote", None, None]
    assert [found[n].id for n in (0, 2, 3, 5, 6)] == list("13467")
    assert (found[1].where, found[1].index, found[1].offset, found[1].sample) == (f"{path}:3", 1, 15, '2,"open\\n')


def test_an_open_quote_costs_one_row_even_if_the_file_is_long(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "RECORD_BYTES", 1000)
    rows = ["id,text", "0,fine", '1,"open', *[f"{n},fine" for n in range(2, 2000)]]
    found = items(written(tmp_path / "a.csv", "\n".join(rows)))
    assert codes(found) == [None, "open_quote"] + [None] * 1998
    assert [item.id for item in found[2:]] == [str(n) for n in range(2, 2000)]


def test_a_file_made_of_open_quotes_is_given_up_before_it_takes_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "RECORD_BYTES", 1000)
    monkeypatch.setattr(delimited, "PATIENCE", 5000)
    found = items(written(tmp_path / "a.csv", "id,text\n1,fine\n" + 'a",b,"c\n' * 10_000))
    assert codes(found)[0] is None
    assert set(codes(found)[1:]) == {"open_quote"}
    assert "the rest of the file is not read" in found[-1].message
    assert len(found) < 20


def test_a_quoted_cell_may_have_many_lines(tmp_path):
    text = "\n".join(f"line {n}, and so on" for n in range(5000))
    path = written(tmp_path / "a.csv", f'id,text\n1,"{text}"\n2,x\n')
    assert [(r.id, r.text) for r in items(path)] == [("1", text), ("2", "x")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1", "ragged_row"),
        ("1,a,b", "ragged_row"),
        ('1,a,"b\nc"', "ragged_row"),
        ('1,"a"b', "not_csv"),
        ("1,a\0", "nul"),
        ('1,"a\n\0"', "nul"),
        ("1,a\rb", "not_csv"),
    ],
)
def test_a_row_that_is_wrong_is_told_and_the_next_one_read(tmp_path, row, code):
    found = items(written(tmp_path / "a.csv", f"id,text\n{row}\n2,b\n"))
    assert codes(found) == [code, None]
    assert found[1].id == "2"


def test_a_row_that_is_no_utf8_is_told_with_all_its_lines(tmp_path):
    path = written(tmp_path / "a.csv", "id,text\n1,café\n2,Zürich\n".encode() + b'3,"one\ntwo Jos\xe9"\n4,b\n')
    found = items(path)
    assert codes(found) == [None, None, "encoding", None]
    assert found[2].sample == '3,"one\\ntwo Jos\\xe9"\\n'


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        ("id,text,id", "duplicate_header", "'id' is there twice"),
        ("id,Text", "no_column", "did you mean 'Text'"),
        ("a,b", "no_column", "there are 'a', 'b'"),
        ('id,"text', "open_quote", "in the header"),
    ],
)
def test_a_header_that_is_wrong_refuses_the_file(tmp_path, header, code, message):
    found = only(written(tmp_path / "a.csv", f"{header}\n1,x\n"))
    assert found.code == code
    assert message in found.message


def test_a_table_without_rows_has_no_documents(tmp_path):
    assert items(written(tmp_path / "a.csv", "id,text\n")) == []
    assert items(written(tmp_path / "b.csv", "")) == []


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(tmp_path_factory, rows, quoting):
    buffer = io.StringIO()
    csv.writer(buffer, quoting=quoting).writerows([["id", "text"], *rows])
    path = written(tmp_path_factory.mktemp("any") / "a.csv", buffer.getvalue())
    assert [[item.id, item.text] for item in items(path)] == rows


@given(st.lists(st.sampled_from(['"', ",", "a", "\n", '""', "\r", ";"]), max_size=60).map("".join))
def test_no_mess_of_quotes_stops_the_reader(tmp_path_factory, data):
    path = written(tmp_path_factory.mktemp("any") / "a.csv", "id,text\n" + data + "\nlast,row\n")
    found = items(path)
    assert [item.index for item in found if not isinstance(item, Record)] == [
        n for n, item in enumerate(found) if not isinstance(item, Record)
    ]
    assert found
