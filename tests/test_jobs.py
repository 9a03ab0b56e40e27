"""Jobs on the real disk with work that has no format: going on, refusing, replacing, locking."""

import fcntl
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.fake_work import FakeWork
from xborder_tagger.errors import InputError, JobError, JobMismatchError, OutputError
from xborder_tagger.jobs import Job, Tally
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.jobs.fingerprint import difference
from xborder_tagger.jobs.journal import Journal
from xborder_tagger.jobs.pace import SHARE, Pace
from xborder_tagger.jobs.paths import Paths


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path / "out")


@pytest.fixture
def work():
    return FakeWork()


def run(work, paths, **options):
    with RealDisk() as disk:
        return Job(work, paths.out, disk=disk, pace=Pace(size=0)).run(**options)


def after(batches):
    """Stop after so many batches."""
    countdown = iter(range(batches - 1, -1, -1))
    return lambda: next(countdown) == 0


def names(paths):
    return {path.name for path in paths.folder.iterdir()}


@pytest.mark.parametrize("assembled", [False, True])
def test_a_finished_job_leaves_output_and_quarantine_and_nothing_else(work, paths, assembled):
    work = replace(work, assembled=assembled)
    reached = run(work, paths)
    assert reached.complete
    assert reached.tally == Tally(16, 20, {"drugs": 16}, {}, {"bad": 4})
    assert paths.out.read_bytes() == work.output()
    assert paths.quarantine.read_bytes() == work.quarantine()
    assert names(paths) == {"out", "out.quarantine.jsonl"}


def test_without_bad_documents_there_is_no_quarantine(work, paths):
    run(replace(work, rejects=False), paths)
    assert names(paths) == {"out"}


@pytest.mark.parametrize("assembled", [False, True])
def test_a_stopped_job_goes_on_where_it_was(work, paths, assembled):
    work = replace(work, assembled=assembled)
    runs = [run(work, paths, stop=after(1)) for _ in range(3)]
    assert [reached.complete for reached in runs] == [False] * 3
    positions = [reached.position["next"] for reached in runs]
    assert positions == sorted(set(positions))
    assert not paths.out.exists()
    assert not paths.lock.exists()
    reached = run(work, paths)
    assert reached.tally.documents == 16
    assert paths.out.read_bytes() == work.output()
    assert paths.quarantine.read_bytes() == work.quarantine()


def test_the_watcher_hears_of_earlier_runs_and_of_each_batch(work, paths):
    class Watcher:
        begun, updates = None, []

        def begin(self, tally):
            self.begun = tally

        def update(self, tally):
            self.updates.append(tally)

    stopped = run(work, paths, stop=after(2)).tally
    watcher = Watcher()
    finished = run(work, paths, watcher=watcher).tally
    assert watcher.begun == stopped
    assert watcher.updates[-1] == finished
    assert all(
        earlier.bytes < later.bytes for earlier, later in zip(watcher.updates, watcher.updates[1:], strict=False)
    )


def test_work_without_documents_gives_the_header(work, paths):
    assert run(replace(work, count=0), paths).complete
    assert paths.out.read_bytes() == b"header\n"


def test_a_torn_journal_counts_up_to_the_tear(work, paths):
    run(work, paths, stop=after(3))
    whole = paths.journal.read_bytes()
    for end in range(len(whole) - 1, whole.index(b"\n") + 1, -41):
        paths.journal.write_bytes(whole[:end] + b"\0" * (len(whole) - end))
        run(work, paths, stop=after(1))
        assert b"\0" not in paths.journal.read_bytes()
    run(work, paths)
    assert paths.out.read_bytes() == work.output()


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_flipped_bit_ends_the_journal_there(work, paths, place):
    run(work, paths, stop=after(4))
    data = bytearray(paths.journal.read_bytes())
    first = data.index(b"\n") + 1
    data[first + int((len(data) - first) * place)] ^= 1
    paths.journal.write_bytes(data)
    run(work, paths)
    assert paths.out.read_bytes() == work.output()


