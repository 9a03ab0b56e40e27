"""Where sentences end.

A run of blanks ends a sentence if it holds a blank line; or, unless the next character is a lower-case letter, if
it holds a line break or follows "!", "?", "…" or a full stop (closing quotes and brackets read over). A full stop
does not count after a single letter, other than that of "John's.", or after one of the model's abbreviations, which
nltk's PunktTrainer learned from the corpus (Kiss and Strunk 2006, Unsupervised multilingual sentence boundary
detection).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.text.normalise import Kind
from xborder_tagger.text.tokens import is_blank, is_letter


def sentence_breaks(
    kinds: NDArray[np.uint8], token_ends: NDArray[np.int64], abbreviated: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Positions at which a new sentence begins.

    Args:
        kinds: (n,), from `tokens.character_kinds`.
        token_ends: int64, (n_tokens,), in order.
        abbreviated: bool, (n_tokens,), whether a token is a known abbreviation.

    Returns:
        int64, ascending; the beginning of the batch is not among them.
    """
    begins, ends, breaks = _candidates(kinds)
    last = _before_closers(kinds, begins)
    stop = (kinds[last] == Kind.TERMINATOR) | _full_stops(kinds, last, token_ends, abbreviated)
    fresh = kinds[ends] != Kind.LOWER
    return ends[(breaks > 1) | (fresh & ((breaks == 1) | stop))]


def _candidates(kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Runs of blanks that may end a sentence: first and one-past-last position and number of line breaks.

    A run has a character before and after it, and either holds a line break or follows a mark that can end one.
    """
    marks = (kinds == Kind.DOT) | (kinds == Kind.TERMINATOR) | (kinds == Kind.CLOSER)
    blank, newline = is_blank(kinds), kinds == Kind.NEWLINE
    blank[1:-1] &= blank[:-2] | blank[2:] | marks[:-2] | newline[1:-1]  # most blanks stand alone between words
    edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    edges = edges[int(blank[:1].any()) :]
    begins, ends = edges[::2], edges[1::2]
    runs = np.searchsorted(begins, np.flatnonzero(newline), side="right")
    breaks = np.bincount(runs, minlength=len(begins) + 1)[1 : len(ends) + 1]
    begins = begins[: len(ends)]
    chosen = np.flatnonzero(marks[begins - 1] | (breaks > 0))
    return begins[chosen], ends[chosen], breaks[chosen]


def _before_closers(kinds: NDArray[np.uint8], begins: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the last character before each blank run that is no closing quote or bracket."""
    last = begins - 1
    while (closing := (kinds[last] == Kind.CLOSER) & (last > 0)).any():
        last = last - closing
    return last


def _full_stops(
    kinds: NDArray[np.uint8],
    positions: NDArray[np.int64],
    token_ends: NDArray[np.int64],
    abbreviated: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether there is a dot at each position that ends neither an initial nor an abbreviation."""
    dot = kinds[positions] == Kind.DOT
    before, two_before = kinds[positions - 1], kinds[positions - 2]
    possessive = (before == Kind.LOWER) & (two_before == Kind.CLOSER)
    initial = is_letter(before) & (positions > 0) & ~((is_letter(two_before) | possessive) & (positions > 1))
    if not len(token_ends):
        return dot & ~initial
    token = np.minimum(np.searchsorted(token_ends, positions), len(token_ends) - 1)
    short = abbreviated[token] & (token_ends[token] == positions)
    full: NDArray[np.bool_] = dot & ~initial & ~short
    return full
