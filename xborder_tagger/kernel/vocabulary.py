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

from xborder_tagger.kernel.tables import MISSING, PairTable, WordTable

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

    words: WordTable
    abbreviations: NDArray[np.bool_]
    term_starts: NDArray[np.int32]
    term_steps: PairTable
    node_names: NDArray[np.int32]
    node_terms: NDArray[np.int32]
    longest_term: int
    unigrams: NDArray[np.int32]
    bigrams: PairTable
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
        sentences: int32, (n,), the sentence of each unit.
        first, last: int32, (n,), first and last token of each unit.
    """

    units: NDArray[np.int32]
    sentences: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every occurrence of a feature.

    Args:
        features: int32, (n,).
        sentences: int32, (n,).
        first, last: int32, (n,), first and last token of the occurrence.
    """

    features: NDArray[np.int32]
    sentences: NDArray[np.signedinteger]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


def read_words(units: NDArray[np.int32], sentences: NDArray[np.int32]) -> Reading:
    """The plain reading: one unit for each token."""
    places = np.arange(len(units), dtype=np.int32)
    return Reading(units, sentences, places, places)


def find_terms(reading: Reading, vocabulary: Vocabulary) -> tuple[Reading, Reading]:
    """Names and other terms of a reading, each longest first, from left to right: concept units and their places."""
    starts, nodes, lengths = _walk(reading, vocabulary)
    names, terms = vocabulary.node_names.take(nodes), vocabulary.node_terms.take(nodes)
    return _longest(reading, starts, lengths, names), _longest(reading, starts, lengths, terms)


def _longest(
    reading: Reading, starts: NDArray[np.int64], lengths: NDArray[np.int64], concepts: NDArray[np.int32]
) -> Reading:
    """The longest term from each start, without overlaps; `MISSING` is no concept. Lengths ascend."""
    ended = np.flatnonzero(concepts != MISSING)
    longest = np.full(len(reading.units), MISSING)
    longest[starts.take(ended)] = ended  # the last one stays
    starts = np.flatnonzero(longest != MISSING)
    found = longest.take(starts)
    lengths, concepts = lengths.take(found), concepts.take(found)
    if (lengths > 1).any():
        free = np.flatnonzero(_without_overlaps(starts, lengths))
        starts, lengths, concepts = starts.take(free), lengths.take(free), concepts.take(free)
    ends = starts + lengths - 1
    return Reading(concepts, reading.sentences.take(starts), reading.first.take(starts), reading.last.take(ends))


def _walk(reading: Reading, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Every way into the trie: where it starts, the node that it comes to, and its units, in the order of these."""
    firsts = vocabulary.term_starts.take(reading.units)
    starts = np.flatnonzero((firsts != MISSING) & (reading.units != MISSING))
    nodes = firsts.take(starts)
    ways = [(starts[:0], nodes[:0])]  # none of no units
    while len(starts) and len(ways) <= vocabulary.longest_term:
        ways.append((starts, nodes))
        starts, nodes = _step(reading, vocabulary, starts, nodes, len(ways) - 1)
    lengths = np.repeat(np.arange(len(ways)), [len(starts) for starts, _ in ways])
    return np.concatenate([starts for starts, _ in ways]), np.concatenate([nodes for _, nodes in ways]), lengths


def _step(
    reading: Reading, vocabulary: Vocabulary, starts: NDArray[np.int64], nodes: NDArray[np.int32], length: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Read one more unit of each open term; only those that go on remain."""
    nexts = starts + length
    units, sentences = (column.take(nexts, mode="clip") for column in (reading.units, reading.sentences))
    inside = (nexts < len(reading.units)) & (sentences == reading.sentences.take(starts))
    fits = np.flatnonzero(inside & (units != MISSING))
    nodes = vocabulary.term_steps.lookup(nodes.take(fits), units.take(fits))
    on = np.flatnonzero(nodes != MISSING)
    return starts.take(fits.take(on)), nodes.take(on)


def _without_overlaps(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which terms stand when each one takes its units away from those that begin inside it."""
    ends = starts + lengths
    free, last = np.ones(len(starts), dtype=bool), 0
    for row in (np.flatnonzero(starts[1:] < np.maximum.accumulate(ends)[:-1]) + 1).tolist():
        last = row - 1 if free[row - 1] else last
        free[row] = starts[row] >= ends[last]
    return free


def fold(reading: Reading, terms: Reading) -> Reading:
    """The reading with each term's units replaced by its concept. ``reading`` has one unit for each token."""
    units, last = reading.units.copy(), reading.last.copy()
    units[terms.first], last[terms.first] = terms.units, terms.last
    lengths = terms.last - terms.first
    covered = np.repeat(terms.first - np.cumsum(lengths) + lengths + 1, lengths) + np.arange(lengths.sum())
    kept = np.ones(len(units), dtype=bool)
    kept[covered] = False
    rows = np.flatnonzero(kept)
    return Reading(units.take(rows), reading.sentences.take(rows), reading.first.take(rows), last.take(rows))


def find_features(units: NDArray[np.int32], sentences: NDArray[np.int32], vocabulary: Vocabulary) -> Occurrences:
    """All features of a text: unigrams and bigrams of the folded reading, and the concepts of its terms."""
    words = read_words(units, sentences)
    names, terms = find_terms(words, vocabulary)
    folded = fold(words, names)
    parts = (_unigrams(folded, vocabulary), _bigrams(folded, vocabulary), _unigrams(terms, vocabulary))
    features, first, last = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Occurrences(features, sentences.take(first), first, last)


Part = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]  # features, first and last tokens


def _unigrams(reading: Reading, vocabulary: Vocabulary) -> Part:
    features = vocabulary.unigrams.take(reading.units)
    known = np.flatnonzero((features != MISSING) & (reading.units != MISSING))
    return features.take(known), reading.first.take(known), reading.last.take(known)


def _bigrams(reading: Reading, vocabulary: Vocabulary) -> Part:
    known = reading.units != MISSING
    opens, closes = (ends.take(reading.units) & known for ends in (vocabulary.opens, vocabulary.closes))
    together = reading.sentences[:-1] == reading.sentences[1:]
    places = np.flatnonzero(opens[:-1] & closes[1:] & together)
    features = vocabulary.bigrams.lookup(reading.units.take(places), reading.units.take(places + 1))
    found = np.flatnonzero(features != MISSING)
    places = places.take(found)
    return features.take(found), reading.first.take(places), reading.last.take(places + 1)
