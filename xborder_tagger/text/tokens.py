"""Cut a batch into tokens: maximal runs of letters, or of digits, with their offsets in the raw text.

A token's key is the first 16 bytes of its normalised UTF-8, zero-padded: long enough to tell English words apart
(what two longer words share beyond that is nearly always the stem), short enough to be compared as two integers.
Single letters are dropped, which lets "signed a memorandum" and "signed memorandum" meet and takes the "s" off
"Cambodia's"; the dots of "U.S." are read over; a word broken by a hyphen at a line end is joined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import LENGTH_SHIFT, OFFSET_SHIFT, CharTable, Kind

KEY_BYTES = 16
ASCII_LIMIT = 127
LOWER_BIT = np.uint8(0x20)  # set in ASCII's small letters and digits, the normal forms, unset in its capitals
FIRST_BYTES = np.tri(KEY_BYTES + 1, KEY_BYTES, -1, dtype=np.uint8) * np.uint8(0xFF)  # masks, by a token's length
UTF8_LEAD = (0, 0, 0xC0, 0xE0, 0xF0)  # first byte of a sequence, by its length
LETTERS, DIGITS = 1, 2  # groups of characters that make tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a batch, in order.

    Args:
        starts, ends: int64, (n,), the raw slice ``batch.codes[start:end]`` a token came from.
        keys: uint64, (n, 2), the 16-byte keys, little-endian.
        numeric: bool, (n,), runs of digits.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    keys: NDArray[np.uint64]
    numeric: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)


def key_of(spelling: str) -> bytes:
    """Key of an already normalised word."""
    return spelling.encode()[:KEY_BYTES].ljust(KEY_BYTES, b"\0")


def is_letter(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters are letters."""
    return (kinds == Kind.LETTER) | (kinds == Kind.LOWER)


