"""A watch on the child process: its time and its size."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from threading import Event, Thread
from typing import Final

PULSE: Final = 0.02  # seconds between two looks at the child's size


class Watch(Thread):
    """Minds a child while it works: sees how large it grows, and ends it when its time is up.

    Args:
        process: the child.
        memory: in bytes, that it may take beyond its libraries.
        seconds: that it may take.
    """

    def __init__(self, process: subprocess.Popen[bytes], memory: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._process, self._memory, self._until = process, memory, time.monotonic() + seconds
        self._done = Event()
        self.grown, self.expired = 0, False

    def run(self) -> None:
        """Until `stop`."""
        while not self._done.wait(max(0.0, min(PULSE, self._until - time.monotonic()))):
            self.grown = max(self.grown, _grown(self._process.pid, self._memory))
            if time.monotonic() >= self._until:
                self.expired = True
                self._process.kill()
                return

    def stop(self) -> None:
        """End the watch; the child is not ended after this."""
        self._done.set()
        self.join()


def _grown(pid: int, memory: int) -> int:
    """Bytes of address space that a child took since its limit was set; 0 where the system does not tell."""
    with suppress(ImportError, AttributeError, OSError, IndexError):
        import resource

        limit = resource.prlimit(pid, resource.RLIMIT_AS)[0]
        with open(f"/proc/{pid}/statm", "rb") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        return size - (limit - memory) if limit != resource.RLIM_INFINITY else 0
    return 0