def test_a_record_counts_only_after_all_before_it(work, paths):
    """A disk may write the last block of the journal and not the one before."""
    run(work, paths, stop=after(4))
    first, *others = paths.journal.read_bytes().splitlines(keepends=True)
    paths.journal.write_bytes(first + others[0] + others[-1])
    with RealDisk() as disk:
        _, last = Journal(paths, disk).first_and_last()
    assert last == json.loads(others[0][9:-10])


def test_another_job_is_refused_and_the_difference_named(work, paths):
    run(work, paths, stop=after(1))
    before = paths.journal.read_bytes()
    with pytest.raises(JobMismatchError, match=r"count was 20, is 21; give what was given then.*--restart"):
        run(replace(work, count=21), paths)
    assert paths.journal.read_bytes() == before


def test_restart_discards_what_was_done(work, paths):
    run(work, paths, stop=after(3))
    other = replace(work, count=7)
    run(other, paths, restart=True)
    assert paths.out.read_bytes() == other.output()
    assert paths.quarantine.read_bytes() == other.quarantine()


@pytest.mark.parametrize("name", ["out", "quarantine"])
def test_a_finished_output_is_not_overwritten(work, paths, name):
    file = getattr(paths, name)
    file.write_text("mine")
    with pytest.raises(JobError, match=f"{file.name}: is there already"):
        run(work, paths)
    assert names(paths) == {file.name}
    assert file.read_text() == "mine"


def test_restart_keeps_a_finished_output_until_the_new_one_is_whole(work, paths):
    paths.out.write_text("old")
    paths.quarantine.write_text("old")
    clean = replace(work, rejects=False)
    run(clean, paths, restart=True, stop=after(2))
    assert paths.out.read_text() == "old"
    run(clean, paths)
    assert paths.out.read_bytes() == clean.output()
    assert names(paths) == {"out"}


@pytest.mark.parametrize("name", ["part", "quarantine_part"])
def test_a_part_without_a_journal_is_not_overwritten(work, paths, name):
    getattr(paths, name).write_text("a week of work")
    with pytest.raises(JobMismatchError, match="its journal is missing or damaged; --restart"):
        run(work, paths)
    assert getattr(paths, name).read_text() == "a week of work"
    assert run(work, paths, restart=True).complete


@pytest.mark.parametrize("name", ["part", "quarantine_part"])
def test_a_part_that_something_else_cut_is_refused(work, paths, name):
    run(work, paths, stop=after(5))
    part = getattr(paths, name)
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(JobMismatchError, match="bytes where the journal counts"):
        run(work, paths)


def test_what_was_appended_to_a_part_is_cut_off(work, paths):
    run(work, paths, stop=after(3))
    with paths.part.open("ab") as file:
        file.write(b"half a docum")
    run(work, paths)
    assert paths.out.read_bytes() == work.output()


def test_a_folder_that_is_not_there_is_one_line(work, tmp_path):
    with pytest.raises(OutputError, match=r"none/out.lock: No such file or directory; what is done is kept"):
        run(work, Paths(tmp_path / "none" / "out"))


def test_input_that_breaks_off_keeps_what_is_done(work, paths):
    class Broken(FakeWork):
        def steps(self, position):
            yield from list(FakeWork.steps(self, position))[:3]
            raise OSError(5, "Input/output error", "in.jsonl")

    with pytest.raises(InputError, match=r"in.jsonl: cannot be read on \(Input/output error\)"):
        run(Broken(), paths)
    assert paths.part.read_bytes()
    run(work, paths)
    assert paths.out.read_bytes() == work.output()


