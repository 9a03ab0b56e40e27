"""The compiled kernel against the NumPy one on generated strings: ``python -m tests.differential 1000000 [SEED]``.

Scores agree to 1e-9, tags, flags and counts exactly; every hundredth string is explained by both, every thousandth is
scored by scikit-learn, too; what is UTF-8 scores to the last bit as the string does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

import xborder_tagger
from tests.agreement import TOLERANCE, assert_same, assert_same_explanation
from tests.generated import Strings
from tests.scikit_reference import Margins, by_sentence, margins_by_scikit_learn, reference_score
from tests.strategies import SNIPPETS
from xborder_tagger.kernel import Kernel, kernels
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, Tables
from xborder_tagger.shipped import ROOT

BATCH = 4000
EXPLAINED, REFERENCE = 100, 1000  # of so many strings one


@dataclass
class Toll:
    """What was compared."""

    strings: int = 0
    characters: int = 0
    encoded: int = 0
    explained: int = 0
    by_scikit_learn: int = 0
    tags: int = 0


@dataclass
class Comparison:
    """Both kernels over the same tables, and scikit-learn's margins."""

    tables: Tables
    toll: Toll = field(default_factory=Toll)

    def __post_init__(self) -> None:
        self.native: Kernel = kernels()["native"](disassemble(self.tables))
        self.twin: Kernel = NumpyKernel(self.tables)
        self.margins: Margins = margins_by_scikit_learn(self.tables)

    def compare(self, batch: Sequence[str]) -> None:
        """Raises AssertionError with the string that makes the difference."""
        try:
            tags, encoded = self._predictions(batch)
        except AssertionError:
            for text in batch:
                self._named(text, self._predictions, [text])
            raise
        for text in batch[::EXPLAINED]:
            self._named(text, assert_same_explanation, self.native, self.twin, text)
        for text in batch[::REFERENCE]:
            self._named(text, self._reference, text)
        toll = self.toll
        toll.strings, toll.characters = toll.strings + len(batch), toll.characters + sum(map(len, batch))
        toll.tags, toll.encoded = toll.tags + tags, toll.encoded + encoded
        toll.explained += len(batch[::EXPLAINED])
        toll.by_scikit_learn += len(batch[::REFERENCE])

    @staticmethod
    def _named(text: str, check, *arguments) -> None:
        try:
            check(*arguments)
        except AssertionError as error:
            raise AssertionError(f"{text!r}: {error}") from None

    def _predictions(self, batch: Sequence[str]) -> tuple[int, int]:
        """Compare them; how many tags there are, and how many of the strings have an encoding."""
        found = self.native.predict(batch).as_arrays()
        assert_same(found, self.twin.predict(batch))
        whole = [row for row, text in enumerate(batch) if not has_surrogates(text)]
        parts = [batch[row].encode() for row in whole]
        offsets = np.cumsum([0, *map(len, parts)])
        encoded = self.native.predict_utf8(b"".join(parts), offsets).as_arrays()
        for name in ("scores", "applies", "review", "flags", "words", "known", "common"):
            np.testing.assert_array_equal(getattr(encoded, name), getattr(found, name)[whole], err_msg=f"UTF-8: {name}")
        return int(found.applies.sum()), len(whole)

    def _reference(self, text: str) -> None:
        wanted = reference_score(self.tables, by_sentence(self.tables, text), self.margins)
        found = self.native.predict([text]).scores.tolist()[0]
        np.testing.assert_allclose(found, wanted, rtol=0, atol=TOLERANCE)


def has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def corpus() -> list[str]:
    files = sorted((ROOT / "corpus" / "documents").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def run(tables: Tables, count: int, seed: int) -> Toll:
    """Compare so many strings; raises AssertionError at the first difference."""
    comparison = Comparison(tables)
    strings = iter(Strings(tables, corpus(), SNIPPETS, seed))
    while (left := count - comparison.toll.strings) > 0:
        comparison.compare([next(strings) for _ in range(min(left, BATCH))])
    return comparison.toll


if __name__ == "__main__":
    wanted, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun = time.monotonic()
    toll = run(xborder_tagger.load().kernel.tables, wanted, seed)
    print(
        f"{toll.strings:,} strings of {toll.characters:,} characters with {toll.tags:,} tags agree; of them "
        f"{toll.encoded:,} in UTF-8, {toll.explained:,} explained, {toll.by_scikit_learn:,} by scikit-learn; "
        f"seed {seed}, {time.monotonic() - begun:.0f} seconds"
    )
