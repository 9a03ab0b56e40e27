"""Many documents as one array of code points, so that every later step is one array operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAP = "\n\n"  # ends a sentence, so that nothing of one document touches the next


@dataclass(frozen=True, slots=True)
class Batch:
    """Code points of several documents.

    Args:
        codes: uint32, all documents one after another, each followed by a blank line; lone surrogates stay.
        low: the same, the lowest byte of each, for `bytes.translate`.
        starts: int64, (n_docs,), where each document begins in ``codes``.
    """

    codes: NDArray[np.uint32]
    low: bytes
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Batch:
        """Lay out the given documents."""
        lengths = np.fromiter((len(text) + len(GAP) for text in texts), dtype=np.int64, count=len(texts))
        joined = GAP.join(texts) + GAP
        codes = np.frombuffer(np.array(joined), dtype=np.uint32)
        return cls(codes, codes.astype(np.uint8).tobytes(), np.cumsum(lengths) - lengths)

    def document_of(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of the document that holds each position."""
        return np.searchsorted(self.starts, positions, side="right") - 1
