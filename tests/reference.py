"""The tokeniser, the sentence splitter and the features once more, slowly and plainly: the oracle of the tests.

Nothing is shared with the package but the character table's contents and the model's tables as dictionaries.
"""

import math

from xborder_tagger.text.normalise import Kind, classify

LETTERS = (Kind.LETTER, Kind.LOWER)
BLANKS = (Kind.SPACE, Kind.NEWLINE)


def kind_of(char: str) -> Kind:
    return Kind.SEPARATOR if "\ud800" <= char <= "\udfff" else classify(char)[0]


def kinds_of(text: str) -> list[Kind]:
    kinds = [kind_of(char) for char in text]
    first = list(kinds)
    at = lambda i: 0 <= i < len(first) and first[i] in LETTERS  # noqa: E731
    apart = lambda i: not at(i) and not (0 <= i < len(first) and first[i] is Kind.DROPPED)  # noqa: E731
    for i, kind in enumerate(first):
        ascii_letters = at(i - 1) and at(i + 1) and text[i - 1].isascii() and text[i + 1].isascii()
        if kind is Kind.DOT and ascii_letters and apart(i - 2) and apart(i + 2):
            kinds[i] = Kind.DROPPED
    i = 0
    while i < len(text):
        if kinds[i] is Kind.HYPHEN and at(i - 1):
            end = i + 1
            while end < len(text) and kinds[end] in BLANKS:
                end += 1
            breaks = sum(kind is Kind.NEWLINE for kind in kinds[i + 1 : end])
            if breaks == 1 and end < len(text) and kinds[end] is Kind.LOWER:
                kinds[i:end] = [Kind.DROPPED] * (end - i)
        i += 1
    return kinds


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """(normalised word or digits, start, end)."""
    kinds, tokens, current = kinds_of(text), [], None
    for i, kind in enumerate([*kinds, Kind.SEPARATOR]):
        group = "L" if kind in LETTERS else "D" if kind is Kind.DIGIT else None
        if kind is Kind.DROPPED and current:
            current[3] = i + 1
            continue
        if current and group != current[0]:
            tokens.append(current)
            current = None
        if group:
            current = current or [group, "", i, i + 1]
            current[1] += classify(text[i])[1]
            current[3] = i + 1
    return [(word, start, end) for group, word, start, end in tokens if group == "D" or len(word.encode()) > 1]


def breaks_of(text: str, abbreviations: set[str]) -> list[int]:
    kinds, tokens, breaks = kinds_of(text), tokens_of(text), []
    short = {end for word, _, end in tokens if word.encode()[:16].decode(errors="ignore") in abbreviations}
    letter = [kind in LETTERS for kind in kinds]
    i = 0
    while i < len(text):
        if kinds[i] not in BLANKS:
            i += 1
            continue
        end = i
        while end < len(text) and kinds[end] in BLANKS:
            end += 1
        if i > 0 and end < len(text):
            last = i - 1
            while kinds[last] is Kind.CLOSER and last > 0:
                last -= 1
            initial = last >= 1 and letter[last - 1] and not (last >= 2 and letter[last - 2])
            if last >= 2 and kinds[last - 2] is Kind.CLOSER and kinds[last - 1] is Kind.LOWER:
                initial = False
            stop = kinds[last] is Kind.TERMINATOR or (kinds[last] is Kind.DOT and not initial and last not in short)
            lines = sum(kind is Kind.NEWLINE for kind in kinds[i:end])
            if lines > 1 or (kinds[end] is not Kind.LOWER and (lines == 1 or stop)):
                breaks.append(end)
        i = end
    return breaks


def margin(values: dict[int, float], weights: list[list[float]], bias: list[float]) -> list[float]:
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return [b + sum(value / norm * weights[f][t] for f, value in values.items()) for t, b in enumerate(bias)]
