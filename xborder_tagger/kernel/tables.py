"""Open-addressing hash tables over fixed-size integer keys: built once, then only read.

A table is plain arrays, so that it can lie in a memory-mapped file and be read by NumPy and by compiled code alike.
Text can only look keys up and never insert, and a look-up ends after at most `max_probe` steps, so no choice of
words makes it slow. Collisions are resolved by comparing whole keys: a table never answers for a key it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

MISSING: Final = -1
# Odd constants of splitmix64 (Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators).
MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
MIX_B: Final = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Table:
    """A map from keys of ``w`` 64-bit words to non-negative 32-bit values.

    Args:
        keys: uint64, (capacity, w), capacity a power of two.
        values: int32, (capacity,), `MISSING` where the slot is empty.
        seed: mixed into the hash.
        max_probe: the longest probe sequence of any stored key.
    """

    keys: NDArray[np.uint64]
    values: NDArray[np.int32]
    seed: int
    max_probe: int
    columns: NDArray[np.uint64] = field(init=False, repr=False)  # the keys, transposed: NumPy takes from rows

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", np.ascontiguousarray(self.keys.T))

    def lookup(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Values of the given keys, uint64, (n, w); `MISSING` where a key is not stored."""
        last = np.uint64(len(self.values) - 1)
        slots = (hash_keys(keys, self.seed) & last).view(np.int64)
        found = self.values.take(slots)
        rows = np.flatnonzero(~self._hit(slots, keys) & (found != MISSING))
        found[rows], slots = MISSING, slots[rows]
        for _ in range(1, self.max_probe):
            if not len(rows):
                break
            slots = slots + 1 & int(last)
            values, wanted = self.values.take(slots), keys.take(rows, axis=0)
            hit = self._hit(slots, wanted)
            found[rows[hit]] = values[hit]
            going_on = ~hit & (values != MISSING)
            rows, slots = rows[going_on], slots[going_on]
        return found

    def _hit(self, slots: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether the slots hold the keys. An empty slot holds zeros, and its value says that it is empty."""
        hit: NDArray[np.bool_] = self.columns[0].take(slots) == keys[:, 0]
        for stored, wanted in zip(self.columns[1:], keys.T[1:], strict=True):
            hit &= stored.take(slots) == wanted
        return hit


def hash_keys(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """64-bit hashes of keys, uint64, (n, w)."""
    mixed = np.full(len(keys), seed, dtype=np.uint64)
    for column in keys.T:
        mixed = (mixed ^ column) * MIX_A
        mixed ^= mixed >> np.uint64(32)
        mixed *= MIX_B
        mixed ^= mixed >> np.uint64(29)
    return mixed


def build_table(keys: NDArray[np.uint64], values: NDArray[np.int32], *, seed: int = 0) -> Table:
    """Store different keys, uint64, (n, w), with their values; at most three quarters of the slots are filled."""
    capacity = 1 << max(4, int(4 * len(keys) // 3).bit_length())
    table = Table(
        np.zeros((capacity, keys.shape[1]), np.uint64),
        np.full(capacity, MISSING, np.int32),
        seed,
        max_probe=0,
    )
    homes = (hash_keys(keys, seed) & np.uint64(capacity - 1)).tolist()
    longest = 0
    for row, home in enumerate(homes):
        slot, steps = home, 1
        while table.values[slot] != MISSING:
            slot, steps = (slot + 1) % capacity, steps + 1
        table.keys[slot], table.values[slot] = keys[row], values[row]
        longest = max(longest, steps)
    return Table(table.keys, table.values, seed, longest)


def pair_keys(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Keys of pairs of non-negative numbers, uint64, (n, 1)."""
    joined = first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)
    return joined[:, None]
