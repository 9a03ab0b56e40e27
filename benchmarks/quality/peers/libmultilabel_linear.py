"""LibMultiLabel linear: TF-IDF, LIBLINEAR one against the rest, thresholds by micromacro-freq."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from libmultilabel import linear
from scipy import sparse
from scipy.special import expit

from benchmarks.quality.peers import Score, fully_judged
from xborder_tagger.training.corpus import Document

TFIDF = {"ngram_range": (1, 2), "sublinear_tf": True, "min_df": 2}
OPTIONS = "-s 1 -c 10 -B 1"  # support vector machine, solved in the dual, with a bias


class _Labels(sparse.csc_matrix):
    """LibMultiLabel 0.10 counts positives along axis 2, which SciPy took for axis 0 and now refuses."""

    def sum(self, axis: int | None = None, **options: object) -> np.matrix:
        return super().sum(axis=0 if axis == 2 else axis, **options)


def one_against_the_rest(documents: Sequence[Document], tags: Sequence[str], *, options: str = OPTIONS) -> Score:
    """Every tag's cut at a margin of 0."""
    return _trained(linear.train_1vsrest, documents, tags, options)


def thresholding(documents: Sequence[Document], tags: Sequence[str], *, options: str = OPTIONS) -> Score:
    """Cuts by cross-validation, for the sum of macro- and micro-F1 (Lin and Lin 2023)."""
    return _trained(linear.train_thresholding, documents, tags, options)


def _trained(train: object, documents: Sequence[Document], tags: Sequence[str], options: str) -> Score:
    """It gives margins, no probabilities: their logistic function keeps the cut, at one half, and the order."""
    whole = fully_judged(documents, tags)
    preprocessor = linear.Preprocessor(tfidf_params=TFIDF)
    rows = {"x": [d.text for d in whole], "y": [[t for t in tags if d.labels[t] == 1] for d in whole]}
    data = preprocessor.fit_transform({"data_format": "txt", "train": rows, "classes": list(tags)})["train"]
    np.random.seed(0)
    model = train(_Labels(data["y"]), data["x"], options=options, verbose=False)
    return lambda texts: expit(linear.predict_values(model, preprocessor.vectorizer.transform(texts)))
