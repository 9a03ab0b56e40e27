"""Pages that are generated, so that they cannot say anything else than the codebook and the evaluation do.

``python -m xborder_tagger.training.pages`` writes docs/labels.md, docs/tagged.svg, models/corpus/GUIDELINES.md and
models/xborder-en/MODEL_CARD.md; a test compares them with what they should be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xborder_tagger.labels import LabelSet, Tag, read_codebook
from xborder_tagger.models import ROOT
from xborder_tagger.tagger import load
from xborder_tagger.training.picture import tagged_text_svg

MODEL = ROOT / "xborder-en"
REPOSITORY = ROOT.parent
PICTURED = REPOSITORY / "examples" / "articles" / "2-ministers-sign.txt"


def pages() -> dict[Path, str]:
    """Every generated page and its content."""
    labels = read_codebook(MODEL / "codebook.toml")
    evaluation = json.loads((MODEL / "evaluation.json").read_text(encoding="utf-8"))
    return {
        REPOSITORY / "docs" / "labels.md": labels_page(labels),
        ROOT / "corpus" / "GUIDELINES.md": guidelines_page(labels),
        MODEL / "MODEL_CARD.md": model_card(evaluation),
        REPOSITORY / "docs" / "tagged.svg": tagged_text_svg(load(), PICTURED.read_text(encoding="utf-8")),
    }


def labels_page(labels: LabelSet) -> str:
    """Definition, scope, examples and crosswalk of every tag."""
    head = "# The tags\n\nGenerated from `models/xborder-en/codebook.toml`; edit that file and run `make docs`.\n"
    return head + "".join(line for facet in labels.facets for line in _facet(labels, facet.name))


def guidelines_page(labels: LabelSet) -> str:
    """What an annotator needs: the rules of judging, then every tag's scope."""
    rules = (
        "# Annotation guidelines\n\n"
        "Generated from `models/xborder-en/codebook.toml`; edit that file and run `make docs`.\n\n"
        "The unit is one document. For every tag give `1` (applies), `0` (does not) or `?` (careful annotators could "
        "go either way; left out of every figure). Judge only the text. A tag applies when the document reports the "
        "thing substantively: as a topic, or named as an object of action, agreement or discussion between parties. "
        "A passing mention in an unrelated story does not count. For each `1` mark the substrings that prove it.\n"
    )
    return rules + "".join(_scope(tag) for tag in labels)


def _facet(labels: LabelSet, name: str) -> Iterator[str]:
    facet = next(f for f in labels.facets if f.name == name)
    yield f"\n## {facet.title}\n\n{facet.definition}\n"
    for tag in labels.of(name):
        yield _scope(tag)
        yield "\n| example | tag |\n|---|---|\n"
        yield "".join(f"| {text} | yes |\n" for text in tag.positive)
        yield "".join(f"| {text} | no |\n" for text in tag.negative)
        yield "\n| scheme | code | our tag to the code | read at the source |\n|---|---|---|---|\n"
        yield "".join(
            f"| {c.scheme} | `{c.code}` | {c.map} | {'yes' if c.verified else 'no'} |\n" for c in tag.crosswalk
        )


def _scope(tag: Tag) -> str:
    lists = (("Includes", tag.includes), ("Excludes", tag.excludes), ("Open (`?`)", tag.unclear))
    items = "".join(f"- {title}: {'; '.join(entries)}.\n" for title, entries in lists if entries)
    return f"\n### `{tag.name}`: {tag.title}\n\n{tag.definition}\n\n{items}"


def model_card(evaluation: Mapping[str, Any]) -> str:
    """The card of the shipped model, from its evaluation file."""
    model, sets = evaluation["model"], evaluation["sets"]
    parts = [
        f"# Model card: {model['name']}\n\nGenerated from `evaluation.json`; run `make evaluate docs`.\n",
        f"\n- What it is: TF-IDF of words and word pairs plus one linear model per tag, {model['features']} features, "
        f"{model['bytes'] / 1e6:.1f} MB, no pickle, runs offline.\n"
        f"- Digest: `{model['digest']}`.\n"
        f"- Trained on {model['documents']} documents of the project's own corpus (`models/corpus`), whose texts and "
        "labels were **machine-written** under the guidelines, not by human annotators.\n"
        "- Language: English, in its news and official registers, with Southeast Asian usage first.\n",
        "\n## What it is for\n\nFinding and counting news and official texts by crime and kind of cooperation, with a "
        "reason for each tag. It is not for decisions about people: a tag says what a text reports, not that it is "
        "true, and names in a text are not accused by a tag.\n",
        "\n## Figures\n",
        *(_set_figures(name, figures) for name, figures in sets.items()),
        "\n## Limits\n\n"
        "- Probabilities are calibrated on texts like the corpus's plain ones; where tags are much rarer than there, "
        "they are too high.\n"
        "- Cooperation tags are the hardest: domestic meetings and agreements of companies or universities that are "
        "told in the words of diplomacy are taken for cooperation between states.\n"
        "- Texts in other languages are flagged `other_language`, and their tags mean nothing.\n"
        "- Texts of under five known words are flagged `low_evidence`.\n",
    ]
    return "".join(parts)


def _set_figures(name: str, figures: Mapping[str, Any]) -> str:
    low, high = figures["macro_f1_interval"]
    rows = "".join(
        f"| {tag} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['ap']:.3f} "
        f"| {row['positives']} |\n"
        for tag, row in figures["tags"].items()
    )
    return (
        f"\n### {name}: {figures['documents']} documents\n\n"
        f"Macro-F1 **{figures['macro_f1']:.3f}** (95% {low:.3f} to {high:.3f}), micro-F1 {figures['micro_f1']:.3f}, "
        f"macro-AP {figures['macro_ap']:.3f}, calibration error {figures['calibration_error']:.4f}.\n\n"
        f"| tag | precision | recall | F1 | AP | positives |\n|---|---|---|---|---|---|\n{rows}"
    )


def main() -> None:
    """Write all pages."""
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
