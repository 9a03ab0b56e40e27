"""Packed inputs: read as what is in them; damage and bombs cost what comes after."""

import gzip
import json
import os
import subprocess
import sys

import pytest
from backports import zstd

from tests.inputs import STORY, codes, items, only, page, written
from xborder_tagger.io.records import Record

ROWS = [{"id": n, "text": f"{n} {STORY}"} for n in range(3000)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl.gz", gzip.compress), ("a.zst", zstd.compress)])
def test_packed_lines_are_read(tmp_path, name, pack):
    path = written(tmp_path / name, pack(LINES[:1000]) + pack(LINES[1000:]))  # two members, one after the other
    found = items(path)
    assert [(r.id, r.text) for r in found] == [(row["id"], row["text"]) for row in ROWS]
    assert items(path, start=2990) == found[2990:]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.txt.gz", STORY), ("a.csv.gz", f'id,text\n1,"{STORY}"\n'), ("a.html.gz", page(f"<p>{STORY}</p>"))],
)
def test_other_formats_of_text_are_read_packed(tmp_path, name, data):
    assert only(written(tmp_path / name, gzip.compress(data.encode()))).text == STORY


def test_a_file_is_unpacked_by_what_it_is_and_not_by_its_name(tmp_path):
    assert only(written(tmp_path / "a.gz", STORY)).text == STORY
    assert only(written(tmp_path / "a.txt", gzip.compress(STORY.encode()))).text == STORY


def test_packed_standard_input_is_read():
    done = subprocess.run(
        [sys.executable, "-m", "xborder_tagger", "tag", "-", "--format", "jsonl"],
        input=gzip.compress(LINES),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [row["id"] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "pack", "damage"),
    [
        ("a.jsonl.gz", gzip.compress, "cut off"),
        ("a.jsonl.zst", zstd.compress, "cut off"),
        ("a.jsonl.gz", gzip.compress, "changed"),  # Zstandard has a checksum only on request
    ],
)
def test_what_comes_before_the_damage_is_kept(tmp_path, name, pack, damage):
    noise = [{"id": n, "text": os.urandom(300).hex()} for n in range(3000)]
    packed = bytearray(pack("".join(json.dumps(row) + "\n" for row in noise).encode()))
    if damage == "cut off":
        del packed[-len(packed) // 3 :]
    else:
        packed[-len(packed) // 3 : -len(packed) // 3 + 100] = b"\xff" * 100
    path = written(tmp_path / name, packed)
    found = items(path)
    assert codes(found)[-1] == "damaged_archive"
    assert found[-1].index == len(found) - 1
    whole = [item.text for item in found if isinstance(item, Record)]
    assert len(whole) > 1800  # of 2,000 before the damage
    assert whole[:100] == [row["text"] for row in noise[:100]]
    assert items(path, start=len(found)) == []
    assert items(path, start=len(found) - 1) == found[-1:]


@pytest.mark.parametrize(("name", "pack"), [("bomb.txt.gz", gzip.compress), ("bomb.txt.zst", zstd.compress)])
def test_a_document_that_swells_is_a_bomb(tmp_path, name, pack):
    path = written(tmp_path / name, pack(b"a" * (2 << 20)))
    found = only(path, max_bytes=1 << 20)
    assert found.code == "decompression_bomb"
    assert f"{path.stat().st_size:,} bytes unpack to more than" in found.message
    honest = written(tmp_path / "long.txt.gz", gzip.compress(os.urandom(1 << 20).hex().encode()))
    assert only(honest, max_bytes=1 << 20).code == "too_large"


def test_lines_that_swell_beyond_what_text_can_are_a_bomb(tmp_path):
    path = written(tmp_path / "bomb.jsonl.gz", gzip.compress(b'{"id": 1, "text": "x"}\n' + b"a" * (18 << 20)))
    found = items(path, max_bytes=1 << 20)
    assert codes(found) == [None, "decompression_bomb"]


def test_lines_that_repeat_themselves_are_none(tmp_path):
    line = json.dumps({"id": 1, "text": STORY}).encode() + b"\n"
    path = written(tmp_path / "same.jsonl.zst", zstd.compress(line * 20_000))
    assert codes(items(path, max_bytes=1 << 20)) == [None] * 20_000


def test_a_packed_file_in_a_packed_file_is_told(tmp_path):
    path = written(tmp_path / "a.txt.gz", gzip.compress(gzip.compress(STORY.encode())))
    assert only(path).code == "unsupported_format"


def test_unpacking_is_ended_when_nobody_reads_on(tmp_path, monkeypatch):
    from xborder_tagger.io import sandbox, worker
    from xborder_tagger.io.read import read
    from xborder_tagger.io.sources import find

    started = []
    start = worker._started
    monkeypatch.setattr(worker, "_started", lambda memory: started.append(start(memory)) or started[-1])
    sandbox._end_all()
    noise = "".join(json.dumps({"text": os.urandom(500).hex()}) + "\n" for _ in range(5000))
    path = written(tmp_path / "a.jsonl.gz", gzip.compress(noise.encode()))
    reader = read(find([str(path)])[0])
    next(reader)
    reader.close()
    assert started[0].poll() is not None
