"""The faults of tests/faults can be made, and the docs tell what finds each; `make faults` makes them."""

import ast

import pytest

from tests.faults import FAULTS, Fault
from tests.faults.page import row


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.meaning)
def test_a_fault_fits_the_source(root, fault):
    source = (root / fault.file).read_text(encoding="utf-8")
    faulty = fault.text(root)
    assert faulty != source
    if fault.file.endswith(".py"):
        ast.parse(faulty)


def test_a_fault_that_fits_no_longer_is_told(root):
    with pytest.raises(ValueError, match="stands there 0 times"):
        Fault("setup.py", "what is not there", "", "nothing").text(root)


def test_there_are_enough_faults_and_none_stands_twice():
    assert len(FAULTS) >= 20
    assert len({fault.meaning for fault in FAULTS}) == len(FAULTS)
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)


def test_the_docs_say_which_test_finds_each_fault(root):
    page = (root / "docs" / "testing.md").read_text(encoding="utf-8")
    tests = "".join(file.read_text(encoding="utf-8") for file in (root / "tests").glob("test_*.py"))
    for fault in FAULTS:
        begin = row(fault, "").removesuffix("`` |\n")
        assert begin in page, f"run `make faults`: {fault.meaning}"
        name = page.split(begin)[1].split("`")[1]
        assert f"def {name}(" in tests, f"run `make faults`: there is no test {name}"
