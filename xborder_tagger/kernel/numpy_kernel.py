"""The kernel in NumPy: the specification that a compiled kernel has to meet, and the fallback where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.tables import MISSING
from xborder_tagger.kernel.tfidf import LinearModel, margins, weigh
from xborder_tagger.kernel.vocabulary import Occurrences, Vocabulary, find_features
from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import CharTable
from xborder_tagger.text.passages import sentence_breaks
from xborder_tagger.text.tokens import Tokens, character_kinds, tokenise

# Smaller batches pay NumPy's cost per call, larger ones gain nothing: microseconds for a 300-word text with 2**14 to
# 2**18 characters a batch were 256, 196, 165, 161, 164.
BATCH_CHARACTERS = 1 << 17


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a kernel reads, nearly all of it plain arrays.

    Args:
        common: features below this number are common words of the model's language (features are numbered by
            frequency); a text with few of them is in another language.
    """

    characters: CharTable
    vocabulary: Vocabulary
    model: LinearModel
    common: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A batch taken apart.

    Args:
        starts: int64, (n_docs,), where each document begins in the batch.
        tokens: offsets are positions in the batch.
        units: int32, (n_tokens,), `MISSING` for unknown words.
        sentences: int64, (n_tokens,), numbered from 0 over the whole batch, ascending.
        documents: int64, (n_sentences,), the document of each sentence.
        sentence_starts, sentence_ends: int64, (n_sentences,), positions in the batch; blanks may stand at the end.
        occurrences: of features.
    """

    starts: NDArray[np.int64]
    tokens: Tokens
    units: NDArray[np.int32]
    sentences: NDArray[np.int64]
    documents: NDArray[np.int64]
    sentence_starts: NDArray[np.int64]
    sentence_ends: NDArray[np.int64]
    occurrences: Occurrences


@dataclass(frozen=True, slots=True)
class Margins:
    """What a kernel returns for ``n_docs`` texts.

    Args:
        document: float64, (n_docs, n_tags), margin of the whole text.
        sentence: float64, (n_docs, n_tags), highest margin of a sentence.
        words, known, common: int64, (n_docs,), number of words (tokens but numbers), of those in the vocabulary,
            and of those that are common words of the model's language.
    """

    document: NDArray[np.float64]
    sentence: NDArray[np.float64]
    words: NDArray[np.int64]
    known: NDArray[np.int64]
    common: NDArray[np.int64]


class NumpyKernel:
    """Scores texts with NumPy."""

    name = "numpy"

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def margins(self, texts: Sequence[str]) -> Margins:
        """Margins of the given texts."""
        parts = [self._margins(chunk) for chunk in _chunks(texts)]
        if len(parts) == 1:
            return parts[0]
        return Margins(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Margins)))

    def analyse(self, texts: Sequence[str]) -> Analysis:
        """Tokens, sentences and feature occurrences of the given texts, as one batch."""
        characters, vocabulary = self.tables.characters, self.tables.vocabulary
        batch = Batch.of(texts)
        kinds = character_kinds(batch, characters)
        tokens = tokenise(batch, kinds, characters)
        units = vocabulary.units(tokens.keys, tokens.numeric)
        abbreviated = vocabulary.abbreviations.take(units) & (units != MISSING)
        breaks = sentence_breaks(kinds, tokens.ends, abbreviated)
        bounds = np.concatenate(([0], breaks, [len(batch.codes)]))
        raw = np.searchsorted(breaks, tokens.starts, side="right")
        sentences, first = _number(raw)
        documents = batch.document_of(tokens.starts[first])
        begins, ends = bounds[raw[first]], bounds[raw[first] + 1]
        found = find_features(units, sentences, vocabulary)
        return Analysis(batch.starts, tokens, units, sentences, documents, begins, ends, found)

    def _margins(self, texts: Sequence[str]) -> Margins:
        found, model, n_docs = self.analyse(texts), self.tables.model, len(texts)
        features, in_sentence = found.occurrences.features, found.occurrences.sentences
        whole = margins(weigh(features, found.documents[in_sentence], model.idf), n_docs, model)
        single = margins(weigh(features, in_sentence, model.idf), len(found.documents), model)
        best = _highest(single, found.documents, n_docs, model.bias)
        return Margins(whole, best, *self._counts(found))

    def _counts(self, found: Analysis) -> Iterator[NDArray[np.int64]]:
        """Words, known words and common words of each document."""
        words = ~found.tokens.numeric
        known = words & (found.units != MISSING)
        features = self.tables.vocabulary.unigrams.take(found.units)
        common = known & (features != MISSING) & (features < self.tables.common)
        bounds = np.searchsorted(found.tokens.starts, np.append(found.starts, np.iinfo(np.int64).max))
        for chosen in (words, known, common):
            yield np.diff(np.concatenate(([0], np.cumsum(chosen)))[bounds])


def _number(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Renumber ascending ids from 0 without gaps; also the position at which each number begins."""
    fresh = np.diff(ids, prepend=-1) != 0
    return np.cumsum(fresh) - 1, np.flatnonzero(fresh)


def _highest(
    rows: NDArray[np.float64], documents: NDArray[np.int64], n_docs: int, empty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Highest value of each document's rows, column by column; ``empty`` for a document without rows."""
    out = np.tile(empty, (n_docs, 1))
    begins = np.flatnonzero(np.diff(documents, prepend=-1))
    if len(begins):
        out[documents[begins]] = np.maximum.reduceat(rows, begins, axis=0)
    return out


def _chunks(texts: Sequence[str]) -> list[Sequence[str]]:
    chunks, begin, size = [], 0, 0
    for end, text in enumerate(texts):
        if size and size + len(text) > BATCH_CHARACTERS:
            chunks.append(texts[begin:end])
            begin, size = end, 0
        size += len(text)
    return [*chunks, texts[begin:]]
