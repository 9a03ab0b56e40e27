"""Other systems on the same split: one file each, a function from training documents to a function that scores texts.

Settings of a peer were chosen on a fifth of the training events held out (`python -m benchmarks.quality.peers.tune`),
never on the sets it is scored on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.training.corpus import Document, label_matrix

Texts = Sequence[str]
Score = Callable[[Texts], NDArray[np.float64]]  # texts to probabilities, (n_docs, n_tags)


def fully_judged(documents: Sequence[Document], tags: Sequence[str]) -> list[Document]:
    """Documents without a "?", for systems that cannot leave a single cell out."""
    known = label_matrix(documents, tags)[1].all(axis=1)
    return [document for document, whole in zip(documents, known, strict=True) if whole]
