"""The systems that are timed: each a function from a list of texts to eight scores a text, on one core.

Each is set up to be as fast as its documentation allows: one call for all texts where it has one, and what a system
wants of its input (no line breaks, no bars) made ready before the clock starts.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

from benchmarks.speed.same_features import SameFeatures
from xborder_tagger.kernel import kernels
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.shipped import DEFAULT
from xborder_tagger.tagger import Tagger
from xborder_tagger.training.corpus import Document

Score = Callable[[Sequence[str]], object]
FEATURES, BITS = 50_000, 18
TFIDF, OURS = "scikit-learn, TF-IDF", "xborder_tagger, native kernel"


def systems(training: Sequence[Document]) -> dict[str, Score]:
    """Name to scoring function; what is not installed is left out."""
    tags = Tagger(DEFAULT).labels.names
    texts = [document.text for document in training]
    found = ours() | {TFIDF: _tfidf(texts, len(tags)), "scikit-learn, hashing": _hashing(len(tags))}
    found["scikit-learn, same features"] = SameFeatures(Tagger(DEFAULT).kernel.tables)
    for package, (name, trained) in PEERS.items():
        if find_spec(package):
            found[name] = trained(training, tags)
    return found


def ours() -> dict[str, Score]:
    """Probabilities from the shipped model, with every kernel there is."""
    names, found = {"native": OURS, "numpy": "xborder_tagger, NumPy kernel"}, {}
    for name, kernel in kernels().items():
        tagger = Tagger(DEFAULT)
        tagger.kernel = kernel(disassemble(tagger.kernel.tables))
        found[names[name]] = tagger.predict_proba
    return found


def _weights(features: int, n_tags: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(features, n_tags))


def _tfidf(training: Sequence[str], n_tags: int) -> Score:
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=FEATURES).fit(training)
    weights = _weights(len(vectorizer.vocabulary_), n_tags)
    return lambda texts: vectorizer.transform(texts) @ weights


def _hashing(n_tags: int) -> Score:
    vectorizer = HashingVectorizer(ngram_range=(1, 2), n_features=1 << 16)
    weights = _weights(1 << 16, n_tags)
    return lambda texts: vectorizer.transform(texts) @ weights


def _fasttext(training: Sequence[Document], tags: Sequence[str]) -> Score:
    """Words and word pairs; ten dimensions and few buckets, which is faster than what scores best.

    Trained on ten threads, each of which sets a tenth of its starting weights; it predicts on one.
    """
    import fasttext

    lines = Prepared(lambda text: " ".join(text.split()) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.txt")
        with open(path, "w", encoding="utf-8") as file:
            for place, line in enumerate(lines([document.text for document in training])):
                file.write(f"__label__{place % len(tags)} {line}")
        settings = {"dim": 10, "wordNgrams": 2, "epoch": 1, "bucket": 200_000, "loss": "ova", "thread": 10}
        model = fasttext.train_supervised(path, **settings, verbose=0)
    return lambda texts: [model.f.predict(line, len(tags), 0.0, "strict") for line in lines(texts)]


def _vowpal_wabbit(training: Sequence[Document], tags: Sequence[str]) -> Score:
    """Words and word pairs, one against all; it has no call for many texts."""
    from vowpalwabbit import Workspace

    workspace = Workspace(f"--oaa {len(tags)} --scores --loss_function=logistic --ngram 2 -b {BITS} --quiet")
    lines = Prepared(lambda text: "| " + " ".join(text.replace("|", " ").replace(":", " ").split()))
    for place, line in enumerate(lines([document.text for document in training])):
        workspace.learn(f"{place % len(tags) + 1} {line}")
    return lambda texts: [workspace.predict(line) for line in lines(texts)]


def _libmultilabel(training: Sequence[Document], tags: Sequence[str]) -> Score:
    from benchmarks.quality.peers.libmultilabel_linear import one_against_the_rest

    return one_against_the_rest(training, tags)


def _spacy(training: Sequence[Document], tags: Sequence[str]) -> Score:
    from benchmarks.quality.peers.spacy_bow import bag_of_words

    return bag_of_words(training, tags, epochs=1)


PEERS: dict[str, tuple[str, Callable[[Sequence[Document], Sequence[str]], Score]]] = {
    "fasttext": ("fastText, dim 10", _fasttext),
    "vowpalwabbit": ("Vowpal Wabbit", _vowpal_wabbit),
    "libmultilabel": ("LibMultiLabel", _libmultilabel),
    "spacy": ("spaCy, bag of words", _spacy),
}


class Prepared:
    """Texts as a system wants them, each made ready the first time it is seen: in the round that is not counted."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self.make, self.ready = make, dict[str, str]()

    def __call__(self, texts: Sequence[str]) -> Iterator[str]:
        """The same texts, made ready."""
        for text in texts:
            if text not in self.ready:
                self.ready[text] = self.make(text)
            yield self.ready[text]


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
