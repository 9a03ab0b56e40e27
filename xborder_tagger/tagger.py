"""The straight line from raw text to tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger import artifact, evidence, linear
from xborder_tagger.errors import DocumentError
from xborder_tagger.kernel import Scores
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import Evidence, Prediction, TagScore
from xborder_tagger.shipped import DEFAULT

BATCH_SIZE = 256  # texts in flight in `pipe`: enough to keep the kernel busy, small next to any memory


class Tagger:
    """Tags texts with one model. Threads may share it; it pickles by the path of its model file.

    Args:
        path: a model file.

    Raises:
        ModelFileError: the file was refused.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._loaded = artifact.load(self.path)
        self._model, self.kernel = self._loaded.model, self._loaded.kernel

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model.name

    @property
    def digest(self) -> str:
        """SHA-256 of the model file's header, which holds the SHA-256 of everything else."""
        return self._loaded.digest

    @property
    def labels(self) -> LabelSet:
        """The tags, in the order of every array's columns."""
        return self._model.labels

    @property
    def recipe(self) -> dict[str, Any]:
        """How the model came about: corpus digest, settings, versions, evaluation."""
        recipe: dict[str, Any] = self._loaded.header["recipe"]
        return recipe

    def decision_function(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Scores, float64, (n_docs, n_tags): log-odds of each tag.

        Raises:
            DocumentError: an item is no text.
        """
        return self._scores(texts).scores

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Calibrated probabilities, float64, (n_docs, n_tags), in (0, 1)."""
        return linear.probabilities(self.decision_function(texts))

    def predict(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return self._model.decision.applies(self.predict_proba(texts))

    def tag(self, text: str, *, explain: bool = False) -> Prediction:
        """Tags of one text of any length; with ``explain`` also the evidence.

        Raises:
            DocumentError: ``text`` is no text.
        """
        return next(self.pipe([text], explain=explain))

    def pipe(
        self, texts: Iterable[str], *, explain: bool = False, batch_size: int = BATCH_SIZE
    ) -> Iterator[Prediction]:
        """Predictions for a stream of texts, in order, in constant memory.

        Raises:
            DocumentError: an item is no text.
        """
        source = iter(texts)
        while batch := list(islice(source, batch_size)):
            found = self._scores(batch)
            scores, shares = found.scores, linear.probabilities(found.scores)
            applies = self._model.decision.applies(shares)
            unsure = self._model.decision.unsure(shares)
            for row, text in enumerate(batch):
                tags = self._tag_scores(scores[row], shares[row], applies[row], unsure[row])
                shown = tuple(self._evidence(text, tags)) if explain else None
                yield Prediction(tags, self._flags(found, row), shown)

    def explain(self, text: str) -> dict[str, Evidence]:
        """Evidence for every tag: ``bias`` plus the sentences' contributions is the score.

        Raises:
            DocumentError: ``text`` is no text.
        """
        analysis = self.kernel.analyse(_checked([text]))
        names = self.labels.names
        return dict(zip(names, evidence.explain(text, analysis, self._model.tables, names), strict=True))

    def _scores(self, texts: Iterable[str]) -> Scores:
        return self.kernel.scores(_checked(texts))

    def _tag_scores(
        self,
        scores: NDArray[np.float64],
        shares: NDArray[np.float64],
        applies: NDArray[np.bool_],
        unsure: NDArray[np.bool_],
    ) -> tuple[TagScore, ...]:
        columns = (self.labels.names, scores.tolist(), shares.tolist(), applies.tolist(), unsure.tolist())
        return tuple(TagScore(*row) for row in zip(*columns, strict=True))

    def _evidence(self, text: str, scores: Sequence[TagScore]) -> Iterator[Evidence]:
        wanted = [score.tag for score in scores if score.applies or score.review]
        if wanted:
            found = self.explain(text)
            yield from (found[tag] for tag in wanted)

    def _flags(self, found: Scores, row: int) -> tuple[str, ...]:
        words, limits = int(found.words[row]), self._model.flags
        if not words:
            return ("empty_text",)
        few = int(found.known[row]) < limits["known_words"]
        foreign = int(found.common[row]) < limits["common_share"] * words
        return ("low_evidence",) * few + ("other_language",) * foreign

    def __reduce__(self) -> tuple[type[Tagger], tuple[Path]]:
        return Tagger, (self.path,)


def _checked(texts: Iterable[str]) -> list[str]:
    """The texts as a list; anything that is no text is refused with its place."""
    if isinstance(texts, (str, bytes)):
        raise DocumentError("not_text", "a single text was given where a list of texts is expected; use [text]")
    batch = list(texts)
    for place, text in enumerate(batch):
        if not isinstance(text, str):
            cure = "decode it first" if isinstance(text, (bytes, bytearray)) else "give a str"
            raise DocumentError("not_text", f"text {place}: {type(text).__name__}, expected str; {cure}")
    return batch


def load(path: str | Path | None = None) -> Tagger:
    """Open the shipped model, or the model file at ``path``.

    Raises:
        ModelFileError: the file was refused.
    """
    return Tagger(DEFAULT if path is None else path)
