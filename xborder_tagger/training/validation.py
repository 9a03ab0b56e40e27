"""What must hold between the documents of a corpus, and between it and texts it must not repeat."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from xborder_tagger.training.corpus import Document

RUN = 8  # words: a shared run this long is a copied sentence, names and titles aside
NEAR = 0.6  # Jaccard overlap of 5-word shingles: minimal pairs lie above it, retellings of one event far below
SHINGLE = 5


def problems(documents: Sequence[Document], foreign: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    """One line for each broken rule.

    Args:
        foreign: (name, text) of texts of which no run of `RUN` words may stand in the corpus.
    """
    yield from _repeated(documents)
    yield from _events_on_both_sides(documents)
    yield from _near_copies_across_splits(documents)
    yield from _shared_runs(documents, foreign)


def words(text: str) -> list[str]:
    """Lower-cased words."""
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """All runs of ``length`` words."""
    found = words(text)
    return set(zip(*(found[i:] for i in range(length)), strict=False))


def _repeated(documents: Sequence[Document]) -> Iterator[str]:
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for document in documents:
        spelled = " ".join(words(document.text))
        for kind, key, seen in (("id", document.id, ids), ("text", spelled, texts)):
            if key in seen:
                yield f"{document.where}: same {kind} as {seen[key]}"
            seen[key] = document.where


def _events_on_both_sides(documents: Sequence[Document]) -> Iterator[str]:
    sides: dict[str, str] = {}
    for document in documents:
        side = sides.setdefault(document.event, document.split)
        if side != document.split:
            yield f"{document.where}: event {document.event!r} stands in train and in test"


def _near_copies_across_splits(documents: Sequence[Document]) -> Iterator[str]:
    train = defaultdict(list)
    shingles = {document.id: runs(document.text, SHINGLE) for document in documents}
    for document in documents:
        if document.split == "train":
            for shingle in shingles[document.id]:
                train[shingle].append(document.id)
    for document in documents:
        if document.split == "test":
            yield from _near(document, shingles, train)


def _near(
    document: Document, shingles: dict[str, set[tuple[str, ...]]], train: dict[tuple[str, ...], list[str]]
) -> Iterator[str]:
    shared: dict[str, int] = defaultdict(int)
    mine = shingles[document.id]
    for shingle in mine:
        for other in train.get(shingle, ()):
            shared[other] += 1
    for other, count in shared.items():
        if count / len(mine | shingles[other]) > NEAR:
            yield f"{document.where}: near-copy of {other}, which stands in train"


def _shared_runs(documents: Sequence[Document], foreign: Sequence[tuple[str, str]]) -> Iterator[str]:
    known = {run: name for name, text in foreign for run in runs(text, RUN)}
    for document in documents:
        for run in sorted(runs(document.text, RUN) & known.keys()):
            yield f"{document.where}: {RUN}-word run shared with {known[run]}: {' '.join(run)}"
            break
