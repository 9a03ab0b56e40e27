"""Strings by the million: short ones of everything that kernels could read in two ways, from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.shipped import ROOT

GAZETTEERS = ROOT / "xborder-en" / "gazetteers"
MARKS = (
    ".....!?,;:-\u2010--\n\n\r\n\t      \u2028\u2029\u00a0\"”’')("
    "\u200b\u00ad\u0301\u0308\u200d\ufeff\0\x1f\x850123456789"
)
RANGES = (  # code points, with the scripts whose letters, marks and spellings are odd
    *((0x00, 0x7F), (0x00, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0x97F)),
    *((0xE00, 0xEFF), (0x1780, 0x17FF), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2150, 0x218F), (0x3040, 0x30FF)),
    *((0xAC00, 0xACFF), (0xD800, 0xDFFF), (0xF900, 0xFFFF), (0x0, 0xFFFF), (0x10000, 0x10FFFF), (0x1F300, 0x1F6FF)),
)
LENGTHS = {(1, 60): 955, (61, 300): 35, (301, 9000): 10}  # shortest and longest: how many in a thousand
LONGEST_PIECE = 40


class Strings:
    """An endless stream of strings, the same for the same seed.

    Args:
        tables: whose words and terms are written.
        corpus: texts that pieces are cut from.
        snippets: texts that hurt.
    """

    def __init__(self, tables: Tables, corpus: Sequence[str], snippets: Sequence[str], seed: int) -> None:
        self._random = random.Random(seed)
        self._words, self._terms = known_words(tables), terms()
        self._corpus, self._snippets = corpus, snippets
        self._makers: tuple[Callable[[], str], ...] = (
            *(self._slice, self._slice, self._word, self._word, self._word, self._term, self._snippet),
            *(self._marks, self._marks, self._characters, self._bytes),
        )

    def __iter__(self) -> Iterator[str]:
        while True:
            length, blanks, parts, size = self._length(), self._random.random() < 0.6, [], 0
            while size < length:
                piece = self._random.choice(self._makers)()
                parts.append(piece + " " if blanks else piece)
                size += len(parts[-1])
            yield "".join(parts)[:length]

    def _length(self) -> int:
        [(shortest, longest)] = self._random.choices(list(LENGTHS), list(LENGTHS.values()))
        return self._random.randint(shortest, longest)

    def _slice(self) -> str:
        text = self._random.choice(self._corpus)
        begin = self._random.randrange(len(text))
        return text[begin : begin + self._random.randint(1, LONGEST_PIECE)]

    def _word(self) -> str:
        word, shape = self._random.choice(self._words), self._random.randrange(6)
        return word.title() if shape == 0 else word.upper() if shape == 1 else word

    def _term(self) -> str:
        return self._random.choice(self._terms)

    def _snippet(self) -> str:
        return self._random.choice(self._snippets)

    def _marks(self) -> str:
        return "".join(self._random.choices(MARKS, k=self._random.randint(1, 3)))

    def _characters(self) -> str:
        begin, end = self._random.choice(RANGES)
        return "".join(chr(self._random.randint(begin, end)) for _ in range(self._random.randint(1, 6)))

    def _bytes(self) -> str:
        return self._random.randbytes(self._random.randint(1, 8)).decode("latin-1")


def known_words(tables: Tables) -> list[str]:
    """The first 16 bytes of each word that the model knows, as far as they are whole characters."""
    keys = tables.vocabulary.words.keys
    return sorted({key.tobytes().rstrip(b"\0").decode("utf-8", "ignore") for key in keys} - {""})


def terms() -> list[str]:
    """Names and other terms of the model, as they are written."""
    lines = (line for file in sorted(GAZETTEERS.glob("*.tsv")) for line in file.read_text("utf-8").splitlines())
    return [name for line in lines if not line.startswith("#") for name in re.split("[\t;]", line) if name]
