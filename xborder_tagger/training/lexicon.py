"""Words and terms as tables: which spelling counts as which unit, and which units make a term.

Stems are taken here, once, with nltk's Snowball stemmer and folded into the word table, so that the run-time needs
no stemmer. Inflections that the corpus happens not to hold ("trafficks") are generated and kept where they share
their word's stem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from nltk.stem.snowball import SnowballStemmer
from nltk.tokenize.punkt import PunktTrainer
from numpy.typing import NDArray

from xborder_tagger.kernel.tables import MISSING, PairTable, WordTable, build_pairs, build_words
from xborder_tagger.kernel.vocabulary import NUMBER_UNIT, Vocabulary
from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import CharTable
from xborder_tagger.text.tokens import character_kinds, key_of, tokenise
from xborder_tagger.training.gazetteers import Gazetteer

NUMBER = "0"
INFLECTED_FROM = 3  # occurrences; rarer words are mostly names, and inflecting those would double the table
LONGEST_ABBREVIATION = 5
TITLES = (
    *(
        "adm",
        "amb",
        "atty",
        "brig",
        "capt",
        "cdr",
        "cmdr",
        "col",
        "cpl",
        "det",
        "dr",
        "gen",
        "gov",
        "hon",
        "insp",
        "lt",
    ),
    *("maj", "messrs", "mr", "mrs", "ms", "ofc", "pol", "prof", "rep", "rev", "sen", "sgt", "st", "supt", "no", "nos"),
)
_stem = cache(SnowballStemmer("english").stem)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Units by name. A name is a stem, "=word" for a word of the name list, or "<concept>".

    Args:
        units: name to number; `NUMBER_UNIT` is any number.
        vocabulary: tables without features yet.
    """

    units: dict[str, int]
    vocabulary: Vocabulary


def spell(texts: Sequence[str], characters: CharTable) -> list[str]:
    """All tokens of the texts as normalised words, numbers as `NUMBER`."""
    batch = Batch.of(texts)
    tokens = tokenise(batch, character_kinds(batch, characters), characters)
    rows = zip(tokens.keys, tokens.numeric.tolist(), strict=True)
    return [NUMBER if numeric else key.tobytes().rstrip(b"\0").decode(errors="ignore") for key, numeric in rows]


def learn_abbreviations(texts: Sequence[str]) -> list[str]:
    """Abbreviations that Punkt (Kiss and Strunk 2006) finds in the texts, without their dots, and titles.

    Punkt trusts a word that stands before a full stop by chance; a word that mostly stands without one is no
    abbreviation. Titles are the opposite case: half of all writers leave their dots out, so Punkt misses them.
    """
    trainer = PunktTrainer()
    trainer.train("\n\n".join(texts), finalize=True, verbose=False)
    found = {kind.replace(".", "") for kind in trainer.get_params().abbrev_types}
    words = Counter(re.findall(r"[a-z]+\.?", "\n".join(texts).lower()))
    dotted = {word for word in found if words[f"{word}."] > words[word]}
    short = {word for word in dotted if re.fullmatch(f"[a-z]{{2,{LONGEST_ABBREVIATION}}}", word)}
    return sorted(short | set(TITLES))


def build_lexicon(texts: Sequence[str], gazetteers: Sequence[Gazetteer], characters: CharTable) -> Lexicon:
    """Units and terms for a corpus."""
    counts = Counter(spell(texts, characters))
    terms = {g.concept: {tuple(spell([term], characters)) for term in g.terms} - {()} for g in gazetteers}
    exact = {word for g in gazetteers if g.exact for term in terms[g.concept] for word in term} - {NUMBER}
    abbreviations = learn_abbreviations(texts)
    spelled = {word for rows in terms.values() for term in rows for word in term} | set(counts) | set(abbreviations)
    spelled |= _inflections(word for word in sorted(spelled) if counts[word] >= INFLECTED_FROM)
    names = {word: _unit_name(word, exact) for word in sorted(spelled - {NUMBER}, key=lambda w: (-counts[w], w))}
    units = {NUMBER: NUMBER_UNIT}
    # The most frequent first, so that what is read often lies together.
    for name in [f"<{g.concept}>" for g in gazetteers] + list(names.values()):
        units.setdefault(name, len(units))
    vocabulary = _vocabulary(units, names, terms, gazetteers, abbreviations, exact)
    return Lexicon(units, vocabulary)


