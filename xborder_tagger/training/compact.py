"""Leave out of a vocabulary what no feature needs: two units in three and their words.

Scores stay what they are, to the bit. Smaller tables stay in a processor's cache, where larger ones do not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.tables import ID_BITS, MISSING, PairTable, WordTable, build_pairs, build_words
from xborder_tagger.kernel.vocabulary import NUMBER_UNIT, Vocabulary


def compact(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary without units that are no feature and no part of one, and without their words."""
    kept = needed_units(vocabulary)
    numbers = np.where(kept, np.cumsum(kept) - 1, MISSING).astype(np.int32)
    nodes, nexts, steps = _rows(vocabulary.term_steps)
    left, right, bigrams = _rows(vocabulary.bigrams)
    return replace(
        vocabulary,
        words=_words(vocabulary.words, numbers),
        abbreviations=vocabulary.abbreviations[kept],
        term_starts=vocabulary.term_starts[kept],
        term_steps=build_pairs(nodes, numbers[nexts], steps),
        node_names=_renumbered(vocabulary.node_names, numbers),
        node_terms=_renumbered(vocabulary.node_terms, numbers),
        unigrams=vocabulary.unigrams[kept],
        bigrams=build_pairs(numbers[left], numbers[right], bigrams),
        opens=vocabulary.opens[kept],
        closes=vocabulary.closes[kept],
    )


def needed_units(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Units that are a feature, part of a bigram or of a term, a concept, or an abbreviation; bool, (n_units,)."""
    needed = (vocabulary.unigrams != MISSING) | (vocabulary.term_starts != MISSING) | vocabulary.abbreviations
    left, right, _ = _rows(vocabulary.bigrams)
    for units in (left, right, _rows(vocabulary.term_steps)[1], vocabulary.node_names, vocabulary.node_terms):
        needed[units[units != MISSING]] = True
    needed[NUMBER_UNIT] = True
    return needed


def _rows(table: PairTable) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Both numbers and the value of every pair."""
    filled = table.values != MISSING
    pairs = table.pairs[filled]
    first, second = pairs >> np.uint64(ID_BITS), pairs & np.uint64((1 << ID_BITS) - 1)
    return first.astype(np.int32), second.astype(np.int32), table.values[filled]


def _words(table: WordTable, numbers: NDArray[np.int32]) -> WordTable:
    units = numbers[table.lookup(table.keys)]
    kept = units != MISSING
    return build_words(table.keys[kept], units[kept])


def _renumbered(units: NDArray[np.int32], numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.where(units == MISSING, MISSING, numbers[units]).astype(np.int32)