def test_a_second_process_is_kept_out_until_the_first_ends(work, paths):
    code = (
        "import sys; from pathlib import Path; from xborder_tagger.jobs.disk import RealDisk\n"
        "with RealDisk().lock(Path(sys.argv[1])):\n    print('locked', flush=True); sys.stdin.read()"
    )
    line = [sys.executable, "-c", code, str(paths.lock)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(JobError, match="another process is at work on this job"):
            run(work, paths)
    assert run(work, paths).complete


def test_a_lock_that_a_crash_left_behind_means_nothing(work, paths):
    paths.lock.touch()
    assert run(work, paths).complete
    assert not paths.lock.exists()


def test_the_lock_of_a_file_that_was_removed_meanwhile_is_no_lock(tmp_path, monkeypatch):
    """Its holder may end, and remove it, between our open and our flock."""
    path, flock = tmp_path / "lock", fcntl.flock
    holders_end = iter([path.unlink])
    monkeypatch.setattr("fcntl.flock", lambda *arguments: (next(holders_end, str)(), flock(*arguments)))
    with RealDisk().lock(path):
        assert path.exists()
        with pytest.raises(JobError), RealDisk().lock(path):
            pass


def test_the_journal_can_be_read_by_people(work, paths):
    run(work, paths, stop=after(2))
    first, *others = paths.journal.read_text().splitlines()
    assert json.loads(first[9:-9]) == {"journal format": 1, **work.fingerprint}
    assert json.loads(others[-1][9:-9])["tally"]["documents"] > 0


def test_differences_are_named_in_one_line():
    before = {"model": "a", "inputs": [{"path": "x", "size": 1}, {"path": "y", "size": 2}]}
    assert difference(before, json.loads(json.dumps(before))) is None
    assert difference(before, before | {"model": "b"}) == 'model was "a", is "b"'
    other = before | {"inputs": [{"path": "x", "size": 1}, {"path": "y", "size": 3}]}
    assert difference(before, other) == ('inputs 2 was {"path": "y", "size": 2}, is {"path": "y", "size": 3}')
    assert difference(before, before | {"inputs": before["inputs"][:1]}).endswith("is nothing")
    assert difference({"options": {"a": 1}}, {"options": {}}) == "options.a was 1, is nothing"
    assert len(difference({"text": "x" * 1000}, {"text": "y"})) < 300


def test_checkpoints_wait_longer_on_a_slow_disk_and_come_sooner_for_much_output():
    now = [0.0]
    pace = Pace(seconds=5, size=1000, clock=lambda: now[0])
    pace.start()
    assert not pace.due(999)
    assert pace.due(1000)
    now[0] = 5.0
    assert pace.due(0)
    with pace.checkpoint():
        now[0] += 1.0  # what it took
    now[0] += 0.99 / SHARE
    assert not pace.due(0)
    now[0] += 0.02 / SHARE
    assert pace.due(0)


def test_tallies_add_up_and_survive_the_journal():
    one = Tally(1, 10, {"drugs": 1}, {"empty_text": 1}, {})
    two = Tally(2, 20, {"drugs": 1, "mou": 2}, {}, {"not_json": 1})
    both = one + two
    assert both == Tally(3, 30, {"drugs": 2, "mou": 2}, {"empty_text": 1}, {"not_json": 1})
    assert (both.quarantined, both.handled) == (1, 4)
    assert both == Tally() + both


def test_a_quarantined_text_with_lone_surrogates_is_json():
    from tests.crash.fake_work import Bad
    from xborder_tagger.jobs.quarantine import lines

    line = lines([Bad("x:1", "bad", "lone \ud800, เ and \u2028")])
    assert line.count(b"\n") == 1
    assert json.loads(line)["message"] == "lone \ud800, เ and \u2028"
    assert "เ".encode() in line


def test_a_disk_that_takes_a_part_at_a_time_gets_all(tmp_path, monkeypatch):
    import os

    whole = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, bytes(data[:3])))
    with RealDisk() as disk:
        disk.append(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_paths_are_beside_the_output():
    paths = Paths(Path("a/b.jsonl"))
    assert paths.journal == Path("a/b.jsonl.journal")
    assert paths.quarantine == Path("a/b.jsonl.quarantine.jsonl")
    assert paths.folder == Path("a")
