"""A disk in memory that can lose power. It promises as little as a journaling file system may.

- What was written to a file since its last fsync may be there, in part, torn at any byte, replaced by zeros, by what
  was there before or by what the disk held earlier, block by block.
- A new, renamed or removed name is certain only after its folder was synced; until then any of the changes may be
  there without the others, or the first few of them. One rename is done or not done.
- After a failed fsync the changed bytes can be read back, but never reach the disk, not even by another fsync.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import BinaryIO

Fault = Callable[[int], None]  # is told the number of the operation, from 1; may raise


def no_fault(number: int) -> None:
    """All is well, whatever the ``number``."""


class PowerCut(BaseException):
    """The machine went dark."""


@dataclass
class Change:
    """A change of a file that is not on the disk yet: bytes at an offset, or the end at an offset."""

    offset: int
    data: bytes | None
    reaches_disk: bool = True

    def apply(self, content: bytearray) -> None:
        end = self.offset + len(self.data or b"")
        if self.data is None:
            del content[end:]
        content.extend(bytes(max(0, end - len(content))))
        if self.data and self.reaches_disk:
            content[self.offset : end] = self.data


@dataclass
class File:
    """What programs read, what is on the disk, and what is between."""

    visible: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)

    def change(self, offset: int, data: bytes | None) -> None:
        change = Change(offset, data)
        change.apply(self.visible)
        self.pending.append(change)

    def sync(self) -> None:
        for change in self.pending:
            change.apply(self.durable)
        self.pending.clear()

    def lose_pending(self) -> None:
        for change in self.pending:
            change.reaches_disk = False

    def after_power_cut(self, random: Random) -> bytes:
        """What may be found: a number of changes, the next one torn, the blocks that they touched whole or not."""
        content, old = bytearray(self.durable), self.durable
        reached = random.randint(0, len(self.pending))
        for change in self.pending[:reached]:
            change.apply(content)
        if reached < len(self.pending) and (data := self.pending[reached].data):
            torn = data[: random.randint(0, len(data))]
            Change(self.pending[reached].offset, torn, self.pending[reached].reaches_disk).apply(content)
        safe = min([len(old), *(change.offset for change in self.pending)])
        scramble(content, old, safe, random)
        return bytes(content)


def scramble(content: bytearray, old: bytearray, start: int, random: Random) -> None:
    """Blocks from ``start`` on: as written, zeros, as before, or what the disk held earlier; all alike or mixed."""
    block = random.choice([1, 7, 16, 64, 512])
    kinds = random.choice([["new"], ["new"], ["zero"], ["new", "zero"], ["new", "zero", "old", "stale"]])
    for at in range(start, len(content), block):
        end = min(at + block, len(content))
        kind = random.choice(kinds)
        if kind == "zero":
            content[at:end] = bytes(end - at)
        elif kind == "old":
            content[at:end] = old[at:end].ljust(end - at, b"\0")
        elif kind == "stale":
            content[at:end] = random.choice([random.randbytes(end - at), (bytes(old) * 2)[: end - at].ljust(end - at)])


class SimulatedDisk:
    """A `jobs.disk.Disk`. ``fault`` is asked before each operation that changes or syncs something."""

    def __init__(self, files: dict[Path, bytes] | None = None, fault: Fault | None = None) -> None:
        self.visible = {path: File(bytearray(data), bytearray(data)) for path, data in (files or {}).items()}
        self.durable = dict(self.visible)
        self.pending: list[dict[Path, File | None]] = []
        self.fault = fault or no_fault
        self.operations = 0

    def size(self, path: Path) -> int | None:
        return len(self.visible[path].visible) if path in self.visible else None

    def read(self, path: Path) -> BinaryIO:
        if path not in self.visible:
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return io.BytesIO(bytes(self.visible[path].visible))

    def append(self, path: Path, data: bytes) -> None:
        try:
            self._begin()
        except OSError:
            file = self._file(path)
            file.change(len(file.visible), data[: len(data) // 2])  # there was room for half of it
            raise
        file = self._file(path)
        file.change(len(file.visible), data)

    def truncate(self, path: Path, size: int) -> None:
        self._begin()
        self._file(path).change(size, None)

    def fsync(self, path: Path) -> None:
        try:
            self._begin()
        except OSError:
            self._file(path).lose_pending()
            raise
        self._file(path).sync()

    def rename(self, source: Path, target: Path) -> None:
        self._begin()
        self._name({source: None, target: self.visible[source]})

    def remove(self, path: Path) -> None:
        self._begin()
        if path in self.visible:
            self._name({path: None})

    def sync_folder(self, folder: Path) -> None:
        self._begin()
        for names in self.pending:
            rename(self.durable, names)
        self.pending.clear()

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        self._begin()
        yield

    def after_power_cut(self, random: Random) -> SimulatedDisk:
        """A disk as it may be found when the power is back."""
        names = dict(self.durable)
        kept = self.pending[: random.randint(0, len(self.pending))]
        if random.random() < 0.5:
            kept = [change for change in self.pending if random.random() < 0.5]
        for change in kept:
            rename(names, change)
        found = {path: file.after_power_cut(random) for path, file in names.items()}
        return type(self)(found)

    def _begin(self) -> None:
        self.operations += 1
        self.fault(self.operations)

    def _file(self, path: Path) -> File:
        if path not in self.visible:
            self._name({path: File()})
        return self.visible[path]

    def _name(self, names: dict[Path, File | None]) -> None:
        rename(self.visible, names)
        self.pending.append(names)


def rename(folder: dict[Path, File], names: dict[Path, File | None]) -> None:
    for path, file in names.items():
        if file is None:
            folder.pop(path, None)
        else:
            folder[path] = file
