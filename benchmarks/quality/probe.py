"""Can the tags be told without reading? A probe that sees what a text is, and none of its words.

``python -m benchmarks.quality.probe`` prints the table and puts it into docs/evaluation.md. The probe sees countries,
year and decade, genre, length, register and the outlet of the source, and predicts each tag by cross-validation over
events: the area under the ROC curve, one half being chance. The same with every event's metadata exchanged for
another event's says how far from one half chance alone comes.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlparse

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

import xborder_tagger
from benchmarks.quality.sets import DOCUMENTS
from benchmarks.report import put, table
from xborder_tagger.training.corpus import Document, label_matrix, read_corpus

FOLDS = 5
SHUFFLES = 20
MANY = 4  # countries, and more
LENGTHS = (0, 25, 50, 100, 200, 400, 800)  # words

COMMON = 40  # documents: a value on fewer is not named as strong
STRONG = 3

Values = dict[str, bool]


def _country(document: Document) -> Iterator[str]:
    yield from document.extra.get("places", ())


def _countries(document: Document) -> Iterator[str]:
    yield str(min(len(document.extra.get("places", ())), MANY))


def _year(document: Document) -> Iterator[str]:
    year = document.extra.get("year")
    yield str(year)
    yield f"{year // 10}0s" if year else "no decade"


def _length(document: Document) -> Iterator[str]:
    place = bisect(LENGTHS, len(document.text.split())) - 1
    yield f"from {LENGTHS[place]} words"


def _outlet(document: Document) -> Iterator[str]:
    yield urlparse(document.source).netloc.removeprefix("www.") if document.source else "none"


FIELDS: dict[str, Callable[[Document], Iterator[str]]] = {
    "country": _country,
    "number of countries": _countries,
    "year": _year,
    "genre": lambda document: iter([document.genre]),
    "length": _length,
    "register": lambda document: iter([document.register]),
    "outlet": _outlet,
}


def metadata(document: Document, fields: Sequence[str]) -> Values:
    """What the probe sees of a document: ``field=value`` for every value."""
    return {f"{field}={value}": True for field in fields for value in FIELDS[field](document)}


def one_hot(rows: Sequence[Values]) -> tuple[sparse.csr_matrix, NDArray[np.str_]]:
    """Zeros and ones, (n_rows, n_values), and the values' names."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    for part in ("indices", "indptr"):
        setattr(matrix, part, getattr(matrix, part).astype(np.int32))  # LIBLINEAR takes no others
    return matrix, vectorizer.get_feature_names_out()


def probe(rows: Sequence[Values], positive: NDArray[np.bool_], events: Sequence[str]) -> float:
    """Area under the ROC curve for one tag, out of fold, documents on one event in one fold."""
    matrix, _ = one_hot(rows)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    machine = LogisticRegression(solver="liblinear")
    shares = cross_val_predict(machine, matrix, positive, groups=events, cv=folds, method="predict_proba")
    return float(roc_auc_score(positive, shares[:, 1]))


def exchanged(documents: Sequence[Document], generator: random.Random) -> list[Document]:
    """For each document one on another event, the same event for all on its own: clusters stay, meaning goes."""
    by_event: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_event[document.event].append(document)
    others = list(by_event)
    generator.shuffle(others)
    other_of = dict(zip(by_event, others, strict=True))
    return [generator.choice(by_event[other_of[document.event]]) for document in documents]


def tag_row(documents: Sequence[Document], positive: NDArray[np.bool_]) -> list[float]:
    """Areas with all metadata, with exchanged metadata (the highest of all shuffles), and with each field alone."""
    events = [document.event for document in documents]
    sights = [list(FIELDS), *([field] for field in FIELDS)]
    whole, *single = (probe([metadata(d, sight) for d in documents], positive, events) for sight in sights)
    generator = random.Random(0)  # noqa: S311
    shuffled = [exchanged(documents, generator) for _ in range(SHUFFLES)]
    chance = [probe([metadata(d, list(FIELDS)) for d in others], positive, events) for others in shuffled]
    return [whole, max(chance), *single]


def strongest(documents: Sequence[Document], positive: NDArray[np.bool_]) -> str:
    """The common values that raise a tag most, with the share of their documents that have it."""
    matrix, names = one_hot([metadata(d, list(FIELDS)) for d in documents])
    weights = LogisticRegression(solver="liblinear").fit(matrix, positive).coef_[0]
    count, with_tag = np.asarray(matrix.sum(axis=0))[0], np.asarray(matrix[positive].sum(axis=0))[0]
    order = [place for place in np.argsort(-weights) if count[place] >= COMMON][:STRONG]
    return ", ".join(f"{names[place].replace('=', ' ')} ({with_tag[place] / count[place]:.0%})" for place in order)


def main() -> None:
    tags = xborder_tagger.load().labels.names
    documents = read_corpus(DOCUMENTS, tags)
    positive, known = label_matrix(documents, tags)
    areas, strong = [], []
    for place, tag in enumerate(tags):
        judged = [d for d, cell in zip(documents, known[:, place], strict=True) if cell]
        labels = positive[known[:, place], place]
        areas.append(tag_row(judged, labels))
        strong.append([tag, f"{labels.mean():.0%}", strongest(judged, labels)])
    put("probe", report(np.array(areas), strong, tags))


def report(areas: NDArray[np.float64], strong: Sequence[Sequence[str]], tags: Sequence[str]) -> str:
    """Both tables, and between them a sentence."""
    head = ["tag", "all metadata", f"highest of {SHUFFLES} exchanged", *(f"{field} alone" for field in FIELDS)]
    named = zip([*tags, "**mean**"], [*areas, areas.mean(axis=0)], strict=True)
    rows = [[name, *(f"{area:.2f}" for area in row)] for name, row in named]
    values = table(["tag", "of all", "values that raise it most, and how many of their documents have it"], strong)
    return f"{table(head, rows)}\n\n{verdict(areas, tags)}\n\n{values}"


def verdict(areas: NDArray[np.float64], tags: Sequence[str]) -> str:
    """Which field tells most on average, and which tag it tells most about."""
    fields, single = list(FIELDS), areas[:, 2:]
    order = np.argsort(-single.mean(axis=0))
    first, second = (fields[place] for place in order[:2])
    place = int(single[:, order[0]].argmax())
    return (
        f"Most can be told from the {first} (mean {single[:, order[0]].mean():.2f}, most of `{tags[place]}` with "
        f"{single[place, order[0]]:.2f}), then from the {second} ({single[:, order[1]].mean():.2f})."
    )


if __name__ == "__main__":
    main()
