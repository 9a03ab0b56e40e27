"""``xborder-tagger tag -o OUT``: tagging as a job that goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from xborder_tagger.cli.archive import Archive
from xborder_tagger.cli.documents import present
from xborder_tagger.cli.exits import Exit
from xborder_tagger.cli.inputs import writing
from xborder_tagger.cli.options import warn
from xborder_tagger.cli.progress import Progress, progress
from xborder_tagger.cli.stopping import Stopping
from xborder_tagger.cli.summary import summary
from xborder_tagger.cli.tag import check_form
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import UNREADABLE
from xborder_tagger.io.sources import STANDARD_INPUT, Source
from xborder_tagger.jobs import Checkpoint, Job
from xborder_tagger.jobs.disk import RealDisk
from xborder_tagger.jobs.pace import SECONDS, Pace
from xborder_tagger.jobs.paths import Paths
from xborder_tagger.tagger import load

CHECKPOINT: Final = "XBORDER_TAGGER_CHECKPOINT"  # seconds between checkpoints; 0: one after each batch
GO_ON: Final = "run the same command again to go on"


def tag_job(
    paths: Sequence[str],
    out: str,
    *,
    form: str = "text",
    options: ReadOptions | None = None,
    model: str | None = None,
    restart: bool = False,
    quiet: bool = False,
    threads: int = 1,
    **chosen: Any,
) -> Exit:
    """Tag all documents of the inputs into a file; begin, or go on where an earlier run of the job was.

    Args:
        paths: files, folders, patterns, "-".
        out: path of the output.
        form: of the output.
        options: how to read.
        model: path of a model file; None: the shipped one.
        restart: begin again.
        quiet: show neither progress nor summary.
        threads: that share the tagging, in this run; the output does not depend on them.
        chosen: ``explain``, ``fields`` and ``crosswalk`` of `inputs.writing`.

    Raises:
        click.BadParameter: a field or a scheme is not known.
        click.UsageError: the output cannot be where it is wanted.
        JobError: another process is at work on it, or the output is there already.
        JobMismatchError: what an earlier run left is of another job.
        InputError: an input is not there, or cannot be read on.
        OutputError: the disk refuses; what is done is kept.
    """
    _check(paths, Path(out))
    tagger, sources, options = load(model), _inputs(paths, Path(out)), options or ReadOptions()
    wanted = writing(tagger.labels, sources, options, **chosen)
    check_form(form, wanted)
    work = Archive(sources, tagger=tagger, form=form, options=options, wanted=wanted, threads=threads)
    try:
        with Stopping() as stop, RealDisk() as disk, progress(work.size, quiet=quiet) as shown:
            job = Job(work, Path(out), disk=disk, pace=_pace())
            reached = job.run(restart=restart, stop=stop.asked, watcher=shown)
    except KeyboardInterrupt:
        warn(f"stopped at once; what the last checkpoint holds is kept; {GO_ON}")
        return Exit.INTERRUPTED
    if reached.complete and (changed := work.changed()):
        what = f"{changed[0]}{f' and {len(changed) - 1} more' if changed[1:] else ''}"
        warn(f"{what}: changed while the job ran, so the output may mix both states; --restart tags anew")
    return _conclude(out, reached, shown, quiet=quiet)


def _check(paths: Sequence[str], out: Path) -> None:
    if out.exists() and not out.is_file():
        raise click.UsageError(f"-o {out}: is no regular file; leave -o out to write to standard output")
    if list(paths).count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input (-) can be read once only")
    if any(out.exists() and Path(path).exists() and out.samefile(path) for path in paths):
        raise click.UsageError(f"-o {out}: is one of the inputs")


def _inputs(paths: Sequence[str], out: Path) -> list[Source]:
    """The inputs, without the job's own files, which may lie in a folder that is one."""
    own = {path.absolute() for path in Paths(out).all}
    return [source for source in present(paths) if Path(source.path).absolute() not in own]


def _pace() -> Pace:
    try:
        seconds = float(os.environ.get(CHECKPOINT, SECONDS))
    except ValueError as error:
        raise click.UsageError(f"{CHECKPOINT}: {error}; give seconds, such as {SECONDS}") from error
    return Pace(seconds=seconds) if seconds > 0 else Pace(size=0)


def _conclude(out: str, reached: Checkpoint, shown: Progress, *, quiet: bool) -> Exit:
    if not reached.complete:
        warn(f"stopped after {reached.tally.handled:,} documents, all of them kept; {GO_ON}")
        return Exit.INTERRUPTED
    if not quiet:
        click.echo(summary(out, reached.tally, shown), err=True)
    if not UNREADABLE.isdisjoint(reached.tally.rejected):
        return Exit.INPUT_UNREADABLE
    return Exit.QUARANTINED if reached.tally.quarantined else Exit.OK
