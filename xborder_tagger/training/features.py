"""Which unigrams and bigrams become features, and the TF-IDF matrices of documents, passages and sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from xborder_tagger.kernel.numpy_kernel import Analysis
from xborder_tagger.kernel.tables import MISSING, build_pairs
from xborder_tagger.kernel.tfidf import weigh
from xborder_tagger.kernel.vocabulary import Vocabulary, find_terms, fold, read_words
from xborder_tagger.text.passages import Passages, cut_passages
from xborder_tagger.training.lexicon import Lexicon

UNIT_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Space:
    """A corpus as matrices over the chosen features; all rows are of unit length.

    Args:
        documents: sparse, float64, (n_docs, n_features), whole documents without boilerplate.
        sentences: sparse, float64, (n_sentences, n_features).
        document_of: int64, (n_sentences,).
        spans: int64, (n_sentences, 2), offsets of sentences into their document's text.
        kept: int64, (n_kept,), the sentences that are no boilerplate.
        passages: of kept sentences.
        passage_rows: sparse, float64, (n_passages, n_features).
    """

    documents: sparse.csr_matrix
    sentences: sparse.csr_matrix
    document_of: NDArray[np.int64]
    spans: NDArray[np.int64]
    kept: NDArray[np.int64]
    passages: Passages
    passage_rows: sparse.csr_matrix


def choose_features(
    lexicon: Lexicon, found: Analysis, events: NDArray[np.int64], *, min_events: int, max_features: int
) -> tuple[Vocabulary, NDArray[np.int64]]:
    """The vocabulary with features, and each feature's event frequency.

    Features are the unigrams, bigrams and concepts that stand in texts on at least ``min_events`` different events,
    the most frequent first; ties go by their units' numbers, so that the choice is frozen. Counting documents
    instead would keep what only a text and its minimal pair share: such features swell the length of a training
    document's vector but never that of a new text, and the calibration would not carry over.

    Args:
        events: int64, (n_docs,), number of each document's event.
    """
    vocabulary = lexicon.vocabulary
    words = read_words(found.units, found.sentences)
    names, terms = find_terms(words, vocabulary)
    folded = fold(words, names)
    known = folded.units != MISSING
    ones = np.concatenate((folded.units[known], terms.units)).astype(np.uint64)
    ones_in = np.concatenate((folded.sentences[known], terms.sentences))
    next_to = known[:-1] & known[1:] & (folded.sentences[:-1] == folded.sentences[1:])
    left, right = folded.units[:-1][next_to].astype(np.uint64), folded.units[1:][next_to].astype(np.uint64)
    # A unigram's second half is 0, a bigram's is the right unit plus one.
    keys = np.concatenate((ones << UNIT_BITS, left << UNIT_BITS | right + np.uint64(1)))
    documents = found.documents[np.concatenate((ones_in, folded.sentences[:-1][next_to]))]
    keys, frequency = _event_frequency(keys, events[documents])
    order = np.lexsort((keys, -frequency))
    order = order[frequency[order] >= min_events][:max_features]
    return _with_features(vocabulary, keys[order]), frequency[order]


def _event_frequency(
    keys: NDArray[np.uint64], events: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    distinct, index = np.unique(keys, return_inverse=True)
    pairs = np.unique(index * (events.max() + 1) + events)
    return distinct, np.bincount(pairs // (events.max() + 1), minlength=len(distinct))


def _with_features(vocabulary: Vocabulary, keys: NDArray[np.uint64]) -> Vocabulary:
    numbers = np.arange(len(keys), dtype=np.int32)
    left, right = (keys >> UNIT_BITS).astype(np.int32), (keys & np.uint64(0xFFFFFFFF)).astype(np.int32) - 1
    single = right < 0
    n_units = len(vocabulary.unigrams)
    unigrams = np.full(n_units, MISSING, dtype=np.int32)
    unigrams[left[single]] = numbers[single]
    opens, closes = np.zeros(n_units, dtype=bool), np.zeros(n_units, dtype=bool)
    opens[left[~single]], closes[right[~single]] = True, True
    bigrams = build_pairs(left[~single], right[~single], numbers[~single])
    return replace(vocabulary, unigrams=unigrams, bigrams=bigrams, opens=opens, closes=closes)


def inverse_frequency(frequency: NDArray[np.int64], n_events: int) -> NDArray[np.float64]:
    """Smoothed idf as scikit-learn defines it, over events: ln((1 + n) / (1 + df)) + 1, float64, (n_features,)."""
    return np.log((1 + n_events) / (1 + frequency)) + 1


def sentence_rows(found: Analysis, idf: NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF vectors of all sentences, (n_sentences, n_features)."""
    features, sentences = found.occurrences.features, found.occurrences.sentences
    return _matrix(features, sentences, idf, len(found.documents))


def build_space(
    found: Analysis, sentences: sparse.csr_matrix, boilerplate: NDArray[np.bool_], idf: NDArray[np.float64], size: int
) -> Space:
    """Matrices of a corpus that was taken apart as one batch.

    Args:
        sentences: from `sentence_rows`.
        boilerplate: bool, (n_sentences,).
        size: sentences in a passage.
    """
    kept = np.flatnonzero(~boilerplate)
    number = np.where(boilerplate, -1, np.cumsum(~boilerplate) - 1)[found.occurrences.sentences]
    features, chosen = found.occurrences.features, number >= 0
    passages = cut_passages(found.documents[kept], size)
    index, passage = passages.holding(number)
    document = found.documents[found.occurrences.sentences]
    starts = found.starts[found.documents]
    return Space(
        documents=_matrix(features[chosen], document[chosen], idf, len(found.starts)),
        sentences=sentences,
        document_of=found.documents,
        spans=np.stack((found.sentence_starts - starts, found.sentence_ends - starts), axis=1),
        kept=kept,
        passages=passages,
        passage_rows=_matrix(features[index], passage, idf, len(passages)),
    )


def _matrix(
    features: NDArray[np.int32], rows: NDArray[np.int64], idf: NDArray[np.float64], n_rows: int
) -> sparse.csr_matrix:
    weighed = weigh(features, rows, idf)
    return sparse.csr_matrix((weighed.values, (weighed.groups, weighed.features)), shape=(n_rows, len(idf)))
