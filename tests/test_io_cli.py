"""The options of `tag` that say what is read and what is written."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.inputs import STORY, page, pdf, shown, written


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    (folder / "more").mkdir(parents=True)
    written(folder / "a.csv", f'id,body,outlet\n007,"{STORY}",KPL\n8,"{STORY}\n')
    written(folder / "b.html", page(f"<p>{STORY}</p>"))
    written(folder / "c.pdf", pdf(shown(*STORY.split(", "))))
    written(folder / "d.jsonl.gz", gzip.compress(json.dumps({"id": "d", "text": STORY}).encode()))
    written(folder / "more" / "e.txt", STORY)
    pq.write_table(pa.table({"id": [1], "text": [STORY], "when": [pa.scalar(5)]}), folder / "more" / "f.parquet")
    return folder


def ids(done) -> list[str]:
    return [str(json.loads(line)["id"]).rsplit("/")[-1] for line in done.stdout.splitlines()]


def test_a_folder_of_everything_is_tagged_in_order(command, archive):
    done = command(["tag", str(archive), "--format", "jsonl"])
    assert done.returncode == 3
    assert ids(done) == ["b.html", "c.pdf", "d", "e.txt", "1"]
    assert all("drugs" in json.loads(line)["tags"] for line in done.stdout.splitlines())
    assert b"a.csv: no column 'text'; name one with --text-column" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_columns_are_named_and_the_bad_row_alone_is_left_out(command, archive):
    done = command(["tag", str(archive / "*.csv"), "--text-column", "body", "--format", "jsonl"])
    assert done.returncode == 3
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["id"], row["outlet"]) == ("007", "KPL")
    assert b"a.csv:3: a quote is opened and not closed" in done.stderr


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_arrow_files_go_to_standard_output(command, archive, form):
    done = command(["tag", str(archive / "more"), "--format", form])
    assert done.returncode == 0, done.stderr
    data = io.BytesIO(done.stdout)
    table = pq.read_table(data) if form == "parquet" else pa.ipc.open_file(data).read_all()
    assert table["when"].to_pylist() == [None, 5]
    assert all("drugs" in tags for tags in table["tags"].to_pylist())


def test_fields_and_schemes_are_chosen(command, archive):
    line = ["tag", str(archive / "a.csv"), "--text-column", "body", "--format", "csv"]
    done = command([*line, "--fields", "outlet, tags ,iptc", "--crosswalk", "iptc"])
    assert done.stdout.splitlines()[0] == b"outlet,tags,iptc"
    assert done.stdout.splitlines()[1].startswith(b"KPL,drugs")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fields", "id,outlett"], "'outlett' is no field; did you mean 'outlet'?"),
        (["--fields", "id,tags,id"], "'id' is there twice"),
        (["--fields", "id,iptc"], "'iptc' is no field"),
        (["--fields", "id,"], "'' is no field"),
        (["--crosswalk", "itpc"], "'itpc' is no scheme; did you mean 'iptc'?"),
        (["--crosswalk", "iptc,iptc"], "'iptc' is there twice"),
        (["--input-format", "doc"], "'doc' is not one of"),
        (["--max-mb", "0"], "--max-mb"),
        (["--format", "text", "--fields", "id"], "need jsonl, csv, parquet or arrow"),
        (["--format", "text", "--crosswalk", "iptc"], "need jsonl, csv, parquet or arrow"),
    ],
)
def test_names_that_are_not_known_are_wrong_usage(command, archive, options, message):
    done = command(["tag", str(archive / "a.csv"), "--text-column", "body", "--format", "csv", *options])
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stdout == b""


def test_columns_of_standard_input_cannot_be_known_and_are_taken_as_given(command):
    line = ["tag", "-", "--input-format", "jsonl", "--format", "jsonl", "--fields", "id,late"]
    done = command(line, input=b'{"id": 1, "text": "x"}\n{"id": 2, "text": "x", "late": 5}\n')
    assert [json.loads(row) for row in done.stdout.splitlines()] == [{"id": 1, "late": None}, {"id": 2, "late": 5}]


def test_evidence_among_the_fields_is_made(command):
    done = command(["tag", "-", "--format", "jsonl", "--fields", "evidence"], input=STORY.encode())
    assert "drugs" in json.loads(done.stdout)["evidence"]


def test_lines_of_a_text_are_documents_on_request(command):
    done = command(["tag", "-", "--split", "lines", "--format", "jsonl"], input=b"one\n\ntwo\n")
    assert ids(done) == ["stdin:1", "stdin:3"]


def test_limits_are_options(command, tmp_path):
    path = written(tmp_path / "a.txt", b"a" * (2 << 20))
    done = command(["tag", str(path), "--max-mb", "1"])
    assert done.returncode == 3
    assert b"more than 1,048,576 bytes in one document; split it or raise --max-mb" in done.stderr
    slow = written(tmp_path / "a.html", page())
    done = command(["tag", str(slow), "--parser-seconds", "0.001"])
    assert b"took too long and was stopped; raise --parser-seconds" in done.stderr


def test_a_guessed_encoding_is_one_note(command, tmp_path):
    path = written(tmp_path / "a.txt", f"“{STORY}” José".encode("cp1252"))
    done = command(["tag", str(path), "--format", "jsonl"])
    assert done.returncode == 0
    assert json.loads(done.stdout)["encoding"] == "cp1252"
    assert done.stderr.count(b"\n") == 1
    assert b"read as cp1252" in done.stderr


def test_many_long_documents_are_not_held_at_a_time():
    from xborder_tagger.cli.batches import BATCH_CHARACTERS, batches
    from xborder_tagger.io.records import Record

    held = []

    def records():
        for number in range(6):
            held.append(number)
            yield Record(number, "x " * (BATCH_CHARACTERS // 3))

    assert len(next(batches(records()))) == 2
    assert held == [0, 1]


def test_a_file_of_columns_is_not_written_to_a_terminal(archive):
    import os
    import pty
    import subprocess
    import sys

    master, slave = pty.openpty()
    line = [sys.executable, "-m", "xborder_tagger", "tag", str(archive), "--format", "parquet"]
    done = subprocess.run(line, stdout=slave, stderr=subprocess.PIPE, timeout=60)
    os.close(slave)
    os.close(master)
    assert done.returncode == 2
    assert b"add > FILE to the command" in done.stderr
