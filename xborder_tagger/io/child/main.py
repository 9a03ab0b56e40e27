"""The child process: reads requests, runs parsers, writes frames, until its input is closed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO, Final

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import (
    END,
    REFUSED,
    REPLY,
    BrokenFrameError,
    Frame,
    out_of_memory,
    read_request,
    refusal,
)

Task = Callable[[dict[str, Any]], Iterator[Frame]]

# Module and function, and the extra that brings its libraries.
TASKS: Final = {
    "html": ("page:parse", "html"),
    "pdf": ("pdf:parse", "pdf"),
    "eml": ("mail:parse", "html"),
    "gzip": ("unpack:gunzip", "all"),
    "zstd": ("unpack:unzstd", "zstd"),
    "parquet": ("columns:parquet", "arrow"),
    "arrow": ("columns:arrow", "arrow"),
}
GRACE: Final = 5  # seconds after which the child ends itself, should the process that minds the time be gone


def main() -> None:
    """Serve requests; limits come with the command line (`sandbox.py`)."""
    requests, replies = _pipes()
    memory, loaded = int(sys.argv[2]), dict[str, Task]()
    while True:
        try:
            arguments, payload = read_request(requests)
        except BrokenFrameError:
            return
        for kind, data in _answer(arguments | {"data": payload}, loaded, memory):
            _alarm(0)
            replies.write(REPLY.pack(kind, len(data)))
            replies.write(data)
            replies.flush()
            _alarm(arguments["seconds"])
        _alarm(0)


def _answer(arguments: dict[str, Any], loaded: dict[str, Task], memory: int) -> Iterator[Frame]:
    name = arguments["task"]
    _alarm(arguments["seconds"])
    try:
        if name not in loaded:
            loaded[name] = _load(name)
            _limit(memory)
        yield from loaded[name](arguments)
        yield END, b""
    except DocumentError as error:
        yield refusal(REFUSED, code=error.code, message=str(error))
    except ModuleNotFoundError as error:
        yield refusal(REFUSED, code="missing_extra", package=error.name, extra=TASKS[name][1])
    except MemoryError:
        yield refusal(REFUSED, code="parser_memory", message=out_of_memory(memory))
    except RecursionError:
        yield refusal(REFUSED, code="too_deep", message="nested too deep for its parser")
    except Exception as error:
        yield refusal(REFUSED, code="parser_crashed", message=f"its parser failed ({type(error).__name__}: {error})")


def _load(name: str) -> Task:
    module, function = TASKS[name][0].split(":")
    task: Task = getattr(import_module(f"xborder_tagger.io.child.{module}"), function)
    return task


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and a copy of standard output, which itself is closed to all that libraries print."""
    replies = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return sys.stdin.buffer, replies


def _limit(memory: int) -> None:
    """Let the process take so much address space beyond what it has; only Linux tells and keeps to it."""
    with suppress(ImportError, OSError):
        import resource

        with open("/proc/self/statm", "rb") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: float) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + GRACE if seconds else 0)
