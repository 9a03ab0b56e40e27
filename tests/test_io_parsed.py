"""Pages, PDF files and mails: their texts, and what becomes of those that have none."""

import pytest

from tests.inputs import STORY, codes, items, only, page, pdf, shown, written
from xborder_tagger.io.records import Record


def test_a_page_gives_its_main_text_title_and_date(tmp_path):
    head = '<meta property="article:published_time" content="2024-03-05T10:00:00+07:00">'
    menu = "<nav><a href='/'>Home</a> <a href='/a'>About us</a></nav>"
    body = f"{menu}<article><p>{STORY}</p><p>{STORY[::-1]}</p></article>"
    path = written(tmp_path / "a.html", page(body, head))
    found = only(path)
    assert found == Record(
        str(path), f"{STORY}\n{STORY[::-1]}", {"title": "Border talks", "date": "2024-03-05"}, str(path)
    )


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("iso-8859-5", "iso8859-5"), ("koi8-r", "koi8-r"), ("utf-8", None)],
)
def test_the_encoding_that_a_page_declares_is_taken(tmp_path, declared, encoding):
    text = "Полиция задержала подозреваемого на границе в понедельник, сообщили чиновники."
    html = page(f"<p>{text}</p>", f'<meta charset="{declared}">')
    found = only(written(tmp_path / "a.htm", html.encode(declared)))
    assert found.text == text
    assert found.fields.get("encoding") == encoding


def test_a_page_in_xml_and_one_without_a_name_are_read(tmp_path):
    xml = f'<?xml version="1.0" encoding="iso-8859-1"?>\n{page(f"<p>José: {STORY}</p>")}'
    assert only(written(tmp_path / "a.xhtml", xml.encode("latin-1"))).text == f"José: {STORY}"
    assert only(written(tmp_path / "page", page(f"<p>{STORY}</p>"))).text == STORY


def test_a_page_without_text_is_left_out(tmp_path):
    found = only(written(tmp_path / "a.html", page("<script>render()</script>")))
    assert found.code == "no_text"
    assert "scripts" in found.message


@pytest.mark.parametrize("depth", ["<div>" * 100_000, "<b>" * 100_000 + STORY + "</b>" * 100_000])
def test_a_hundred_thousand_nested_elements_are_too_deep(tmp_path, depth):
    found = only(written(tmp_path / "a.html", page(f"<p>{STORY}</p>{depth}")))
    assert found.code == "too_deep"


def test_many_paragraphs_that_are_never_closed_are_not_deep(tmp_path):
    found = only(written(tmp_path / "a.html", page("".join(f"<p>{STORY} {n}.<br>" for n in range(3000)))))
    assert found.text.count(STORY) == 3000


# PDF


def test_a_pdf_gives_the_text_of_all_pages_and_where_they_begin(tmp_path):
    data = pdf(shown("Police seized her-", "oin on Monday."), shown("The talks", "went on."), info=b"/Title (Seizure)")
    found = only(written(tmp_path / "a.pdf", data))
    assert found.text == "Police seized heroin on Monday.\nThe talks\nwent on."
    assert found.fields == {"title": "Seizure", "pages": [0, 32]}
    assert found.text[32:].startswith("The talks")


def test_a_pdf_is_known_by_its_first_bytes(tmp_path):
    assert only(written(tmp_path / "a.txt", pdf(shown("Words.")))).text == "Words."


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (pdf(b"q 100 0 0 100 0 0 cm 0 0 1 1 re f Q", b""), "no_text_layer", "no text on its 2 pages"),
        (b"%PDF-1.4\ngarbage", "damaged_pdf", "no readable PDF"),
        (pdf(shown("x"))[:200], "damaged_pdf", "no readable PDF"),
        (
            pdf(
                shown("secret"),
                trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
                % (b"41" * 32, b"42" * 32),
            ),
            "encrypted",
            "asks for a password",
        ),
    ],
)
def test_a_pdf_without_text_to_read_is_left_out(tmp_path, data, code, message):
    found = only(written(tmp_path / "a.pdf", data))
    assert found.code == code
    assert message in found.message
    assert found.sample.startswith("%PDF-1.4")
    assert len(found.digest) == 64


def test_a_pdf_bomb_costs_itself_alone(tmp_path):
    written(tmp_path / "a.pdf", pdf(b"BT /F1 12 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 400_000 + b"ET"))
    written(tmp_path / "b.pdf", pdf(shown("Fine.")))
    bomb, fine = items(tmp_path, parser_memory=200 << 20)
    assert bomb.code == "parser_memory"
    assert fine.text == "Fine."


# Mail

HEAD = """From: =?utf-8?q?Jos=C3=A9?= <jose@example.org>
To: desk@example.org
Subject: =?utf-8?q?Talks_=E2=80=94_border?=
Date: Tue, 5 Mar 2024 10:00:00 +0700
Message-ID: <1@example.org>
MIME-Version: 1.0
"""


def test_a_mail_gives_its_plain_text_and_its_headers(tmp_path):
    parts = "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>no</p>\n--x\n"
    plain = "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nSeen in Perú.\n--x--\n"
    found = only(written(tmp_path / "a.eml", (HEAD + parts + plain).encode("latin-1")))
    assert found.text.strip() == "Seen in Perú."
    assert found.fields == {
        "title": "Talks — border",
        "from": "José <jose@example.org>",
        "to": "desk@example.org",
        "message_id": "<1@example.org>",
        "date": "2024-03-05T10:00:00+07:00",
        "encoding": "cp1252",
    }


def test_a_mail_with_html_alone_gives_its_text(tmp_path):
    data = HEAD + f"Content-Type: text/html; charset=utf-8\n\n{page(f'<p>{STORY}</p>')}"
    assert only(written(tmp_path / "a.eml", data)).text == STORY
    assert only(written(tmp_path / "mail", "Received: from x\n" + data)).text == STORY


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("words without any head", "not_mail"),
        (HEAD + "Content-Type: application/pdf\n\nxxx", "no_text"),
        ("".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000)), "too_deep"),
    ],
)
def test_a_mail_without_text_to_read_is_left_out(tmp_path, data, code):
    assert only(written(tmp_path / "a.eml", data)).code == code


def test_an_unknown_charset_is_no_obstacle(tmp_path):
    data = HEAD.encode() + b"Content-Type: text/plain; charset=klingon\n\nPlain words."
    assert only(written(tmp_path / "a.eml", data)).text == "Plain words."


# What is none of these


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "unsupported_format"),
        ("a.txt", b"PK\x03\x04" + b"\0" * 100, "unsupported_format"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 100, "unsupported_format"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "unsupported_format"),
        ("a.bin", b"\0\1\2\3", "nul"),
        ("a.json", b"[\n {}]", "json_document"),
        ("a.json", b'{\n "text": "x"}', "json_document"),
    ],
)
def test_what_is_no_text_is_told_for_what_it_is(tmp_path, name, data, code):
    assert codes([only(written(tmp_path / name, data))]) == [code]


def test_json_lines_in_a_file_called_json_are_read(tmp_path):
    assert only(written(tmp_path / "a.json", '{"text": "x"}')).text == "x"
