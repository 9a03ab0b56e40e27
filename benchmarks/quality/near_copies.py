"""How well near-copies are found, on copies made from the corpus's documents and planted among them.

``python -m benchmarks.quality.near_copies`` prints the tables of docs/dedupe.md. A test holds the figures to floors.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

import xborder_tagger
from benchmarks.quality.robustness import BOILERPLATE
from xborder_tagger.dedupe import NearCopies
from xborder_tagger.dedupe.hashing import hash_keys
from xborder_tagger.dedupe.signatures import HASHES, LONG
from xborder_tagger.shipped import ROOT
from xborder_tagger.tagger import Tagger
from xborder_tagger.text.batch import Batch
from xborder_tagger.text.tokens import Tokens, character_kinds, tokenise
from xborder_tagger.training.corpus import read_corpus

Change = Callable[[str, random.Random, Sequence[str]], str]
PLANTED = 500  # copies of each kind


def originals(tagger: Tagger) -> list[str]:
    """One document of each event of the corpus, in an order of no meaning."""
    events = {
        document.event: document.text for document in read_corpus(ROOT / "corpus" / "documents", tagger.labels.names)
    }
    return random.Random(0).sample(list(events.values()), len(events))


def reworded(share: float, ways: str = "replace drop insert") -> Change:
    """That share of the words replaced by a word of another document, dropped, or followed by such a word."""

    def change(text: str, generator: random.Random, others: Sequence[str]) -> str:
        words = text.split(" ")
        for place in generator.sample(range(len(words)), round(share * len(words))):
            other = generator.choice(generator.choice(others).split(" "))
            way = generator.choice(ways.split())
            words[place] = {"replace": other, "drop": "", "insert": f"{words[place]} {other}"}[way]
        return " ".join(words)

    return change


def cut(share: float) -> Change:
    """That share of the words left, from the beginning."""
    return lambda text, *_: " ".join(text.split(" ")[: max(1, round(share * len(text.split(" "))))])


def with_boilerplate(text: str, generator: random.Random, others: Sequence[str]) -> str:  # noqa: ARG001
    """A hundred words of a news site before the text or after it."""
    return f"{BOILERPLATE}\n\n{text}" if generator.random() < 0.5 else f"{text}\n\n{BOILERPLATE}"


def with_another_headline(text: str, generator: random.Random, others: Sequence[str]) -> str:
    """The first words of another document as its headline, in the place of its own if it has one."""
    first, _, rest = text.partition("\n\n")
    body = rest if rest and len(first.split()) <= 15 and not first.endswith(".") else text
    return " ".join(generator.choice(others).split()[:10]) + "\n\n" + body


def as_reprinted(text: str, generator: random.Random, others: Sequence[str]) -> str:
    """Another headline, the last fifth cut, one word in ten changed, boilerplate around."""
    for change in (with_another_headline, cut(0.8), reworded(0.1), with_boilerplate):
        text = change(text, generator, others)
    return text


CHANGES: dict[str, Change] = {
    "5% of words edited": reworded(0.05),
    "10% of words edited": reworded(0.10),
    "20% of words edited": reworded(0.20),
    "20% of words replaced": reworded(0.20, "replace"),
    "last third cut": cut(2 / 3),
    "second half cut": cut(1 / 2),
    "boilerplate added": with_boilerplate,
    "headline changed": with_another_headline,
    "reprinted: the last two, a fifth cut, 10% edited": as_reprinted,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision: documents that joined a cluster of their own text, of those that joined one. Recall: of the copies."""

    precision: float
    recall: float


def measure(tagger: Tagger, texts: Sequence[str], changes: Sequence[Change], *, shuffled: bool) -> Figures:
    """Plant copies of some texts among all of them, after their originals or anywhere, and look for them."""
    generator = random.Random(1)
    chosen = generator.sample(range(len(texts)), min(PLANTED, len(texts)))
    stream = list(enumerate(texts))
    stream += [(place, change(texts[place], generator, texts)) for change in changes for place in chosen]
    if shuffled:
        generator.shuffle(stream)
    copies: NearCopies[int] = NearCopies(tagger.characters)
    clusters = copies.add([text for _, text in stream], range(len(stream)))
    joined = [(number, first) for number, first in enumerate(clusters) if first != number]
    right = sum(stream[number][0] == stream[first][0] for number, first in joined)
    return Figures(right / max(1, len(joined)), right / (len(changes) * len(chosen)))


