"""Inputs made to do harm, or just badly made: each costs itself alone and is told by its own code and message."""

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.inputs import STORY, items, page, pdf, shown, written
from xborder_tagger.io.records import Record, Rejected

LIMITS = {"max_bytes": 1 << 20, "parser_memory": 200 << 20, "parser_seconds": 10.0}
FINE = b'{"text": "fine"}\n'


def parquet_bomb(path):
    pq.write_table(pa.table({"text": pa.nulls(1 << 21, pa.string())}), path, row_group_size=1 << 21)


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", b"\0" * (20 << 20))


def gzip_bomb(path):
    path.write_bytes(gzip.compress(gzip.compress(b"\0" * (30 << 20))))


def symlink_loop(path):
    path.symlink_to(path)


def encrypted(path):
    keys = (b"41" * 32, b"42" * 32)
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % keys
    path.write_bytes(pdf(shown("secret"), trailer=lock))


def contents(data: bytes | str):
    return lambda path: written(path, data)


OPEN_QUOTE = 'id,text\n1,fine\n2,"open\n3,fine\n4,"also, fine"\n'
SWOLLEN = b"BT /F1 9 Tf " + b"(aaaaaaaaaaaaaaaaaaa) Tj " * 600_000
DEEP = b'{"text": ' + b"[" * 100_000 + b"\n"
# Kind, name, how it is made, the codes of its items (None for a document), and what the message says.
HOSTILE = [
    ("a Parquet file of endless rows", "a.parquet", parquet_bomb, ["decompression_bomb"], "2,097,152 rows"),
    ("a zip bomb", "a.zip", zip_bomb, ["unsupported_format"], "a ZIP archive"),
    ("a gzip bomb", "a.txt.gz", contents(gzip.compress(b"a" * (2 << 20))), ["decompression_bomb"], "unpack to"),
    ("a gzip bomb in a gzip bomb", "a.gz", gzip_bomb, ["unsupported_format"], "packed twice"),
    ("100,000 nested tags", "a.html", contents(page("<div>" * 100_000 + STORY)), ["too_deep"], "1,000 elements"),
    ("an encrypted PDF", "a.pdf", encrypted, ["encrypted"], "without one"),
    ("a scanned PDF", "a.pdf", contents(pdf(b"q 9 0 0 9 0 0 cm 0 0 1 1 re f Q")), ["no_text_layer"], "OCR"),
    ("a PDF bomb", "a.pdf", contents(pdf(SWOLLEN)), ["parser_memory"], "memory"),
    ("an open quote", "a.csv", contents(OPEN_QUOTE), [None, "open_quote", None, None], "opened and not closed"),
    ("a ragged row", "a.csv", contents("id,text\n1,a,b\n2,c\n"), ["ragged_row", None], "3 cells, the header has 2"),
    ("duplicate headers", "a.csv", contents("text,id,text\na,1,b\n"), ["duplicate_header"], "'text' is there twice"),
    (
        "Latin-1 in JSON",
        "a.jsonl",
        contents(b'{"text": "caf\xe9"}\n' + FINE),
        ["encoding", None],
        "byte 13 of the line",
    ),
    ("NUL in JSON", "a.jsonl", contents(b'{"text": "a\0b"}\n' + FINE), ["nul", None], "NUL bytes"),
    ("U+2028 in JSON", "a.jsonl", contents('{"text": "a\u2028b"}\n'), [None], None),
    ("a link to itself", "a.txt", symlink_loop, ["symlink_loop"], "round in a circle"),
    ("JSON nested too deep", "a.jsonl", contents(DEEP + FINE), ["too_deep", None], "nested"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Every hostile input, each between two good ones, in one folder."""
    folder = tmp_path_factory.mktemp("archive")
    for number, (_, name, make, _, _) in enumerate(HOSTILE):
        (folder / f"{number:02d}").mkdir()
        make(folder / f"{number:02d}" / name)
        written(folder / f"{number:02d}.html", page(f"<p>{STORY}</p>"))
    return folder


@pytest.fixture(scope="module")
def found(archive) -> dict[str, list[Record | Rejected]]:
    """All items of the archive, read in one go, by source."""
    sources: dict[str, list[Record | Rejected]] = {}
    for item in items(archive, **LIMITS):
        source = item.source if isinstance(item, Rejected) else item.where.rsplit(":", 1)[0]
        sources.setdefault(source, []).append(item)
    return sources


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=[kind for kind, *_ in HOSTILE])
def test_a_hostile_input_costs_itself_alone(archive, found, number):
    _, name, _, wanted, message = HOSTILE[number]
    items_of = found[str(archive / f"{number:02d}" / name)]
    assert [item.code if isinstance(item, Rejected) else None for item in items_of] == wanted
    for item in items_of:
        if isinstance(item, Rejected):
            assert message in item.message
            assert len(item.sample) <= 80
            assert "\n" not in item.message
        else:
            assert item.text


def test_all_good_neighbours_are_read(archive, found):
    texts = [found[str(archive / f"{number:02d}.html")][0].text for number in range(len(HOSTILE))]
    assert texts == [STORY] * len(HOSTILE)


def test_no_two_kinds_are_told_in_the_same_words(found):
    messages = [item.message for items_of in found.values() for item in items_of if isinstance(item, Rejected)]
    assert len(messages) == len(set(messages)) == len(HOSTILE) - 1