def _unit_name(word: str, exact: set[str]) -> str:
    return f"={word}" if word in exact else NUMBER if word == NUMBER else _stem(word)


def _inflections(words: Iterable[str]) -> set[str]:
    return {
        form
        for word in words
        if word.isalpha() and word.isascii()
        for form in _forms(word)
        if _stem(form) == _stem(word)
    }


def _forms(word: str) -> Iterator[str]:
    yield from (word + ending for ending in ("s", "es", "ed", "d", "ing", "er", "ers", "ly"))
    if word.endswith("e"):
        yield from (word[:-1] + ending for ending in ("ing", "ed", "er"))
    if word.endswith("y"):
        yield from (word[:-1] + ending for ending in ("ies", "ied"))


def _vocabulary(
    units: Mapping[str, int],
    names: Mapping[str, str],
    terms: Mapping[str, set[tuple[str, ...]]],
    gazetteers: Sequence[Gazetteer],
    abbreviations: Sequence[str],
    exact: set[str],
) -> Vocabulary:
    flags = np.zeros(len(units), dtype=bool)
    flags[[units[_unit_name(word, exact)] for word in abbreviations]] = True
    trie = _Trie(len(units))
    for gazetteer in gazetteers:
        for term in sorted(terms[gazetteer.concept]):
            path = [units[_unit_name(word, exact)] for word in term]
            trie.add(path, units[f"<{gazetteer.concept}>"], name=gazetteer.exact)
    starts, steps, node_names, node_terms = trie.tables()
    nothing = np.full(len(units), MISSING, dtype=np.int32)
    return Vocabulary(
        words=_word_table(names, units),
        abbreviations=flags,
        term_starts=starts,
        term_steps=steps,
        node_names=node_names,
        node_terms=node_terms,
        longest_term=trie.longest,
        unigrams=nothing,
        bigrams=build_pairs(*np.zeros((3, 0), np.int32)),
        opens=np.zeros(len(units), dtype=bool),
        closes=np.zeros(len(units), dtype=bool),
    )


def _word_table(names: Mapping[str, str], units: Mapping[str, int]) -> WordTable:
    """Keys to units; where two words share a key, the one that comes first keeps it."""
    rows: dict[bytes, int] = {}
    for word, name in names.items():
        rows.setdefault(key_of(word), units[name])
    keys = np.frombuffer(b"".join(rows), dtype=np.uint64).reshape(-1, 2)
    return build_words(keys, np.array(list(rows.values()), dtype=np.int32))


class _Trie:
    """Terms as paths of units."""

    def __init__(self, n_units: int) -> None:
        self.starts = np.full(n_units, MISSING, dtype=np.int32)
        self.steps: dict[tuple[int, int], int] = {}
        self.names: list[int] = []
        self.terms: list[int] = []
        self.longest = 0

    def add(self, path: Sequence[int], concept: int, *, name: bool) -> None:
        """Store a term; the first concept to claim a path keeps it."""
        if self.starts[path[0]] == MISSING:
            self.starts[path[0]] = self._node()
        node = int(self.starts[path[0]])
        for unit in path[1:]:
            if (node, unit) not in self.steps:
                self.steps[node, unit] = self._node()
            node = self.steps[node, unit]
        outputs = self.names if name else self.terms
        outputs[node] = concept if outputs[node] == MISSING else outputs[node]
        self.longest = max(self.longest, len(path))

    def _node(self) -> int:
        self.names.append(MISSING)
        self.terms.append(MISSING)
        return len(self.names) - 1

    def tables(self) -> tuple[NDArray[np.int32], PairTable, NDArray[np.int32], NDArray[np.int32]]:
        """Starts, steps, names and terms as in `Vocabulary`."""
        pairs = np.array(list(self.steps), dtype=np.int32).reshape(-1, 2)
        steps = build_pairs(pairs[:, 0], pairs[:, 1], np.array(list(self.steps.values()), dtype=np.int32))
        return self.starts, steps, np.array(self.names, dtype=np.int32), np.array(self.terms, dtype=np.int32)
