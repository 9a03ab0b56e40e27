"""Bytes to text: by byte order mark, declaration, as UTF-8, by charset-normalizer's best guess, in this order."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from xborder_tagger.errors import DocumentError
from xborder_tagger.extras import extra

MARKS: Final = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What news archives are written in. Left free, the guess often falls on rare relatives: cp1250 for Windows-1252.
CANDIDATES: Final = ["cp1252", "cp1251", "cp1256", "cp1258", "cp874", "gb18030", "big5", "cp932", "cp949", "koi8_r"]
GUESS_FROM: Final = 16  # bytes; fewer fit several encodings equally well
GUESS_BYTES: Final = 1 << 18  # of a text are looked at; the whole text must then decode
# Browsers read these names as Windows-1252, which has the printable characters of both (encoding.spec.whatwg.org).
WESTERN: Final = frozenset({"ascii", "iso8859-1"})
DECLARATION: Final = rb"""(?:<\?xml[^>]*?\bencoding|<meta[^>]*?\bcharset)\s*=\s*["']?\s*([\w.:-]+)"""
DECLARED_WITHIN: Final = 4096  # bytes of the beginning


class Decoded(NamedTuple):
    """A text, its encoding if that is not UTF-8, and whether the encoding is a guess."""

    text: str
    encoding: str | None = None
    guessed: bool = False


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """A text from its bytes.

    Raises:
        DocumentError: ``encoding``: no encoding fits.
    """
    mark, marked = byte_order(data)
    for name in filter(None, (marked, _known(declared), "utf-8")):
        try:
            return Decoded(data[len(mark) :].decode(name), None if name == "utf-8" else name)
        except UnicodeDecodeError:
            continue
    name = guess(data)
    try:
        return Decoded(data.decode(name), name, guessed=True)
    except UnicodeDecodeError as error:
        raise _undecodable(data) from error


def byte_order(data: bytes) -> tuple[bytes, str | None]:
    """The byte order mark at the beginning and the encoding it stands for."""
    return next(((mark, name) for mark, name in MARKS if data.startswith(mark)), (b"", None))


def declared(data: bytes) -> str | None:
    """The encoding that an HTML or XML page names itself."""
    found = re.search(DECLARATION, data[:DECLARED_WITHIN], re.IGNORECASE)
    return found[1].decode("ascii", "replace") if found else None


def guess(data: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8.

    Raises:
        DocumentError: ``encoding``: too short to tell, or none fits.
    """
    with extra("all"):
        from charset_normalizer import from_bytes
    if len(data) >= GUESS_FROM:
        best = from_bytes(data[:GUESS_BYTES], cp_isolation=CANDIDATES).best()
        if best is not None:
            return best.encoding
    raise _undecodable(data)


def note(name: str, encoding: str) -> None:
    """Tell, on standard error unless logging is set up otherwise, that an input's encoding was guessed."""
    import logging

    told = "%s: not UTF-8, read as %s, which fits best; convert the file to UTF-8 if characters come out wrong"
    logging.getLogger("xborder_tagger").warning(told, name, encoding)


def recode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8. A byte that does not fit goes through as it is, so that just its line is refused.

    Raises:
        DocumentError: ``encoding``: the text breaks off within a character, or its 16-bit units do not fit.
    """
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")
    except UnicodeError as error:
        raise DocumentError(
            "encoding", f"is no {encoding} from here on ({error}); convert it to UTF-8 first"
        ) from error


def _known(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        return None
    return "cp1252" if found in WESTERN else found


def _undecodable(data: bytes) -> DocumentError:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        place = f"byte {error.start} is not UTF-8, and no other encoding fits"
    else:
        place = "the text is not what its byte order mark or declaration says"
    return DocumentError("encoding", f"{place}; convert it to UTF-8 first, for example with iconv")
