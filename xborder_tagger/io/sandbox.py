"""Parsers of untrusted files run in a child process; what goes wrong there costs one document, not the run.

The child (`worker`, `io/child`) is a long-lived process under limits on time, memory and output. It is killed and
replaced when it crashes or breaks a limit. What comes back are frames of bytes and JSON.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from typing import Any

from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.worker import Worker

_idle: list[Worker] = []  # kept between two documents; never more than there are readers at work


def ask(task: str, options: ReadOptions, payload: bytes = b"", **arguments: Any) -> Iterator[tuple[bytes, bytes]]:
    """Frames of a task of `io/child`: kind and bytes.

    Raises:
        DocumentError: the parser refused, crashed, or went over a limit.
        MissingExtraError: its libraries are not installed.
    """
    worker = _worker(options.parser_memory)
    try:
        yield from worker.ask({"task": task, **arguments}, payload, options)
    finally:
        if worker.idle:
            _idle.append(worker)
        else:
            worker.end()


def _worker(memory: int) -> Worker:
    while _idle:
        worker = _idle.pop()
        if worker.memory == memory and worker.alive:
            return worker
        worker.end()
    return Worker(memory)


def _forget() -> None:
    """After a fork the children belong to the parent."""
    while _idle:
        _idle.pop().disown()


def _end_all() -> None:
    while _idle:
        _idle.pop().end()


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
