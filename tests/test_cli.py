"""The command as people type it: outputs, exit statuses, and one clear line for everything that goes wrong."""

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from xborder_tagger.cli import COMMANDS
from xborder_tagger.cli.tag import tag
from xborder_tagger.shipped import DEFAULT


def one_line(done: subprocess.CompletedProcess) -> str:
    message = done.stderr.decode()
    assert "Traceback" not in message
    assert message.count("\n") == 1, message
    assert message.startswith("xborder-tagger: ")
    return message


@pytest.fixture
def articles(tmp_path, article):
    (tmp_path / "one.txt").write_text(article, encoding="utf-8")
    (tmp_path / "two.txt").write_text("The choir sang two songs in the park.", encoding="utf-8")
    rows = [{"id": 7, "text": article, "outlet": "KPL", "tags": ["old"]}, {"text": "Nothing happened."}]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return tmp_path


def test_text_shows_tags_bars_and_words(command, articles):
    done = command(["tag", str(articles / "one.txt"), str(articles / "two.txt")])
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert "drugs" in shown
    assert "█" in shown
    assert "trafficking" in shown
    assert "no tag" in shown
    assert "\033" not in shown


def test_jsonl_keeps_ids_and_fields_and_order(command, articles):
    done = command(["tag", str(articles / "many.jsonl"), "--format", "jsonl"])
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == 7
    assert first["outlet"] == "KPL"
    assert first["input_tags"] == ["old"]
    assert "mou" in first["tags"]
    assert first["probabilities"].keys() >= set(first["tags"])
    assert second["id"].endswith("many.jsonl:2")
    assert "evidence" not in first


def test_explain_adds_evidence_with_offsets(command, articles, article):
    done = command(["tag", str(articles / "one.txt"), "--format", "jsonl", "--explain"])
    record = json.loads(done.stdout)
    assert record["evidence"].keys() >= set(record["tags"])
    for sentences in record["evidence"].values():
        for sentence in sentences:
            assert article[sentence["start"] : sentence["end"]] == sentence["text"]
            assert sentence["words"]


def test_csv_has_a_column_for_each_tag(command, articles, tagger):
    done = command(["tag", str(articles / "many.jsonl"), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert rows[0]["id"] == "7"
    assert set(tagger.labels.names) <= rows[0].keys()
    assert "mou" in rows[0]["tags"].split(";")


def test_csv_defuses_cells_that_a_spreadsheet_would_run(command):
    line = json.dumps({"id": "=cmd|'/c calc'!A1", "text": "x"}).encode()
    done = command(["tag", "-", "--format", "csv"], input=line)
    assert list(csv.reader(io.StringIO(done.stdout.decode())))[1][0] == "'=cmd|'/c calc'!A1"


@pytest.mark.parametrize(("form", "start"), [("auto", b'{"id": 1, "text": "heroin"}'), ("txt", b"plain heroin")])
def test_standard_input(command, form, start):
    done = command(["tag", "-", "--input-format", form, "--format", "jsonl"], input=start)
    assert json.loads(done.stdout)["id"] in (1, "stdin")


def test_bad_lines_are_named_and_the_others_tagged(command):
    lines = [
        b'{"id": "a", "text": "Police seized heroin."}',
        b"{broken",
        b'{"id": "b"}',
        b'{"id": "c", "text": null}',
        b'{"id": "d", "text": 5}',
        b"[1]",
        b'{"id": "e", "text": "\xff"}',
        b'{"id": "f", "text": ""}',
        b'{"id": "g", "text": "lone \\ud800 NUL \\u0000 line \xe2\x80\xa8 end"}',
    ]
    done = command(["tag", "-", "--input-format", "jsonl", "--format", "jsonl"], input=b"\n".join(lines))
    assert done.returncode == 3
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "f", "g"]
    messages = done.stderr.decode().splitlines()
    assert [message.split(": ")[1] for message in messages] == [f"stdin:{n}" for n in (2, 3, 4, 5, 6, 7)]
    assert all(message.endswith("left out") for message in messages)


def test_a_missing_file_does_not_stop_the_others(command, articles):
    done = command(["tag", str(articles / "none.txt"), str(articles / "two.txt"), "--format", "jsonl"])
    assert done.returncode == 5
    assert "none.txt: No such file or directory; give the path" in one_line(done)
    assert len(done.stdout.splitlines()) == 1


def test_a_folder_is_no_file(command, tmp_path):
    done = command(["tag", str(tmp_path)])
    assert done.returncode == 5
    one_line(done)


def test_a_path_with_a_nul_byte_is_one_line(capsys):
    assert tag(["a\0b"], io.BytesIO()) == 5
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("data", "cause"), [(b"a\0b", "NUL"), (b"caf\xe9", "byte 3 is not UTF-8")])
def test_a_file_that_is_no_utf8_text(command, tmp_path, data, cause):
    (tmp_path / "odd.txt").write_bytes(data)
    done = command(["tag", str(tmp_path / "odd.txt")])
    assert done.returncode == 3
    assert cause in one_line(done)


def test_a_damaged_model(command, tmp_path):
    (tmp_path / "model.xbt").write_bytes(DEFAULT.read_bytes()[:-100])
    done = command(["tag", "-", "--model", str(tmp_path / "model.xbt")], input=b"x")
    assert done.returncode == 4
    one_line(done)


