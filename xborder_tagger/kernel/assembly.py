"""From the parts of a model file to tables, and back. What a file says is checked here before anything reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.decision import Decision
from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.kernel.parts import ARRAYS, Parts
from xborder_tagger.kernel.pooling import Pooling
from xborder_tagger.kernel.tables import MISSING, PairTable, Places, WordTable
from xborder_tagger.kernel.tfidf import SQUARE, LinearModel, row_width
from xborder_tagger.kernel.vocabulary import Vocabulary
from xborder_tagger.text.normalise import LENGTH_SHIFT, OFFSET_SHIFT, CharTable


def disassemble(tables: Tables) -> Parts:
    """Settings and arrays of tables, in file order."""
    chars, vocabulary, linear = tables.characters, tables.vocabulary, tables.model
    words, steps, bigrams = vocabulary.words, vocabulary.term_steps, vocabulary.bigrams
    values = (
        *(chars.pages, chars.entries, chars.pool, *_stored(words), words.keys, vocabulary.abbreviations),
        *(vocabulary.term_starts, *_stored(steps), vocabulary.node_names, vocabulary.node_terms),
        *(vocabulary.unigrams, *_stored(bigrams), vocabulary.opens, vocabulary.closes),
        *(linear.rows, linear.bias),
    )
    rows = zip(ARRAYS.items(), values, strict=True)
    arrays = {name: np.ascontiguousarray(value, dtype=dtype) for (name, (dtype, _)), value in rows}
    places = {"words": words.places, "terms.steps": steps.places, "bigrams": bigrams.places}
    settings = {
        "pooling": tables.pooling.to_dict(),
        **tables.decision.to_dict(),
        "longest_term": vocabulary.longest_term,
        "common": tables.common,
        "units": list(linear.units),
        "tables": {name: {"seed": found.seed} for name, found in places.items()},
    }
    return Parts(settings, arrays)


def assemble(parts: Parts) -> Tables:
    """Tables over the given parts, whose arrays are not copied.

    Raises:
        ValueError, KeyError, TypeError: the parts do not fit together.
    """
    settings = parts.settings
    arrays = {name: np.asarray(parts.arrays[name]).view(dtype) for name, (dtype, _) in ARRAYS.items()}
    characters = CharTable(*(arrays[f"characters.{part}"] for part in ("pages", "entries", "pool")))
    vocabulary = Vocabulary(
        words=WordTable(arrays["words.slots"], _places("words", parts, arrays), arrays["words.keys"]),
        abbreviations=arrays["abbreviations"],
        term_starts=arrays["terms.starts"],
        term_steps=PairTable(arrays["terms.steps.slots"], _places("terms.steps", parts, arrays)),
        node_names=arrays["terms.names"],
        node_terms=arrays["terms.concepts"],
        longest_term=settings["longest_term"],
        unigrams=arrays["unigrams"],
        bigrams=PairTable(arrays["bigrams.slots"], _places("bigrams", parts, arrays)),
        opens=arrays["opens"],
        closes=arrays["closes"],
    )
    linear = LinearModel(arrays["features.rows"], tuple(settings["units"]), arrays["bias"])
    pooling, decision = Pooling.from_dict(settings["pooling"]), Decision.from_dict(settings)
    _check_characters(characters)
    _check_vocabulary(vocabulary, n_features=len(linear.rows))
    _check_linear(linear)
    _check_pooling(pooling, n_tags=linear.n_tags)
    _check_decision(decision, n_tags=linear.n_tags)
    return Tables(characters, vocabulary, linear, pooling, decision, settings["common"])


def _stored(table: WordTable | PairTable) -> tuple[NDArray[Any], NDArray[Any]]:
    return table.slots, table.places.factors


def _places(name: str, parts: Parts, arrays: Mapping[str, NDArray[Any]]) -> Places:
    capacity, factors = len(arrays[f"{name}.slots"]), arrays[f"{name}.factors"]
    seed, n_buckets = parts.settings["tables"][name]["seed"], len(factors)
    _require(0 < capacity < 1 << 32, f"{name} is empty or too large")
    _require(n_buckets > 1 and n_buckets & (n_buckets - 1) == 0, f"the buckets of {name} are no power of two")
    return Places(factors, seed, capacity)


def _check_characters(table: CharTable) -> None:
    _require(len(table.pages) == 0x1100, "the character table does not cover Unicode")
    _require(int(table.pages.max()) * 256 + 256 <= len(table.entries), "a page lies outside the character table")
    ends = (table.entries >> OFFSET_SHIFT) + (table.entries >> LENGTH_SHIFT & 15)
    _require(int(ends.max()) <= len(table.pool), "a spelling lies outside its pool")


def _check_vocabulary(vocabulary: Vocabulary, *, n_features: int) -> None:
    n_units, n_nodes = len(vocabulary.unigrams), len(vocabulary.node_names)
    for name in ("abbreviations", "term_starts", "opens", "closes"):
        _require(len(getattr(vocabulary, name)) == n_units, f"{name} has another length than unigrams")
    _require(len(vocabulary.node_terms) == n_nodes, "the term tables have different lengths")
    _require(vocabulary.words.keys.shape[1] == 2, "words are not 16 bytes")
    _require(bool((vocabulary.words.lookup(vocabulary.words.keys) != MISSING).all()), "a word is not in its table")
    _within("words", vocabulary.words.values, n_units)
    _within("term starts", vocabulary.term_starts, n_nodes)
    _within("term steps", vocabulary.term_steps.values, n_nodes)
    _within("names", vocabulary.node_names, n_units)
    _within("concepts", vocabulary.node_terms, n_units)
    _within("unigrams", vocabulary.unigrams, n_features)
    _within("bigrams", vocabulary.bigrams.values, n_features)


def _check_linear(linear: LinearModel) -> None:
    _require(linear.n_tags > 0, "there are no tags")
    _require(linear.rows.shape[1] == row_width(linear.n_tags), "rows of features have another length")
    _require_finite(linear.bias)
    _require(bool((linear.rows[:, SQUARE] > 0).all()), "an idf is not positive")


def _check_pooling(pooling: Pooling, *, n_tags: int) -> None:
    _require(pooling.mix.shape == (n_tags, 2, n_tags), "the mix has another shape")
    _require(pooling.intercept.shape == (n_tags,), "there is not one intercept for each tag")
    _require_finite(pooling.mix, pooling.intercept)


def _check_decision(decision: Decision, *, n_tags: int) -> None:
    _require(decision.thresholds.shape == (n_tags,), "there is not one threshold for each tag")
    _require(decision.review.shape == (n_tags, 2), "there is not one review band for each tag")
    _require_finite(decision.thresholds, decision.review)


def _require_finite(*arrays: NDArray[Any]) -> None:
    _require(all(np.isfinite(array).all() for array in arrays), "a number is not finite")


def _within(name: str, values: NDArray[np.int32], limit: int) -> None:
    inside = len(values) == 0 or (values.min() >= MISSING and values.max() < limit)
    _require(bool(inside), f"a value of {name} points outside its table")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
