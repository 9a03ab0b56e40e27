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
from dataclasses import dataclass, field
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
FEWEST: Final = 2  # long words of a text that can be a copy
COVERED: Final = 0.8  # what is as similar as this to a kept document need not be kept
KEPT: Final = 32  # documents of a cluster
BLOCK: Final = 256  # documents that are compared with one another before they are filed


@dataclass(slots=True)
class Block:
    """The documents since the last full block.

    They are filed and their lines are learned when the block is full, so that no answer depends on how they come in.

    Args:
        full: (n_docs, BANDS), which of their keys take no more documents.
        numbers: of those that are kept, by their row.
        lines: hashes of each one's lines.
        clusters: of each.
    """

    signed: Signatures
    full: NDArray[np.bool_]
    numbers: dict[int, int] = field(default_factory=dict)
    lines: list[list[int]] = field(default_factory=list)
    clusters: list[int] = field(default_factory=list)


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
        self._block = self._new_block()
        self._index = BandIndex()
        self._places = np.empty((BLOCK, HASHES), dtype=np.uint8)  # of kept documents, numbered as they were kept
        self._sizes = np.empty(BLOCK, dtype=np.int32)
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
            begin, end = len(clusters), len(clusters) + BLOCK - len(self._block.clusters)
            clusters += self._add(texts[begin:end], ids[begin:end])
        return [self._first[cluster] for cluster in clusters]

    def merged(self) -> dict[Id, Id]:
        """Cluster ids that a later document tied to an earlier cluster, each with that cluster's id.

        For a second pass over the answers, where counts matter more than that an id is final.
        """
        return {self._first[cluster]: self._first[self._root(cluster)] for cluster in self._links}

    def _add(self, texts: Sequence[str], ids: Sequence[Id]) -> list[int]:
        """Clusters of documents that have room in the block."""
        kept, lines = self._furniture.removed(texts)
        signed, block = sign(kept, self._characters), self._block
        begin = len(block.signed)
        block.signed = block.signed.followed_by(signed)
        filed, fresh, numbers = self._filed_matches(signed), self._block_matches(signed), block.numbers
        for row, identity in enumerate(ids):
            found = filed[row] + [
                (share, block.numbers[other]) for share, other in fresh[row] if other in block.numbers
            ]
            cluster, keep = self._join(found) if found else self._open(identity, signed.sizes[row] >= FEWEST)
            if keep:
                numbers[begin + row] = self._keep(cluster)
            block.clusters.append(cluster)
        block.lines += lines
        answers = block.clusters[begin:]
        if len(block.clusters) == BLOCK:
            self._close()
        return answers

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

    def _close(self) -> None:
        """File what is kept of the block, learn its lines and begin the next one."""
        block, end = self._block, len(self._cluster)
        while end > len(self._sizes):
            self._places = np.concatenate((self._places, np.empty_like(self._places)))
            self._sizes = np.concatenate((self._sizes, np.empty_like(self._sizes)))
        rows, begin = list(block.numbers), end - len(block.numbers)
        self._places[begin:end], self._sizes[begin:end] = block.signed.places[rows], block.signed.sizes[rows]
        self._index.add(block.signed.keys[rows], np.arange(begin, end), block.full[rows])
        self._furniture.count(block.lines, block.clusters)
        self._block = self._new_block()

    def _new_block(self) -> Block:
        nothing = sign([], self._characters)
        return Block(nothing, np.empty(nothing.keys.shape, dtype=bool))

    def _filed_matches(self, signed: Signatures) -> Matches:
        """Similar documents of earlier blocks; which keys are full is noted for when this block is filed."""
        rows, numbers, full = self._index.find(signed.keys)
        self._block.full = np.concatenate((self._block.full, full))
        shares = agreement(signed.places, rows, self._places, numbers)
        return self._similar(shares, rows, numbers, signed.sizes[rows], self._sizes[numbers])

    def _block_matches(self, signed: Signatures) -> Matches:
        block = self._block.signed
        rows, others = agreeing_rows(signed.keys, block.keys)
        shares = agreement(signed.places, rows, block.places, others)
        return self._similar(shares, rows, others, signed.sizes[rows], block.sizes[others])

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
    while batch := list(islice(source, BLOCK)):
        ids, texts = zip(*batch, strict=True)
        yield from zip(ids, copies.add(texts, ids), strict=True)
