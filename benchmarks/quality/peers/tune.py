"""Settings of the peers, chosen on a fifth of the training events that is held out; no other text is looked at.

``python -m benchmarks.quality.peers.tune`` prints macro-F1 at one half, average precision and calibration error of
every choice; each peer's default is the choice with the best average precision, ties by macro-F1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.peers import Score, fasttext_ova, libmultilabel_linear, minilm, scikit_learn, spacy_bow
from benchmarks.quality.sets import split
from benchmarks.report import table
from xborder_tagger.evaluation import Judged, evaluate
from xborder_tagger.labels import read_codebook
from xborder_tagger.training.corpus import Document, label_matrix
from xborder_tagger.training.fit import folds_of
from xborder_tagger.training.recipe import Recipe

Train = Callable[[Sequence[Document], Sequence[str]], Score]


def choices() -> Iterator[tuple[str, Train]]:
    for cost in (1.0, 3.0, 10.0, 30.0):
        yield f"scikit-learn, calibrated SVM, C {cost:g}", partial(scikit_learn.machine, cost=cost)
    for cost in (5.0, 20.0, 100.0, 400.0):
        yield f"scikit-learn, logistic regression, C {cost:g}", partial(scikit_learn.logistic, cost=cost)
    for options in ("-s 1 -c 1 -B 1", "-s 1 -c 3 -B 1", "-s 1 -c 10 -B 1", "-s 1 -c 30 -B 1", "-s 0 -c 200 -B 1"):
        yield f"LibMultiLabel, {options}", partial(libmultilabel_linear.thresholding, options=options)
    for epochs, rate, dimensions in product((25, 50, 100), (0.5, 1.0), (10, 50)):
        settings = {"epochs": epochs, "rate": rate, "dimensions": dimensions}
        yield f"fastText, {settings}", partial(fasttext_ova.one_against_all, **settings)
    for ngrams, epochs in product((1, 2), (5, 10, 20)):
        name = f"spaCy, {ngrams}-grams, {epochs} epochs"
        yield name, partial(spacy_bow.bag_of_words, ngrams=ngrams, epochs=epochs)
    embed = Remembered(minilm.Embedder())
    for cost in (1.0, 3.0, 10.0, 30.0):
        yield f"MiniLM, C {cost:g}", partial(minilm.embedding, cost=cost, embed=embed)


class Remembered:
    """An embedder that takes every text once."""

    def __init__(self, embed: minilm.Embedder) -> None:
        self.embed, self.seen = embed, dict[str, NDArray[np.float64]]()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """As the embedder gives them."""
        new = [text for text in dict.fromkeys(texts) if text not in self.seen]
        self.seen |= dict(zip(new, self.embed(new), strict=True)) if new else {}
        return np.array([self.seen[text] for text in texts])


def main(wanted: list[str]) -> None:
    tags = read_codebook(Recipe().codebook).names
    documents = split("train", tags)
    folds = folds_of(documents)
    inside = [d for d, fold in zip(documents, folds, strict=True) if fold]
    held_out = [d for d, fold in zip(documents, folds, strict=True) if not fold]
    positive, known = label_matrix(held_out, tags)
    rows = []
    for name, train in choices():
        if not wanted or any(word in name for word in wanted):
            shares = train(inside, tags)([document.text for document in held_out])
            figures = evaluate(Judged(positive, known, shares, shares >= 0.5), tags, resamples=0)
            rows.append([name, *(f"{figures[f]:.3f}" for f in ("macro_f1", "macro_ap", "calibration_error"))])
            print(*rows[-1], file=sys.stderr)
    print(table(["peer", "macro-F1", "AP", "calibration error"], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
