"""The table of docs/testing.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.faults import Fault

BEGIN, END = "<!-- faults -->", "<!-- end of faults -->"


def with_table(page: str, found: Mapping[Fault, str]) -> str:
    """The page with the table between its marks."""
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    rows = "".join(row(fault, test) for fault, test in found.items())
    return f"{head}{BEGIN}\n| file | fault | found by |\n|---|---|---|\n{rows}{END}{tail}"


def row(fault: Fault, test: str) -> str:
    name = re.sub(r"\[.*\]", "", test)  # of which examples, there are too many to say
    return f"| `{Path(fault.file).name}` | {fault.meaning} | `{name.split(' (')[0]}`{told(test)} |\n"


def told(test: str) -> str:
    how = re.search(r" \((?:crashes|never ends)\)$", test)
    return how[0] if how else ""
