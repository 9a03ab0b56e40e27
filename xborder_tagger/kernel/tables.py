"""Hash tables over fixed-size integer keys in which every key has one place: built once, then only read.

A key has two hashes. The first names a bucket, and the second times the bucket's factor the key's slot; factors are
chosen when a table is built, so that no two keys meet (hash and displace: Belazzougui, Botelho, Dietzfelbinger 2009;
hashes by multiplication: Dietzfelbinger, Hagerup, Katajainen, Penttonen 1997). A look-up reads one slot and compares
the whole key, so it takes the same time for every word that a text may hold, and a table never answers for a key it
lacks. A table is plain arrays, so that it can lie in a memory-mapped file and be read by NumPy and by compiled code
alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MISSING: Final = -1
# Odd constants of splitmix64 (Steele, Lea, Flood 2014): of a key's second word, of buckets, of slots.
SECOND: Final = np.uint64(0x94D049BB133111EB)
BUCKETS: Final = np.uint64(0xBF58476D1CE4E5B9)
SLOTS: Final = 0x9E3779B97F4A7C15
WORD: Final = (1 << 64) - 1
FULLEST: Final = 0.85  # of the slots are filled; beyond that factors are hard to find
BUCKET: Final = 8  # keys in a bucket at most, on average: the more, the fewer factors and the harder to find
HIGHEST_FACTOR: Final = (1 << 16) - 1
SEEDS: Final = 16  # odd multiples of `SLOTS`, tried in turn; the first one is nearly always good
ID_BITS: Final = 20  # of a number in a pair
VALUE_BITS: Final = 24  # of a pair's value, with its sign
LIMIT: Final = np.uint64(1 << VALUE_BITS)  # of values
EMPTY_PAIR: Final = np.uint64(WORD)


@dataclass(frozen=True, slots=True)
class Places:
    """Where keys lie among ``capacity`` slots.

    Args:
        factors: uint16, (n_buckets,), a power of two of them, at least two.
        seed: odd, makes the second hash.
    """

    factors: NDArray[np.uint16]
    seed: int
    capacity: int

    def of(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Slots of the given keys, uint64, (n, words)."""
        mixed = mix(keys)
        factors = self.factors.take(bucket_of(mixed, len(self.factors)).view(np.int64))
        hashes = mixed * np.uint64(self.seed)
        for factor in (factors, np.uint64(self.capacity)):
            hashes *= factor
            hashes >>= np.uint64(32)
        return hashes.view(np.int64)


