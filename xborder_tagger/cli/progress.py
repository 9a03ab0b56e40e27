"""How far a job is: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from importlib.util import find_spec
from typing import Any, Final

from xborder_tagger.cli.options import warn
from xborder_tagger.jobs import Tally

INTERVAL: Final = 60.0  # seconds between lines
BAR: Final = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}{postfix}, {remaining} left"
BAR_OF_A_STREAM: Final = "{n_fmt}{postfix}, {elapsed} so far"


class Progress:
    """Is told the counts, first those of earlier runs, then those after each batch. This one shows nothing.

    Args:
        size: bytes of all inputs, if known.
    """

    def __init__(self, size: int | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.clock = size, clock
        self._begun, self._first = clock(), Tally()
        self.seconds = self.documents_a_second = self.bytes_a_second = 0.0

    def begin(self, tally: Tally) -> None:
        """Take the counts of earlier runs."""
        self._begun, self._first = self.clock(), tally

    def update(self, tally: Tally) -> None:
        """Take the counts after a batch."""
        self.seconds = self.clock() - self._begun
        self.documents_a_second = (tally.handled - self._first.handled) / max(self.seconds, 1e-9)
        self.bytes_a_second = (tally.bytes - self._first.bytes) / max(self.seconds, 1e-9)

    @property
    def speed(self) -> str:
        """Of this run."""
        return f"{self.documents_a_second:,.0f} documents/s, {self.bytes_a_second / 1e6:,.1f} MB/s"

    def close(self) -> None:
        """Show nothing more."""


class Lines(Progress):
    """A line on stderr every so often."""

    def __init__(
        self,
        size: int | None,
        *,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        write: Callable[[str], None] = warn,
    ) -> None:
        super().__init__(size, clock=clock)
        self._interval, self._write = interval, write
        self._next = clock() + interval

    def update(self, tally: Tally) -> None:
        """Write a line if it is time."""
        super().update(tally)
        if self.clock() < self._next:
            return
        self._next = self.clock() + self._interval
        self._write(f"{tally.handled:,} documents, {self.speed}, {tally.quarantined:,} quarantined{self._left(tally)}")

    def _left(self, tally: Tally) -> str:
        if self.size is None or not self.bytes_a_second:
            return ""
        return f", {timedelta(seconds=round((self.size - tally.bytes) / self.bytes_a_second))} left"


class Bar(Progress):
    """A bar by tqdm, which is imported when the job begins."""

    _bar: Any = None

    def begin(self, tally: Tally) -> None:
        """Show the bar where earlier runs left it."""
        from tqdm import tqdm

        super().begin(tally)
        form = BAR_OF_A_STREAM if self.size is None else BAR
        self._bar = tqdm(
            total=self.size, initial=tally.bytes, unit="B", unit_scale=True, bar_format=form, dynamic_ncols=True
        )

    def update(self, tally: Tally) -> None:
        """Move the bar."""
        super().update(tally)
        self._bar.set_postfix_str(f"{self.speed}, {tally.quarantined:,} quarantined", refresh=False)
        self._bar.update(tally.bytes - self._bar.n)

    def close(self) -> None:
        """Leave the bar on the terminal as it is."""
        if self._bar is not None:
            self._bar.close()


def progress(size: int | None, *, quiet: bool = False) -> closing[Progress]:
    """The progress that fits where stderr goes, as a context."""
    if quiet:
        return closing(Progress(size))
    return closing(Bar(size) if sys.stderr.isatty() and find_spec("tqdm") else Lines(size))
