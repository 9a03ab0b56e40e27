"""A job from its first byte to its last, with any number of interruptions between."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from xborder_tagger.errors import InputError, OutputError
from xborder_tagger.jobs.begin import START, begin
from xborder_tagger.jobs.checkpoint import Checkpoint
from xborder_tagger.jobs.disk import Disk
from xborder_tagger.jobs.journal import Journal
from xborder_tagger.jobs.pace import Pace
from xborder_tagger.jobs.paths import Paths
from xborder_tagger.jobs.publish import publish
from xborder_tagger.jobs.store import Store
from xborder_tagger.jobs.tally import Tally
from xborder_tagger.jobs.work import Step, Watcher, Work


class Job:
    """One output and the work that makes it.

    Args:
        work: the documents.
        out: path of the output; the job's other files are beside it.
        disk: where they are.
        pace: how often what is done is made safe.
    """

    def __init__(self, work: Work, out: Path, *, disk: Disk, pace: Pace | None = None) -> None:
        self._work, self._paths, self._disk = work, Paths(out), disk
        self._journal = Journal(self._paths, disk)
        self._store = Store(self._paths, disk, self._journal, pace or Pace())

    def run(
        self,
        *,
        restart: bool = False,
        stop: Callable[[], bool] = lambda: False,
        watcher: Watcher | None = None,
    ) -> Checkpoint:
        """Begin the job, or go on where it was, until it is done.

        Args:
            restart: discard what an earlier run did, and replace a finished output.
            stop: asked after each batch; True ends the run with everything safe.
            watcher: told the counts so far, before the first batch and after each.

        Returns:
            Where the job is: complete, with the output under its name, or stopped.

        Raises:
            JobError: another process is at work on it, or the output is there already.
            JobMismatchError: what an earlier run left is of another job.
            InputError: the input cannot be read on; what is done is kept.
            OutputError: the disk refuses; what is done is kept.
        """
        watcher = watcher or _Nobody()
        with _disk_trouble(self._paths.out), self._disk.lock(self._paths.lock):
            reached = begin(self._work, self._paths, self._disk, self._journal, restart=restart)
            watcher.begin(reached.tally)
            if not reached.complete:
                reached = self._go_on(reached, stop, watcher)
            if reached.complete:
                publish(self._work, self._paths, self._disk, reached)
        return reached

    def _go_on(self, reached: Checkpoint, stop: Callable[[], bool], watcher: Watcher) -> Checkpoint:
        self._store.cut_back(reached)
        if reached == START:
            reached = self._store.begin(self._work.header, reached)
        with closing(_steps(self._work, reached)) as steps:
            for step in steps:
                reached = self._store.append(step, reached)
                watcher.update(reached.tally)
                stopping = stop()
                if stopping or self._store.due:
                    self._store.save(reached)
                if stopping:
                    return reached
        reached = replace(reached, complete=True)
        self._store.save(reached)
        return reached


class _Nobody:
    def begin(self, tally: Tally) -> None:
        pass

    def update(self, tally: Tally) -> None:
        pass


def _steps(work: Work, reached: Checkpoint) -> Generator[Step, None, None]:
    """Batches of the work; its trouble with reading is told apart from ours with writing."""
    try:
        yield from work.steps(reached.position)
    except OSError as error:
        cure = "what is done is kept; mend it and run the same command again to go on"
        raise InputError(f"{error.filename or 'input'}: cannot be read on ({error.strerror}); {cure}") from error


@contextmanager
def _disk_trouble(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cure = "see that there is room and that you may write there, then run the same command again to go on"
        raise OutputError(f"{error.filename or out}: {error.strerror}; what is done is kept; {cure}") from error
