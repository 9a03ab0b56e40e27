"""The hash of words and lines that signatures are made of: every bit of a key reaches every bit of its hash."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Odd constants of splitmix64 (Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators).
MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
MIX_B: Final = np.uint64(0x94D049BB133111EB)


def hash_keys(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """64-bit hashes of keys, uint64, (n, w)."""
    mixed = np.full(len(keys), seed, dtype=np.uint64)
    for column in keys.T:
        mixed = (mixed ^ column) * MIX_A
        mixed ^= mixed >> np.uint64(32)
        mixed *= MIX_B
        mixed ^= mixed >> np.uint64(29)
    return mixed
