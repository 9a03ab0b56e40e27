"""Scores by scikit-learn's TfidfVectorizer on the kernel's own features, with passages cut in plain Python."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from xborder_tagger.kernel.numpy_kernel import NumpyKernel, Tables

Margins = Callable[[Sequence[Sequence[int]]], NDArray[np.float64]]


def reference_scores(tables: Tables, documents: Sequence[str]) -> NDArray[np.float64]:
    margins = margins_by_scikit_learn(tables)
    return np.array([reference_score(tables, by_sentence(tables, text), margins) for text in documents])


def margins_by_scikit_learn(tables: Tables) -> Margins:
    """Margins of rows of features, those of the tags and of boilerplate."""
    model = tables.model
    vectorizer = TfidfVectorizer(
        analyzer=lambda row: row, sublinear_tf=True, dtype=np.float64, vocabulary=list(range(len(model.idf)))
    )
    vectorizer.idf_ = model.idf
    weights = np.column_stack((model.weights, model.boilerplate)).astype(np.float64)
    return lambda rows: vectorizer.transform(rows) @ weights + model.bias


def by_sentence(tables: Tables, text: str) -> list[list[int]]:
    found = NumpyKernel(tables).analyse([text])
    features, sentence_of = found.occurrences.features, found.occurrences.sentences
    return [features[sentence_of == number].tolist() for number in range(len(found.documents))]


def reference_score(tables: Tables, sentences: list[list[int]], margins: Margins) -> NDArray[np.float64]:
    model, pooling = tables.model, tables.pooling
    single = margins(sentences) if sentences else np.zeros((0, len(model.bias)))
    kept = [row for row, margin in zip(sentences, single, strict=True) if margin[-1] <= 0]
    single = single[single[:, -1] <= 0]
    if not kept:
        return pooling.scores(model.bias[None, :-1], model.bias[None, :-1])[0]
    scores = []
    for begin in range(0, max(len(kept) - pooling.size // 2, 1), pooling.size // 2):
        part = slice(begin, begin + pooling.size)
        whole = margins([[feature for row in kept[part] for feature in row]])[:, :-1]
        scores.append(pooling.scores(whole, single[part, :-1].max(axis=0)[None])[0])
    return np.max(scores, axis=0)
