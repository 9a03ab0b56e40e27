"""Makes every fault in a copy of the tree and asks the tests: ``python -m tests.faults [WORD]``.

With a word only the faults whose file or meaning has it in. Fails if a fault is not found, does not fit the sources or
does not compile; else, when all were made, their table is written to docs/testing.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.faults import FAULTS, Fault
from tests.faults.page import with_table
from tests.faults.tree import Tree
from tests.native_build import BuildError

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "testing.md"


def main(word: str = "") -> int:
    chosen = [fault for fault in FAULTS if word in f"{fault.file} {fault.meaning}"]
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(ROOT, Path(folder))
        begun = time.monotonic()
        if failing := tree.finding():
            print(f"without any fault this test fails: {failing}")
            return 1
        print(f"without any fault the tests pass, in {time.monotonic() - begun:.0f} seconds", flush=True)
        found = {fault: test for fault in chosen if (test := ask(tree, fault))}
    print(f"{len(found)} of {len(chosen)} faults were found")
    if len(found) < len(chosen):
        return 1
    if len(found) == len(FAULTS):
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


def ask(tree: Tree, fault: Fault) -> str | None:
    """The test that finds a fault; prints it."""
    begun = time.monotonic()
    try:
        test, told = tree.findings_with(fault), "NOT FOUND"
    except (ValueError, BuildError) as error:
        test, told = None, f"NOT MADE: {error}"
    line = f"{Path(fault.file).name:<18}{fault.meaning}\n{'':<18}{test or told}"
    print(f"{line}, {time.monotonic() - begun:.0f} seconds", flush=True)
    return test


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
