"""docs/formats.md says what the code does."""

import ast
import re

import pytest

from xborder_tagger.cli.inputs import READING, WRITING
from xborder_tagger.io import formats, write
from xborder_tagger.io.layout import CLUSTER, EVIDENCE, OWN, TEXT, schemes
from xborder_tagger.io.options import FORMATS
from xborder_tagger.io.read import READERS
from xborder_tagger.io.records import UNREADABLE

# Calls that make a reject, and which of their arguments is the code.
CODES = {"DocumentError": 0, "_problem": 1, "Rejected": 1, "rejected": 2, "refusal": "code"}
OURS = {"missing_extra"}  # between the processes only


@pytest.fixture(scope="module")
def page(root) -> str:
    return (root / "docs" / "formats.md").read_text(encoding="utf-8")


def table(page: str, heading: str) -> dict[str, list[str]]:
    """Rows of the tables under a heading, by their first cell."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:2] == "| "]
    return {row[0].strip("`"): row[1:] for row in rows}


def codes_in(source: str) -> set[str]:
    """Codes that a module gives."""
    found = set()
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        place = CODES.get(name)
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        code = keywords.get("code") if place == "code" else None
        if isinstance(place, int) and len(call.args) > place:
            code = call.args[place]
        if isinstance(code, ast.Constant):
            found.add(code.value)
    return found


def test_every_code_is_listed_and_no_other(root, page):
    sources = (root / "xborder_tagger" / "io").rglob("*.py")
    given = set().union(*(codes_in(source.read_text(encoding="utf-8")) for source in sources)) | UNREADABLE
    assert table(page, "Codes of what is left out").keys() - {"code"} == given - OURS


def test_every_format_is_listed_with_its_extensions(page):
    rows = table(page, "Inputs")
    assert rows.keys() - {"format"} == set(FORMATS) == READERS.keys()
    for name in FORMATS:
        wanted = {extension for extension, kind in formats.EXTENSIONS.items() if kind == name}
        assert set(re.findall(r"`(\.\w+)`", rows[name][0])) == wanted
    assert all(f"`{extension}`" in page for extension in formats.PACKED)


def test_every_option_is_listed_with_its_default(page):
    rows = table(page, "Options for reading")
    options = [option(lambda: None).__click_params__[0] for option in READING]
    assert rows.keys() - {"option"} == {option.opts[0] for option in options}
    for option in options:
        if isinstance(option.default, (str, int, float)):
            assert rows[option.opts[0]][0].strip("`") == str(option.default)
    for option in WRITING:
        assert f"`{option(lambda: None).__click_params__[0].opts[0]}" in page


def test_every_output_and_field_is_listed(page, tagger):
    rows = table(page, "Outputs")
    assert set(write.FORMATS) <= rows.keys()
    assert {*OWN, EVIDENCE, CLUSTER, TEXT} <= rows.keys()
    assert {"iptc", "gdelt", "plover"} <= set(schemes(tagger.labels))
    assert rows.keys() - {*write.FORMATS, *OWN, EVIDENCE, CLUSTER, TEXT} == {
        "--format",
        "field",
        "iptc`, `gdelt`, `plover`, ...",
        "all others",
    }


def test_numbers_on_the_page_are_those_of_the_code(page):
    from xborder_tagger.cli.inputs import LOOK_AT
    from xborder_tagger.io.child import columns
    from xborder_tagger.io.delimited import RECORD_BYTES
    from xborder_tagger.io.inputs import BOMB
    from xborder_tagger.io.packed import MANY
    from xborder_tagger.io.records import SAMPLE_CHARACTERS

    assert f"swells more than {BOMB} times" in page
    assert f"{MANY} times that where it holds many" in page
    assert f"more than {columns.ROWS_PER_BYTE} a byte" in page
    assert columns.MANY_ROWS == 1_000_000
    assert f"at most {RECORD_BYTES >> 20} MiB" in page
    assert f"{LOOK_AT:,} documents of the first input" in page
    assert f"at most {SAMPLE_CHARACTERS} characters" in page
