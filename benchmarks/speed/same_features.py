"""The real model's features in plain Python for scikit-learn: what one would write without a kernel of one's own.

Words by a regular expression, stems and names by dictionaries, TF-IDF by TfidfVectorizer, margins of passages and of
their best sentences, pooled. On plain news it agrees with the kernels; it takes no part in corner cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.kernel.pooling import best_passages
from xborder_tagger.kernel.tables import ID_BITS, MISSING, PairTable, WordTable
from xborder_tagger.kernel.vocabulary import NUMBER_UNIT
from xborder_tagger.text.passages import cut_passages

WORD = re.compile(r"[^\W\d_]{2,}|\d+")
SENTENCE = re.compile(r"\n\s*\n|(?<=[.!?…])[\"'”’)\]]*\s+(?=[^a-z\s])|\n(?=[^a-z\s])")


class SameFeatures:
    """Scores texts with scikit-learn on the features of a model."""

    def __init__(self, tables: Tables) -> None:
        vocabulary, self.model = tables.vocabulary, tables.model
        self.units = _words(vocabulary.words)
        self.starts, self.steps = vocabulary.term_starts.tolist(), _pairs(vocabulary.term_steps)
        self.outputs = (vocabulary.node_names.tolist(), vocabulary.node_terms.tolist())
        self.unigrams, self.bigrams = vocabulary.unigrams.tolist(), _pairs(vocabulary.bigrams)
        features = list(range(len(self.model.idf)))
        self.vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, dtype=np.float64, vocabulary=features)
        self.vectorizer.idf_ = self.model.idf
        self.pooling = tables.pooling
        self.weights = np.column_stack((self.model.weights, self.model.boilerplate)).astype(np.float64)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Scores, (n_docs, n_tags)."""
        documents = [[self._features(sentence) for sentence in SENTENCE.split(text)] for text in texts]
        owners = np.repeat(np.arange(len(texts)), [len(document) for document in documents])
        sentences = [sentence for document in documents for sentence in document]
        single = self._margins(sentences)
        kept = np.flatnonzero(single[:, -1] <= 0)
        passages = cut_passages(owners[kept], self.pooling.size)
        bounds = zip(passages.begins.tolist(), passages.ends.tolist(), strict=True)
        whole = self._margins([[f for row in kept[begin:end] for f in sentences[row]] for begin, end in bounds])
        scores = self.pooling.scores(whole[:, :-1], passages.highest(single[kept, :-1]))
        return best_passages(scores, passages.documents, len(texts), self.pooling.empty(self.model.bias[:-1]))

    def _margins(self, rows: list[list[int]]) -> NDArray[np.float64]:
        return self.vectorizer.transform(rows) @ self.weights + self.model.bias

    def _features(self, sentence: str) -> list[int]:
        plain = sentence if sentence.isascii() else unicodedata.normalize("NFKD", sentence)
        words = WORD.findall(plain.lower())
        units = [NUMBER_UNIT if w[0].isdigit() else self.units.get(w[:16], MISSING) for w in words]
        names, terms = (list(self._find(units, outputs)) for outputs in self.outputs)
        folded, at = [], 0
        for start, end, concept in names:
            folded += [*units[at:start], concept]
            at = end
        folded += units[at:]
        found = [self.unigrams[u] for u in [*folded, *(concept for *_, concept in terms)] if u != MISSING]
        found += [self.bigrams.get(pair, MISSING) for pair in pairwise(folded)]
        return [feature for feature in found if feature != MISSING]

    def _find(self, units: list[int], outputs: list[int]) -> Iterator[tuple[int, int, int]]:
        """Terms, longest first, from left to right: start, end, concept."""
        at = 0
        while at < len(units):
            best, place = None, at
            node = self.starts[units[at]] if units[at] != MISSING else MISSING
            while node != MISSING:
                place += 1
                if outputs[node] != MISSING:
                    best = (at, place, outputs[node])
                node = self.steps.get((node, units[place]), MISSING) if place < len(units) else MISSING
            if best:
                yield best
            at = best[1] if best else at + 1


def _words(table: WordTable) -> dict[str, int]:
    keys = (key.tobytes().rstrip(b"\0").decode(errors="ignore") for key in table.keys)
    return dict(zip(keys, table.lookup(table.keys).tolist(), strict=True))


def _pairs(table: PairTable) -> dict[tuple[int, int], int]:
    filled = np.flatnonzero(table.values != MISSING)
    pairs = (divmod(pair, 1 << ID_BITS) for pair in table.pairs[filled].tolist())
    return dict(zip(pairs, table.values[filled].tolist(), strict=True))
