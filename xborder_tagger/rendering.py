"""Numbers and spans to text for terminals and to escaped HTML. Knows records as plain dictionaries only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BLOCKS = " ▏▎▍▌▋▊▉█"
BAR_WIDTH = 10
STRONGEST_WORDS = 6
# Words that say nothing by themselves; they get a share from the word pairs they stand in. Not shown in summaries.
FUNCTION_WORDS = frozenset(
    "a about after all also an and are as at be been between but by for from had has have he her his in into is it its "
    "more not of on or our out said she so such than that the their them there they this to under up was we were which "
    "who will with would".split()
)
BOLD, DIM, RESET = "\033[1m", "\033[2m", "\033[0m"


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """A bar of ``width`` characters, filled to ``share`` (0 to 1) in eighths of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (BLOCKS[rest] if rest else "")).ljust(width)


def printable(text: str) -> str:
    """The text on one line, with control characters and lone surrogates shown as escapes."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else f"\\x{ord(c):02x}" for c in text)
    return " ".join(shown.split())


def strongest_words(sentences: Iterable[Mapping[str, Any]], text: str, limit: int = STRONGEST_WORDS) -> list[str]:
    """The different words with the highest contributions, strongest first, without function words."""
    totals: dict[str, float] = {}
    for sentence in sentences:
        for word in sentence["words"]:
            spelling = printable(text[word["start"] : word["end"]]).casefold()
            totals[spelling] = totals.get(spelling, 0.0) + word["contribution"]
    ranked = sorted(totals, key=lambda word: (-totals[word], word))
    return [word for word in ranked if totals[word] > 0 and word not in FUNCTION_WORDS][:limit]


def prediction_text(name: str, text: str, record: Mapping[str, Any], *, colour: bool) -> str:
    """One document for a terminal: its name, a line for each tag with a bar and the strongest words."""
    bold, dim, reset = (BOLD, DIM, RESET) if colour else ("", "", "")
    lines = [f"{bold}{printable(name)}{reset}  {dim}{_headline(text)}{reset}"]
    for tag in _shown(record):
        share = record["probabilities"][tag]
        words = ", ".join(strongest_words(record.get("evidence", {}).get(tag, ()), text))
        mark = "" if tag in record["tags"] else " ?"
        lines.append(f"  {tag + mark:<20}{bar(share)} {share:4.0%}  {dim}{words}{reset}")
    if len(lines) == 1:
        lines.append(f"  {dim}no tag{reset}")
    lines += [f"  {dim}! {flag}{reset}" for flag in record["flags"]]
    return "\n".join(lines) + "\n"


def evidence_text(name: str, text: str, evidence: Sequence[Mapping[str, Any]], *, colour: bool) -> str:
    """Evidence for a terminal: for each tag its score, bias and sentences with their words, strongest first."""
    bold, reset = (BOLD, RESET) if colour else ("", "")
    lines = [f"{bold}{printable(name)}{reset}"]
    for item in evidence:
        lines.append(f"{bold}{item['tag']}{reset}  score {item['score']:+.3f}  bias {item['bias']:+.3f}")
        for sentence in item["sentences"]:
            lines.append(f"  {sentence['contribution']:+.3f}  {printable(sentence['text'])}")
            ranked = sorted(sentence["words"], key=lambda word: -abs(word["contribution"]))
            lines += [_word_line(word, text) for word in ranked]
    return "\n".join(lines) + "\n"


def _word_line(word: Mapping[str, Any], text: str) -> str:
    place = f"[{word['start']}:{word['end']}]"
    return f"      {word['contribution']:+.3f}  {place:<14}{printable(text[word['start'] : word['end']])}"


def figures_text(figures: Mapping[str, Any]) -> str:
    """The figures of an evaluation as a table."""
    lines = [f"{figures['documents']} documents", f"{'tag':<20}precision  recall     F1     AP  positives"]
    for tag, row in figures["tags"].items():
        numbers = (
            f"{row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:6.3f} {row['ap']:6.3f} {row['positives']:10d}"
        )
        lines.append(f"{tag:<20}{numbers}")
    for name in ("macro_f1", "micro_f1"):
        low, high = figures.get(f"{name}_interval", (float("nan"),) * 2)
        lines.append(f"{name.replace('_f1', ' F1'):<20}{figures[name]:9.3f}  (95%: {low:.3f} to {high:.3f})")
    lines.append(f"{'macro AP':<20}{figures['macro_ap']:9.3f}")
    lines.append(f"{'calibration error':<20}{figures['calibration_error']:9.4f}")
    return "\n".join(lines) + "\n"


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts, one a line."""
    return "".join(f"{name:<16}{_fact(value)}\n" for name, value in facts.items())


def _fact(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _headline(text: str, width: int = 70) -> str:
    line = printable(text[: 4 * width])
    return line if len(line) <= width else line[: width - 1] + "…"


def _shown(record: Mapping[str, Any]) -> list[str]:
    return [tag for tag in record["probabilities"] if tag in record["tags"] or tag in record["review"]]


def prediction_html(record: Mapping[str, Any]) -> str:
    """A table of tags with bars, for notebooks and pages; everything that came from outside is escaped."""
    rows = "".join(_row_html(record, tag) for tag in record["probabilities"])
    flags = "".join(f"<p>! {_escaped(flag)}</p>" for flag in record["flags"])
    return f'<table class="xborder-tagger">{rows}</table>{flags}'


def _row_html(record: Mapping[str, Any], tag: str) -> str:
    share = record["probabilities"][tag]
    weight = "bold" if tag in record["tags"] else "normal"
    meter = (
        f'<div style="width:8em;background:#eee"><div style="width:{8 * share:.2f}em;height:.8em;background:#2f6f9f">'
        "</div></div>"
    )
    name = f'<td style="text-align:left;font-weight:{weight}">{_escaped(tag)}</td>'
    return f"<tr>{name}<td>{meter}</td><td>{share:.0%}</td></tr>"


def evidence_html(text: str, sentences: Sequence[Mapping[str, Any]]) -> str:
    """The whole text with each word shaded by its contribution, green for and red against."""
    words = sorted((w for s in sentences for w in s["words"]), key=lambda word: int(word["start"]))
    top = max((abs(word["contribution"]) for word in words), default=0.0) or 1.0
    pieces, at = [], 0
    for word in words:
        pieces.append(_escaped(text[at : word["start"]]))
        pieces.append(_word_html(text[word["start"] : word["end"]], word["contribution"] / top))
        at = word["end"]
    return f'<div style="white-space:pre-wrap;line-height:1.6">{"".join(pieces)}{_escaped(text[at:])}</div>'


def _word_html(word: str, strength: float) -> str:
    colour = "47,143,79" if strength > 0 else "176,58,46"
    return f'<span style="background:rgba({colour},{abs(strength) * 0.8:.2f})">{_escaped(word)}</span>'


def _escaped(text: str) -> str:
    from html import escape  # with a table of all entities, which plain text needs not wait for

    return escape(text)