def similarities(tagger: Tagger, texts: Sequence[str], change: Change) -> Iterator[tuple[str, float, float]]:
    """For each choice of what a text is a set of: similarity of copies (5th percentile) and of strangers (99.99th)."""
    generator = random.Random(2)
    sample = list(texts[:1000])
    copies = [change(text, generator, texts) for text in sample]
    for name, cut_up in {"all words": words, "long words": long_words, "word pairs": pairs}.items():
        ours, theirs = ([set(part.tolist()) for part in cut_up(tagger, some)] for some in (sample, copies))
        same = [jaccard(a, b) for a, b in zip(ours, theirs, strict=True)]
        strangers = [jaccard(a, b) for i, a in enumerate(ours) for b in ours[:i]]
        yield name, float(np.quantile(same, 0.05)), float(np.quantile(strangers, 0.9999))


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / max(1, len(a | b))


def _tokens(tagger: Tagger, text: str) -> Tokens:
    batch = Batch.of([text])
    return tokenise(batch, character_kinds(batch, tagger.characters), tagger.characters)


def words(tagger: Tagger, texts: Sequence[str]) -> list[np.ndarray]:
    return [hash_keys(_tokens(tagger, text).keys, 0) for text in texts]


def long_words(tagger: Tagger, texts: Sequence[str]) -> list[np.ndarray]:
    keys = (_tokens(tagger, text).keys for text in texts)
    return [hash_keys(some[some[:, 0] >> np.uint64(8 * (LONG - 1)) > 0], 0) for some in keys]


def pairs(tagger: Tagger, texts: Sequence[str]) -> list[np.ndarray]:
    return [hash_keys(np.column_stack((some[:-1], some[1:])), 0) for some in words(tagger, texts)]


def simhash(features: Sequence[np.ndarray]) -> np.ndarray:
    """64 bits for each text, (n_docs, 64): of each bit, what most of its features have (Charikar 2002)."""
    bits = np.arange(64, dtype=np.uint64)
    votes = [((some[:, None] >> bits & np.uint64(1)).astype(np.int64) * 2 - 1).sum(axis=0) for some in features]
    return np.array(votes) > 0


def best_recall(distances: np.ndarray, owners: np.ndarray, precision: float = 0.98) -> float:
    """Recall of "the nearest original, if it is near enough" at the widest limit that keeps the precision."""
    nearest = distances.argmin(axis=1)
    near, right = distances[np.arange(len(owners)), nearest], nearest == owners
    kept = [right[near <= limit] for limit in np.unique(near)]
    return max((float(some.sum()) / len(owners) for some in kept if some.mean() >= precision), default=0.0)


def compare_with_simhash(tagger: Tagger, texts: Sequence[str], change: Change) -> Iterator[tuple[str, float]]:
    """Recall at 0.98 precision when every copy is compared with every original, no index between."""
    generator = random.Random(3)
    copied = np.arange(PLANTED)
    copies = [change(texts[place], generator, texts) for place in copied]
    for name, cut_up in {"long words": long_words, "word pairs": pairs}.items():
        ours, theirs = simhash(cut_up(tagger, texts)), simhash(cut_up(tagger, copies))
        yield f"SimHash, 64 bits, {name}", best_recall((theirs[:, None] != ours).sum(axis=2), copied)
    ours, theirs = (minimal(long_words(tagger, some)) for some in (texts, copies))
    yield f"MinHash, {HASHES} bytes, long words", best_recall((theirs[:, None] != ours).sum(axis=2), copied)


def minimal(features: Sequence[np.ndarray]) -> np.ndarray:
    """MinHash places of each text, (n_docs, HASHES), one byte each, by hash functions of its own."""
    seeds = hash_keys(np.arange(HASHES, dtype=np.uint64)[:, None], 9) | np.uint64(1)
    none = np.zeros(1, dtype=np.uint64)
    rows = [((some if len(some) else none)[:, None] * seeds >> np.uint64(32)).min(axis=0) for some in features]
    return np.array(rows).astype(np.uint8)


def main() -> None:
    tagger = xborder_tagger.load()
    texts = originals(tagger)
    print(f"{len(texts)} originals, {PLANTED} copies of each kind\n")
    print("| copies | recall, originals first | precision | recall, any order | precision |\n|---|---|---|---|---|")
    rows = {**{name: [change] for name, change in CHANGES.items()}, "all of them in one stream": [*CHANGES.values()]}
    for name, changes in rows.items():
        first, mixed = (measure(tagger, texts, changes, shuffled=shuffled) for shuffled in (False, True))
        cells = (first.recall, first.precision, mixed.recall, mixed.precision)
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |", flush=True)
    print("\n| a text as a set of | 20% edited, 5th percentile | other events, 99.99th percentile |\n|---|---|---|")
    for name, same, strangers in similarities(tagger, texts, CHANGES["20% of words edited"]):
        print(f"| {name} | {same:.2f} | {strangers:.2f} |", flush=True)
    print("\n| every copy against every original, 20% edited | recall at 0.98 precision |\n|---|---|")
    for name, recall in compare_with_simhash(tagger, texts, CHANGES["20% of words edited"]):
        print(f"| {name} | {recall:.3f} |", flush=True)


if __name__ == "__main__":
    main()
