"""A model in memory, and the one list of the arrays it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.kernel.pooling import Pooling
from xborder_tagger.kernel.tables import MISSING, PairTable, Places, WordTable
from xborder_tagger.kernel.tfidf import ROW_BITS, LinearModel, lanes_for
from xborder_tagger.kernel.vocabulary import Vocabulary
from xborder_tagger.labels import LabelSet
from xborder_tagger.linear import Decision
from xborder_tagger.text.normalise import LENGTH_SHIFT, OFFSET_SHIFT, CharTable

# name: (dtype, number of dimensions), in the order in which they lie in the file.
ARRAYS: Final[dict[str, tuple[str, int]]] = {
    "characters.pages": ("<u2", 1),
    "characters.entries": ("<u4", 1),
    "characters.pool": ("|u1", 1),
    "words.slots": ("<u8", 2),
    "words.displacements": ("<u2", 1),
    "abbreviations": ("|b1", 1),
    "terms.starts": ("<i4", 1),
    "terms.steps.slots": ("<u8", 1),
    "terms.steps.displacements": ("<u2", 1),
    "terms.names": ("<i4", 1),
    "terms.concepts": ("<i4", 1),
    "unigrams": ("<i4", 1),
    "bigrams.slots": ("<u8", 1),
    "bigrams.displacements": ("<u2", 1),
    "opens": ("|b1", 1),
    "closes": ("|b1", 1),
    "features.heads": ("<f4", 2),
    "features.rows": ("<i4", 2),
    "bias": ("<f8", 1),
}


@dataclass(frozen=True, slots=True)
class Model:
    """Labels, the tables the kernel reads, the decision made of its scores.

    Args:
        name: of the model, such as "xborder-en".
        flags: limits below which a text is flagged: ``known_words``, a number, and ``common_share``, of its words.
    """

    name: str
    labels: LabelSet
    tables: Tables
    decision: Decision
    flags: Mapping[str, float]


def disassemble(model: Model) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header fields and arrays of a model, in file order."""
    chars, vocabulary, linear = model.tables.characters, model.tables.vocabulary, model.tables.model
    words, steps, bigrams = vocabulary.words, vocabulary.term_steps, vocabulary.bigrams
    values = (
        *(chars.pages, chars.entries, chars.pool, *_stored(words), vocabulary.abbreviations),
        *(vocabulary.term_starts, *_stored(steps), vocabulary.node_names, vocabulary.node_terms),
        *(vocabulary.unigrams, *_stored(bigrams), vocabulary.opens, vocabulary.closes),
        *(linear.heads, linear.rows, linear.bias),
    )
    arrays = {
        name: np.ascontiguousarray(value, dtype=dtype)
        for (name, (dtype, _)), value in zip(ARRAYS.items(), values, strict=True)
    }
    header = {
        "name": model.name,
        "labels": model.labels.to_dict(),
        "pooling": model.tables.pooling.to_dict(),
        "decision": model.decision.to_dict(),
        "flags": dict(model.flags),
        "longest_term": vocabulary.longest_term,
        "common": model.tables.common,
        "unit": linear.unit,
        "tables": {
            name: {"seed": table.places.seed}
            for name, table in (("words", words), ("terms.steps", steps), ("bigrams", bigrams))
        },
    }
    return header, arrays


