"""HTML, PDF and mail: a file is one document, and its parser runs in the child process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from xborder_tagger.io.decode import note
from xborder_tagger.io.inputs import Input, Item, document
from xborder_tagger.io.sandbox import ask


def read_html(given: Input, start: int) -> Iterator[Item]:
    """The main text of a page; fields ``title`` and ``date``."""
    return document(given, start, lambda data: _parse("html", given, data))


def read_pdf(given: Input, start: int) -> Iterator[Item]:
    """The text of all pages; field ``pages`` has the offset in the text at which each page begins."""
    return document(given, start, lambda data: _parse("pdf", given, data))


def read_eml(given: Input, start: int) -> Iterator[Item]:
    """The text of a mail; fields ``title`` (its subject), ``date``, ``from``, ``to``, ``message_id``."""
    return document(given, start, lambda data: _parse("eml", given, data))


def _parse(task: str, given: Input, data: bytes) -> tuple[str, dict[str, Any]]:
    reply = b"".join(frame for _, frame in ask(task, given.options, data))
    found = json.loads(reply.decode("utf-8", "surrogatepass"))
    if found["guessed"]:
        note(given.name, found["fields"]["encoding"])
    return found["text"], found["fields"]
