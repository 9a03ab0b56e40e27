"""`tag -o`: what people see of a job, its exit statuses, and that stopping and going on changes no byte."""

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from xborder_tagger.cli import cli
from xborder_tagger.cli.archive import LISTED_INPUTS, Archive
from xborder_tagger.cli.exits import Exit, status_of
from xborder_tagger.cli.progress import Lines, Progress
from xborder_tagger.cli.stopping import Stopping
from xborder_tagger.cli.summary import summary
from xborder_tagger.cli.tag import tag
from xborder_tagger.errors import TaggerError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import read_parts
from xborder_tagger.io.sources import find
from xborder_tagger.io.write import WriteOptions
from xborder_tagger.jobs import Job, Tally
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.kernel import VARIABLE, kernels
from xborder_tagger.tagger import load

EACH_BATCH = {"XBORDER_TAGGER_CHECKPOINT": "0"}
TEXTS = (
    "Police seized 40 kg of heroin.",
    "The choir sang.",
    "Ministers signed a memorandum.",
    "",
    "ตำรวจ \ud800",
    "Ö" * 50,
)


@pytest.fixture
def archive(tmp_path):
    """A folder with a JSONL file of 600 documents, six of them bad, and two plain texts."""
    rows = [json.dumps({"id": n, "text": TEXTS[n % 6], "outlet": "KPL"}) if n % 100 else "{bad" for n in range(600)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows) + "\n")
    (tmp_path / "one.txt").write_text("Six officers joined a training course abroad.")
    (tmp_path / "two.txt").write_bytes(b"caf\xe9")
    return tmp_path


@pytest.fixture
def job(command, archive):
    """Run ``tag ... -o out`` in the archive's folder."""

    def run(*arguments, **options):
        return command(["tag", *arguments, "-o", "out"], cwd=archive, **options)

    return run


@pytest.fixture
def here(archive, monkeypatch):
    """Run the command in this process: its status and what it says."""
    monkeypatch.chdir(archive)

    def run(*arguments):
        try:
            return cli.main(["tag", *arguments, "-o", "out", "--quiet"], standalone_mode=False), ""
        except TaggerError as error:
            return status_of(error), str(error)
        except click.UsageError as error:
            return Exit.USAGE, error.message

    return run


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def lines(count):
    return b"".join(json.dumps({"id": n, "text": f"{n} {TEXTS[n % 4]}"}).encode() + b"\n" for n in range(count))


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


@pytest.mark.parametrize("kernel", sorted(kernels()))
@pytest.mark.parametrize("explain", [False, True])
def test_no_byte_of_a_document_depends_on_its_batch(archive, monkeypatch, kernel, explain):
    monkeypatch.setenv(VARIABLE, kernel)
    monkeypatch.chdir(archive)
    (archive / "few.jsonl").write_bytes(lines(20 if explain else 260))
    work = archive_of("few.jsonl", "one.txt", explain=explain)
    outputs = set()
    for size in (1, 7, 256):
        monkeypatch.setattr("xborder_tagger.cli.batches.BATCH_SIZE", size)
        outputs.add(b"".join(step.output for step in work.steps(None)))
    assert len(outputs) == 1


def test_long_documents_come_in_small_batches(archive, monkeypatch, tagger):
    monkeypatch.setattr("xborder_tagger.cli.batches.BATCH_CHARACTERS", 1000)
    work = archive_of(str(archive / "in.jsonl"), tagger=tagger)
    steps = list(work.steps(None))
    assert max(step.tally.documents for step in steps) < 100
    assert sum(step.tally.documents for step in steps) == 594


def test_bytes_read_are_those_of_the_inputs_from_any_place_on(archive, monkeypatch, tagger):
    monkeypatch.chdir(archive)
    work = archive_of("one.txt", "in.jsonl", "two.txt", tagger=tagger)
    total = sum((archive / name).stat().st_size for name in ("one.txt", "in.jsonl", "two.txt"))
    assert work.size == total
    steps = list(work.steps(None))
    assert sum(step.tally.bytes for step in steps) == total
    for place, step in enumerate(steps, 1):
        rest = list(work.steps(json.loads(json.dumps(step.position))))
        assert b"".join(one.output for one in rest) == b"".join(one.output for one in steps[place:])
        assert sum(one.tally.bytes for one in [*steps[:place], *rest]) == total


def test_the_plain_path_imports_nothing_of_jobs(archive):
    code = (
        "import sys; from xborder_tagger.cli import run; assert run(['tag', 'one.txt']) == 0;"
        "print([name for name in sys.modules if name.startswith(('xborder_tagger.jobs', 'tqdm', 'fcntl'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=archive)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def clock(*readings):
    return iter(readings).__next__


def test_off_a_terminal_there_is_a_line_a_minute():
    now, said = [0.0], []
    shown = Lines(10_000_000, clock=lambda: now[0], write=said.append)
    shown.begin(Tally(documents=1000, bytes=1_000_000))
    for second in range(1, 131):
        now[0] = second
        shown.update(Tally(1000 + 100 * second, 1_000_000 + 20_000 * second, rejected={"not_json": 7}))
    assert said == [
        "7,007 documents, 100 documents/s, 0.0 MB/s, 7 quarantined, 0:06:30 left",
        "13,007 documents, 100 documents/s, 0.0 MB/s, 7 quarantined, 0:05:30 left",
    ]
    endless = Lines(None, interval=0, clock=lambda: now[0], write=said.append)
    endless.begin(Tally())
    endless.update(Tally(documents=5))
    assert said[-1].endswith("0 quarantined")


def on_a_terminal(archive, code):
    """What a program shows on a terminal."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 120))
    done = subprocess.run(
        [sys.executable, "-c", code], stderr=slave, stdout=subprocess.DEVNULL, cwd=archive, timeout=60
    )
    os.close(slave)
    with os.fdopen(master, "rb") as terminal:
        shown = terminal.read1(1 << 16).decode()
    return done.returncode, shown


COMMAND = "import sys; from xborder_tagger.cli import run; sys.exit(run(['tag', 'in.jsonl', '-o', 'out']))"


def test_on_a_terminal_there_is_a_bar(archive):
    status, shown = on_a_terminal(archive, COMMAND)
    assert status == 3
    assert re.search(r"100%\|.*\| [\d.]+k/[\d.]+k, [\d,]+ documents/s, [\d.]+ MB/s, 6 quarantined, 00:00 left", shown)
    assert "out: 594 documents in" in shown


def test_without_tqdm_a_terminal_gets_lines(archive):
    status, shown = on_a_terminal(archive, f"import sys; sys.modules['tqdm'] = None; {COMMAND}")
    assert status == 3
    assert "%|" not in shown
    assert "out: 594 documents in" in shown


def test_the_summary_of_a_clean_job_has_no_quarantine():
    shown = Progress(None, clock=clock(0.0, 0.0, 2.0))
    shown.begin(Tally())
    tally = Tally(2000, 3_000_000, {"mou": 3, "drugs": 7}, {}, {})
    shown.update(tally)
    assert summary("out", tally, shown).splitlines() == [
        "out: 2,000 documents in 0:00:02, 1,000 documents/s, 1.5 MB/s",
        "  tags         drugs 7, mou 3",
        "  flags        none",
    ]


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