def build_model(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    """Build from the header and the arrays of a file, both checked for their checksums only.

    Raises:
        ValueError, KeyError, TypeError: the parts do not fit together.
    """
    labels = LabelSet.from_dict(header["labels"])
    decision = Decision.from_dict(header["decision"])
    characters = CharTable(*(arrays[f"characters.{part}"] for part in ("pages", "entries", "pool")))
    vocabulary = Vocabulary(
        words=WordTable(arrays["words.slots"], _places("words", header, arrays)),
        abbreviations=arrays["abbreviations"],
        term_starts=arrays["terms.starts"],
        term_steps=PairTable(arrays["terms.steps.slots"], _places("terms.steps", header, arrays)),
        node_names=arrays["terms.names"],
        node_terms=arrays["terms.concepts"],
        longest_term=header["longest_term"],
        unigrams=arrays["unigrams"],
        bigrams=PairTable(arrays["bigrams.slots"], _places("bigrams", header, arrays)),
        opens=arrays["opens"],
        closes=arrays["closes"],
    )
    linear = LinearModel(arrays["features.heads"], arrays["features.rows"], header["unit"], arrays["bias"])
    pooling = Pooling.from_dict(header["pooling"])
    tables = Tables(characters, vocabulary, linear, pooling, header["common"])
    _check_characters(characters)
    _check_vocabulary(vocabulary, n_features=len(linear.rows))
    _check_linear(linear, n_tags=len(labels))
    _check_pooling(pooling, n_tags=len(labels))
    _check_decision(decision, n_tags=len(labels))
    _check_flags(header["common"], header["flags"])
    return Model(header["name"], labels, tables, decision, header["flags"])


def _stored(table: WordTable | PairTable) -> tuple[NDArray[Any], NDArray[Any]]:
    return table.slots, table.places.displacements


def _places(name: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Places:
    capacity, displacements = len(arrays[f"{name}.slots"]), arrays[f"{name}.displacements"]
    seed, n_buckets = header["tables"][name]["seed"], len(displacements)
    _require(0 < capacity < 1 << 32, f"{name} is empty or too large")
    _require(n_buckets > 0 and n_buckets & (n_buckets - 1) == 0, f"the buckets of {name} are no power of two")
    _require(type(seed) is int and 0 <= seed < 1 << 64, f"the seed of {name} is off")
    return Places(displacements, seed, capacity)


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
    _require(type(vocabulary.longest_term) is int and 0 <= vocabulary.longest_term <= 32, "longest_term is off")
    _require(vocabulary.words.slots.shape[1] == 3, "words are not 16 bytes and a number")
    _within("words", vocabulary.words.values, n_units)
    _within("term starts", vocabulary.term_starts, n_nodes)
    _within("term steps", vocabulary.term_steps.values, n_nodes)
    _within("names", vocabulary.node_names, n_units)
    _within("concepts", vocabulary.node_terms, n_units)
    _within("unigrams", vocabulary.unigrams, n_features)
    _within("bigrams", vocabulary.bigrams.values, n_features)


def _check_linear(linear: LinearModel, *, n_tags: int) -> None:
    n_features = len(linear.rows)
    _require(linear.rows.shape[1] == lanes_for(n_tags), "rows of features have another length")
    _require(linear.heads.shape == (n_features, 2), "heads of features have another shape")
    _require(linear.bias.shape == (n_tags + 1,), "there is not one bias for each tag and boilerplate")
    _require_finite(linear.heads, linear.bias)
    _require(bool((linear.heads[:, 0] > 0).all()), "an idf is not positive")
    largest = 1 << ROW_BITS
    _require(-largest <= linear.rows.min(initial=0) and linear.rows.max(initial=0) <= largest, "a weight is too large")
    _require(type(linear.unit) is float and 0 < linear.unit < math.inf, "the unit of weights is off")


def _check_pooling(pooling: Pooling, *, n_tags: int) -> None:
    size = pooling.size
    _require(type(size) is int and 2 <= size <= 1024 and size % 2 == 0, "the size of passages is off")
    _require(pooling.mix.shape == (n_tags, 2, n_tags), "the mix has another shape")
    _require(pooling.intercept.shape == (n_tags,), "there is not one intercept for each tag")
    _require_finite(pooling.mix, pooling.intercept)


def _check_decision(decision: Decision, *, n_tags: int) -> None:
    _require(decision.thresholds.shape == (n_tags,), "there is not one threshold for each tag")
    _require(decision.review.shape == (n_tags, 2), "there is not one review band for each tag")
    _require_finite(decision.thresholds, decision.review)


def _require_finite(*arrays: NDArray[Any]) -> None:
    _require(all(np.isfinite(array).all() for array in arrays), "a number is not finite")


def _check_flags(common: Any, flags: Mapping[str, Any]) -> None:
    _require(type(common) is int and common >= 0, "common is no number of features")
    _require(flags.keys() == {"known_words", "common_share"}, "other flags than expected")
    _require(all(type(limit) in (int, float) for limit in flags.values()), "a limit of the flags is no number")


def _within(name: str, values: NDArray[np.int32] | NDArray[np.int64], limit: int) -> None:
    inside = len(values) == 0 or (values.min() >= MISSING and values.max() < limit)
    _require(bool(inside), f"a value of {name} points outside its table")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
