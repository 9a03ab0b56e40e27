"""`tag -o` goes on with its own job only: other inputs, options, streams or kernels are told apart."""

import json
import os
import re

import pytest
from archives import archive_of, lines, standard_input, stop_early

from xborder_tagger.cli.archive import LISTED_INPUTS
from xborder_tagger.kernel import VARIABLE, kernels


def test_another_stream_is_refused_and_the_same_one_goes_on(here, archive, monkeypatch):
    with standard_input(lines(1000), monkeypatch):
        stop_early("-")
    for wrong in (lines(1000).replace(b"heroin", b"cocaine", 1), lines(100), b""):
        with standard_input(wrong, monkeypatch):
            status, message = here("-", "--format", "jsonl")
        assert status == 7
        assert message.startswith("stdin: its first 256 documents are not the ones that were done; give the same")
    with standard_input(lines(1100), monkeypatch):
        assert here("-", "--format", "jsonl") == (0, "")
    ids = [json.loads(line)["id"] for line in (archive / "out").read_text().splitlines()]
    assert ids == list(range(1100))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("in.jsonl", "--format", "csv"), 'format was "jsonl", is "csv"'),
        (("one.txt", "--format", "jsonl"), 'inputs 1 was {"path": "in.jsonl"'),
        (("in.jsonl", "one.txt", "--format", "jsonl"), "inputs 2 was nothing"),
        (("in.jsonl", "--format", "jsonl", "--explain"), "writing.explain was false, is true"),
        (("in.jsonl", "--format", "jsonl", "--input-format", "txt"), 'reading.format was "auto", is "txt"'),
    ],
)
def test_other_options_or_inputs_are_another_job(here, change, named):
    stop_early("in.jsonl")
    status, message = here(*change)
    assert status == 7
    assert f"out.journal: is of another job: {named}" in message
    assert "--restart" in message
    assert here(*change, "--restart")[0] in (0, 3)


def test_a_job_in_the_folder_that_it_reads_goes_on(here, archive):
    stop_early("in.jsonl", "one.txt", "two.txt")
    (archive / "out.lock").touch()
    assert here(".", "--format", "jsonl")[0] == 7  # by other names
    assert here(".", "--format", "jsonl", "--restart") == (3, "")
    first = (archive / "out").read_bytes()
    assert here(".", "--format", "jsonl", "--restart") == (3, "")
    assert (archive / "out").read_bytes() == first


def test_a_changed_input_is_another_job(here, archive):
    stop_early("in.jsonl")
    os.utime(archive / "in.jsonl", ns=(0, 0))
    status, message = here("in.jsonl", "--format", "jsonl")
    assert status == 7
    assert re.search(r'inputs 1 was .*"modified": \d+.*, is .*"modified": 0', message)


def test_another_kernel_is_another_job(here, monkeypatch):
    if len(kernels()) < 2:
        pytest.skip("the compiled kernel is not installed")
    monkeypatch.setenv(VARIABLE, "native")
    stop_early("in.jsonl")
    monkeypatch.setenv(VARIABLE, "numpy")
    status, message = here("in.jsonl", "--format", "jsonl")
    assert status == 7
    assert 'kernel was "native", is "numpy"' in message


def test_the_command_says_in_one_line_why_it_does_not_go_on(job, archive, monkeypatch):
    monkeypatch.chdir(archive)
    stop_early("in.jsonl")
    done = job("one.txt")
    assert done.returncode == 7
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"xborder-tagger: out.journal: is of another job")


def test_many_inputs_are_one_digest_in_the_journal(archive, tagger):
    paths = [str(archive / "one.txt")] * (LISTED_INPUTS + 1)
    inputs = archive_of(*paths, tagger=tagger).fingerprint["inputs"]
    assert inputs["files"] == LISTED_INPUTS + 1
    assert len(json.dumps(inputs)) < 200
    os.utime(archive / "one.txt", ns=(0, 0))
    assert archive_of(*paths, tagger=tagger).fingerprint["inputs"]["digest"] != inputs["digest"]