@dataclass(frozen=True, slots=True)
class WordTable:
    """From 16-byte words to non-negative numbers.

    Args:
        slots: uint64, (capacity, 3): both halves of the word, and its number; an empty slot holds `MISSING` there.
        places: of the words.
    """

    slots: NDArray[np.uint64]
    places: Places

    @property
    def values(self) -> NDArray[np.int64]:
        """Numbers by slot, `MISSING` in empty ones."""
        return self.slots[:, 2].view(np.int64)

    def lookup(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Numbers of the given words, uint64, (n, 2); `MISSING` where a word is not stored."""
        rows = self.slots.take(self.places.of(keys), axis=0)
        numbers = rows[:, 2].astype(np.int32)
        numbers[(rows[:, 0] != keys[:, 0]) | (rows[:, 1] != keys[:, 1])] = MISSING
        return numbers


@dataclass(frozen=True, slots=True)
class PairTable:
    """From pairs of small non-negative numbers to others.

    Args:
        slots: uint64, (capacity,): 20 bits, 20 bits and 24 bits with a sign; all bits are set in an empty slot.
        places: of the pairs.
    """

    slots: NDArray[np.uint64]
    places: Places

    @property
    def pairs(self) -> NDArray[np.uint64]:
        """Pairs by slot, both numbers in one; meaningless in empty slots."""
        return self.slots >> np.uint64(VALUE_BITS)

    @property
    def values(self) -> NDArray[np.int32]:
        """Values by slot, `MISSING` in empty ones."""
        return _values(self.slots)

    def lookup(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
        """Values of the given pairs, int32, (n,); `MISSING` where a pair is not stored."""
        pairs = join(first, second)
        # The value alone is left where the pairs agree, and more than that where they differ.
        values = self.slots.take(self.places.of(pairs[:, None])) ^ pairs << np.uint64(VALUE_BITS)
        return np.where(values < LIMIT, values, EMPTY_PAIR).astype(np.int32)


def _values(slots: NDArray[np.uint64]) -> NDArray[np.int32]:
    shift = 32 - VALUE_BITS
    return (slots.astype(np.uint32) << np.uint32(shift)).view(np.int32) >> shift


def join(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Pairs of non-negative numbers below 2**20, each as one."""
    return first.astype(np.uint64) << np.uint64(ID_BITS) | second.astype(np.uint64)


def mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for each key, uint64, (n, 1 or 2)."""
    return keys[:, 0] if keys.shape[1] == 1 else keys[:, 0] + keys[:, 1] * SECOND


def bucket_of(mixed: NDArray[np.uint64], n_buckets: int) -> NDArray[np.uint64]:
    """Buckets of mixed keys, for a power of two of buckets, at least two."""
    return mixed * BUCKETS >> np.uint64(65 - n_buckets.bit_length())


def build_words(keys: NDArray[np.uint64], values: NDArray[np.int32]) -> WordTable:
    """Store different words, uint64, (n, 2), with their numbers."""
    places = find_places(keys)
    slots = np.zeros((places.capacity, 3), np.uint64)
    slots[:, 2] = WORD
    at = places.of(keys)
    slots[at, :2], slots[at, 2] = keys, values.astype(np.uint64)
    return WordTable(slots, places)


def build_pairs(first: NDArray[np.int32], second: NDArray[np.int32], values: NDArray[np.int32]) -> PairTable:
    """Store different pairs with their values.

    Raises:
        ValueError: a number is too large.
    """
    for numbers, bits in ((first, ID_BITS), (second, ID_BITS), (values, VALUE_BITS - 1)):
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < (1 << bits) - 1:
            raise ValueError(f"a number has more than {bits} bits")
    pairs = join(first, second)
    places = find_places(pairs[:, None])
    slots = np.full(places.capacity, EMPTY_PAIR)
    slots[places.of(pairs[:, None])] = pairs << np.uint64(VALUE_BITS) | values.astype(np.uint64)
    return PairTable(slots, places)


def find_places(keys: NDArray[np.uint64]) -> Places:
    """A place of its own for each of different keys, uint64, (n, words).

    Raises:
        ValueError: none was found, because a key stands twice.
    """
    capacity = int(len(keys) / FULLEST) + 1
    n_buckets = 1 << max((len(keys) // BUCKET).bit_length(), 1)
    mixed = mix(keys)
    numbers = bucket_of(mixed, n_buckets).tolist()
    for seed in ((2 * turn + 1) * SLOTS & WORD for turn in range(SEEDS)):
        factors = _choose_factors((mixed * np.uint64(seed)).tolist(), numbers, n_buckets, capacity)
        if factors is not None:
            return Places(np.array(factors, dtype=np.uint16), seed, capacity)
    raise ValueError("a key stands twice")


def _choose_factors(hashes: list[int], numbers: list[int], n_buckets: int, capacity: int) -> list[int] | None:
    """Factors of all buckets, found for the fullest first; None if one finds no room."""
    buckets: list[list[int]] = [[] for _ in range(n_buckets)]
    for value, number in zip(hashes, numbers, strict=True):
        buckets[number].append(value)
    taken, factors = bytearray(capacity), [0] * n_buckets
    for number in sorted(range(n_buckets), key=lambda number: (-len(buckets[number]), number)):
        found = _first_free(buckets[number], taken)
        if found is None:
            return None
        factors[number] = found
    return factors


def _first_free(bucket: list[int], taken: bytearray) -> int | None:
    """The first factor that gives every hash of a bucket a free slot of its own; those are taken then."""
    for factor in range(1, HIGHEST_FACTOR + 1):
        slots = {((value * factor & WORD) >> 32) * len(taken) >> 32 for value in bucket}
        if len(slots) == len(bucket) and not any(taken[slot] for slot in slots):
            for slot in slots:
                taken[slot] = 1
            return factor
    return None
