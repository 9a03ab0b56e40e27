"""The disk as a job sees it: a few operations, so that tests can put a disk in their place that loses power."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from xborder_tagger.errors import JobError
from xborder_tagger.files import sync_folder

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


class Disk(Protocol):
    """Operations on files; all but `lock` raise OSError. Nothing is safe before `fsync` and `sync_folder` return."""

    def size(self, path: Path) -> int | None:
        """Bytes of a file; None if there is none."""

    def read(self, path: Path) -> BinaryIO:
        """A file to read, from the beginning."""

    def append(self, path: Path, data: bytes) -> None:
        """Write all of ``data`` at the end of a file, which is made if there is none."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file, which is made if there is none."""

    def fsync(self, path: Path) -> None:
        """Return when the file's content would survive a power cut."""

    def rename(self, source: Path, target: Path) -> None:
        """Put a file in another's place, in one step."""

    def remove(self, path: Path) -> None:
        """Remove a file if there is one."""

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in a folder would survive a power cut."""

    def lock(self, path: Path) -> Any:
        """Context in which no other process has the file, which is made for it and removed after it.

        Raises:
            JobError: another process has it.
        """


class RealDisk:
    """The disk of this machine. A context that closes what it opened."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for path in list(self._open):
            with suppress(OSError):  # what mattered was synced, and its errors were told then
                self._close(path)

    def size(self, path: Path) -> int | None:
        """Bytes of a file; None if there is none."""
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def read(self, path: Path) -> BinaryIO:
        """A file to read, from the beginning."""
        return path.open("rb")

    def append(self, path: Path, data: bytes) -> None:
        """Write all of ``data`` at the end of a file."""
        rest = memoryview(data)
        while rest:  # a disk that is nearly full takes a part and refuses the next
            rest = rest[os.write(self._descriptor(path), rest) :]

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file."""
        os.ftruncate(self._descriptor(path), size)

    def fsync(self, path: Path) -> None:
        """Return when the file's content would survive a power cut."""
        descriptor = self._descriptor(path)
        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync leaves the data in the drive's cache
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Put a file in another's place, in one step."""
        self._close(source)
        self._close(target)
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file if there is one."""
        self._close(path)
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in a folder would survive a power cut."""
        sync_folder(folder)

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        """Context in which no other process has the file."""
        descriptor = _locked(path)
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()  # before the lock is given up: who waits for it sees that the file is another
            os.close(descriptor)

    def _descriptor(self, path: Path) -> int:
        """One descriptor a file for the whole job: an error of writing back is told to those who had it open."""
        if path not in self._open:
            self._open[path] = os.open(path, FLAGS, 0o666)
        return self._open[path]

    def _close(self, path: Path) -> None:
        if path in self._open:
            os.close(self._open.pop(path))


def _locked(path: Path) -> int:
    """A descriptor that holds the lock of a file."""
    if fcntl is None:
        raise JobError(
            "-o needs a system with file locks, such as Linux or macOS; leave it out and redirect the output"
        )
    while True:
        descriptor = os.open(path, FLAGS, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            raise JobError(f"{path}: another process is at work on this job; wait for it, or end it first") from error
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the path leads to the open file: a job that ends between our open and our lock has removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


class Appending(io.RawIOBase):
    """A file-like object over `Disk.append`, for libraries that write to one."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk, self._path, self._size = disk, path, 0

    def writable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Bytes written."""
        return self._size

    def write(self, data: Any) -> int:
        """Append all of ``data``."""
        copy = bytes(data)
        self._disk.append(self._path, copy)
        self._size += len(copy)
        return len(copy)
