"""When a job makes its next checkpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SECONDS = 5.0  # of work that a power cut may cost
SIZE = 64 << 20  # bytes of output that a power cut may cost, and that one fsync has to write
SHARE = 0.02  # of the time that checkpoints may take, however slow the disk


@dataclass(slots=True)
class Pace:
    """Checkpoints every ``seconds``, or less often where that took more than its share of time, or every ``size``."""

    seconds: float = SECONDS
    size: int = SIZE
    clock: Callable[[], float] = time.monotonic
    _last: float = float("-inf")
    _cost: float = 0.0

    def start(self) -> None:
        """The clock runs from here."""
        self._last = self.clock()

    def due(self, unsafe: int) -> bool:
        """Whether it is time, with ``unsafe`` bytes since the last checkpoint."""
        return unsafe >= self.size or self.clock() - self._last >= max(self.seconds, self._cost / SHARE)

    @contextmanager
    def checkpoint(self) -> Iterator[None]:
        """Measures what a checkpoint costs."""
        begun = self.clock()
        yield
        self._last = self.clock()
        self._cost = self._last - begun
