"""From tokens to features: words to units, names and terms to concepts, neighbours to n-grams.

A *unit* is what a word counts as: its stem, a number, or, for a word of a name list, the word itself. A *concept*
is a unit that stands for many terms: every country is the concept "place", every substance also counts as
"substance". Terms are found longest first, from left to right, inside a sentence. Names are folded: the concept
stands in place of the words, so that no country has a weight of its own. Other terms are added: the words stay,
the concept counts beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.tables import MISSING, Table, pair_keys

NUMBER_UNIT = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that is known about words, as plain arrays.

    Args:
        words: 16-byte word keys to units.
        abbreviations: bool, (n_units,), units after which a full stop ends no sentence.
        term_starts: int32, (n_units,), trie node of a term's first unit or `MISSING`.
        term_steps: (node, unit) to the next trie node.
        node_names: int32, (n_nodes,), concept unit of the name that ends at a node or `MISSING`.
        node_terms: int32, (n_nodes,), the same for all other terms.
        longest_term: units in the longest name or term.
        unigrams: int32, (n_units,), feature of a unit or `MISSING`.
        bigrams: (unit, unit) to feature.
        opens, closes: bool, (n_units,), whether any bigram begins, ends with the unit.
    """

    words: Table
    abbreviations: NDArray[np.bool_]
    term_starts: NDArray[np.int32]
    term_steps: Table
    node_names: NDArray[np.int32]
    node_terms: NDArray[np.int32]
    longest_term: int
    unigrams: NDArray[np.int32]
    bigrams: Table
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]

    def units(self, keys: NDArray[np.uint64], numeric: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Unit of each token, int32, (n,); `MISSING` for unknown words."""
        units = self.words.lookup(keys)
        units[numeric] = NUMBER_UNIT
        return units


@dataclass(frozen=True, slots=True)
class Reading:
    """A sequence of units with the tokens each one stands for.

    Args:
        units: int32, (n,).
        sentences: int64, (n,), the sentence of each unit.
        first, last: int64, (n,), first and last token of each unit.
    """

    units: NDArray[np.int32]
    sentences: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every occurrence of a feature.

    Args:
        features: int32, (n,).
        sentences: int64, (n,).
        first, last: int64, (n,), first and last token of the occurrence.
    """

    features: NDArray[np.int32]
    sentences: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


def read_words(units: NDArray[np.int32], sentences: NDArray[np.int64]) -> Reading:
    """The plain reading: one unit for each token."""
    places = np.arange(len(units))
    return Reading(units, sentences, places, places)


def find_terms(reading: Reading, vocabulary: Vocabulary, outputs: NDArray[np.int32]) -> Reading:
    """Terms found in a reading, longest first, from left to right: the concept units and where they stand.

    Args:
        outputs: int32, (n_nodes,), the concept that ends at each trie node; chooses names or other terms.
    """
    starts = np.flatnonzero(_first_nodes(reading, vocabulary) != MISSING)
    lengths, concepts = _longest(reading, vocabulary, outputs, starts)
    found = lengths > 0
    starts, lengths, concepts = starts[found], lengths[found], concepts[found]
    free = _without_overlaps(starts, lengths)
    starts, ends = starts[free], (starts + lengths - 1)[free]
    return Reading(concepts[free], reading.sentences[starts], reading.first[starts], reading.last[ends])


def _first_nodes(reading: Reading, vocabulary: Vocabulary) -> NDArray[np.int32]:
    known = reading.units != MISSING
    return np.where(known, vocabulary.term_starts[reading.units], MISSING)


def _longest(
    reading: Reading, vocabulary: Vocabulary, outputs: NDArray[np.int32], starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Length and concept of the longest term from each start; length 0 where none ends."""
    lengths = np.zeros(len(starts), dtype=np.int64)
    concepts = np.full(len(starts), MISSING, dtype=np.int32)
    rows, nodes = np.arange(len(starts)), vocabulary.term_starts[reading.units[starts]]
    for length in range(1, vocabulary.longest_term + 1):
        ended = outputs[nodes] != MISSING
        lengths[rows[ended]], concepts[rows[ended]] = length, outputs[nodes[ended]]
        rows, nodes = _step(reading, vocabulary, starts, rows, nodes, length)
        if not len(rows):
            break
    return lengths, concepts


def _step(
    reading: Reading,
    vocabulary: Vocabulary,
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    nodes: NDArray[np.int32],
    length: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Read one more unit of each open term; only those that go on remain."""
    nexts = starts[rows] + length
    inside = nexts < len(reading.units)
    rows, nodes, nexts = rows[inside], nodes[inside], nexts[inside]
    units = reading.units[nexts]
    fits = (units != MISSING) & (reading.sentences[nexts] == reading.sentences[starts[rows]])
    rows, nodes = rows[fits], vocabulary.term_steps.lookup(pair_keys(nodes[fits], units[fits]))
    return rows[nodes != MISSING], nodes[nodes != MISSING]


def _without_overlaps(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which terms stand when each one takes its units away from those that begin inside it."""
    free = np.ones(len(starts), dtype=bool)
    if (lengths <= 1).all():
        return free
    end = -1
    for row, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        free[row] = start >= end
        end = start + length if free[row] else end
    return free


def fold(reading: Reading, terms: Reading) -> Reading:
    """The reading with each term's units replaced by its concept. ``reading`` has one unit for each token."""
    covered = np.zeros(len(reading.units) + 1, dtype=np.int64)
    np.add.at(covered, terms.first + 1, 1)
    np.add.at(covered, terms.last + 1, -1)
    kept = np.cumsum(covered)[:-1] == 0
    units, last = reading.units.copy(), reading.last.copy()
    units[terms.first], last[terms.first] = terms.units, terms.last
    return Reading(units[kept], reading.sentences[kept], reading.first[kept], last[kept])


def find_features(units: NDArray[np.int32], sentences: NDArray[np.int64], vocabulary: Vocabulary) -> Occurrences:
    """All features of a text: unigrams and bigrams of the folded reading, and the concepts of its terms."""
    words = read_words(units, sentences)
    folded = fold(words, find_terms(words, vocabulary, vocabulary.node_names))
    terms = find_terms(words, vocabulary, vocabulary.node_terms)
    parts = (_unigrams(folded, vocabulary), _bigrams(folded, vocabulary), _unigrams(terms, vocabulary))
    return Occurrences(*(np.concatenate(columns) for columns in zip(*map(_columns, parts), strict=True)))


def _columns(
    part: Occurrences,
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    return part.features, part.sentences, part.first, part.last


def _unigrams(reading: Reading, vocabulary: Vocabulary) -> Occurrences:
    features = np.where(reading.units == MISSING, MISSING, vocabulary.unigrams[reading.units])
    known = features != MISSING
    return Occurrences(features[known], reading.sentences[known], reading.first[known], reading.last[known])


def _bigrams(reading: Reading, vocabulary: Vocabulary) -> Occurrences:
    left, right = reading.units[:-1], reading.units[1:]
    known = (left != MISSING) & (right != MISSING) & (reading.sentences[:-1] == reading.sentences[1:])
    known &= vocabulary.opens[left] & vocabulary.closes[right]
    places = np.flatnonzero(known)
    features = vocabulary.bigrams.lookup(pair_keys(left[places], right[places]))
    places, features = places[features != MISSING], features[features != MISSING]
    return Occurrences(features, reading.sentences[places], reading.first[places], reading.last[places + 1])
