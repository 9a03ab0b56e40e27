"""Clusters of near-copies, found as the documents come.

A document joins the cluster of the most similar document that is kept, if that is similar enough, and founds a cluster
otherwise. An answer stays true: a later document changes no earlier one's cluster. Where a document is similar to
members of two clusters, it joins one of them and the two stay apart; `NearCopies.merged` tells which belong together.

Kept are the first document of a cluster and, up to a limit, those that differ much from all that are kept: a later copy
may have been made from them. So a flood of reprints takes no memory and slows nothing down.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.dedupe.furniture import Furniture
from xborder_tagger.dedupe.index import BandIndex, agreeing_rows
from xborder_tagger.dedupe.signatures import HASHES, Signatures, agreement, sign
from xborder_tagger.text.normalise import CharTable

Id = TypeVar("Id", bound=Hashable)
Matches = dict[int, list[tuple[float, int]]]  # row of a batch to the similarities and places of what it is similar to

# Source of the numbers: benchmarks/quality/near_copies.py; docs/dedupe.md has the tables.
THRESHOLD: Final = 0.4  # similarity of a copy
CAUTION: Final = 0.5  # divided by the number of long words and added: a few words agree by chance
COVERED: Final = 0.8  # what is as similar as this to a kept document need not be kept
KEPT: Final = 32  # documents of a cluster
BATCH: Final = 256  # documents compared with one another at once


class NearCopies(Generic[Id]):
    """Gives documents, in the order in which they come, the id of the first document of their cluster.

    The answers depend on the documents and their order alone, not on how they are cut into batches. A text without
    long words is nobody's copy.

    Args:
        characters: the character table of a model, `Tagger.characters`.
        threshold: share of their long words, in (0, 1), that makes two documents copies.
    """

    def __init__(self, characters: CharTable, *, threshold: float = THRESHOLD) -> None:
        self._characters, self._threshold = characters, threshold
        self._furniture = Furniture()
        self._lines: list[list[int]] = []  # hashes of the lines of the documents of the present block
        self._owners: list[int] = []  # and these documents' clusters
        self._index = BandIndex()
        self._places = np.empty((BATCH, HASHES), dtype=np.uint8)  # of kept documents, numbered as they were kept
        self._sizes = np.empty(BATCH, dtype=np.int32)
        self._cluster = array("I")  # of each kept document
        self._members = array("B")  # kept documents of each cluster
        self._first: list[Id] = []  # document of each cluster
        self._links: dict[int, int] = {}  # from a cluster to an earlier one

    def __len__(self) -> int:
        """Number of clusters so far."""
        return len(self._first)

    @property
    def nbytes(self) -> int:
        """Bytes in use for what is kept, without the ids."""
        kept = len(self._cluster)
        return self._index.nbytes + kept * (HASHES + self._sizes.itemsize + self._cluster.itemsize) + len(self)

    def add(self, texts: Sequence[str], ids: Sequence[Id]) -> list[Id]:
        """Cluster ids of the next documents, one for each: its own, or that of an earlier document.

        Raises:
            ValueError: there are more texts than ids or fewer.
        """
        if len(texts) != len(ids):
            raise ValueError(f"{len(texts)} texts with {len(ids)} ids")
        clusters: list[int] = []
        while len(clusters) < len(texts):
            begin, end = len(clusters), len(clusters) + BATCH - len(self._owners)
            clusters += self._add(texts[begin:end], ids[begin:end])
        return [self._first[cluster] for cluster in clusters]

    def merged(self) -> dict[Id, Id]:
        """Cluster ids that a later document tied to an earlier cluster, each with that cluster's id.

        For a second pass over the answers, where counts matter more than that an id is final.
        """
        return {self._first[cluster]: self._first[self._root(cluster)] for cluster in self._links}

    def _add(self, texts: Sequence[str], ids: Sequence[Id]) -> list[int]:
        kept, lines = self._furniture.removed(texts)
        signed = sign(kept, self._characters)
        stored, fresh = self._kept_matches(signed), self._batch_matches(signed)
        numbers: dict[int, int] = {}  # of the rows of this batch that are kept
        clusters = []
        for row, identity in enumerate(ids):
            found = stored[row] + [(share, numbers[other]) for share, other in fresh[row] if other in numbers]
            cluster, keep = self._join(found) if found else self._open(identity, bool(signed.sizes[row]))
            if keep:
                numbers[row] = self._keep(cluster)
            clusters.append(cluster)
        self._store(signed, list(numbers))
        self._learn(lines, clusters)
        return clusters

    def _learn(self, lines: list[list[int]], clusters: list[int]) -> None:
        """Count lines when a block is full: blocks do not depend on how the documents come in."""
        self._lines += lines
        self._owners += clusters
        if len(self._owners) == BATCH:
            self._furniture.count(self._lines, self._owners)
            self._lines, self._owners = [], []

    def _join(self, found: list[tuple[float, int]]) -> tuple[int, bool]:
        """Cluster of the most similar document, the earlier of two, and whether to keep the one that joins it."""
        share, number = max(found, key=lambda match: (match[0], -match[1]))
        cluster = self._cluster[number]
        self._link({self._cluster[number] for _, number in found})
        return cluster, share < COVERED and self._members[cluster] < KEPT

    def _open(self, identity: Id, keep: bool) -> tuple[int, bool]:
        self._first.append(identity)
        self._members.append(0)
        return len(self._first) - 1, keep

    def _keep(self, cluster: int) -> int:
        self._members[cluster] += 1
        self._cluster.append(cluster)
        return len(self._cluster) - 1

    def _store(self, signed: Signatures, rows: list[int]) -> None:
        end = len(self._cluster)
        while end > len(self._sizes):
            self._places = np.concatenate((self._places, np.empty_like(self._places)))
            self._sizes = np.concatenate((self._sizes, np.empty_like(self._sizes)))
        begin = end - len(rows)
        self._places[begin:end], self._sizes[begin:end] = signed.places[rows], signed.sizes[rows]
        self._index.add(signed.keys[rows], np.arange(begin, end))

    def _kept_matches(self, signed: Signatures) -> Matches:
        rows, numbers = self._index.find(signed.keys)
        shares = agreement(signed.places, rows, self._places, numbers)
        return self._similar(shares, rows, numbers, signed.sizes[rows], self._sizes[numbers])

    def _batch_matches(self, signed: Signatures) -> Matches:
        rows, earlier = agreeing_rows(signed.keys)
        shares = agreement(signed.places, rows, signed.places, earlier)
        return self._similar(shares, rows, earlier, signed.sizes[rows], signed.sizes[earlier])

    def _similar(
        self,
        shares: NDArray[np.float64],
        rows: NDArray[np.int64],
        others: NDArray[np.int64],
        *sizes: NDArray[np.integer],
    ) -> Matches:
        """Those pairs that are similar enough, by row."""
        wanted = self._threshold + CAUTION / np.maximum(np.minimum(*sizes), 1)
        found: Matches = defaultdict(list)
        chosen = np.flatnonzero(shares >= wanted)
        for row, share, other in zip(*(x[chosen].tolist() for x in (rows, shares, others)), strict=True):
            found[row].append((share, other))
        return found

    def _link(self, clusters: set[int]) -> None:
        roots = {self._root(cluster) for cluster in clusters}
        first = min(roots)
        self._links |= dict.fromkeys(roots - {first}, first)

    def _root(self, cluster: int) -> int:
        while cluster in self._links:
            cluster = self._links[cluster]
        return cluster


def cluster_ids(
    documents: Iterable[tuple[Id, str]], characters: CharTable, *, threshold: float = THRESHOLD
) -> Iterator[tuple[Id, Id]]:
    """Each document's id and cluster id, in order, for a stream of ids and texts."""
    copies: NearCopies[Id] = NearCopies(characters, threshold=threshold)
    source = iter(documents)
    while batch := list(islice(source, BATCH)):
        ids, texts = zip(*batch, strict=True)
        yield from zip(ids, copies.add(texts, ids), strict=True)
