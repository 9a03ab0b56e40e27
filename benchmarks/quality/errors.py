"""What the shipped model gets wrong, and why, on annotated files.

``python -m benchmarks.quality.errors GOLD.jsonl [...]`` lists every error, the worst first: the probability farthest on
the wrong side, with the sentence and the words that caused it. A table of causes goes into docs/evaluation.md. The
causes are a reader's, kept by document and tag in error_causes.toml, and so outlive the model: an error that is mended
drops out of the counts, a new one counts as not read.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xborder_tagger
from benchmarks.report import put, table
from xborder_tagger.errors import EvaluationError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.read import read_all
from xborder_tagger.io.records import Rejected
from xborder_tagger.rendering import FUNCTION_WORDS, printable
from xborder_tagger.results import Sentence
from xborder_tagger.tagger import Tagger

CAUSES = Path(__file__).with_name("error_causes.toml")
WORST = 40
WORDS = 6


@dataclass(frozen=True, slots=True)
class Mistake:
    """A tag that applies and should not (``false``), or the other way round."""

    document: str
    tag: str
    false: bool
    probability: float
    distance: float  # from the threshold, on the wrong side
    text: str
    evidence: list[str]  # of a missed tag, as annotated

    @property
    def key(self) -> str:
        """How error_causes.toml calls it."""
        return f"{self.document} {self.tag}"


def mistakes(tagger: Tagger, paths: Sequence[str]) -> list[Mistake]:
    """Errors on all files, the worst first.

    Raises:
        EvaluationError: a line is no annotated document.
    """
    found = [mistake for path in paths for mistake in _of_file(tagger, path)]
    return sorted(found, key=lambda mistake: (-mistake.distance, mistake.key))


def _of_file(tagger: Tagger, path: str) -> Iterator[Mistake]:
    thresholds = dict(zip(tagger.labels.names, tagger.kernel.tables.decision.thresholds.tolist(), strict=True))
    for item in read_all([path], ReadOptions(format="jsonl")):
        if isinstance(item, Rejected) or not isinstance(item.fields.get("labels"), dict):
            raise EvaluationError(f'{path}: {item} has no "labels"; each line needs an id, a text and labels')
        for score in tagger.tag(item.text).scores:
            label = item.fields["labels"].get(score.tag)
            if label in (0, 1) and score.applies != bool(label):
                distance = abs(score.probability - thresholds[score.tag])
                proof = item.fields.get("evidence", {}).get(score.tag, [])
                yield Mistake(str(item.id), score.tag, score.applies, score.probability, distance, item.text, proof)


def reason(tagger: Tagger, mistake: Mistake) -> str:
    """The words that spoke most for the wrong answer, in the sentence that did; of a missed tag, in its evidence."""
    found = tagger.explain(mistake.text)[mistake.tag].sentences
    places = [mistake.text.find(span) for span in mistake.evidence]
    told = [s for s in found for place in places if s.start <= place < s.end]
    sentence = next(iter(told or (found if mistake.false else found[::-1])), None)
    if sentence is None:
        return "no word of it is known"
    return f"{', '.join(_words(mistake, sentence)) or 'no word'} | {printable(sentence.text)}"


def _words(mistake: Mistake, sentence: Sentence) -> list[str]:
    """The words that moved the score most, those that moved it the wrong way first."""
    sign = 1 if mistake.false else -1
    ranked = sorted(sentence.words, key=lambda word: -sign * word.contribution)
    spelled = [(printable(mistake.text[word.start : word.end]), word.contribution) for word in ranked]
    return [f"{word} {part:+.2f}" for word, part in spelled if word.lower() not in FUNCTION_WORDS][:WORDS]


def read_causes(path: Path = CAUSES) -> tuple[dict[str, str], dict[str, str]]:
    """What each cause means, and the cause of each error that was read, by "document tag".

    Raises:
        ValueError: an error has two causes.
    """
    meanings, cause_of = {}, {}
    for cause, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        meanings[cause] = entry["meaning"]
        for key in entry["errors"]:
            if key in cause_of:
                raise ValueError(f"{path}: {key!r} stands under {cause_of[key]} and under {cause}; keep one")
            cause_of[key] = cause
    return meanings, cause_of


def causes_table(found: Sequence[Mistake], meanings: Mapping[str, str], cause_of: Mapping[str, str]) -> str:
    """Counts by cause: among the worst errors, and among all, false tags and missed ones. Empty rows are left out."""
    counts: dict[str | None, list[int]] = {cause: [0, 0, 0] for cause in (*meanings, None)}
    for place, mistake in enumerate(found):
        row = counts[cause_of.get(mistake.key)]
        row[0] += place < WORST
        row[1 if mistake.false else 2] += 1
    order = sorted(meanings, key=lambda cause: (-counts[cause][0], -sum(counts[cause][1:]), cause))
    rows = [(meaning, counts[cause]) for cause, meaning in [*((c, meanings[c]) for c in order), (None, "not read yet")]]
    cells = [[meaning, *map(str, row)] for meaning, row in rows if any(row)]
    return table(["cause", f"of the {WORST} worst", "false tags", "missed tags"], cells)


def main(paths: list[str]) -> None:
    if not paths:
        sys.exit("give annotated files: python -m benchmarks.quality.errors GOLD.jsonl [...]")
    tagger = xborder_tagger.load()
    meanings, cause_of = read_causes()
    found = mistakes(tagger, paths)
    for place, mistake in enumerate(found, 1):
        kind = "false" if mistake.false else "missed"
        cause = cause_of.get(mistake.key, "not read yet")
        print(f"{place}. {mistake.key} {kind} {mistake.probability:.2f} [{cause}] {reason(tagger, mistake)}")
    names = " and ".join(Path(path).stem for path in paths)
    put("errors", f"{len(found)} errors on {names}.\n\n{causes_table(found, meanings, cause_of)}")


if __name__ == "__main__":
    main(sys.argv[1:])
