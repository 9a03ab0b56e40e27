"""The systems that are timed: each a function from a list of texts to eight scores a text, trained alike."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

from benchmarks.speed.same_features import SameFeatures
from xborder_tagger.kernel import kernels
from xborder_tagger.shipped import DEFAULT
from xborder_tagger.tagger import Tagger

Score = Callable[[Sequence[str]], object]
FEATURES, TAGS = 50_000, 8


def systems(training: Sequence[str]) -> dict[str, Score]:
    """Name to scoring function; what is not installed is left out."""
    found = {"scikit-learn tfidf": _tfidf(training), "scikit-learn hashing": _hashing()}
    tables = Tagger(DEFAULT)._model.tables
    found["scikit-learn, same features"] = SameFeatures(tables)
    found |= {f"{name} kernel": kernel(tables).scores for name, kernel in kernels().items()}
    if find_spec("fasttext"):
        found["fastText dim 10"] = _fasttext(training)
    return found


def _weights(features: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(features, TAGS))


def _tfidf(training: Sequence[str]) -> Score:
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=FEATURES).fit(training)
    weights = _weights(len(vectorizer.vocabulary_))
    return lambda texts: vectorizer.transform(texts) @ weights


def _hashing() -> Score:
    vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=1 << 16)
    weights = _weights(1 << 16)
    return lambda texts: vectorizer.transform(texts) @ weights


def _fasttext(training: Sequence[str]) -> Score:
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.txt")
        with open(path, "w", encoding="utf-8") as file:
            for place, text in enumerate(training):
                flat = " ".join(text.split())
                file.write(f"__label__{place % TAGS} {flat}\n")
        model = fasttext.train_supervised(
            path, dim=10, wordNgrams=2, epoch=1, bucket=200_000, loss="ova", verbose=0, thread=1
        )
    flat = {}

    def score(texts: Sequence[str]) -> object:
        lines = [flat.setdefault(id(text), " ".join(text.split())) for text in texts]
        return [model.f.predict(line + "\n", TAGS, 0.0, "strict") for line in lines]

    return score


def count_words(texts: Sequence[str]) -> float:
    """CPU seconds of ``wc -w`` on the same bytes, without its start-up."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(texts) * REPEATS)
        file.flush()
        return (_children(["wc", "-w", file.name]) - _children(["wc", "-w", os.devnull])) / REPEATS


REPEATS = 20


def _children(line: list[str]) -> float:
    before = os.times()
    subprocess.run(line, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
