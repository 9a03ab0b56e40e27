r"""The journal of a job: JSON records, appended one by one, each on the disk before the job goes on.

A record is a line that people can read: length of the JSON in eight hexadecimal digits, the JSON, and the CRC-32 of
both, which runs on from the record before. So a record counts only if it and all before it are whole; a tail that a
power cut tore, zeroed or filled with what the disk held earlier does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

from xborder_tagger.jobs.disk import Disk


class Journal:
    """Reads and appends the records of one journal file."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk, self.path = disk, path
        self._end = self._checksum = 0  # of the good records

    def first_and_last(self) -> tuple[Any, Any]:
        """The first good record and the last after it, None for what is not there; a bad tail is dropped."""
        first = last = None
        with self._disk.read(self.path) as file:
            for value, size, checksum in _records(file):
                first, last = (value, None) if first is None else (first, value)
                self._end, self._checksum = self._end + size, checksum
        if self._disk.size(self.path) != self._end:
            self._disk.truncate(self.path, self._end)
        return first, last

    def append(self, value: Any) -> None:
        """Return when the record is safe on the disk.

        Raises:
            OSError: it is not, and is no longer in the file either, unless the disk refuses that too.
        """
        line, checksum = _encode(value, self._checksum)
        try:
            self._disk.append(self.path, line)
            self._disk.fsync(self.path)
        except OSError:
            # After a failed fsync the record may be read back from memory and never reach the disk.
            with suppress(OSError):
                self._disk.truncate(self.path, self._end)
            raise
        self._end, self._checksum = self._end + len(line), checksum

    def clear(self) -> None:
        """Forget all records."""
        self._disk.truncate(self.path, 0)
        self._end = self._checksum = 0


def _encode(value: Any, checksum: int) -> tuple[bytes, int]:
    payload = json.dumps(value, separators=(",", ":")).encode()
    body = b"%08x %s " % (len(payload), payload)
    checksum = crc32(body, checksum)
    return b"%s%08x\n" % (body, checksum), checksum


def _records(file: BinaryIO) -> Iterator[tuple[Any, int, int]]:
    """Values, sizes and checksums of the records up to the first that is not good."""
    checksum = 0
    for line in file:
        body, checksum = line[:-9], crc32(line[:-9], checksum)
        if line[-9:] != b"%08x\n" % checksum or body[:9] != b"%08x " % (len(body) - 10):
            return
        yield json.loads(body[9:-1]), len(line), checksum
