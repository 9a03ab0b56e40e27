"""From what a kernel says of the words of a text to evidence: its sentences, those that say most for a tag first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from itertools import compress, pairwise
from operator import itemgetter
from typing import Final

from xborder_tagger.kernel import Explanation, Kernel
from xborder_tagger.results import Evidence, Sentence, TagScore, Word

MAKE_WORD: Final = partial(tuple.__new__, Word)  # `Word._make`, four times as fast


class Explainer:
    """Explains texts with a kernel.

    A text is taken apart when its evidence is first read, and once for all its tags: most evidence is asked for with
    many texts and read for few of them.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._bias: list[float] = kernel.predict([""]).scores.tolist()[0]

    def explain(self, text: str, scores: Sequence[tuple[int, TagScore]]) -> tuple[Evidence, ...]:
        """Evidence for some tags of a text, each given by its column and what it scored."""
        lazily = _Explained(self._kernel, text, tuple(column for column, _ in scores))
        return tuple(
            Evidence(score.tag, score.score, self._bias[column], partial(lazily.sentences, place))
            for place, (column, score) in enumerate(scores)
        )


class _Explained:
    def __init__(self, kernel: Kernel, text: str, columns: tuple[int, ...]) -> None:
        self._kernel, self._text, self._columns = kernel, text, columns

    @cached_property
    def _found(self) -> Explanation:
        return self._kernel.explain(self._text, self._columns)

    def sentences(self, place: int) -> tuple[Sentence, ...]:
        return _sentences(self._text, self._found, place)


def _sentences(text: str, found: Explanation, column: int) -> tuple[Sentence, ...]:
    """Sentences that moved the score, those that say most for the tag itself first."""
    first, begins, stops = found.first.tolist(), found.begins.tolist(), found.stops.tolist()
    parts, direct = found.parts.tolist()[column], found.direct.tolist()[column]
    words = list(map(MAKE_WORD, zip(found.starts.tolist(), found.ends.tolist(), parts, strict=True)))
    sentences = []
    for number, (begin, stop) in enumerate(pairwise(first)):
        moved = tuple(compress(words[begin:stop], parts[begin:stop]))
        if moved:
            start, end = _trimmed(text, begins[number], stops[number])
            sentence = Sentence(start, end, text[start:end], sum(parts[begin:stop]), moved)
            sentences.append((-sum(direct[begin:stop]), sentence))
    return tuple(sentence for _, sentence in sorted(sentences, key=itemgetter(0)))


def _trimmed(text: str, begin: int, stop: int) -> tuple[int, int]:
    """The span without blanks at its ends."""
    raw = text[begin:stop]
    left = len(raw) - len(raw.lstrip())
    return begin + left, begin + left + len(raw.strip())
