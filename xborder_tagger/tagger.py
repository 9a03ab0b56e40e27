"""The straight line from raw text to tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import compress, islice, repeat
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from xborder_tagger import artifact
from xborder_tagger.errors import DocumentError, ModelFileError
from xborder_tagger.evidence import Explainer
from xborder_tagger.kernel import Predictions
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import FLAGS, Evidence, Prediction, TagScore
from xborder_tagger.shipped import DEFAULT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xborder_tagger.text.normalise import CharTable

MAKE_SCORE = partial(tuple.__new__, TagScore)  # `TagScore._make`, four times as fast
BATCH_SIZE = 256  # texts in flight in `pipe`: enough to keep the kernel busy, small next to any memory


class Tagger:
    """Tags texts with one model. Threads may share it; it pickles as the path and the digest of its model file.

    Args:
        path: a model file.

    Raises:
        ModelFileError: the file was refused.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._loaded = artifact.load(self.path)
        self.kernel, self._names = self._loaded.kernel, self._loaded.labels.names
        self._explainer = Explainer(self.kernel)

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._loaded.name

    @property
    def digest(self) -> str:
        """SHA-256 of the model file's header, which holds the SHA-256 of everything else."""
        return self._loaded.digest

    @property
    def labels(self) -> LabelSet:
        """The tags, in the order of every array's columns."""
        return self._loaded.labels

    @property
    def characters(self) -> CharTable:
        """What every character is, for those who cut texts into the same words."""
        return self.kernel.tables.characters

    @property
    def recipe(self) -> dict[str, Any]:
        """How the model came about: corpus digest, settings, versions, evaluation."""
        recipe: dict[str, Any] = self._loaded.header["recipe"]
        return recipe

    def decision_function(self, texts: Iterable[str], *, threads: int = 1) -> NDArray[np.float64]:
        """Scores, float64, (n_docs, n_tags): log-odds of each tag.

        Args:
            texts: strings, or a NumPy array of them, (n_docs,); one of fixed width is read where it lies.
            threads: that share the texts among them. The NumPy kernel has one, whatever is said here.

        Raises:
            DocumentError: an item is no text.
        """
        return self.predictions(texts, threads=threads).scores

    def predict_proba(self, texts: Iterable[str], *, threads: int = 1) -> NDArray[np.float64]:
        """Calibrated probabilities, float64, (n_docs, n_tags), in (0, 1)."""
        return self.predictions(texts, threads=threads).probabilities

    def predict(self, texts: Iterable[str], *, threads: int = 1) -> NDArray[np.bool_]:
        """Which tags apply, bool, (n_docs, n_tags)."""
        return self.predictions(texts, threads=threads).applies

    def tag(self, text: str, *, explain: bool = False) -> Prediction:
        """Tags of one text of any length; with ``explain`` also the evidence.

        Raises:
            DocumentError: ``text`` is no text.
        """
        texts = [text] if type(text) is str else _checked([text])
        found = self.kernel.predict(texts)
        *row, flags = (column.tolist()[0] for column in found[:5])
        return _record(self._names, row, flags, next(self.evidence(texts, found)) if explain else None)

    def pipe(
        self, texts: Iterable[str], *, explain: bool = False, batch_size: int = BATCH_SIZE, threads: int = 1
    ) -> Iterator[Prediction]:
        """Predictions for a stream of texts, in order, in constant memory.

        Args:
            batch_size: texts that are held at a time.
            threads: that share each batch among them.

        Raises:
            DocumentError: an item is no text.
        """
        source = iter(texts)
        while batch := list(islice(source, batch_size)):
            found = self.kernel.predict(_checked(batch), threads=threads)
            yield from as_records(found, self._names, self.evidence(batch, found) if explain else None)

    def predictions(self, texts: Iterable[str], *, threads: int = 1) -> Predictions:
        """What `pipe` yields, as arrays; bit for bit the same, however the texts are cut into batches.

        Raises:
            DocumentError: an item is no text.
        """
        return self.kernel.predict(_checked(texts), threads=threads).as_arrays()

    def explain(self, text: str) -> dict[str, Evidence]:
        """Evidence for every tag: ``bias`` plus the sentences' contributions is the score.

        Raises:
            DocumentError: ``text`` is no text.
        """
        scores = self.tag(text).scores
        return {shown.tag: shown for shown in self._explainer.explain(text, tuple(enumerate(scores)))}

    def evidence(self, texts: Iterable[str], found: Predictions) -> Iterator[tuple[Evidence, ...]]:
        """For each text the evidence for the tags that apply or are to be reviewed by ``found``, its predictions."""
        for text, prediction in zip(texts, as_records(found, self._names), strict=True):
            yield self._shown(text, prediction.scores)

    def _shown(self, text: str, scores: Sequence[TagScore]) -> tuple[Evidence, ...]:
        wanted = [(column, score) for column, score in enumerate(scores) if score.applies or score.review]
        return self._explainer.explain(text, wanted) if wanted else ()

    @property
    def reference(self) -> tuple[str | None, str]:
        """Path and digest of the model file, from which `reopen` makes this tagger again in another process.

        The path is None for the shipped model, which need not lie in the same place on every machine.
        """
        return None if self.path == DEFAULT else str(self.path.absolute()), self.digest

    def __reduce__(self) -> tuple[Any, tuple[str | None, str]]:
        return reopen, self.reference


def as_records(
    found: Predictions, names: Sequence[str], evidence: Iterable[tuple[Evidence, ...]] | None = None
) -> Iterator[Prediction]:
    """The rows of some predictions; ``names`` are those of the tags, ``evidence`` is of each document."""
    columns = (column.tolist() for column in found[:5])
    reasons: Iterable[tuple[Evidence, ...] | None] = repeat(None) if evidence is None else evidence
    for *row, flags, why in zip(*columns, reasons, strict=False):
        yield _record(names, row, flags, why)


def _record(
    names: Sequence[str], row: Sequence[Any], flags: Sequence[bool], evidence: tuple[Evidence, ...] | None
) -> Prediction:
    """From a row of each of the first four columns of `Predictions`."""
    return Prediction(tuple(map(MAKE_SCORE, zip(names, *row, strict=True))), tuple(compress(FLAGS, flags)), evidence)


def reopen(path: str | None, digest: str) -> Tagger:
    """The tagger of a `Tagger.reference`, opened once in a process however many tasks and threads ask for it.

    Raises:
        ModelFileError: the file was refused, or is another than the one that was referred to.
    """
    with _OPENING:
        return _reopened(path, digest)


_OPENING = Lock()


@lru_cache(maxsize=4)
def _reopened(path: str | None, digest: str) -> Tagger:
    tagger = load(path)
    if tagger.digest != digest:
        cure = "put the same file there" if path else "install the same version of xborder-tagger everywhere"
        found = f"the model's digest is {tagger.digest[:12]}, but {digest[:12]} where it was sent from"
        raise ModelFileError(f"{tagger.path}: {found}; {cure}")
    return tagger


def _checked(texts: Iterable[str]) -> Sequence[str]:
    """The texts as a list, or an array of fixed width as it is; anything that is no text is refused with its place."""
    if getattr(getattr(texts, "dtype", None), "kind", None) == "U" and getattr(texts, "ndim", None) == 1:
        return cast("Sequence[str]", texts)
    if isinstance(texts, (str, bytes)):
        raise DocumentError("not_text", "a single text was given where a list of texts is expected; use [text]")
    batch = list(texts)
    if set(map(type, batch)) <= {str}:
        return batch
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
