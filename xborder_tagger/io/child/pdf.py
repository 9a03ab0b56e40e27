"""PDF files: the text of all pages, and where each page begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import Frame, document

BETWEEN_PAGES: Final = "\n"  # a sentence may run on over the page


def parse(arguments: dict[str, Any]) -> Iterator[Frame]:
    """The document of a PDF file, as JSON; its field ``pages`` has the offset in the text at which each page begins."""
    pdf = _opened(arguments["data"])
    texts: list[str] = []
    starts: list[int] = []
    length = 0
    for text in _pages(pdf, arguments["output"]):
        starts.append(length)
        texts.append(text)
        length += len(text) + len(BETWEEN_PAGES)
        if length > arguments["output"]:
            break
    if not any(text.strip() for text in texts):
        message = f"no text on its {len(texts)} pages, only pictures; run OCR first, for example ocrmypdf"
        raise DocumentError("no_text_layer", message)
    fields = {name: value for name, key in (("title", "Title"),) if (value := pdf.get_metadata_value(key))}
    yield document(BETWEEN_PAGES.join(texts), fields | {"pages": starts}, arguments["output"])


def _opened(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise DocumentError("encrypted", "is encrypted and asks for a password; save it without one") from error
        raise DocumentError("damaged_pdf", f"is no readable PDF ({error}); fetch or export it again") from error


def _pages(pdf: Any, limit: int) -> Iterator[str]:
    for number in range(len(pdf)):
        try:
            page = pdf[number]
            letters = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise DocumentError(
                "damaged_pdf", f"page {number + 1} cannot be read ({error}); export it again"
            ) from error
        if letters.count_chars() > limit:
            raise DocumentError("too_large", f"page {number + 1} has more than {limit:,} characters; split it")
        text = letters.get_text_range()
        letters.close()
        page.close()
        # PDFium gives U+FFFE for the hyphen of a word that is broken at a line's end.
        yield text.replace("\ufffe", "").replace("\r\n", "\n")
