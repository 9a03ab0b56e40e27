"""What every character is: one table from a code point to its kind and its normalised spelling.

The normal form of a character is its NFKD form without combining marks, case-folded, with look-alikes of Latin
letters folded onto them, recomposed. Decomposing by character needs no context, so that composed and decomposed
spellings meet, and a compiled loop can look every character up on its own. Marks that belong to a script (Thai,
Lao, Khmer, Hindi vowels) are letters and stay; only the general combining marks go.

Unicode tables differ between interpreters, so a table is built once, at training time, and travels in the model.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np
from numpy.typing import NDArray

MAX_CODE_POINT = 0x10FFFF
PAGE = 256
LENGTH_SHIFT = 4
OFFSET_SHIFT = 8


class Kind(np.uint8, Enum):
    """What a character does to the token and the sentence around it.

    A byte itself: NumPy would compare an array of bytes with other integers in 64 bits.
    """

    SEPARATOR = 0
    SPACE = 1
    NEWLINE = 2
    LETTER = 3
    LOWER = 4
    DIGIT = 5
    DROPPED = 6
    DOT = 7
    TERMINATOR = 8
    CLOSER = 9
    HYPHEN = 10


@dataclass(frozen=True, slots=True)
class CharTable:
    """Two-stage table over all code points.

    ``entries[pages[c >> 8] * 256 + (c & 255)]`` holds the kind in bits 0-3, the length of the normalised UTF-8
    in bits 4-7 (0: the character's own UTF-8) and its offset into ``pool`` from bit 8 on.

    Args:
        pages: uint16, (4352,).
        entries: uint32, (256 * number of different pages,).
        pool: uint8, normalised spellings one after another.
    """

    pages: NDArray[np.uint16]
    entries: NDArray[np.uint32]
    pool: NDArray[np.uint8]

    def entries_of(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Table entries of the given code points, same shape."""
        return self.entries[self.pages[codes >> 8].astype(np.uint32) * PAGE + (codes & 0xFF)]

    def kinds(self, codes: NDArray[np.uint32], low: bytes) -> NDArray[np.uint8]:
        """Kinds of the characters of a batch, writable: ASCII through one small table, the rest one by one."""
        ascii_kinds = (self.entries[int(self.pages[0]) * PAGE :][:PAGE] & 15).astype(np.uint8)
        kinds = np.frombuffer(bytearray(low.translate(ascii_kinds.tobytes())), dtype=np.uint8)
        others = np.flatnonzero(codes > 127)
        kinds[others] = self.entries_of(codes[others]) & 15
        return kinds


# Letters that look like Latin ones but do not decompose to them. Whoever hides a word behind them wants it read.
LOOK_ALIKES = str.maketrans(
    {
        pair[0]: pair[1]
        for row in (
            "аa вb сc ԁd еe һh нh іi јj кk мm оo рp ԛq ѕs тt ѵv ԝw хx уy",  # Cyrillic
            "αa βb εe ηh ιi κk μm νn οo ρp τt υy χx ζz ϲc ϳj",  # Greek
            "ոn օo սu հh",  # Armenian
            "ɑa ɡg ıi ɩi łl øo đd ðd ħh ŧt ƒf ʋv",  # Latin
        )
        for pair in row.split()
    }
)
DIGRAPHS = str.maketrans({"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ŋ": "ng"})
CLOSERS = "\"'”’»)]}›"
HYPHENS = "-\u2010\u2011"


def _is_general_mark(char: str) -> bool:
    code = ord(char)
    blocks = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
    return any(low <= code <= high for low, high in blocks)


def _is_ignorable(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F or _is_general_mark(char)


def normal_form(char: str) -> str:
    """Normalised spelling of one character: letters and digits only, possibly empty."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    bare = "".join(c for c in folded if not _is_ignorable(c)).casefold()
    spelled = unicodedata.normalize("NFKC", bare).translate(DIGRAPHS).translate(LOOK_ALIKES)
    return "".join(c for c in spelled if c.isalnum() or unicodedata.category(c)[0] == "M")


def _punctuation_kind(char: str) -> Kind:
    if char in "\n\u2028\u2029\x0b\x0c\x85":
        return Kind.NEWLINE
    if char.isspace():
        return Kind.SPACE
    if char == ".":
        return Kind.DOT
    if char in "!?…。！？។":
        return Kind.TERMINATOR
    if char in CLOSERS:
        return Kind.CLOSER
    return Kind.HYPHEN if char in HYPHENS else Kind.SEPARATOR


def _digits(char: str) -> str:
    return "".join(str(unicodedata.digit(c, "")) for c in unicodedata.normalize("NFKD", char))


def classify(char: str) -> tuple[Kind, str]:
    """Kind of a character and its normalised spelling ("" where it has none)."""
    category = unicodedata.category(char)
    if _is_ignorable(char):
        return Kind.DROPPED, ""
    if category in ("Nd", "No"):
        digits = _digits(char)
        return (Kind.DIGIT, digits) if digits and len(digits) < 4 else (Kind.SEPARATOR, "")
    lettered = category[0] in "LM" or category == "Nl" or (category == "So" and len(normal_form(char)) == 1)
    if not lettered:
        return _punctuation_kind(char), ""
    spelling = normal_form(char)
    if not spelling or len(spelling.encode()) > 15:
        return Kind.SEPARATOR, ""
    return (Kind.LOWER if category == "Ll" else Kind.LETTER), spelling


@cache
def build_char_table() -> CharTable:
    """Build the table from this interpreter's Unicode data. Takes about two seconds."""
    pool = bytearray()
    offsets: dict[bytes, int] = {}
    pages: dict[bytes, int] = {}
    index = np.zeros((MAX_CODE_POINT + 1) // PAGE, dtype=np.uint16)
    for page in range(len(index)):
        entries = np.array([_entry(page * PAGE + i, pool, offsets) for i in range(PAGE)], dtype=np.uint32)
        index[page] = pages.setdefault(entries.tobytes(), len(pages))
    return CharTable(index, np.frombuffer(b"".join(pages), dtype=np.uint32), np.frombuffer(bytes(pool), dtype=np.uint8))


def _entry(code: int, pool: bytearray, offsets: dict[bytes, int]) -> int:
    if 0xD800 <= code <= 0xDFFF:
        return int(Kind.SEPARATOR)
    kind, spelling = classify(chr(code))
    if not spelling or spelling == chr(code):
        return int(kind)
    spelled = spelling.encode()
    if spelled not in offsets:
        offsets[spelled] = len(pool)
        pool += spelled
    return int(kind) | len(spelled) << LENGTH_SHIFT | offsets[spelled] << OFFSET_SHIFT
