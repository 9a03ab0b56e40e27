"""A small archive to tag, and jobs over it that stop early."""

import io
import json
import time
from contextlib import contextmanager
from pathlib import Path

from xborder_tagger.cli.archive import Archive
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.sources import find
from xborder_tagger.io.write import WriteOptions
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.tagger import load

TEXTS = (
    "Police seized 40 kg of heroin.",
    "The choir sang.",
    "Ministers signed a memorandum.",
    "",
    "ตำรวจ \ud800",
    "Ö" * 50,
)


def lines(count):
    return b"".join(json.dumps({"id": n, "text": f"{n} {TEXTS[n % 4]}"}).encode() + b"\n" for n in range(count))


def archive_of(*paths, tagger=None, explain=False):
    """The work of tagging inputs to JSON lines."""
    wanted = WriteOptions(explain=explain)
    return Archive(find(paths), tagger=tagger or load(), form="jsonl", options=ReadOptions(), wanted=wanted)


def stop_early(*paths):
    """A job in the present folder that stopped after its first batch."""
    work = archive_of(*paths)
    with RealDisk() as disk:
        assert not Job(work, Path("out"), disk=disk).run(stop=lambda: True).complete


@contextmanager
def standard_input(data, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
        yield


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
