"""Which words moved a score, and by how much.

The score is linear in the vector of the text's best passage and in those of the passage's best sentences, so it splits
exactly: a feature's share goes in equal parts to its occurrences, and an occurrence's part in equal parts to its words.
Bias plus all words is the score.

A score is mixed from the margins of all tags, so a sentence about a meeting may move the score of a memorandum. What a
word says for the tag itself, its part in the passage's own margin, is told apart: in that order the first sentence
overlaps annotated evidence more often than in the order of all that moved the score (.90 against .87, test split).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.kernel.pooling import Pooled, pool
from xborder_tagger.kernel.tfidf import LinearModel, weigh
from xborder_tagger.kernel.vocabulary import Occurrences

if TYPE_CHECKING:
    from xborder_tagger.kernel.numpy_kernel import Analysis, Tables


TIE: Final = 1e-9  # of two sentences or passages that score the same the first one decides, whatever rounding says


def explanation(analysis: Analysis, tables: Tables, columns: Sequence[int]) -> Explanation:
    """What every token of the only document of an analysis adds to its scores for the tags of some columns."""
    parts, direct = (table[:, columns] for table in word_contributions(analysis, tables))
    first = np.searchsorted(analysis.sentences, np.arange(len(analysis.documents) + 1))
    spans = (analysis.sentence_starts, analysis.sentence_ends)
    places = (analysis.tokens.starts, analysis.tokens.ends, first, *spans)
    return Explanation(*places, parts.T, direct.T)


def word_contributions(analysis: Analysis, tables: Tables) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Part of each token in each tag's score, and in the margin for that tag of the passage that decided it.

    Returns:
        two arrays, float64, (n_tokens, n_tags).
    """
    found = analysis.occurrences
    pooled = pool(found, analysis.documents, tables.model, tables.pooling)
    parts = np.zeros((2, len(found.features), tables.model.n_tags))
    if len(pooled.passages):
        decisive = _first_highest(pooled.scores)
        for passage in np.unique(decisive):
            inside = _inside(found, pooled, passage)
            tags = decisive == passage
            parts[:, inside[:, None], tags] = _passage_parts(found, inside, pooled, passage, tables)[:, :, tags]
    score, margin = (_spread(part, found.first, found.last, len(analysis.tokens)) for part in parts)
    return score, margin


def _inside(found: Occurrences, pooled: Pooled, passage: int) -> NDArray[np.int64]:
    """The occurrences in a passage."""
    sentences = pooled.sentences[pooled.passages.begins[passage] : pooled.passages.ends[passage]]
    return np.flatnonzero(np.isin(found.sentences, sentences))


def _passage_parts(
    found: Occurrences, inside: NDArray[np.int64], pooled: Pooled, passage: int, tables: Tables
) -> NDArray[np.float64]:
    """Part of each occurrence in a passage's scores and in its margins, (2, n_inside, n_tags)."""
    features, sentences = found.features[inside], found.sentences[inside]
    whole = _occurrence_parts(features, np.zeros_like(sentences), tables.model)
    single = _occurrence_parts(features, sentences, tables.model)
    begin, end = pooled.passages.begins[passage], pooled.passages.ends[passage]
    highest = pooled.sentences[begin + _first_highest(pooled.margins[begin:end])]
    of_passage, of_sentence = tables.pooling.mix.transpose(1, 2, 0)
    return np.stack((whole @ of_passage + (single * (sentences[:, None] == highest)) @ of_sentence, whole))


def _first_highest(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row of the highest score in each column."""
    return (scores >= scores.max(axis=0) - TIE).argmax(axis=0)


def _occurrence_parts(
    features: NDArray[np.int32], groups: NDArray[np.int32], model: LinearModel
) -> NDArray[np.float64]:
    """What each occurrence adds to the margins of its group, (n_occurrences, n_tags)."""
    weighed = weigh(features, groups, model.idf)
    keys = groups.astype(np.int64) * len(model.idf) + features
    _, pair = np.unique(keys, return_inverse=True)  # in the order of `weighed`
    share = weighed.values / weighed.counts
    parts: NDArray[np.float64] = share[pair, None] * model.weights[features]
    return parts


def _spread(
    parts: NDArray[np.float64], first: NDArray[np.int32], last: NDArray[np.int32], n_tokens: int
) -> NDArray[np.float64]:
    """Divide each occurrence's part equally among its tokens ``first`` to ``last``."""
    lengths = last - first + 1
    rows = np.repeat(np.arange(len(parts)), lengths)
    offset = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    out = np.zeros((n_tokens, parts.shape[1]))
    np.add.at(out, first[rows] + offset, parts[rows] / lengths[rows, None])
    return out
