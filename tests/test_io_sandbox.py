"""The child process: whatever a parser does in it costs one document, and the next one is read."""

import errno
import gzip
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.inputs import STORY, codes, items, only, page, written
from xborder_tagger.errors import InputError, MissingExtraError
from xborder_tagger.io import sandbox, worker
from xborder_tagger.io.options import ReadOptions

# In the place of trafilatura: does what the page tells it to.
PARSER = """
import ctypes, os, sys

class Document:
    title = date = None
    def __init__(self, text): self.text = text

def bare_extraction(html, **options):
    what = html.split("|")[1] if "|" in html else ""
    if what == "segfault": ctypes.string_at(0)
    if what == "abort": os.abort()
    if what == "exit": os._exit(3)
    if what == "loop":
        while True: pass
    if what == "eat": return Document(str(len(bytearray(4 << 30))))
    if what == "eat and die":
        held = []
        try:
            while True: held.append(b"x" * (16 << 20))
        except MemoryError: os.abort()
    if what == "talk": return Document("x" * (3 << 20))
    if what == "fail": raise KeyError("surprise")
    if what == "recurse":
        def deeper(): return deeper()
        deeper()
    if what == "print":
        print("to standard output"); os.write(1, b"past all buffers"); print("to standard error", file=sys.stderr)
    return Document("fine")
"""


