"""The kernel in NumPy: the specification that a compiled kernel has to meet, and the fallback where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.contributions import explanation
from xborder_tagger.kernel.decision import Counts, Decision
from xborder_tagger.kernel.encoded import decoded
from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.kernel.pooling import Pooling, best_passages, pool
from xborder_tagger.kernel.predictions import Predictions
from xborder_tagger.kernel.tables import MISSING
from xborder_tagger.kernel.tfidf import LinearModel
from xborder_tagger.kernel.vocabulary import Occurrences, Vocabulary, find_features
from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import CharTable
from xborder_tagger.text.sentences import sentence_breaks
from xborder_tagger.text.tokens import Tokens, character_kinds, tokenise

if TYPE_CHECKING:
    from xborder_tagger.kernel.encoded import Offsets

# Smaller batches pay NumPy's cost per call, larger ones no longer fit a processor's cache: with 2**16, 2**17, 3 * 2**16
# and 2**18 characters a batch, speed on 300-word texts was 0.86, 1, 1.04 and 0.96.
BATCH_CHARACTERS = 3 << 16


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a kernel reads, nearly all of it plain arrays.

    Args:
        common: units below this number are common words of the model's language (units are numbered by frequency);
            a text with few of them is in another language.
    """

    characters: CharTable
    vocabulary: Vocabulary
    model: LinearModel
    pooling: Pooling
    decision: Decision
    common: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A batch taken apart.

    Args:
        starts: int64, (n_docs,), where each document begins in the batch.
        tokens: offsets are positions in the batch.
        units: int32, (n_tokens,), `MISSING` for unknown words.
        sentences: int32, (n_tokens,), numbered from 0 over the whole batch, ascending.
        documents: int64, (n_sentences,), the document of each sentence.
        sentence_starts, sentence_ends: int64, (n_sentences,), positions in the batch; blanks may stand at the end.
        occurrences: of features.
    """

    starts: NDArray[np.int64]
    tokens: Tokens
    units: NDArray[np.int32]
    sentences: NDArray[np.int32]
    documents: NDArray[np.int64]
    sentence_starts: NDArray[np.int64]
    sentence_ends: NDArray[np.int64]
    occurrences: Occurrences


class NumpyKernel:
    """Predicts with NumPy."""

    name = "numpy"

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def predict(self, texts: Sequence[str] | NDArray[np.str_], *, threads: int = 1) -> Predictions:  # noqa: ARG002
        """Predictions for the given texts, by one thread however many there may be."""
        plain = texts.tolist() if isinstance(texts, np.ndarray) else texts
        parts = [self._predict(chunk) for chunk in _chunks(plain)]
        if len(parts) == 1:
            return parts[0]
        return Predictions._make(map(np.concatenate, zip(*parts, strict=True)))

    def predict_utf8(self, data: Any, offsets: Offsets, *, threads: int = 1) -> Predictions:
        """Predictions for texts in UTF-8, which are decoded for it.

        Raises:
            DocumentError: ``encoding``: a text is not UTF-8.
        """
        return self.predict(list(decoded(data, offsets)), threads=threads)

    def explain(self, text: str, columns: Sequence[int]) -> Explanation:
        """Parts of each word in the scores of the tags of some columns."""
        return explanation(self.analyse([text]), self.tables, columns)

    def analyse(self, texts: Sequence[str]) -> Analysis:
        """Tokens, sentences and feature occurrences of the given texts, as one batch."""
        return analyse(texts, self.tables.characters, self.tables.vocabulary)

    def _predict(self, texts: Sequence[str]) -> Predictions:
        found, model, pooling = self.analyse(texts), self.tables.model, self.tables.pooling
        pooled = pool(found.occurrences, found.documents, model, pooling)
        empty = pooling.empty(model.bias[:-1])
        scores = best_passages(pooled.scores, pooled.passages.documents, len(texts), empty)
        return self.tables.decision.decide(scores, Counts(*self._counts(found)))

    def _counts(self, found: Analysis) -> Iterator[NDArray[np.int64]]:
        """Words, known words and common words of each document."""
        words = ~found.tokens.numeric
        known = words & (found.units != MISSING)
        common = known & (found.units < self.tables.common)
        bounds = np.searchsorted(found.tokens.starts, np.append(found.starts, np.iinfo(np.int64).max))
        for chosen in (words, known, common):
            yield np.diff(np.searchsorted(np.flatnonzero(chosen), bounds))


def analyse(texts: Sequence[str], characters: CharTable, vocabulary: Vocabulary) -> Analysis:
    """Take the texts apart, as one batch."""
    batch = Batch.of(texts)
    kinds = character_kinds(batch, characters)
    tokens = tokenise(batch, kinds, characters)
    units = vocabulary.units(tokens.keys, tokens.numeric)
    abbreviated = vocabulary.abbreviations.take(units) & (units != MISSING)
    breaks = sentence_breaks(kinds, tokens.ends, abbreviated)
    bounds = np.concatenate(([0], breaks, [len(batch.codes)]))
    places = np.searchsorted(tokens.starts, bounds)
    lengths = np.diff(places)
    filled = np.flatnonzero(lengths)
    sentences = np.repeat(np.arange(len(filled), dtype=np.int32), lengths[filled])
    documents = batch.document_of(tokens.starts[places[filled]])
    found = find_features(units, sentences, vocabulary)
    return Analysis(batch.starts, tokens, units, sentences, documents, bounds[filled], bounds[filled + 1], found)


def _chunks(texts: Sequence[str]) -> list[Sequence[str]]:
    chunks, begin, size = [], 0, 0
    for end, text in enumerate(texts):
        if size and size + len(text) > BATCH_CHARACTERS:
            chunks.append(texts[begin:end])
            begin, size = end, 0
        size += len(text)
    return [*chunks, texts[begin:]]
