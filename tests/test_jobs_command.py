"""`tag -o`: what people see of a job, what it writes, and its exit statuses."""

import io
import json
import os
import re
import subprocess
import sys

import click
import pytest

from xborder_tagger.cli import cli
from xborder_tagger.cli.tag import tag
from xborder_tagger.io.read import read_parts


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_job_writes_what_standard_output_gets(here, archive, form):
    plain, inputs = io.BytesIO(), ("in.jsonl", "one.txt", "two.txt")
    assert here(*inputs, "--format", form) == (3, "")
    assert tag(inputs, plain, form=form) == 3
    assert (archive / "out").read_bytes() == plain.getvalue()
    quarantined = [json.loads(line) for line in (archive / "out.quarantine.jsonl").read_text().splitlines()]
    assert [item["where"] for item in quarantined] == [f"in.jsonl:{n}" for n in range(1, 600, 100)] + ["two.txt"]
    assert {item["code"] for item in quarantined} == {"not_json", "encoding"}
    assert all(item["message"] for item in quarantined)
    assert {path.name for path in archive.glob("out*")} == {"out", "out.quarantine.jsonl"}


def test_a_job_for_people_has_no_colours(here, archive, monkeypatch):
    monkeypatch.setattr("xborder_tagger.cli.tag.wants_colour", bool)
    assert here("one.txt") == (0, "")
    assert (archive / "out").read_text().startswith("one.txt  Six officers joined")


def test_the_summary_counts_documents_tags_flags_and_causes(job):
    done = job("in.jsonl", "one.txt", "two.txt")
    shown = done.stderr.decode()
    assert re.search(r"^out: 595 documents in 0:00:\d\d, [\d,]+ documents/s, [\d.]+ MB/s$", shown, re.MULTILINE)
    assert re.search(r"^  tags .*drugs 9\d", shown, re.MULTILINE)
    assert re.search(r"^  flags .*empty_text 100", shown, re.MULTILINE)
    assert "quarantined  7 (not_json 6, encoding 1), in out.quarantine.jsonl" in shown


def test_quiet_says_nothing_and_tells_by_its_status(job):
    done = job("in.jsonl", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"", b"")


def test_a_finished_job_is_not_done_again_unless_asked(here, archive):
    assert here("one.txt") == (0, "")
    before = (archive / "out").stat()
    status, message = here("one.txt")
    assert status == 2
    assert message.startswith("out: is there already, so this job is finished")
    assert "--restart" in message
    assert (archive / "out").stat() == before
    assert here("one.txt", "--restart", "--format", "jsonl") == (0, "")
    assert json.loads((archive / "out").read_text())["id"] == "one.txt"


def test_a_job_with_an_input_that_is_not_there_is_not_begun(here, archive):
    status, message = here("one.txt", "none.txt")
    assert status == 5
    assert message.startswith("none.txt: nothing was begun: No such file or directory")
    assert not list(archive.glob("out*"))


def test_an_input_that_goes_away_later_is_quarantined(here, archive, monkeypatch):
    def gone(source, options, *, start=0):
        (archive / "one.txt").unlink(missing_ok=True)
        return read_parts(source, options, start=start)

    monkeypatch.setattr("xborder_tagger.cli.documents.read_parts", gone)
    assert here("one.txt", "in.jsonl", "--format", "jsonl") == (5, "")
    first = json.loads((archive / "out.quarantine.jsonl").read_text().splitlines()[0])
    assert (first["where"], first["code"]) == ("one.txt", "missing")
    assert first["message"].startswith("No such file or directory; give the path")
    assert len((archive / "out").read_text().splitlines()) == 594


def test_an_input_that_changes_while_it_is_read_is_told(here, archive, monkeypatch, capsys):
    def changing(source, options, *, start=0):
        os.utime(archive / source.path, ns=(0, 0))
        return read_parts(source, options, start=start)

    monkeypatch.setattr("xborder_tagger.cli.documents.read_parts", changing)
    assert here("one.txt", "in.jsonl")[0] == 3
    assert "one.txt and 1 more: changed while the job ran" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("-o", "."), "is no regular file; leave -o out to write to standard output"),
        (("-o", "/dev/null"), "is no regular file"),
        (("-o", "one.txt", "--restart"), "is one of the inputs"),
        (("-", "-"), "standard input (-) can be read once only"),
    ],
)
def test_an_output_that_cannot_be_is_wrong_usage(archive, monkeypatch, arguments, cure):
    monkeypatch.chdir(archive)
    with pytest.raises(click.UsageError, match=re.escape(cure)):
        cli.main(["tag", "one.txt", "-o", "out", *arguments], standalone_mode=False)
    assert not list(archive.glob("*.journal"))


def test_restart_without_a_job_is_wrong_usage(command, archive):
    done = command(["tag", "one.txt", "--restart"], cwd=archive)
    assert done.returncode == 2
    assert b"--restart needs -o" in done.stderr


def test_a_dash_is_standard_output(command, archive):
    done = command(["tag", "one.txt", "-o", "-"], cwd=archive)
    assert done.returncode == 0
    assert b"training_exchange" in done.stdout


def test_seconds_between_checkpoints_are_a_number(here, monkeypatch):
    monkeypatch.setenv("XBORDER_TAGGER_CHECKPOINT", "often")
    status, message = here("one.txt")
    assert status == 2
    assert message.startswith("XBORDER_TAGGER_CHECKPOINT: ")


def test_the_plain_path_imports_nothing_of_jobs(archive):
    code = (
        "import sys; from xborder_tagger.cli import run; assert run(['tag', 'one.txt']) == 0;"
        "print([name for name in sys.modules if name.startswith(('xborder_tagger.jobs', 'tqdm', 'fcntl'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=archive)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
