"""From texts to MinHash signatures (Broder 1997, On the resemblance and containment of documents).

A text is the set of its long words. Two texts' signatures agree in as many places, on average, as their sets share of
their union (Jaccard similarity). Words are the kernel's tokens, case and spelling normalised, but nothing is folded:
"Laos" must not equal "Cambodia" here, as it does for the tags. Without the short words independent reports of the same
event share .1 to .3, while a fifth of the words replaced leaves .5 and more (docs/dedupe.md); word pairs keep the two
apart as well but lose half of a text's set to every fifth word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.dedupe.hashing import MIX_A, MIX_B, hash_keys
from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import CharTable
from xborder_tagger.text.tokens import character_kinds, tokenise

HASHES: Final = 128  # an estimate of a similarity of one half is then off by .044
LONG: Final = 6  # bytes of a word's normalised spelling
PAIRS: Final = 1 << 14  # compared at once: their places fit in a cache
ROWS: Final = 4  # places that a band looks at
BANDS: Final = 64  # of 4 places, so that every place is in two of them
SEED: Final = 0x5EED
EACH_BYTE: Final = np.uint64(0x0101010101010101)  # times a number: the sum of its bytes, in the highest one


def _random(count: int, seed: int) -> NDArray[np.uint64]:
    """Numbers that are the same in every version of NumPy."""
    return hash_keys(np.arange(count, dtype=np.uint64)[:, None], seed)


MULTIPLIERS: Final = _random(HASHES, SEED) | np.uint64(1)
PLACES: Final = np.concatenate(
    [np.argsort(_random(HASHES, SEED + part)) for part in range(1, 1 + BANDS * ROWS // HASHES)]
).reshape(-1, ROWS)


@dataclass(frozen=True, slots=True)
class Signatures:
    """What is left of ``n_docs`` texts.

    Args:
        places: uint8, (n_docs, HASHES), the last byte of each smallest hash.
        keys: uint32, (n_docs, BANDS), one hash for each band: of two texts that agree in all of its places it is equal.
        sizes: int64, (n_docs,), number of different long words.
    """

    places: NDArray[np.uint8]
    keys: NDArray[np.uint32]
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sizes)

    def followed_by(self, more: Signatures) -> Signatures:
        """These and some more."""
        parts = ((getattr(self, field.name), getattr(more, field.name)) for field in fields(Signatures))
        return Signatures(*map(np.concatenate, parts))


def sign(texts: Sequence[str], characters: CharTable) -> Signatures:
    """Signatures of the given texts, which are one batch: a few hundred at a time are fastest."""
    documents, words = _long_words(texts, characters)
    sizes = np.bincount(documents, minlength=len(texts))
    smallest = np.zeros((len(texts), HASHES), dtype=np.uint32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        begins = np.flatnonzero(np.diff(documents, prepend=-1))
        for place, multiplier in enumerate(MULTIPLIERS):
            hashes = (words * multiplier >> np.uint64(32)).astype(np.uint32)
            smallest[filled, place] = np.minimum.reduceat(hashes, begins)
    return Signatures(smallest.astype(np.uint8), _band_keys(smallest), sizes)


def agreement(
    some: NDArray[np.uint8], rows: NDArray[np.int64], others: NDArray[np.uint8], numbers: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Estimated similarity, at most 1, of ``some[row]`` and ``others[number]`` for each pair."""
    counts = np.empty(len(rows))
    for begin in range(0, len(rows), PAIRS):
        part = slice(begin, begin + PAIRS)
        equal = some[rows[part]] == others[numbers[part]]
        eighths = equal.view(np.uint64).sum(axis=1)  # eight counters in each number, none above 16
        counts[part] = eighths * EACH_BYTE >> np.uint64(56)
    by_chance = 1 / 256  # bytes of different hashes that are equal all the same
    return (counts / HASHES - by_chance) / (1 - by_chance)


def _long_words(texts: Sequence[str], characters: CharTable) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The different long words of each text as hashes, with the number of the text, ascending."""
    batch = Batch.of(texts)
    tokens = tokenise(batch, character_kinds(batch, characters), characters)
    long = tokens.keys[:, 0] >> np.uint64(8 * (LONG - 1)) > 0  # keys are little-endian and padded with zeros
    documents = batch.document_of(tokens.starts[long])
    words = hash_keys(tokens.keys[long], SEED)
    order = np.lexsort((words, documents))
    documents, words = documents[order], words[order]
    fresh = (np.diff(documents, prepend=-1) != 0) | (np.diff(words, prepend=np.uint64(0)) != 0)
    return documents[fresh], words[fresh]


def _band_keys(smallest: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed = np.tile(np.arange(len(PLACES), dtype=np.uint64), (len(smallest), 1))
    for places in PLACES.T:
        mixed = (mixed ^ smallest[:, places]) * MIX_A
        mixed ^= mixed >> np.uint64(32)
    return (mixed * MIX_B >> np.uint64(32)).astype(np.uint32)
