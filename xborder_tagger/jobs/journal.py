r"""The journal of a job: JSON records, appended one by one, each on the disk before the job goes on.

A record is a line that people can read: length of the JSON in eight hexadecimal digits, the JSON, and the CRC-32 of
both, which runs on from the record before. So a record counts only if it and all before it are whole; a tail that a
power cut tore, zeroed or filled with what the disk held earlier does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from zlib import crc32

from xborder_tagger.jobs.disk import Disk
from xborder_tagger.jobs.paths import Paths


class Journal:
    """Reads, replaces and appends to one journal file.

    Args:
        paths: of the job.
        disk: where they are.
    """

    def __init__(self, paths: Paths, disk: Disk) -> None:
        self._paths, self._disk = paths, disk
        self._checksum = 0  # of the last record

    def first_and_last(self) -> tuple[Any, Any]:
        """The first good record and the last of those after it; None for what is not there."""
        first = last = None
        if self._disk.size(self._paths.journal) is not None:
            with self._disk.read(self._paths.journal) as file:
                for value in _records(file):
                    first, last = (value, None) if first is None else (first, value)
        return first, last

    def replace(self, values: Iterable[Any]) -> None:
        """Return when the file has these records alone, safe on the disk; before that it is as it was.

        Each run begins with this, for what it read may be in memory only: a record of a process that was killed before
        its fsync, or whose fsync failed, after which no later fsync writes it.
        """
        self._checksum = 0
        self._disk.truncate(self._paths.new_journal, 0)
        self._disk.append(self._paths.new_journal, b"".join(map(self._line, values)))
        self._disk.fsync(self._paths.new_journal)
        self._disk.rename(self._paths.new_journal, self._paths.journal)
        self._disk.sync_folder(self._paths.folder)

    def append(self, value: Any) -> None:
        """Return when the record is safe on the disk."""
        self._disk.append(self._paths.journal, self._line(value))
        self._disk.fsync(self._paths.journal)

    def _line(self, value: Any) -> bytes:
        payload = json.dumps(value, separators=(",", ":")).encode()
        body = b"%08x %s " % (len(payload), payload)
        self._checksum = crc32(body, self._checksum)
        return b"%s%08x\n" % (body, self._checksum)


def _records(file: BinaryIO) -> Iterator[Any]:
    """Values of the records up to the first that is not good."""
    checksum = 0
    for line in file:
        body, checksum = line[:-9], crc32(line[:-9], checksum)
        if line[-9:] != b"%08x\n" % checksum or body[:9] != b"%08x " % (len(body) - 10):
            return
        yield json.loads(body[9:-1])
