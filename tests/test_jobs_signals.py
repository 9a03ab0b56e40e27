"""`tag -o` and signals: a job ends after its batch or at once, and the same command goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from archives import lines, wait_for

from xborder_tagger.cli.stopping import Stopping

EACH_BATCH = {"XBORDER_TAGGER_CHECKPOINT": "0"}


@contextmanager
def waiting_job(archive):
    """A job that has done 512 documents and waits for more; the process and the stream that it reads."""
    line = [sys.executable, "-m", "xborder_tagger", "tag", "-", "--format", "jsonl", "-o", "out"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(line, cwd=archive, env=os.environ | EACH_BATCH, **pipes) as process:
        process.stdin.write(lines(512))
        process.stdin.flush()
        wait_for(lambda: (archive / "out.part").exists() and (archive / "out.part").read_bytes().count(b"\n") == 512)
        yield process


def notice(process):
    return process.stderr.readline() + process.stderr.readline()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_after_the_batch_and_the_same_command_goes_on(job, archive, number):
    with waiting_job(archive) as process:
        process.send_signal(number)
        assert b"stopping after this batch; once more to stop at once" in notice(process)
        _, errors = process.communicate(lines(900)[len(lines(512)) :], timeout=60)
    assert process.returncode == 130
    assert b"stopped after 768 documents, all of them kept; run the same command again to go on" in errors
    assert (archive / "out.part").read_bytes().count(b"\n") == 768
    goes_on(job, archive)


def test_a_second_signal_ends_at_once_and_the_same_command_goes_on(job, archive):
    with waiting_job(archive) as process:
        process.send_signal(signal.SIGINT)
        notice(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert b"stopped at once; what the last checkpoint holds is kept; run the same" in process.stderr.read()
    goes_on(job, archive)


def goes_on(job, archive):
    assert job("-", "--format", "jsonl", input=lines(900)).returncode == 0
    ids = [json.loads(line)["id"] for line in (archive / "out").read_text().splitlines()]
    assert ids == list(range(900))


def test_the_batch_may_take_so_long_after_the_first_signal_and_no_longer(monkeypatch):
    monkeypatch.setattr("xborder_tagger.cli.stopping.GRACE", 1)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    with Stopping() as stop:
        assert not stop.asked()
        signal.raise_signal(signal.SIGTERM)
        assert stop.asked()
        with pytest.raises(KeyboardInterrupt):
            time.sleep(10)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)] == before


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Stopping() as stop:
            signal.raise_signal(signal.SIGINT)
            assert not stop.asked()
    finally:
        signal.signal(signal.SIGINT, before)
