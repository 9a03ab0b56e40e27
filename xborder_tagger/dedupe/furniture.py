"""Lines that belong to a site and not to its texts: menus, share bars, cookie notices, "Read more".

A line that stands in many clusters says nothing about any text. Without this, short texts of one site look like copies
of one another, and a copy on another site does not look like its original (docs/dedupe.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.dedupe.hashing import hash_keys

OFTEN: Final = 16  # clusters; not so few that a story whose copies fall into several is taken for furniture
CELLS: Final = 1 << 24  # counters of one byte
PAIRS: Final = 1 << 27  # bits
FULL: Final = 2 * CELLS  # counts after which all are halved, so that what is new counts and cells stay meaningful


class Furniture:
    """Counts in how many clusters a line stands, in constant memory.

    A count-min sketch (Cormode and Muthukrishnan 2005) behind a Bloom filter (1970) of lines and clusters seen.
    """

    def __init__(self) -> None:
        self._counts = np.zeros(CELLS, dtype=np.uint8)
        self._pairs = np.zeros(PAIRS // 8, dtype=np.uint8)
        self._total = 0

    def removed(self, texts: Sequence[str]) -> tuple[list[str], list[list[int]]]:
        """The texts without the lines that are known to be furniture, and the hashes of all lines of each."""
        lines = [text.splitlines() for text in texts]
        hashes = [[_hash(line) for line in some] for some in lines]
        numbers = np.array([number for some in hashes for number in some], dtype=np.uint64)
        often: NDArray[np.bool_] = np.all(self._counts[_cells(numbers)] >= OFTEN, axis=0)
        known = iter(often.tolist())
        kept = ["\n".join([line for line in some if not next(known)]) for some in lines]
        return kept, hashes

    def count(self, hashes: Sequence[Sequence[int]], clusters: Sequence[int]) -> None:
        """Count the lines of some texts, whose hashes are given, unless they were counted for the text's cluster."""
        lines = np.array([number for some in hashes for number in some], dtype=np.uint64)
        owners = np.repeat(np.array(clusters, dtype=np.uint64), [len(some) for some in hashes])
        pairs = np.unique(hash_keys(np.column_stack((lines, owners)), 0) % np.uint64(PAIRS), return_index=True)
        cells, bits = pairs[0] >> np.uint64(3), np.uint8(1) << (pairs[0] & np.uint64(7)).astype(np.uint8)
        fresh = self._pairs[cells] & bits == 0
        np.bitwise_or.at(self._pairs, cells, bits)
        for chosen in _cells(lines[pairs[1][fresh]]):
            np.add.at(self._counts, chosen[self._counts[chosen] < OFTEN], 1)
        self._forget(int(fresh.sum()))

    def _forget(self, counted: int) -> None:
        self._total += counted
        if self._total > FULL:
            self._counts >>= 1
            self._pairs[:] = 0
            self._total //= 2


def _hash(line: str) -> int:
    return int.from_bytes(blake2b(line.strip().encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _cells(lines: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Two cells for each line, (2, n)."""
    return np.stack((lines, lines >> np.uint64(32))) % np.uint64(CELLS)
