"""What a user gets: frozen records that know how to become JSON and how to show themselves in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xborder_tagger.rendering import prediction_html

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FLAGS: Final = ("empty_text", "low_evidence", "other_language")
DECIMALS: Final = 6  # of probabilities and contributions in JSON; the calibration is not good to more
TIE: Final = 1e-7  # of a last decimal: what lies so near to the middle of two is left to Python's exact `round`


def rounded(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers from 0 to 1 to `DECIMALS` decimals, bit for bit as `round` does it one by one."""
    import numpy as np

    scaled = shares * 10**DECIMALS
    whole = np.rint(scaled)
    out = whole / 10**DECIMALS
    ties = np.abs(np.abs(scaled - whole) - 0.5) < TIE
    out[ties] = [round(share, DECIMALS) for share in shares[ties].tolist()]
    return out


class Word(NamedTuple):
    """A word's part in a score. ``text[start:end]`` of the text given is the word.

    A tuple, as `TagScore` is: a text's evidence has hundreds.
    """

    start: int
    end: int
    contribution: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"start": self.start, "end": self.end, "contribution": round(self.contribution, DECIMALS)}


class Sentence(NamedTuple):
    """A sentence's part in a score: the sum of its words' parts.

    ``text`` is ``given[start:end]`` of the text given; words are in text order.
    """

    start: int
    end: int
    text: str
    contribution: float
    words: tuple[Word, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        head = {"start": self.start, "end": self.end, "text": self.text}
        words = [word.to_dict() for word in self.words]
        return head | {"contribution": round(self.contribution, DECIMALS), "words": words}


class Evidence:
    """Why one tag got its score: ``bias`` plus all sentences' contributions is the score (log-odds).

    Sentences are put together when they are first asked for: most evidence is made for many tags and read for few.

    Args:
        tag: name of the tag.
        score, bias: log-odds.
        sentences: strongest first, or what makes them.
    """

    __slots__ = ("_sentences", "bias", "score", "tag")

    def __init__(
        self, tag: str, score: float, bias: float, sentences: tuple[Sentence, ...] | Callable[[], tuple[Sentence, ...]]
    ) -> None:
        self.tag, self.score, self.bias, self._sentences = tag, score, bias, sentences

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences that moved the score, those that say most for the tag first."""
        if callable(self._sentences):
            self._sentences = self._sentences()
        return self._sentences

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __repr__(self) -> str:
        return f"Evidence(tag={self.tag!r}, score={self.score!r}, bias={self.bias!r}, sentences={self.sentences!r})"

    def __reduce__(self) -> tuple[type[Evidence], tuple[Any, ...]]:
        return Evidence, self._fields()

    def _fields(self) -> tuple[str, float, float, tuple[Sentence, ...]]:
        return self.tag, self.score, self.bias, self.sentences

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        numbers = {"score": round(self.score, DECIMALS), "bias": round(self.bias, DECIMALS)}
        return {"tag": self.tag} | numbers | {"sentences": [sentence.to_dict() for sentence in self.sentences]}


def evidence_record(evidence: Iterable[Evidence]) -> dict[str, list[dict[str, Any]]]:
    """A document's evidence for JSON: for each tag its sentences."""
    return {item.tag: [sentence.to_dict() for sentence in item.sentences] for item in evidence}


class TagScore(NamedTuple):
    """One tag's result: log-odds, calibrated probability in (0, 1), whether it applies, whether to look again.

    A tuple, for eight are made for each text: with a frozen dataclass `Tagger.pipe` takes a tenth longer.
    """

    tag: str
    score: float
    probability: float
    applies: bool
    review: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """Tags of one text.

    Args:
        scores: one for every tag of the model, in the model's order.
        flags: cautions about the text: ``empty_text``, ``low_evidence``, ``other_language``.
        evidence: for the tags that apply or are to be reviewed, where it was asked for.
    """

    scores: tuple[TagScore, ...]
    flags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """Names of the tags that apply, in the model's order."""
        return tuple(score.tag for score in self.scores if score.applies)

    @property
    def review(self) -> tuple[str, ...]:
        """Names of the tags a person should look at, in the model's order."""
        return tuple(score.tag for score in self.scores if score.review)

    @property
    def probabilities(self) -> dict[str, float]:
        """Calibrated probability of every tag."""
        return {score.tag: score.probability for score in self.scores}

    def to_dict(self) -> dict[str, Any]:
        """For JSON: ``tags``, ``probabilities``, ``review``, ``flags`` and, where asked for, ``evidence``."""
        probabilities = {tag: round(p, DECIMALS) for tag, p in self.probabilities.items()}
        record: dict[str, Any] = {"tags": list(self.tags), "probabilities": probabilities}
        record |= {"review": list(self.review), "flags": list(self.flags)}
        if self.evidence is not None:
            record["evidence"] = evidence_record(self.evidence)
        return record

    def _repr_html_(self) -> str:
        return prediction_html(self.to_dict())
