"""Which inputs some paths stand for."""

import errno
import io
import os

import pytest

from tests.inputs import codes, items, only, written
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.sources import find


def names(*paths) -> list[str]:
    return [source.name for source in find(map(str, paths))]


def test_a_folder_stands_for_its_files_sorted_and_without_hidden_ones(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/b/y.txt", ".git/x.txt", ".hidden.txt", "B.txt", "10.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        written(tmp_path / name, "x")
    wanted = ["10.txt", "B.txt", "a/b/y.txt", "a/z.txt", "b.txt"]
    assert names(tmp_path) == [str(tmp_path / name) for name in wanted]


def test_a_pattern_stands_for_what_it_matches_and_a_file_of_that_very_name_for_itself(tmp_path):
    for name in ("b.txt", "a.txt", "c.md", "in/d.txt", "[1].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path / name, "x")
    assert names(tmp_path / "*.md", tmp_path / "?.txt") == [str(tmp_path / n) for n in ("c.md", "a.txt", "b.txt")]
    assert str(tmp_path / "in/d.txt") in names(tmp_path / "**/*.txt")
    assert names(tmp_path / "[1].txt") == [str(tmp_path / "[1].txt")]


def test_a_source_has_what_a_fingerprint_needs(tmp_path):
    path = written(tmp_path / "a.txt", "four")
    os.utime(path, ns=(1, 1_700_000_000_000_000_001))
    (source,) = find([str(path)])
    assert (source.size, source.mtime) == (4, 1_700_000_000_000_000_001)
    (standard,) = find(["-"])
    assert (standard.name, standard.size, standard.mtime, standard.problem) == ("stdin", None, None, None)


@pytest.mark.parametrize(("path", "code"), [("none.txt", "missing"), ("*.csv", "missing"), ("a\0b", "unreadable")])
def test_what_is_not_there_becomes_one_reject(tmp_path, path, code):
    found = only(f"{tmp_path}/{path}")
    assert isinstance(found, Rejected)
    assert (found.code, found.index, found.source) == (code, 0, f"{tmp_path}/{path}")


def test_a_file_in_the_place_of_a_folder_is_missing_and_an_empty_folder_too(tmp_path):
    written(tmp_path / "a.txt", "x")
    (tmp_path / "empty").mkdir()
    assert codes([only(tmp_path / "a.txt" / "b.txt"), only(tmp_path / "empty")]) == ["missing", "missing"]


def test_a_link_that_leads_back_up_is_told_and_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    written(tmp_path / "in" / "a.txt", "one")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    found = items(tmp_path)
    assert codes(found) == [None, "symlink_loop"]
    assert "leads back to a folder it lies in" in found[1].message


def test_a_link_to_itself_is_told(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert codes(items(tmp_path)) == ["symlink_loop"] * 2
    assert only(tmp_path / "a").code == "symlink_loop"


def test_a_link_beside_its_folder_is_followed(tmp_path):
    (tmp_path / "one").mkdir()
    written(tmp_path / "one" / "a.txt", "x")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    assert names(tmp_path) == [str(tmp_path / "one/a.txt"), str(tmp_path / "two/a.txt")]


def test_a_file_that_is_gone_when_its_turn_comes_is_one_reject(tmp_path):
    from xborder_tagger.io.read import read

    (source,) = find([str(written(tmp_path / "a.txt", "x"))])
    os.unlink(source.path)
    assert codes(list(read(source))) == ["missing"]


def test_an_unreadable_file_does_not_stop_the_others(tmp_path, monkeypatch):
    def refuse(path):
        if path.endswith("a.txt"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return file_io(path)

    file_io = io.FileIO
    monkeypatch.setattr("xborder_tagger.io.read.io.FileIO", refuse)
    written(tmp_path / "a.txt", "x")
    written(tmp_path / "b.txt", "x")
    found = items(tmp_path)
    assert codes(found) == ["unreadable", None]
    assert found[0].message.startswith("Permission denied; give the path")


def test_a_name_that_is_no_utf8_is_read_and_named(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(b"x")
    found = only(tmp_path)
    assert isinstance(found, Record)
    assert os.fsencode(found.id) == path


def test_a_pipe_is_read_once(tmp_path):
    import threading

    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(b'{"id": 1, "text": "x"}\n'))
    writer.start()
    found = only(fifo)
    writer.join()
    assert isinstance(found, Record)
    assert found.id == 1
