"""Which format an input has: by its first bytes where they tell, then by its name, then by what it looks like."""

from __future__ import annotations

import os
import re
from typing import Final

from xborder_tagger.errors import DocumentError

EXTENSIONS: Final = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "txt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".eml": "eml",
}
PACKED: Final = {".gz": "gzip", ".zst": "zstd"}
MAGIC: Final = ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"\xff\xff\xff\xff", "arrow"), (b"%PDF-", "pdf"))
PACKED_MAGIC: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
OTHERS: Final = (
    (b"\x1f\x8b", "packed twice"),
    (b"\x28\xb5\x2f\xfd", "packed twice"),
    (b"PK\x03\x04", "a ZIP archive (or a .docx, .xlsx, .epub, which are such)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)
PAGE: Final = rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b"
MAIL: Final = rb"(?:From |Return-Path:|Received:|Delivered-To:|Message-ID:|MIME-Version:)"


def packing(head: bytes) -> str | None:
    """How an input is packed: "gzip", "zstd" or not at all."""
    return next((kind for magic, kind in PACKED_MAGIC if head.startswith(magic)), None)


def recognise(name: str, head: bytes) -> str:
    """The format of an input.

    Args:
        name: of its source; the extension of a packed file's own name is looked at.
        head: its first bytes, unpacked.

    Raises:
        DocumentError: ``unsupported_format``, ``json_document``.
    """
    if kind := next((kind for magic, kind in MAGIC if head.startswith(magic)), None):
        return kind
    if found := next((found for magic, found in OTHERS if head.startswith(magic)), None):
        raise DocumentError("unsupported_format", f"is {found}; unpack or convert it first")
    stem, extension = os.path.splitext(name.lower())
    if extension in PACKED:
        extension = os.path.splitext(stem)[1]
    if extension == ".json":
        _refuse_one_document(head)
    return EXTENSIONS.get(extension) or _looks_like(head)


def _refuse_one_document(head: bytes) -> None:
    first = head.lstrip().split(b"\n", 1)[0].strip()
    if first.startswith(b"[") or first == b"{":
        cure = "make it one object a line, for example with: jq -c '.[]'"
        raise DocumentError("json_document", f"is one JSON value over several lines or a list; {cure}")


def _looks_like(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return "jsonl"
    if re.match(PAGE, start, re.IGNORECASE | re.DOTALL):
        return "html"
    return "eml" if re.match(MAIL, start, re.IGNORECASE) else "txt"