def test_a_newer_model(command, tmp_path):
    data = bytearray(DEFAULT.read_bytes())
    data[8] = 9
    (tmp_path / "model.xbt").write_bytes(data)
    done = command(["info", "--model", str(tmp_path / "model.xbt")])
    assert done.returncode == 4
    assert "format 9, this version reads 1 to 1; upgrade" in one_line(done)


@pytest.mark.parametrize("arguments", [["tag"], ["nothing"], ["tag", "-", "--format", "xml"], ["explain"]])
def test_wrong_usage(command, arguments):
    done = command(arguments, input=b"")
    assert done.returncode == 2
    assert b"Usage" in done.stderr
    assert b"Traceback" not in done.stderr


def test_explain_refuses_an_unknown_tag(command, articles):
    done = command(["explain", str(articles / "one.txt"), "--tag", "drug"])
    assert done.returncode == 2
    assert b"'drug' is not a tag" in done.stderr


def test_explain_adds_up(command, articles, tagger):
    done = command(["explain", str(articles / "one.txt"), "--format", "jsonl"])
    evidence = json.loads(done.stdout)["evidence"]
    assert [item["tag"] for item in evidence] == list(tagger.labels.names)
    for item in evidence:
        words = [word["contribution"] for s in item["sentences"] for word in s["words"]]
        assert item["bias"] + sum(words) == pytest.approx(item["score"], abs=1e-3)


def test_explain_text_shows_offsets(command, articles):
    done = command(["explain", str(articles / "one.txt"), "--tag", "mou"])
    assert b"mou  score" in done.stdout.replace(b"\x1b[1m", b"").replace(b"\x1b[0m", b"")
    assert b"[" in done.stdout


def test_evaluate_masks_question_marks(command, tmp_path, tagger):
    rows = [
        {"text": "Police seized heroin.", "labels": dict.fromkeys(tagger.labels.names, "?") | {"drugs": 1}},
        {"text": "The choir sang.", "labels": dict.fromkeys(tagger.labels.names, 0)},
    ]
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = command(["evaluate", str(gold), "--format", "json"])
    figures = json.loads(done.stdout)
    assert figures["documents"] == 2
    assert figures["tags"]["drugs"]["f1"] == 1.0
    assert command(["evaluate", str(gold)]).returncode == 0


@pytest.mark.parametrize("line", ["", '{"text": "x"}', '{"text": "x", "labels": {"drugs": 2}}', "{"])
def test_evaluate_refuses_what_is_not_annotated(command, tmp_path, line):
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    done = command(["evaluate", str(tmp_path / "gold.jsonl")])
    assert done.returncode == 5
    assert "gold.jsonl" in one_line(done)


def test_train_points_at_the_line(command, tmp_path):
    record = {"id": 1, "text": "t", "labels": {"drug": 1}, "genre": "brief", "event": "e", "split": "train"}
    (tmp_path / "corpus.jsonl").write_text(
        json.dumps(record | {"evidence": {}, "source": None, "register": "plain"}), encoding="utf-8"
    )
    done = command(["train", str(tmp_path / "corpus.jsonl"), "-o", str(tmp_path / "m.xbt")])
    assert done.returncode == 5
    assert "corpus.jsonl:1: 'drug' is not a tag; did you mean 'drugs'?" in one_line(done)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_shows_an_example(command, name):
    done = command([*filter(None, [name]), "--help"])
    assert done.returncode == 0
    assert b"Example: xborder-tagger" in done.stdout


def test_version(command):
    assert command(["--version"]).stdout.startswith(b"xborder-tagger ")


def test_ctrl_c_is_one_line_and_130():
    read_end, write_end = os.pipe()
    line = [sys.executable, "-m", "xborder_tagger", "tag", "-"]
    process = subprocess.Popen(line, stdin=read_end, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.close(read_end)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    os.close(write_end)
    assert process.returncode == 130
    assert errors.strip() == b"xborder-tagger: interrupted"


def test_a_closed_pipe_is_no_error(articles):
    rows = (articles / "many.jsonl").read_bytes() * 3000
    (articles / "long.jsonl").write_bytes(rows)
    shell = f'"{sys.executable}" -m xborder_tagger tag "{articles / "long.jsonl"}" --format jsonl | head -n 1'
    done = subprocess.run(shell, shell=True, capture_output=True, timeout=120)  # noqa: S602
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


def test_a_full_disk_is_one_line(articles):
    line = [sys.executable, "-m", "xborder_tagger", "tag", str(articles / "one.txt")]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 6
    assert b"No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1


def terminal(line: list[str], **environment: str) -> bytes:
    """What a command writes to a terminal."""
    master, slave = pty.openpty()
    done = subprocess.run(line, stdout=slave, stderr=subprocess.DEVNULL, env=os.environ | environment, timeout=60)
    assert done.returncode == 0
    os.close(slave)
    shown = os.read(master, 1 << 16)
    os.close(master)
    return shown


def test_colour_only_on_a_terminal_and_never_with_no_color(articles):
    line = [sys.executable, "-m", "xborder_tagger", "tag", str(articles / "two.txt")]
    assert b"\033[1m" in terminal(line, NO_COLOR="")
    assert b"\033" not in terminal(line, NO_COLOR="1")
