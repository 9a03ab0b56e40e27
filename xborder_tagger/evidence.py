"""From what a kernel says of the words of a text to evidence: its sentences, those that say most for a tag first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import itemgetter

from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.results import Evidence, Sentence, Word


def explain(text: str, found: Explanation, tags: Sequence[str]) -> Iterator[Evidence]:
    """Evidence for the tags that a text was explained for, in order."""
    numbers = zip(found.scores.tolist(), found.bias.tolist(), strict=True)
    for column, (tag, (score, bias)) in enumerate(zip(tags, numbers, strict=True)):
        yield Evidence(tag, score, bias, partial(_sentences, text, found, column))


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
