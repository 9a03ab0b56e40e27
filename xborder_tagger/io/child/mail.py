"""Mails: the plain text, or that of the HTML part, and the headers that matter."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final, cast

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.child.frames import Frame, document
from xborder_tagger.io.decode import declared, decode

HEADERS: Final = {"title": "subject", "from": "from", "to": "to", "message_id": "message-id"}


def parse(arguments: dict[str, Any]) -> Iterator[Frame]:
    """The document of a mail, as JSON; attachments are not read."""
    mail = message_from_bytes(arguments["data"], policy=default)
    if not mail.keys():
        raise DocumentError("not_mail", "no mail headers at the beginning; is this a mail?")
    part = mail.get_body(("plain", "html"))
    if part is None:
        raise DocumentError("no_text", "no text in this mail, only attachments; save and give them instead")
    data = cast(bytes, part.get_payload(decode=True))
    charset = part.get_content_charset()
    is_html = part.get_content_type() == "text/html"
    text, encoding, guessed = decode(data, charset or (declared(data) if is_html else None))
    fields = _headers(mail)
    if encoding:
        fields["encoding"] = encoding
    yield document(_of_html(text) if is_html else text, fields, arguments["output"], guessed=guessed)


def _headers(mail: EmailMessage) -> dict[str, Any]:
    fields = {field: str(mail[header]).strip() for field, header in HEADERS.items() if mail[header]}
    date = getattr(mail["date"], "datetime", None)
    return fields | {"date": date.isoformat()} if date else fields


def _of_html(html: str) -> str:
    from xborder_tagger.io.child.page import extract

    return extract(html)[0]
