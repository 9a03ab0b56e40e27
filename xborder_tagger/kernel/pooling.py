"""From the margins of sentences and passages to the score of a text.

A passage's score for a tag is a linear mix of margins, those of the whole passage and those of its best sentences, for
this tag and for the others: "trafficking" beside drugs is less likely to be of people. A text's score is that of its
best passage. Sentences that are boilerplate (menus, share bars, cookie notices) are left out first;
a further linear model tells them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.kernel.tfidf import LinearModel, Pairs, margins, totals
from xborder_tagger.kernel.vocabulary import Occurrences
from xborder_tagger.text.passages import Passages, cut_passages


@dataclass(frozen=True, slots=True)
class Pooling:
    """How margins become scores.

    Args:
        size: sentences in a passage, even.
        mix: float64, (n_tags, 2, n_tags): in each tag's score, the shares of the passage's margins for all tags
            and of its highest sentence margins for all tags.
        intercept: float64, (n_tags,).
    """

    size: int
    mix: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def scores(self, passage: NDArray[np.float64], sentence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of passages, float64, (n_passages, n_tags), from both kinds of margins, each of that shape."""
        # Not `@`: BLAS rounds otherwise for one row than for many, and a text's tags must not depend on its batch.
        of_passage = np.einsum("nt,kt->nk", passage, self.mix[:, 0])
        return of_passage + np.einsum("nt,kt->nk", sentence, self.mix[:, 1]) + self.intercept

    def to_dict(self) -> dict[str, Any]:
        """For the header of a model file; JSON keeps every bit of a float64."""
        return {"size": self.size, "mix": self.mix.tolist(), "intercept": self.intercept.tolist()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Pooling:
        """The inverse of `to_dict`."""
        return cls(data["size"], *(np.array(data[name], dtype=np.float64) for name in ("mix", "intercept")))

    def empty(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of a text without any sentence, float64, (n_tags,)."""
        return self.scores(bias[None], bias[None])[0]


@dataclass(frozen=True, slots=True)
class Pooled:
    """The passages of a batch and what they scored.

    Args:
        sentences: int64, (n_kept,), the sentences that are no boilerplate; passages count in these.
        passages: of them.
        margins: float64, (n_kept, n_tags), of each kept sentence.
        scores: float64, (n_passages, n_tags).
    """

    sentences: NDArray[np.int64]
    passages: Passages
    margins: NDArray[np.float64]
    scores: NDArray[np.float64]


def pool(found: Occurrences, documents: NDArray[np.int64], model: LinearModel, pooling: Pooling) -> Pooled:
    """Score the passages of a batch.

    Args:
        found: occurrences of features.
        documents: int64, (n_sentences,), the document of each sentence.
    """
    inside = Pairs.of(found.sentences, found.features, len(model.rows))
    plain = totals(inside, len(documents), model)
    single = margins(plain, inside, model)
    kept = single[:, 0] <= 0
    sentences, single = np.flatnonzero(kept), single[kept, 1:]
    passages = cut_passages(documents[sentences], pooling.size)
    whole = margins(passages.sums(plain[kept]), _in_passages(found, kept, passages, len(model.rows)), model)[:, 1:]
    return Pooled(sentences, passages, single, pooling.scores(whole, passages.highest(single)))


def _in_passages(found: Occurrences, kept: NDArray[np.bool_], passages: Passages, n_features: int) -> Pairs:
    """Occurrences by passage, without most of those whose feature stands there once.

    Halves of passages are numbered so that passage p holds 2p - 1 and 2p + 1, and 2p where nothing overlaps it.
    """
    half = np.full(len(kept), 2 * len(passages) + 2, dtype=np.uint32)  # of boilerplate: in no passage
    half[kept] = np.add(*passages.around())
    near = Pairs.of(found.features, half.take(found.sentences), 2 * len(passages) + 4).near(2)
    features, first, last = near.first, near.second >> 1, near.second + 1 >> 1
    shared = np.flatnonzero(first < last)
    passage = np.concatenate((first, last.take(shared)))
    inside = np.flatnonzero(passage < len(passages))
    return Pairs.of(passage.take(inside), np.concatenate((features, features.take(shared))).take(inside), n_features)


def best_passages(
    scores: NDArray[np.float64], documents: NDArray[np.int64], n_docs: int, empty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score of each document's best passage, float64, (n_docs, n_tags).

    Args:
        scores: float64, (n_passages, n_tags).
        documents: int64, (n_passages,), ascending.
        empty: float64, (n_tags,), scores of a document without any passage.
    """
    out = np.tile(empty, (n_docs, 1))
    begins = np.flatnonzero(np.diff(documents, prepend=-1))
    if len(begins):
        out[documents[begins]] = np.maximum.reduceat(scores, begins, axis=0)
    return out