@pytest.fixture
def parser(tmp_path, monkeypatch):
    """Replace trafilatura, in a child of its own."""
    (tmp_path / "library").mkdir()
    written(tmp_path / "library" / "trafilatura.py", PARSER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    sandbox._end_all()
    yield
    sandbox._end_all()


@pytest.fixture
def started(monkeypatch):
    """The child processes that a test starts."""
    processes = []
    start = worker._started
    monkeypatch.setattr(worker, "_started", lambda memory: processes.append(start(memory)) or processes[-1])
    sandbox._end_all()
    yield processes
    sandbox._end_all()


@pytest.mark.parametrize(
    ("what", "code", "message"),
    [
        ("segfault", "parser_crashed", "SIGSEGV"),
        ("abort", "parser_crashed", "SIGABRT"),
        ("exit", "parser_crashed", "exit status 3"),
        ("fail", "parser_crashed", "KeyError: 'surprise'"),
        ("loop", "parser_timeout", "took too long"),
        ("eat", "parser_memory", "more than 209,715,200 bytes"),
        ("eat and die", "parser_memory", "more than 209,715,200 bytes"),
        ("talk", "too_large", "1,048,576 bytes"),
        ("recurse", "too_deep", "nested too deep"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_whatever_a_parser_does_costs_one_document(tmp_path, what, code, message):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, order in (("a", ""), ("b", what), ("c", "print"), ("d", "")):
        written(folder / f"{name}.html", f"<html>|{order}|")
    begun = time.monotonic()
    found = items(folder, parser_seconds=3.0, parser_memory=200 << 20, parser_output=1 << 20)
    assert codes(found) == [None, code, None, None]
    assert message in found[1].message
    assert what != "loop" or time.monotonic() - begun < 8  # when the child would end itself
    assert len(found[1].digest) == 64
    assert [found[n].text for n in (0, 2, 3)] == ["fine"] * 3


def test_one_child_reads_many_documents(started, tmp_path):
    for number in range(5):
        written(tmp_path / f"{number}.html", page(f"<p>{STORY}</p>"))
    assert codes(items(tmp_path)) == [None] * 5
    assert len(started) == 1


def test_a_child_that_was_killed_between_two_documents_is_replaced(started, tmp_path):
    path = written(tmp_path / "a.html", page(f"<p>{STORY}</p>"))
    assert only(path).text == STORY
    started[0].kill()
    started[0].wait()
    assert only(path).text == STORY
    assert len(started) == 2


def test_a_child_finds_files_wherever_the_reader_has_gone_to(started, tmp_path, monkeypatch):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        written(tmp_path / name / "a.txt.gz", gzip.compress(name.encode()))
        monkeypatch.chdir(tmp_path / name)
        assert only("a.txt.gz").text == name
    assert len(started) == 1


def test_a_child_with_other_limits_is_another(started, tmp_path):
    path = written(tmp_path / "a.html", page(f"<p>{STORY}</p>"))
    only(path)
    only(path, parser_memory=512 << 20)
    assert [process.poll() is None for process in started] == [False, True]


def test_two_readers_at_a_time_have_a_child_each(started, tmp_path):
    from xborder_tagger.io.read import read
    from xborder_tagger.io.sources import find

    path = written(tmp_path / "a.txt.gz", gzip.compress(os.urandom(1 << 20).hex(" ", 8).replace(" ", "\n").encode()))
    first, second = (read(find([str(path)])[0], ReadOptions(split="lines")) for _ in range(2))
    assert all(one == other for one, other in zip(first, second, strict=True))
    assert len(started) == 2


@pytest.mark.usefixtures("started")
def test_readers_in_several_threads_do_not_mix_up(tmp_path):
    for number in range(8):
        written(tmp_path / f"{number}.html", page(f"<p>{number}: {STORY}</p>"))
    results = []
    threads = [threading.Thread(target=lambda: results.append(items(tmp_path))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found) for found in results] == [8] * 3
    assert all(item.text.startswith(os.path.basename(item.id)[:-5] + ":") for found in results for item in found)


def test_a_fork_does_not_share_its_parents_child(started, tmp_path):
    path = written(tmp_path / "a.html", page(f"<p>{STORY}</p>"))
    only(path)
    child = os.fork()
    if not child:
        os._exit(0 if not sandbox._idle and only(path).text == STORY else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert only(path).text == STORY
    assert len(started) == 1


def test_the_child_ends_with_its_parent(tmp_path):
    path = written(tmp_path / "a.html", page(f"<p>{STORY}</p>"))
    code = (
        "import os, signal; from tests.inputs import only; from xborder_tagger.io import sandbox;"
        f"only({str(path)!r}); print(sandbox._idle[0]._process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid = int(done.stdout)
    for _ in range(200):
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.02)
    pytest.fail("the child is still there")


def test_ctrl_c_does_not_reach_the_child(started, tmp_path):
    only(written(tmp_path / "a.html", page(f"<p>{STORY}</p>")))
    assert os.getpgid(started[0].pid) != os.getpgid(0)


def test_a_missing_library_is_an_error_and_no_bad_document(tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    written(tmp_path / "library" / "trafilatura.py", "raise ModuleNotFoundError(name='trafilatura')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    sandbox._end_all()
    with pytest.raises(MissingExtraError, match=r"trafilatura is not installed; pip install 'xborder-tagger\[html\]'"):
        only(written(tmp_path / "a.html", page()))
    sandbox._end_all()


@pytest.mark.usefixtures("parser")
def test_a_child_whose_memory_was_full_is_not_used_again(started, tmp_path):
    for name, order in (("a", "eat"), ("b", "fail"), ("c", "")):
        written(tmp_path / f"{name}.html", f"<html>|{order}|")
    found = items(tmp_path / "*.html", parser_memory=200 << 20)
    assert codes(found) == ["parser_memory", "parser_crashed", None]
    assert len(started) == 2


def test_a_child_whose_time_was_up_just_as_it_was_done_is_not_used_again(started, tmp_path, monkeypatch):
    class Late(worker.Watch):
        def stop(self):
            super().stop()
            self.expired = True

    path = written(tmp_path / "a.html", page(f"<p>{STORY}</p>"))
    monkeypatch.setattr(worker, "Watch", Late)
    assert only(path).text == STORY
    monkeypatch.undo()
    assert only(path).text == STORY
    assert started[0].poll() is not None


def test_rows_that_are_not_sound_are_taken_from_no_child(tmp_path, monkeypatch):
    import pyarrow as pa

    broken = pa.record_batch({"text": pa.array([b"\xff"]).view(pa.string())})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, broken.schema) as stream:
        stream.write_batch(broken)
    rows = written(tmp_path / "rows", bytes(sink.getvalue()))
    answer = f"d = open({str(rows)!r}, 'rb').read(); o = sys.stdout.buffer; o.write(b'D' + len(d).to_bytes(8) + d)"
    monkeypatch.setattr(worker, "BOOT", f"import sys; sys.stdin.buffer.read(1); {answer}; o.write(b'E' + bytes(8))")
    sandbox._end_all()
    found = only(written(tmp_path / "a.parquet", "PAR1"))
    assert found.code == "parser_crashed"
    assert "no sound rows" in found.message


@pytest.mark.parametrize("after", ["", "; import time; time.sleep(60)"])
def test_a_child_that_breaks_the_frames_is_a_crash(started, tmp_path, monkeypatch, after):
    monkeypatch.setattr(worker, "PATIENCE", 0.2)
    frame = "sys.stdout.buffer.write(b'D' + b'\\xff' * 8); sys.stdout.buffer.flush()"
    monkeypatch.setattr(worker, "BOOT", f"import sys; sys.stdin.buffer.read(1); {frame}{after}")
    found = only(written(tmp_path / "a.html", page()))
    assert found.code == "parser_crashed"
    assert started[0].wait(5) is not None


def test_a_crash_is_told_from_a_lack_of_memory_however_large_the_reader_is(tmp_path):
    """The system counts the size of the process that started a child as the child's own."""
    path = written(tmp_path / "a.html", page())
    code = (
        "held = bytearray(600 << 20); from tests.inputs import only; from xborder_tagger.io import worker;"
        "worker.BOOT = 'import os; os.abort()';"
        f"print(only({str(path)!r}).code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "parser_crashed", done.stderr


def test_the_child_imports_neither_numpy_nor_the_rest_of_the_package(started, tmp_path):
    only(written(tmp_path / "a.html", page(f"<p>{STORY}</p>")))
    with open(f"/proc/{started[0].pid}/maps") as file:
        assert "numpy" not in file.read()


def test_no_process_to_be_had_is_an_error_and_no_bad_document(started, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(worker.subprocess, "Popen", refuse)
    with pytest.raises(InputError, match="no process for parsers can be started"):
        only(written(tmp_path / "a.html", page()))
    assert not started


def test_no_room_for_a_copy_of_standard_input_is_a_disk_problem(tmp_path):
    code = "import os; from xborder_tagger.cli import run; raise SystemExit(run(['tag', '-']))"
    script = (
        f'ulimit -f 1; exec {sys.executable} -c "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {code}"'
    )
    data = gzip.compress(os.urandom(1 << 16))
    done = subprocess.run(["bash", "-c", script], input=data, capture_output=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 6, done.stderr
    assert b"no room for a copy of stdin" in done.stderr
    assert b"TMPDIR" in done.stderr


def test_a_child_that_is_gone_does_not_end_a_command_that_closed_pipes_end(tmp_path):
    path = written(tmp_path / "a.html", page("x" * (1 << 20)))
    code = (
        "import signal; from tests.inputs import only; from xborder_tagger.io import worker;"
        "signal.signal(signal.SIGPIPE, signal.SIG_DFL); worker.BOOT = 'pass';"
        f"print([only({str(path)!r}).code for _ in range(3)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(["parser_crashed"] * 3)