def is_blank(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters are blanks or line breaks."""
    return (kinds == Kind.SPACE) | (kinds == Kind.NEWLINE)


def character_kinds(batch: Batch, table: CharTable) -> NDArray[np.uint8]:
    """Kinds of the characters, with the dots of initials and the hyphens at line ends already dropped."""
    kinds = table.kinds(batch.codes, batch.low)
    _drop_dots_of_initials(kinds, batch.codes)
    _drop_line_end_hyphens(kinds)
    return kinds


def _drop_dots_of_initials(kinds: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    """Join "U.S." and "D.E.A.": a dot between two ASCII letters that have no letter and nothing dropped beside them.

    An accented letter is one character or two, as it is composed; leaving it out reads both spellings alike.
    """
    dots = np.flatnonzero(kinds == Kind.DOT)
    dots = dots[(dots > 0) & (dots < len(kinds) - 1)]
    before, after = dots - 1, dots + 1
    initials = is_letter(kinds[before]) & is_letter(kinds[after])
    initials &= (codes[before] <= ASCII_LIMIT) & (codes[after] <= ASCII_LIMIT)
    alone_before = _is_apart(kinds[before - 1]) | (before == 0)
    alone_after = _is_apart(kinds[np.minimum(after + 1, len(kinds) - 1)]) | (after == len(kinds) - 1)
    kinds[dots[initials & alone_before & alone_after]] = Kind.DROPPED


def _is_apart(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return ~is_letter(kinds) & (kinds != Kind.DROPPED)


def _drop_line_end_hyphens(kinds: NDArray[np.uint8]) -> None:
    r"""Join "traf-\nficking": letter, hyphen, blanks with one line break, lower-case letter."""
    hyphens = np.flatnonzero(kinds == Kind.HYPHEN)
    last = len(kinds) - 1
    followed = is_blank(kinds[np.minimum(hyphens + 1, last)]) & is_letter(kinds[hyphens - 1]) & (hyphens > 0)
    for hyphen in hyphens[followed].tolist():
        end = hyphen + 1
        while end <= last and kinds[end] in (Kind.SPACE, Kind.NEWLINE):
            end += 1
        breaks = int((kinds[hyphen + 1 : end] == Kind.NEWLINE).sum())
        if breaks == 1 and end <= last and kinds[end] == Kind.LOWER:
            kinds[hyphen:end] = Kind.DROPPED


def tokenise(batch: Batch, kinds: NDArray[np.uint8], table: CharTable) -> Tokens:
    """Find the tokens of a batch whose characters have the given kinds."""
    carried = _read_over_dropped(kinds)
    groups = is_letter(carried) * np.uint8(LETTERS) | (carried == Kind.DIGIT) * np.uint8(DIGITS)
    padded = np.pad(groups, 1)
    changed = padded[1:] != padded[:-1]
    starts, ends = np.flatnonzero(changed & (padded[1:] > 0)), np.flatnonzero(changed & (padded[:-1] > 0))
    numeric = groups.take(starts) == DIGITS
    keys, lengths = _keys(batch, kinds, table, starts, ends)
    kept = np.flatnonzero(numeric | (lengths > 1))
    return Tokens(starts.take(kept), ends.take(kept), keys.take(kept, axis=0), numeric.take(kept))


def _read_over_dropped(kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give every dropped character the kind of what stands before it."""
    dropped = np.flatnonzero(kinds == Kind.DROPPED)
    if not len(dropped):
        return kinds
    heads = np.flatnonzero(np.diff(dropped, prepend=-2) != 1)  # where runs of dropped characters begin
    before = dropped[heads] - 1
    fill = np.where(before >= 0, kinds[before], np.uint8(Kind.SEPARATOR))
    carried = kinds.copy()
    carried[dropped] = np.repeat(fill, np.diff(heads, append=len(dropped)))
    return carried


def _keys(
    batch: Batch,
    kinds: NDArray[np.uint8],
    table: CharTable,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Keys of the tokens and the lengths in bytes of their whole normalised spelling.

    Where each character is one byte, which is nearly everywhere in English, the key is a slice of the lowered text;
    the other tokens are spelled out.
    """
    codes, lengths = batch.codes, ends - starts
    keys = _slices(np.frombuffer(batch.low, dtype=np.uint8) | LOWER_BIT, starts, lengths)
    special = np.flatnonzero((codes > ASCII_LIMIT) | (kinds == Kind.DROPPED))
    token = np.searchsorted(starts, special, side="right") - 1
    token = token[(token >= 0) & (special < ends[token])] if len(starts) else token[:0]
    rows = token[np.flatnonzero(np.diff(token, prepend=-1))]
    if len(rows):
        keys[rows], lengths[rows] = _spell_out(codes, kinds, table, starts[rows], ends[rows])
    return keys, lengths


def _slices(spelled: NDArray[np.uint8], begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Keys from normalised bytes: 16 bytes from each beginning, zero from the token's length on."""
    padded = np.concatenate((spelled, np.zeros(KEY_BYTES, dtype=np.uint8)))
    windows = np.ndarray(len(padded) - KEY_BYTES + 1, dtype=f"V{KEY_BYTES}", buffer=padded, strides=(1,))
    masks = FIRST_BYTES.view(np.uint64).take(lengths, axis=0, mode="clip")
    return windows[begins].view(np.uint64).reshape(masks.shape) & masks


def _spell_out(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    table: CharTable,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Keys and byte lengths of a few tokens, character by character."""
    sizes = ends - starts
    first = np.cumsum(sizes) - sizes
    places = np.arange(sizes.sum()) - np.repeat(first - starts, sizes)
    spelled, begins = _normalised_bytes(codes[places], kinds[places] != Kind.DROPPED, table)
    lengths = begins[first + sizes] - begins[first]
    return _slices(spelled, begins[first], lengths), lengths


def _normalised_bytes(
    codes: NDArray[np.uint32], spelled: NDArray[np.bool_], table: CharTable
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Normalised UTF-8 of the characters that are spelled, and where each one's bytes begin in it, plus the end."""
    entries = table.entries_of(codes)
    mapped = (entries >> LENGTH_SHIFT & 15).astype(np.int64)
    lengths = np.where(spelled, np.where(mapped == 0, _utf8_length(codes), mapped), 0)
    first = np.concatenate(([0], np.cumsum(lengths)))
    out = np.empty(first[-1], dtype=np.uint8)
    for size in np.flatnonzero(np.bincount(lengths[spelled])).tolist():
        chosen = np.flatnonzero(lengths == size)
        from_pool = mapped[chosen] > 0
        _write_pool(out, first, chosen[from_pool], size, entries, table)
        _write_own(out, first, chosen[~from_pool], size, codes)
    return out, first


def _utf8_length(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    return 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)


def _write_pool(
    out: NDArray[np.uint8],
    first: NDArray[np.int64],
    chosen: NDArray[np.int64],
    size: int,
    entries: NDArray[np.uint32],
    table: CharTable,
) -> None:
    offsets = entries[chosen] >> OFFSET_SHIFT
    for i in range(size):
        out[first[chosen] + i] = table.pool[offsets + i]


def _write_own(
    out: NDArray[np.uint8],
    first: NDArray[np.int64],
    chosen: NDArray[np.int64],
    size: int,
    codes: NDArray[np.uint32],
) -> None:
    """Write the characters' own UTF-8, all of the same length; only the pool holds more than 4 bytes."""
    lead = UTF8_LEAD[size] if len(chosen) else 0
    for i in range(size if len(chosen) else 0):
        bits = codes[chosen] >> (6 * (size - 1 - i))
        out[first[chosen] + i] = (bits | lead) if i == 0 else (bits & 0x3F | 0x80)
