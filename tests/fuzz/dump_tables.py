"""Write the tables of a model flat, so that a harness in C++ can read them without Python.

usage: python dump_tables.py shipped.tables small.tables

The small ones are made up: few words, so that a harness can damage and check them thousands of times a second.
"""

import struct
import sys
from pathlib import Path

import numpy as np

import xborder_tagger
from xborder_tagger.kernel.decision import Decision
from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.kernel.pooling import Pooling
from xborder_tagger.kernel.tables import MISSING, PairTable, WordTable, build_pairs, build_words
from xborder_tagger.kernel.tfidf import LinearModel
from xborder_tagger.kernel.vocabulary import Vocabulary
from xborder_tagger.text.normalise import CharTable
from xborder_tagger.text.tokens import key_of

WORDS = "drug trafficking human and seized police mr the of phnom penh laos memorandum understanding".split()
PAGES = (0xD8, 0x00, 0x03, 0x0E, 0x20, 0xFB)  # of 256 characters each, those that fuzz_tables.cpp reads


def array(values, dtype) -> bytes:
    """Number of items, items, zeros up to a multiple of 8 bytes."""
    data = np.ascontiguousarray(values, dtype=dtype)
    return struct.pack("<Q", data.size) + data.tobytes() + bytes(-data.nbytes % 8)


def table(found: WordTable | PairTable) -> bytes:
    """Slots, factors, seed."""
    return array(found.slots, "<u8") + array(found.places.factors, "<u2") + struct.pack("<Q", found.places.seed)


def flat(tables: Tables) -> bytes:
    """All arrays in the order in which fixture.hpp reads them."""
    characters, words, model = tables.characters, tables.vocabulary, tables.model
    return b"".join(
        (
            array(characters.pages, "<u2"),
            array(characters.entries, "<u4"),
            array(characters.pool, "|u1"),
            *(table(found) for found in (words.words, words.term_steps, words.bigrams)),
            array(words.abbreviations, "|u1"),
            *(array(ids, "<i4") for ids in (words.term_starts, words.node_names, words.node_terms, words.unigrams)),
            struct.pack("<q", words.longest_term),
            array(model.rows, "<i2"),
            struct.pack("<ddd", *model.units),
            array(model.bias, "<f8"),
            *(array(numbers, "<f8") for numbers in (tables.pooling.mix, tables.pooling.intercept)),
            struct.pack("<q", tables.pooling.size),
            *(array(numbers, "<f8") for numbers in (tables.decision.thresholds, tables.decision.review)),
            struct.pack("<dd", tables.decision.known_words, tables.decision.common_share),
            struct.pack("<q", tables.common),
        )
    )


def few_pages(characters: CharTable) -> CharTable:
    """The same characters on `PAGES`; all others are what surrogates are."""
    pages, entries = np.zeros_like(characters.pages), characters.entries.reshape(-1, 256)
    pages[list(PAGES)] = range(len(PAGES))
    return CharTable(pages, entries[characters.pages[list(PAGES)]].reshape(-1), characters.pool)


def small(characters: CharTable) -> Tables:
    """A model of a few words with names, terms, bigrams and an abbreviation."""
    n_units, n_features = len(WORDS) + 3, 24
    ids = np.arange(1, len(WORDS) + 1, dtype=np.int32)
    keys = np.frombuffer(b"".join(map(key_of, WORDS)), dtype=np.uint64).reshape(-1, 2)
    unit = {word: number + 1 for number, word in enumerate(WORDS)}
    starts, flags = np.full(n_units, MISSING, np.int32), np.zeros((3, n_units), dtype=bool)
    starts[[unit["phnom"], unit["laos"], unit["drug"]]] = 0, 2, 3
    flags[0, unit["mr"]] = True
    flags[1:, 1:] = True
    nodes, nexts, targets = np.array([[0, unit["penh"], 1], [3, unit["trafficking"], 4]], dtype=np.int32).T
    unigrams = np.arange(n_units, dtype=np.int32) % 12
    unigrams[3] = MISSING
    features = np.arange(len(WORDS) - 1, dtype=np.int32) % 12 + 12
    vocabulary = Vocabulary(
        words=build_words(keys, ids),
        abbreviations=flags[0],
        term_starts=starts,
        term_steps=build_pairs(nodes, nexts, targets),
        node_names=np.array([MISSING, n_units - 1, n_units - 1, MISSING, MISSING], dtype=np.int32),
        node_terms=np.array([MISSING, MISSING, MISSING, n_units - 2, n_units - 2], dtype=np.int32),
        longest_term=3,
        unigrams=unigrams,
        bigrams=build_pairs(ids[:-1], ids[1:], features),
        opens=flags[1],
        closes=flags[2],
    )
    weights = np.linspace(-1, 1, n_features * 3).reshape(-1, 3)
    linear = LinearModel.of(np.linspace(1, 3, n_features), weights[:, :2], weights[:, 2], np.full(3, -0.1))
    pooling = Pooling(2, np.linspace(-1, 1, 8).reshape(2, 2, 2), np.array([0.5, -0.5]))
    decision = Decision(np.array([0.5, 0.6]), np.array([[0.3, 0.7], [0.4, 0.8]]), 3, 0.2)
    return Tables(characters, vocabulary, linear, pooling, decision, 4)


if __name__ == "__main__":
    shipped = xborder_tagger.load().kernel.tables
    Path(sys.argv[1]).write_bytes(flat(shipped))
    Path(sys.argv[2]).write_bytes(flat(small(few_pages(shipped.characters))))
