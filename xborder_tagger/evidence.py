"""Which words and sentences moved a score, and by how much.

The score is linear in the document's vector and in its best sentences' vectors, so it splits exactly: a feature's
share goes in equal parts to its occurrences, an occurrence's part in equal parts to its words, and a sentence
gets the sum of its words. Bias plus all sentences is the score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel import Analysis
from xborder_tagger.kernel.tfidf import LinearModel, margins, pair_keys, weigh
from xborder_tagger.linear import Decision
from xborder_tagger.results import Evidence, Sentence, Word


def explain(
    text: str, analysis: Analysis, model: LinearModel, decision: Decision, tags: tuple[str, ...]
) -> list[Evidence]:
    """Evidence for every tag, in order.

    Args:
        text: the text that ``analysis`` took apart, as its only document.
        tags: names of the model's tags.
    """
    by_word = word_contributions(analysis, model, decision)
    bias = decision.mix.sum(axis=1) @ model.bias + decision.intercept
    spans = _sentence_spans(text, analysis)
    return [
        Evidence(
            tag,
            float(bias[t] + by_word[:, t].sum()),
            float(bias[t]),
            _sentences(text, analysis, spans, by_word[:, t]),
        )
        for t, tag in enumerate(tags)
    ]


def word_contributions(analysis: Analysis, model: LinearModel, decision: Decision) -> NDArray[np.float64]:
    """Part of each token in each tag's score, float64, (n_tokens, n_tags)."""
    found = analysis.occurrences
    document, sentence = decision.mix[:, 0].T, decision.mix[:, 1].T
    whole = _occurrence_parts(found.features, np.zeros(len(found.features), dtype=np.int64), model)
    single = _occurrence_parts(found.features, found.sentences, model)
    best = _best_sentences(analysis, model)
    parts = whole @ document + (single * (found.sentences[:, None] == best)) @ sentence
    return _spread(parts, found.first, found.last, len(analysis.tokens))


def _occurrence_parts(
    features: NDArray[np.int32], groups: NDArray[np.int64], model: LinearModel
) -> NDArray[np.float64]:
    weighed = weigh(features, groups, model.idf)
    pair = np.searchsorted(pair_keys(weighed.features, weighed.groups), pair_keys(features, groups))
    share = weighed.values / weighed.counts
    parts: NDArray[np.float64] = share[pair, None] * model.weights[features]
    return parts


def _best_sentences(analysis: Analysis, model: LinearModel) -> NDArray[np.int64]:
    """The sentence with the highest margin, for each tag."""
    if not len(analysis.documents):
        return np.zeros(len(model.bias), dtype=np.int64)
    found = analysis.occurrences
    weighed = weigh(found.features, found.sentences, model.idf)
    return margins(weighed, len(analysis.documents), model).argmax(axis=0)


def _spread(
    parts: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64], n_tokens: int
) -> NDArray[np.float64]:
    """Divide each occurrence's part equally among its tokens ``first`` to ``last``."""
    lengths = last - first + 1
    rows = np.repeat(np.arange(len(parts)), lengths)
    offset = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    out = np.zeros((n_tokens, parts.shape[1]))
    np.add.at(out, first[rows] + offset, parts[rows] / lengths[rows, None])
    return out


def _sentence_spans(text: str, analysis: Analysis) -> list[tuple[int, int, int, int]]:
    """Start and end of each sentence in the text, and its first and one-past-last token."""
    begins = np.searchsorted(analysis.sentences, np.arange(len(analysis.documents) + 1)).tolist()
    starts, ends = analysis.sentence_starts.tolist(), analysis.sentence_ends.tolist()
    spans = []
    for start, end, begin, stop in zip(starts, ends, begins, begins[1:], strict=False):
        raw = text[start:end]
        left = len(raw) - len(raw.lstrip())
        spans.append((start + left, start + left + len(raw.strip()), begin, stop))
    return spans


def _sentences(
    text: str, analysis: Analysis, spans: list[tuple[int, int, int, int]], by_word: NDArray[np.float64]
) -> tuple[Sentence, ...]:
    """Sentences that moved the score, strongest first."""
    starts, ends, parts = analysis.tokens.starts.tolist(), analysis.tokens.ends.tolist(), by_word.tolist()
    sentences = []
    for start, end, begin, stop in spans:
        words = tuple(Word(starts[i], ends[i], parts[i]) for i in range(begin, stop) if parts[i])
        if words:
            sentences.append(Sentence(start, end, text[start:end], sum(word.contribution for word in words), words))
    return tuple(sorted(sentences, key=lambda sentence: -sentence.contribution))
