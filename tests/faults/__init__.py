"""Faults on purpose, and what finds them."""

from tests.faults.fault import Fault
from tests.faults.python_side import PYTHON_SIDE
from tests.faults.reading import READING
from tests.faults.scoring import SCORING

__all__ = ["FAULTS", "Fault"]

FAULTS: tuple[Fault, ...] = (*READING, *SCORING, *PYTHON_SIDE)
