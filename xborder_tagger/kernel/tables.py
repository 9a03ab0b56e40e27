"""Hash tables in which every key has one place: built once, then only read.

A key has two hashes. The first names a bucket, and the second times the bucket's factor the key's slot; factors are
chosen when a table is built, so that no two keys meet (hash and displace: Belazzougui, Botelho, Dietzfelbinger 2009;
hashes by multiplication: Dietzfelbinger, Hagerup, Katajainen, Penttonen 1997). A look-up reads one slot, so it takes
the same time for every word that a text may hold. A slot is one integer: 40 bits that tell its key from others, and a
value of 24 bits with a sign; all bits are set in an empty one. A table is plain arrays, so that it can lie in a
memory-mapped file and be read by NumPy and by compiled code alike.
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
VALUE_BITS: Final = 24  # of a value, with its sign
VALUE_SHIFT: Final = np.uint64(VALUE_BITS)
LIMIT: Final = np.uint64(1 << VALUE_BITS)  # of values
EMPTY: Final = np.uint64(WORD)


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

    def hashes(self, mixed: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Second hashes of mixed keys, uint64, (n,)."""
        return mixed * np.uint64(self.seed)

    def of(self, mixed: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Slots of mixed keys, int64, (n,)."""
        factors = self.factors.take(bucket_of(mixed, len(self.factors)).view(np.int64))
        hashes = self.hashes(mixed)
        for factor in (factors, np.uint64(self.capacity)):
            hashes *= factor
            hashes >>= np.uint64(32)
        return hashes.view(np.int64)


@dataclass(frozen=True, slots=True)
class WordTable:
    """From 16-byte words to small non-negative numbers.

    Words are told apart by 40 bits of their second hash: of a million million unknown words one is taken for a known
    one. Whole words would make slots three times as large, and a compiled kernel 5% slower.

    Args:
        slots: uint64, (capacity,).
        places: of the words.
        keys: uint64, (n, 2), the words; no look-up reads them.
    """

    slots: NDArray[np.uint64]
    places: Places
    keys: NDArray[np.uint64]

    @property
    def values(self) -> NDArray[np.int32]:
        """Numbers by slot, `MISSING` in empty ones."""
        return _values(self.slots)

    def lookup(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Numbers of the given words, uint64, (n, 2); `MISSING` where a word is not stored."""
        mixed = mix(keys)
        slots = self.slots.take(self.places.of(mixed))
        numbers = _values(slots)
        numbers[(slots ^ self.places.hashes(mixed)) >= LIMIT] = MISSING
        return numbers


@dataclass(frozen=True, slots=True)
class PairTable:
    """From pairs of small non-negative numbers, of 20 bits each, to others.

    Args:
        slots: uint64, (capacity,).
        places: of the pairs.
    """

    slots: NDArray[np.uint64]
    places: Places

    @property
    def pairs(self) -> NDArray[np.uint64]:
        """Pairs by slot, both numbers in one; meaningless in empty slots."""
        return self.slots >> VALUE_SHIFT

    @property
    def values(self) -> NDArray[np.int32]:
        """Values by slot, `MISSING` in empty ones."""
        return _values(self.slots)

    def lookup(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
        """Values of the given pairs, int32, (n,); `MISSING` where a pair is not stored."""
        pairs = join(first, second)
        # The value alone is left where the pairs agree, and more than that where they differ.
        values = self.slots.take(self.places.of(pairs)) ^ pairs << VALUE_SHIFT
        return np.where(values < LIMIT, values, EMPTY).astype(np.int32)


def _values(slots: NDArray[np.uint64]) -> NDArray[np.int32]:
    shift = 32 - VALUE_BITS
    return (slots.astype(np.uint32) << np.uint32(shift)).view(np.int32) >> shift


def join(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Pairs of non-negative numbers below 2**20, each as one."""
    return first.astype(np.uint64) << np.uint64(ID_BITS) | second.astype(np.uint64)


def mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for each word, uint64, (n, 2)."""
    return keys[:, 0] + keys[:, 1] * SECOND


def bucket_of(mixed: NDArray[np.uint64], n_buckets: int) -> NDArray[np.uint64]:
    """Buckets of mixed keys, for a power of two of buckets, at least two."""
    return mixed * BUCKETS >> np.uint64(65 - n_buckets.bit_length())


def build_words(keys: NDArray[np.uint64], values: NDArray[np.int32]) -> WordTable:
    """Store different words, uint64, (n, 2), with their numbers.

    Raises:
        ValueError: a number is too large, or a word stands twice.
    """
    _require_bits(values, VALUE_BITS - 1)
    mixed = mix(keys)
    places = find_places(mixed)
    names = places.hashes(mixed) >> VALUE_SHIFT << VALUE_SHIFT
    return WordTable(_filled(places, mixed, names, values), places, keys)


def build_pairs(first: NDArray[np.int32], second: NDArray[np.int32], values: NDArray[np.int32]) -> PairTable:
    """Store different pairs with their values.

    Raises:
        ValueError: a number is too large, or a pair stands twice.
    """
    for numbers, bits in ((first, ID_BITS), (second, ID_BITS), (values, VALUE_BITS - 1)):
        _require_bits(numbers, bits)
    pairs = join(first, second)
    places = find_places(pairs)
    return PairTable(_filled(places, pairs, pairs << VALUE_SHIFT, values), places)


def _require_bits(numbers: NDArray[np.int32], bits: int) -> None:
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() < (1 << bits) - 1:
        raise ValueError(f"a number has more than {bits} bits")


def _filled(
    places: Places, mixed: NDArray[np.uint64], names: NDArray[np.uint64], values: NDArray[np.int32]
) -> NDArray[np.uint64]:
    slots = np.full(places.capacity, EMPTY)
    slots[places.of(mixed)] = names | values.astype(np.uint64)
    return slots


def find_places(mixed: NDArray[np.uint64]) -> Places:
    """A place of its own for each of different mixed keys, uint64, (n,).

    Raises:
        ValueError: a key stands twice, or no place was found.
    """
    if len(np.unique(mixed)) < len(mixed):
        raise ValueError("a key stands twice")
    capacity = int(len(mixed) / FULLEST) + 1
    n_buckets = 1 << max((len(mixed) // BUCKET).bit_length(), 1)
    numbers = bucket_of(mixed, n_buckets).tolist()
    for seed in ((2 * turn + 1) * SLOTS & WORD for turn in range(SEEDS)):
        factors = _choose_factors((mixed * np.uint64(seed)).tolist(), numbers, n_buckets, capacity)
        if factors is not None:
            return Places(np.array(factors, dtype=np.uint16), seed, capacity)
    raise ValueError("no place was found for a key")


def _choose_factors(hashes: list[int], numbers: list[int], n_buckets: int, capacity: int) -> list[int] | None:
    """Factors of all buckets; None if one finds no room.

    The fullest are served first, behind the bucket of the key 0, whose slot is 0 with every factor.
    """
    buckets: list[list[int]] = [[] for _ in range(n_buckets)]
    for value, number in zip(hashes, numbers, strict=True):
        buckets[number].append(value)
    taken, factors = bytearray(capacity), [0] * n_buckets
    for number in sorted(range(n_buckets), key=lambda number: (number > 0, -len(buckets[number]), number)):
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
