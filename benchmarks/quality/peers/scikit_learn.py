"""scikit-learn: TF-IDF of words and word pairs, one linear model a tag. Unknown cells are left out of a tag's rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from benchmarks.quality.peers import Score
from xborder_tagger.training.corpus import Document, label_matrix

FOLDS = 5


def logistic(documents: Sequence[Document], tags: Sequence[str], *, cost: float = 100.0) -> Score:
    """Logistic regression."""
    return _one_against_the_rest(documents, tags, lambda _: LogisticRegression(C=cost, max_iter=2000))


def machine(documents: Sequence[Document], tags: Sequence[str], *, cost: float = 10.0) -> Score:
    """Linear support vector machine, its margins calibrated on events left out."""

    def estimator(events: list[str]) -> CalibratedClassifierCV:
        folds = list(GroupKFold(FOLDS).split(events, groups=events))
        return CalibratedClassifierCV(LinearSVC(C=cost), cv=folds, ensemble=False)

    return _one_against_the_rest(documents, tags, estimator)


def _one_against_the_rest(documents: Sequence[Document], tags: Sequence[str], estimator: object) -> Score:
    """``estimator`` makes a classifier for documents on the events it is given."""
    positive, known = label_matrix(documents, tags)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    matrix = vectorizer.fit_transform([document.text for document in documents])
    models = []
    for tag in range(len(tags)):
        rows = np.flatnonzero(known[:, tag])
        models.append(estimator([documents[row].event for row in rows]).fit(matrix[rows], positive[rows, tag]))

    def score(texts: Sequence[str]) -> np.ndarray:
        found = vectorizer.transform(texts)
        return np.stack([model.predict_proba(found)[:, 1] for model in models], axis=1)

    return score
