"""A child process that runs parsers, as the reader sees it.

It is a program of its own and not one of multiprocessing's: nothing of the caller's main module is imported again, and
the first answer comes sooner. Medians of nine on one machine: 42 ms (250 ms where trafilatura is imported for it);
57 ms with multiprocessing's spawn and 280 ms with loky, both with nothing imported.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar, cast

from xborder_tagger.errors import DocumentError, InputError, MissingExtraError
from xborder_tagger.io.child.frames import END, REFUSED, BrokenFrameError, out_of_memory, read_frame, request
from xborder_tagger.io.options import MIB, ReadOptions
from xborder_tagger.io.watch import Watch

_Result = TypeVar("_Result")
# The parsers need nothing of this package that imports numpy, so its own __init__ is left out.
BOOT: Final = """
import sys, types
package = types.ModuleType("xborder_tagger")
package.__path__ = [sys.argv[1]]
sys.modules["xborder_tagger"] = package
from xborder_tagger.io.child.main import main
main()
"""
# Threads and arenas of their own would take address space, which is limited.
ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
}
SWELL: Final = 6  # bytes that JSON may write for one
SHARE: Final = 0.4  # of the memory allowed that a crashed parser must have taken for memory to be called the cause
PATIENCE: Final = 2.0  # seconds that a child may take to end after it closed its pipe


class Worker:
    """A child process. It does one task at a time.

    Args:
        memory: in bytes, that it may take beyond its libraries.
    """

    def __init__(self, memory: int) -> None:
        self.memory, self.idle = memory, True
        self._expired = False
        self._process = _started(memory)
        self._requests, self._replies = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)

    @property
    def alive(self) -> bool:
        """Whether it can take another task."""
        return not self._expired and self._process.poll() is None

    def ask(self, arguments: dict[str, Any], payload: bytes, options: ReadOptions) -> Iterator[tuple[bytes, bytes]]:
        """Frames of a task's reply but the last; it is `idle` again after that one."""
        self.idle = False
        seconds, output = options.parser_seconds, options.parser_output
        head = request(arguments | {"seconds": seconds, "output": output}, payload)
        self._watched(seconds, lambda: self._send(head, payload))
        while True:
            kind, data = self._watched(seconds, lambda: read_frame(self._replies, SWELL * output + MIB))
            if kind == END:
                self.idle = True
                return
            if kind == REFUSED:
                raise self._refusal(json.loads(data))
            yield kind, data

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._close()

    def disown(self) -> None:
        """Leave it to the process that this one was forked from."""
        self._process.returncode = 0

    def _send(self, head: bytes, payload: bytes) -> None:
        with _no_signal():
            self._requests.write(head)
            self._requests.write(payload)
            self._requests.flush()

    def _watched(self, seconds: float, step: Callable[[], _Result]) -> _Result:
        watch = Watch(self._process, self.memory, seconds)
        watch.start()
        try:
            return step()
        except (BrokenFrameError, OSError) as error:
            raise self._cause(watch) from error
        finally:
            watch.stop()
            self._expired = watch.expired

    def _refusal(self, reason: dict[str, str]) -> Exception:
        if reason["code"] == "missing_extra":
            self.idle = True
            return MissingExtraError(reason["package"], reason["extra"])
        self.idle = reason["code"] != "parser_memory"  # a heap that was full once is not trusted again
        return DocumentError(reason["code"], reason["message"])

    def _cause(self, watch: Watch) -> DocumentError:
        """Why the child is gone."""
        try:
            status = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return DocumentError(
                "parser_crashed", "its parser answered what nobody asked; the file may be made for that"
            )
        watch.stop()
        if watch.expired or self._expired:  # or the watch on the step before, just as that was done
            return DocumentError("parser_timeout", "its parser took too long and was stopped; raise --parser-seconds")
        if status == -signal.SIGKILL or watch.grown > SHARE * self.memory:
            return DocumentError("parser_memory", out_of_memory(self.memory))
        return DocumentError("parser_crashed", f"its parser crashed ({_name(status)}); the file may be made for that")

    def _close(self) -> None:
        with suppress(OSError), _no_signal():
            self._requests.close()
        self._replies.close()


def _started(memory: int) -> subprocess.Popen[bytes]:
    package = str(Path(__file__).resolve().parents[1])
    # A process group of its own: Ctrl-C is for the run, which ends the child when it is ready to.
    group: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
    line = [sys.executable, "-P", "-c", BOOT, package, str(memory)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.Popen(line, env={**os.environ, **ENVIRONMENT}, **pipes, **group)  # noqa: S603 - ourselves
    except OSError as error:
        cure = "free memory, or allow more processes"
        raise InputError(
            f"{sys.executable}: no process for parsers can be started ({error.strerror}); {cure}"
        ) from error


@contextmanager
def _no_signal() -> Iterator[None]:
    """Writing to a child that is gone is an error here, even where the command lets closed pipes end it."""
    if os.name != "posix":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        if signal.SIGPIPE in signal.sigpending() and signal.SIGPIPE not in before:
            signal.sigwait({signal.SIGPIPE})
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _name(status: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"exit status {status}"
