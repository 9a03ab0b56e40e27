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
IS_LETTER = np.isin(np.arange(16), (Kind.LETTER, Kind.LOWER))
IS_BLANK = np.isin(np.arange(16), (Kind.SPACE, Kind.NEWLINE))


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


def character_kinds(entries: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Kinds of the characters, with the dots of initials and the hyphens at line ends already dropped."""
    kinds = (entries & 15).astype(np.uint8)
    _drop_dots_of_initials(kinds)
    _drop_line_end_hyphens(kinds)
    return kinds


def _drop_dots_of_initials(kinds: NDArray[np.uint8]) -> None:
    """Join "U.S." and "D.E.A.": a dot between two letters that stand alone."""
    letter = np.concatenate(([False, False], IS_LETTER[kinds], [False, False]))
    dots = np.flatnonzero(kinds == Kind.DOT) + 2
    alone_before = letter[dots - 1] & ~letter[dots - 2]
    alone_after = letter[dots + 1] & ~letter[dots + 2]
    kinds[dots[alone_before & alone_after] - 2] = Kind.DROPPED


def _drop_line_end_hyphens(kinds: NDArray[np.uint8]) -> None:
    """Join "traf-\\nficking": letter, hyphen, blanks with one line break, lower-case letter."""
    hyphens = np.flatnonzero(kinds == Kind.HYPHEN)
    last = len(kinds) - 1
    followed = IS_BLANK[kinds[np.minimum(hyphens + 1, last)]] & IS_LETTER[kinds[hyphens - 1]] & (hyphens > 0)
    for hyphen in hyphens[followed].tolist():
        end = hyphen + 1
        while end <= last and IS_BLANK[kinds[end]]:
            end += 1
        breaks = int((kinds[hyphen + 1 : end] == Kind.NEWLINE).sum())
        if breaks == 1 and end <= last and kinds[end] == Kind.LOWER:
            kinds[hyphen:end] = Kind.DROPPED


def _read_over_dropped(kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give every dropped character the kind of what stands before it."""
    dropped = kinds == Kind.DROPPED
    if not dropped.any():
        return kinds
    before = np.maximum.accumulate(np.where(dropped, 0, np.arange(len(kinds))))
    carried: NDArray[np.uint8] = kinds[before]
    carried[carried == Kind.DROPPED] = Kind.SEPARATOR
    return carried


def tokenise(batch: Batch, kinds: NDArray[np.uint8], entries: NDArray[np.uint32], table: CharTable) -> Tokens:
    """Find the tokens of a batch whose characters have the given kinds and table entries."""
    carried = _read_over_dropped(kinds)
    group = IS_LETTER[carried] + 2 * (carried == Kind.DIGIT).view(np.uint8)
    edges = np.flatnonzero(np.diff(group, prepend=np.uint8(0), append=np.uint8(0)))
    starts, ends = edges[:-1], edges[1:]
    wordlike = group[starts] > 0 if len(starts) else np.zeros(0, dtype=bool)
    starts, ends = starts[wordlike], ends[wordlike]
    numeric = group[starts] == 2
    keys, lengths = _keys(batch.codes, kinds, entries, table, starts, ends)
    keep = numeric | (lengths > 1)
    return Tokens(starts[keep], ends[keep], keys[keep], numeric[keep])


def _keys(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    entries: NDArray[np.uint32],
    table: CharTable,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Keys of the tokens and the lengths in bytes of their whole normalised spelling."""
    spelled, first = _normalised_bytes(codes, kinds, entries, table)
    begin, lengths = first[starts], first[ends] - first[starts]
    padded = np.concatenate((spelled, np.zeros(KEY_BYTES, dtype=np.uint8)))
    window = np.lib.stride_tricks.sliding_window_view(padded, KEY_BYTES)
    keys = window[begin]
    keys[np.arange(KEY_BYTES) >= lengths[:, None]] = 0
    return keys.view(np.uint64).reshape(-1, 2), lengths


def _normalised_bytes(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], entries: NDArray[np.uint32], table: CharTable
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Normalised UTF-8 of all letters and digits, and where each character's bytes begin in it, plus the end."""
    spelled = IS_LETTER[kinds] | (kinds == Kind.DIGIT)
    mapped = (entries >> LENGTH_SHIFT & 15).astype(np.int64)
    own = np.where(mapped == 0, _utf8_length(codes), mapped) if codes.size and codes.max() > 127 else np.maximum(mapped, 1)
    lengths = np.where(spelled, own, 0)
    first = np.concatenate(([0], np.cumsum(lengths)))
    out = np.empty(first[-1], dtype=np.uint8)
    for size in np.unique(lengths[spelled]).tolist():
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
    out: NDArray[np.uint8], first: NDArray[np.int64], chosen: NDArray[np.int64], size: int, codes: NDArray[np.uint32]
) -> None:
    """Write the characters' own UTF-8, all of the same length."""
    lead = (0, 0, 0xC0, 0xE0, 0xF0)[size]
    for i in range(size):
        bits = codes[chosen] >> (6 * (size - 1 - i))
        out[first[chosen] + i] = (bits | lead) if i == 0 else (bits & 0x3F | 0x80)
