"""From what a kernel says of the words of a text to evidence: its sentences, those that say most for a tag first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import pairwise
from operator import itemgetter

from xborder_tagger.kernel import Explanation, Kernel
from xborder_tagger.results import Evidence, Sentence, TagScore, Word


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
    direct, sentences = found.direct.tolist()[column], []
    for number, words in enumerate(_words(found, column, first)):
        if words:
            start, end = _trimmed(text, begins[number], stops[number])
            part = sum(word.contribution for word in words)
            said = sum(direct[first[number] : first[number + 1]])
            sentences.append((-said, Sentence(start, end, text[start:end], part, words)))
    return tuple(sentence for _, sentence in sorted(sentences, key=itemgetter(0)))


def _words(found: Explanation, column: int, first: Sequence[int]) -> Iterator[tuple[Word, ...]]:
    """For each sentence the words that moved the score."""
    starts, ends, parts = found.starts.tolist(), found.ends.tolist(), found.parts.tolist()[column]
    for begin, stop in pairwise(first):
        yield tuple(Word(starts[i], ends[i], parts[i]) for i in range(begin, stop) if parts[i])


def _trimmed(text: str, begin: int, stop: int) -> tuple[int, int]:
    """The span without blanks at its ends."""
    raw = text[begin:stop]
    left = len(raw) - len(raw.lstrip())
    return begin + left, begin + left + len(raw.strip())
