"""From the paths a user gives to the list of inputs: files, folders, globs, standard input. Nothing is opened."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from xborder_tagger.io.records import Rejected

STANDARD_INPUT: Final = "-"
CURE: Final = "give the path of a readable file or folder, or - for standard input"


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Args:
        name: how it is called in ids and messages.
        path: of the file, or "-" for standard input.
        size: in bytes; None where there is none to know beforehand.
        mtime: when it was last changed, in nanoseconds since 1970; None as above.
        problem: why it cannot be read; reading it gives just this.
    """

    name: str
    path: str
    size: int | None = None
    mtime: int | None = None
    problem: Rejected | None = None


def find(paths: Iterable[str]) -> list[Source]:
    """The inputs that the paths stand for, in order.

    A folder stands for the files in it and below, sorted by name, without those that begin with a dot; a pattern
    with ``*``, ``?``, ``[`` or ``**`` for what it matches; "-" for standard input. What cannot be read becomes a
    source with a problem.
    """
    return [source for path in paths for source in _found(path)]


def _found(path: str) -> Iterator[Source]:
    if path == STANDARD_INPUT:
        yield Source("stdin", STANDARD_INPUT)
    elif not glob.has_magic(path) or os.path.lexists(path):
        yield from _walk(path)
    elif matches := sorted(glob.glob(path, recursive=True), key=os.fsencode):
        yield from (source for match in matches for source in _walk(match))
    else:
        yield _problem(path, "missing", f"no file matches the pattern; {CURE}")


def _walk(path: str) -> Iterator[Source]:
    """The file, or the files of a folder and all below it, each folder's entries sorted by name."""
    waiting: list[tuple[str, frozenset[tuple[int, int]]]] = [(path, frozenset())]
    while waiting:
        path, above = waiting.pop()
        try:
            status = os.stat(path)
            if not stat.S_ISDIR(status.st_mode):
                yield _file(path, status)
                continue
            identity = (status.st_dev, status.st_ino)
            if identity in above:
                yield _problem(path, "symlink_loop", "a link that leads back to a folder it lies in; not followed")
                continue
            entries = _entries(path)
            if not entries and not above:
                yield _problem(path, "missing", f"a folder without files; {CURE}")
            waiting += [(entry, above | {identity}) for entry in reversed(entries)]
        except (OSError, ValueError) as error:
            yield _unreadable(path, error)


def _entries(folder: str) -> list[str]:
    names = sorted((name for name in os.listdir(folder) if not name.startswith(".")), key=os.fsencode)
    return [os.path.join(folder, name) for name in names]


def _file(path: str, status: os.stat_result) -> Source:
    if stat.S_ISSOCK(status.st_mode) or stat.S_ISBLK(status.st_mode):
        return _problem(path, "unreadable", f"is a socket or a disk; {CURE}")
    if not stat.S_ISREG(status.st_mode):
        return Source(path, path)
    return Source(path, path, status.st_size, status.st_mtime_ns)


def _unreadable(path: str, error: OSError | ValueError) -> Source:
    return Source(path, path, problem=unreadable(path, error))


def unreadable(name: str, error: OSError | ValueError) -> Rejected:
    """What is said of an input that the system does not open."""
    import errno

    cause = error.strerror if isinstance(error, OSError) else str(error)
    code = getattr(error, "errno", None)
    if code == errno.ELOOP:
        return Rejected(name, "symlink_loop", "links that lead round in a circle; remove one of them", name)
    kind = "missing" if code in (errno.ENOENT, errno.ENOTDIR) else "unreadable"
    return Rejected(name, kind, f"{cause}; {CURE}", name)


def _problem(path: str, code: str, message: str) -> Source:
    return Source(path, path, problem=Rejected(path, code, message, path))
