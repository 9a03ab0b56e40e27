"""Inputs for the tests of readers: files as bytes, made here, and short ways to read them."""

import zlib
from pathlib import Path

from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import Part, read, read_parts
from xborder_tagger.io.records import Record, Rejected
from xborder_tagger.io.sources import find

STORY = "Police in Vientiane seized forty kilograms of heroin at the border on Monday, officials said after the talks."


def items(path: Path | str, *, start: int = 0, **options) -> list[Record | Rejected]:
    """All items of the sources that a path stands for."""
    return [item for source in find([str(path)]) for item in read(source, ReadOptions(**options), start=start)]


def parts(path: Path | str, **options) -> list[Part]:
    """The same with rows of tables as columns."""
    return [part for source in find([str(path)]) for part in read_parts(source, ReadOptions(**options))]


def only(path: Path | str, **options) -> Record | Rejected:
    """The one item of a path."""
    (item,) = items(path, **options)
    return item


def codes(found: list[Record | Rejected]) -> list[str | None]:
    """Code of each item; None for a document."""
    return [item.code if isinstance(item, Rejected) else None for item in found]


def written(path: Path, data: bytes | str) -> Path:
    """A file with these contents."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def page(body: str = f"<p>{STORY}</p><p>{STORY}</p>", head: str = "") -> str:
    """An HTML page."""
    return f"<!doctype html><html><head><title>Border talks</title>{head}</head><body>{body}</body></html>"


def pdf(*contents: bytes, trailer: bytes = b"", info: bytes = b"") -> bytes:
    """A PDF file with a page for each content stream."""
    pages = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< %s >>" % info,
    ]
    for number, content in enumerate(contents):
        packed = zlib.compress(content, 9)
        font = b"/Resources << /Font << /F1 3 0 R >> >>"
        place = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R" % (6 + 2 * number)
        objects.append(b"<< %s %s >>" % (place, font))
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def shown(*lines: str) -> bytes:
    """The content of a PDF page that shows some lines."""
    return b"BT /F1 12 Tf 50 700 Td " + b" 0 -14 Td ".join(b"(%s) Tj" % line.encode() for line in lines) + b" ET"
