"""Ctrl-C and SIGTERM: the first asks for the batch to be finished, the second ends the run at once."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Final, Self

GRACE: Final = 10  # seconds; a batch takes far less than one, unless it waits for its input
NOTICE: Final = b"\nxborder-tagger: stopping after this batch; once more to stop at once\n"


class Stopping:
    """A context in which the first signal is remembered.

    The second signal, or `GRACE` seconds without the end of the batch, raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def asked(self) -> bool:
        """Whether a signal came."""
        return self._asked

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup, or in the background of a script
                    self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._asked and hasattr(signal, "SIGALRM"):
            signal.alarm(0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signature of a handler
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        with suppress(OSError):
            os.write(2, NOTICE)  # print may be at work where the signal came
        if hasattr(signal, "SIGALRM"):
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._handle)
            signal.alarm(GRACE)
