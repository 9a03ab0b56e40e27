"""An archive in which one document in a hundred is poisoned, in twenty ways: those are quarantined, and nothing else.

``python -m tests.crash.poisoned [DOCUMENTS]`` builds it, tags it as a job, and compares: the quarantine must name
exactly the poisoned documents with the right codes, and the output must be, byte for byte, that of the archive without
them.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.inputs import STORY, page, pdf, shown
from xborder_tagger.cli.job import tag_job
from xborder_tagger.io.options import ReadOptions

LIMITS = ReadOptions(max_bytes=1 << 16, max_characters=40_000)
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32)
JSONL: dict[str, tuple[str, bytes]] = {  # kind: code, line
    "cut short": ("not_json", b'{"id": 1, "text": "Police sei'),
    "a page in the place of a record": ("not_json", b"<html>502 Bad Gateway</html>"),
    "a list": ("not_object", b'["text"]'),
    "a number": ("not_object", b"17"),
    "no text": ("not_text", b'{"id": 1, "body": "Police seized heroin."}'),
    "null for a text": ("not_text", b'{"id": 1, "text": null}'),
    "a number for a text": ("not_text", b'{"id": 1, "text": 40}'),
    "Latin-1": ("encoding", b'{"id": 1, "text": "caf\xe9"}'),
    "NUL": ("nul", b'{"id": 1, "text": "a\0b"}'),
    "nested too deep": ("too_deep", b'{"id": 1, "text": ' + b"[" * 20_000),
    "a long text": ("too_large", json.dumps({"id": 1, "text": "heroin " * 6_000}).encode()),
    "a longer line": ("line_too_long", json.dumps({"id": 1, "text": "heroin " * 10_000}).encode()),
}
CSV: dict[str, tuple[str, bytes]] = {
    "a cell more": ("ragged_row", b"1,heroin,seized"),
    "a cell less": ("ragged_row", b"1"),
    "an open quote": ("open_quote", b'1,"heroin'),
}
FILES: dict[str, tuple[str, str, bytes]] = {  # kind: code, extension, content
    "an encrypted PDF": ("encrypted", "pdf", pdf(shown("secret"), trailer=LOCK)),
    "a scanned PDF": ("no_text_layer", "pdf", pdf(b"q 9 0 0 9 0 0 cm 0 0 1 1 re f Q")),
    "a page without text": ("no_text", "html", page("").encode()),
    "a packed file cut short": ("damaged_archive", "txt.gz", gzip.compress(STORY.encode() * 99)[:-20]),
    "a text with NUL": ("nul", "txt", b"heroin\0" * 9),
}
KINDS = len(JSONL) + len(CSV) + len(FILES)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an archive."""

    documents: int
    poisoned: Counter[str]
    wrong: int  # quarantined for nothing, not quarantined, or with another code
    same_output: bool


def measure(documents: int, folder: Path, *, seed: int = 0) -> Outcome:
    """Build an archive with its twin that has no poison, tag both, compare. One document in a hundred is poisoned."""
    each = max(documents // 100 // KINDS, 1)
    expected = _build(folder / "archive", documents, each, random.Random(seed))
    _build(folder / "clean", documents, 0, random.Random(seed))
    found = _quarantine(_tagged(folder / "archive"))
    _tagged(folder / "clean")
    same = (folder / "archive.out").read_bytes() == (folder / "clean.out").read_bytes()
    return Outcome(documents, Counter(expected.values()), len(expected.items() ^ found.items()), same)


def _build(folder: Path, documents: int, each: int, generator: random.Random) -> dict[str, str]:
    """Write the archive; place to code of what is poisoned in it."""
    folder.mkdir()
    rows, lines = documents // 10, documents - documents // 10
    good = [json.dumps({"id": n, "text": f"{STORY} Case {n}."}).encode() for n in range(lines)]
    cells = [b"%d,%s" % (n, f'"{STORY} Row, {n}."'.encode()) for n in range(rows)]
    expected = _write_lines(folder / "a.jsonl", good, [*JSONL.values()] * each, generator)
    expected |= _write_lines(folder / "b.csv", cells, [*CSV.values()] * each, generator, header=b"id,text\n")
    for number in range(each):
        for kind, (code, extension, content) in enumerate(FILES.values()):
            path = folder / f"c{number:05d}-{kind}.{extension}"
            path.write_bytes(content)
            expected[path.name] = code
    return expected


def _write_lines(
    path: Path, good: list[bytes], poison: list[tuple[str, bytes]], generator: random.Random, header: bytes = b""
) -> dict[str, str]:
    """Write the good lines with the poisoned ones at random places between them."""
    places = sorted(random.Random(generator.random()).choices(range(len(good)), k=len(poison)))
    expected, number = {}, header.count(b"\n")
    with path.open("wb") as file:
        file.write(header)
        for place, line in enumerate(good):
            while places and places[0] == place:
                places.pop(0)
                code, wrong = poison.pop()
                number += 1
                expected[f"{path.name}:{number}"] = code
                file.write(wrong + b"\n")
            number += 1
            file.write(line + b"\n")
    return expected


def _tagged(archive: Path) -> Path:
    out = archive.with_suffix(".out")
    before = Path.cwd()
    os.chdir(archive)  # so that both archives give the same ids
    try:
        tag_job(["."], str(out), form="jsonl", options=LIMITS, quiet=True)
    finally:
        os.chdir(before)
    return out


def _quarantine(out: Path) -> dict[str, str]:
    with out.with_name(out.name + ".quarantine.jsonl").open(encoding="utf-8") as lines:
        return {Path(item["where"]).name: item["code"] for item in map(json.loads, lines)}


def main(documents: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(documents, Path(folder))
    total = found.poisoned.total()
    print(f"{found.documents:,} documents, {total:,} poisoned in {KINDS} ways: {dict(found.poisoned)}")
    print(f"wrongly judged: {found.wrong}; the rest as without them: {found.same_output}")
    return int(found.wrong > 0 or not found.same_output)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
