"""What goes over the pipes between a reader and its child process.

A request is a head (two lengths), a JSON object and a payload. A reply is any number of frames, each a head (kind and
length) and its bytes; the last frame's kind is `END` or `REFUSED`.
"""

from __future__ import annotations

import json
from struct import Struct
from typing import Any, BinaryIO, Final

from xborder_tagger.errors import DocumentError

Frame = tuple[bytes, bytes | bytearray | memoryview]  # kind and contents

REQUEST: Final = Struct(">IQ")
REPLY: Final = Struct(">cQ")
DATA: Final = b"D"
ROW: Final = b"R"  # a row of a table that is refused, as JSON: code, message
SKIPPED: Final = b"S"  # how many rows were left out as asked, in decimal digits
END: Final = b"E"
REFUSED: Final = b"X"  # the input is refused from here on, as JSON: code, message; or a missing extra: package, extra


class BrokenFrameError(Exception):
    """The other side is gone, or does not keep to the frames."""


def request(arguments: dict[str, Any], payload: bytes) -> bytes:
    """The bytes of a request, without its payload."""
    head = json.dumps(arguments).encode()
    return REQUEST.pack(len(head), len(payload)) + head


def read_request(pipe: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The next request.

    Raises:
        BrokenFrameError: there is none any more.
    """
    head, payload = REQUEST.unpack(exactly(pipe, REQUEST.size))
    return json.loads(exactly(pipe, head)), exactly(pipe, payload)


def read_frame(pipe: BinaryIO, limit: int) -> tuple[bytes, bytes]:
    """Kind and bytes of the next frame of a reply.

    Raises:
        BrokenFrameError: there is none, or it is longer than ``limit`` bytes.
    """
    kind, length = REPLY.unpack(exactly(pipe, REPLY.size))
    if length > limit:
        raise BrokenFrameError(f"a frame of {length} bytes")
    return kind, exactly(pipe, length)


def exactly(pipe: BinaryIO, length: int) -> bytes:
    """So many bytes of a pipe.

    Raises:
        BrokenFrameError: it ends before.
    """
    data = pipe.read(length)
    if len(data) < length:
        raise BrokenFrameError("the pipe is closed")
    return data


def refusal(kind: bytes, **reason: str | None) -> Frame:
    """The frame of a row or of an input that is refused."""
    return kind, json.dumps(reason).encode()


def out_of_memory(limit: int) -> str:
    """What is said of a parser that took more than it may."""
    return f"its parser wanted more than {limit:,} bytes of memory; if you trust the file, raise --parser-mb"


def document(text: str, fields: dict[str, Any], limit: int, *, guessed: bool = False) -> Frame:
    """The frame of a document.

    Raises:
        DocumentError: ``too_large``: its text has more than ``limit`` bytes in UTF-8.
    """
    if len(text) > limit or len(text.encode("utf-8", "surrogatepass")) > limit:
        raise DocumentError("too_large", f"its text has more than {limit:,} bytes; split it")
    found = {"text": text, "fields": fields, "guessed": guessed}
    return DATA, json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")
