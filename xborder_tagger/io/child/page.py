"""HTML pages: main text, title, date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from trafilatura import bare_extraction

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import Frame, document
from xborder_tagger.io.decode import declared, decode

MAX_DEPTH: Final = 1000  # browsers stop at 512 (Blink's kMaximumHTMLParserDOMTreeDepth)
# Elements that nest only if they are closed; the end of the others may be left out.
TAG: Final = re.compile(r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option|br|img|hr|meta|link|input)\b)[a-z][^>]*?(/?)>", re.I)


def parse(arguments: dict[str, Any]) -> Iterator[Frame]:
    """The document of a page, as JSON."""
    data = arguments["data"]
    html, encoding, guessed = decode(data, declared(data))
    text, fields = extract(html)
    if encoding:
        fields["encoding"] = encoding
    yield document(text, fields, arguments["output"], guessed=guessed)


def extract(html: str) -> tuple[str, dict[str, Any]]:
    """Main text, and title and date as far as the page tells them.

    Raises:
        DocumentError: ``too_deep``, ``no_text``.
    """
    if _too_deep(html):
        raise DocumentError("too_deep", f"more than {MAX_DEPTH:,} elements nested in one another; no page is")
    date = {"extensive_search": False, "original_date": True}  # only where the page says so, no guessing from numbers
    found: Any = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=date)
    if found is None or not found.text:
        raise DocumentError("no_text", "no text found on the page; is it made by scripts, or only links?")
    return found.text, {name: value for name in ("title", "date") if (value := getattr(found, name))}


def _too_deep(html: str) -> bool:
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for tag in TAG.finditer(html):
        depth += -1 if tag[1] else not tag[2]
        if depth > MAX_DEPTH:
            return True
    return False
