"""The picture of the README: an article with the words behind its tags, drawn from the model as it is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from html import escape

from xborder_tagger.results import Evidence
from xborder_tagger.tagger import Tagger

COLOURS = ("#c0392b", "#8e44ad", "#2471a3", "#7d6608", "#1e8449", "#b9770e", "#117a65", "#a04000")
COLUMNS, WIDTH, LINE, MARGIN = 92, 7.25, 22, 24
SHOWN = 0.18  # of the tag's strongest word; weaker words stay uncoloured


def tagged_text_svg(tagger: Tagger, text: str) -> str:
    """An SVG of the text with its words coloured by tag, and the tags with their probabilities below."""
    prediction = tagger.tag(text, explain=True)
    colour_of = dict(zip(tagger.labels.names, COLOURS, strict=True))
    shades = _shades({e.tag: e for e in prediction.evidence or () if e.tag in prediction.tags}, colour_of)
    lines = _wrapped(text)
    body = [_line(text, start, end, MARGIN + LINE * (row + 1), shades) for row, (start, end) in enumerate(lines)]
    top = MARGIN + LINE * (len(lines) + 1)
    for row, tag in enumerate(prediction.tags):
        body.append(_legend(tag, prediction.probabilities[tag], colour_of[tag], top + LINE * (row + 1)))
    height, width = top + LINE * (len(prediction.tags) + 1), 2 * MARGIN + COLUMNS * WIDTH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#fdfdfb" stroke="#d5d5d0"/>\n{"".join(body)}</svg>\n'
    )


def _shades(evidence: Mapping[str, Evidence], colour_of: Mapping[str, str]) -> dict[tuple[int, int], tuple[str, float]]:
    """For each word, the colour of the tag it speaks for most and how strongly, 0 to 1."""
    shades: dict[tuple[int, int], tuple[str, float]] = {}
    for tag, item in evidence.items():
        words = [word for sentence in item.sentences for word in sentence.words]
        top = max((word.contribution for word in words), default=1.0)
        for word in words:
            strength = word.contribution / top
            if strength > max(SHOWN, shades.get((word.start, word.end), ("", 0.0))[1]):
                shades[word.start, word.end] = (colour_of[tag], strength)
    return shades


def _wrapped(text: str) -> list[tuple[int, int]]:
    """Start and end of each line of the text, wrapped between words."""
    lines, at = [], 0
    for paragraph in text.split("\n"):
        for piece in textwrap.wrap(paragraph, COLUMNS) or [""]:
            start = text.index(piece, at) if piece else at
            lines.append((start, start + len(piece)))
            at = start + len(piece)
        at += 1
    return lines


def _line(text: str, start: int, end: int, y: float, shades: Mapping[tuple[int, int], tuple[str, float]]) -> str:
    marks = "".join(
        f'<rect x="{MARGIN + (a - start) * WIDTH:.1f}" y="{y - 13:.1f}" width="{(b - a) * WIDTH:.1f}" height="17" '
        f'rx="3" fill="{colour}" fill-opacity="{0.12 + 0.4 * strength:.2f}"/>'
        for (a, b), (colour, strength) in sorted(shades.items())
        if start <= a and b <= end
    )
    shown = escape(text[start:end])
    length = f'textLength="{(end - start) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"' if end > start else ""
    return f'{marks}<text x="{MARGIN}" y="{y}" xml:space="preserve" {length}>{shown}</text>\n'


def _legend(tag: str, share: float, colour: str, y: float) -> str:
    return (
        f'<text x="{MARGIN}" y="{y}" fill="{colour}" font-weight="bold">{tag}</text>'
        f'<rect x="{MARGIN + 150}" y="{y - 10}" width="{160 * share:.1f}" height="11" rx="2" fill="{colour}"/>'
        f'<text x="{MARGIN + 320}" y="{y}">{share:.0%}</text>\n'
    )
