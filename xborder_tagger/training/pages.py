"""Pages that are generated, so that they cannot say anything else than codebook, corpus and evaluation do.

``python -m xborder_tagger.training.pages`` writes docs/labels.md, docs/tagged.svg, models/corpus/GUIDELINES.md,
models/corpus/DATA_CARD.md, models/xborder-en/MODEL_CARD.md and the figures in README.md; a test compares them with
what they should be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.labels import LabelSet, Tag, read_codebook
from xborder_tagger.shipped import ROOT
from xborder_tagger.tagger import load
from xborder_tagger.training.agreement import alpha, differing, kappa
from xborder_tagger.training.corpus import Document, label_matrix, read_corpus
from xborder_tagger.training.picture import tagged_text_svg

MODEL = ROOT / "xborder-en"
REPOSITORY = ROOT.parent
FIGURES_BEGIN, FIGURES_END = "<!-- figures -->", "<!-- end of figures -->"
PICTURED = REPOSITORY / "examples" / "articles" / "2-ministers-sign.txt"


def pages() -> dict[Path, str]:
    """Every generated page and its content."""
    labels = read_codebook(MODEL / "codebook.toml")
    evaluation = json.loads((MODEL / "evaluation.json").read_text(encoding="utf-8"))
    documents = read_corpus(ROOT / "corpus" / "documents", labels.names)
    readme = REPOSITORY / "README.md"
    return {
        REPOSITORY / "docs" / "labels.md": labels_page(labels),
        ROOT / "corpus" / "GUIDELINES.md": guidelines_page(labels),
        ROOT / "corpus" / "DATA_CARD.md": data_card(documents, labels.names),
        MODEL / "MODEL_CARD.md": model_card(evaluation),
        readme: with_figures(readme.read_text(encoding="utf-8"), evaluation),
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


def with_figures(readme: str, evaluation: Mapping[str, Any]) -> str:
    """The README with its table of figures between the two marks made anew."""
    rows = "".join(
        f"| {name} | {row['documents']} | **{row['macro_f1']:.3f}** ({row['macro_f1_interval'][0]:.3f} to "
        f"{row['macro_f1_interval'][1]:.3f}) | {row['micro_f1']:.3f} | {row['macro_ap']:.3f} "
        f"| {row['calibration_error']:.3f} |\n"
        for name, row in evaluation["sets"].items()
    )
    table = (
        f"| texts | documents | macro-F1 (95%) | micro-F1 | AP | calibration error |\n|---|---|---|---|---|---|\n{rows}"
    )
    before, _, rest = readme.partition(FIGURES_BEGIN)
    return f"{before}{FIGURES_BEGIN}\n\n{table}\n{FIGURES_END}{rest.partition(FIGURES_END)[2]}"


def data_card(documents: Sequence[Document], tags: Sequence[str]) -> str:
    """The card of the corpus, counted from it."""
    positive, known = label_matrix(documents, tags)
    lengths = np.percentile([len(document.text.split()) for document in documents], (0, 25, 50, 75, 100)).astype(int)
    test = [document for document in documents if document.split == "test"]
    counts = [
        ("documents", len(documents)),
        ("events", len({document.event for document in documents})),
        ("in the test split, each annotated twice", len(test)),
        ("minimal-pair variants", sum("pair" in document.extra for document in documents)),
        ("hard on purpose", sum("hard" in document.extra for document in documents)),
        ("without a crime tag", int((~positive[:, :5].any(axis=1)).sum())),
        ("without any tag", int((~positive.any(axis=1)).sum())),
        ("telling the facts of a page that is named", sum(document.source is not None for document in documents)),
        ("in the plain register", sum(document.register == "plain" for document in documents)),
    ]
    genres = Counter(document.genre for document in documents)
    return (
        "# Data card: the xborder_tagger corpus\n\nGenerated from the corpus; run `make docs`.\n\n"
        "**The texts and the labels were written by machine**, a large language model, under the guidelines in this "
        "folder, and not by human annotators. The texts retell, in new words, facts of real events that public pages "
        "report (`source` names the page), or describe plausible ones. Quotes, numbers and background in them may be "
        "invented, also where real people are named: **never use a text as a source about the world.** The second "
        "annotation of the test split was made by the same kind of model without sight of the first labels, so the "
        "agreement below says how clear the guidelines are, not how far people would agree. A model trained here "
        "inherits what such a writer finds typical of news; measure it on texts of your own.\n\n"
        "Licence: CC BY 4.0. Languages: English of many registers and origins.\n\n"
        "| what | count |\n|---|---|\n" + "".join(f"| {name} | {count} |\n" for name, count in counts) + "\n"
        f"Words a text: {lengths[0]} to {lengths[4]}, quartiles {lengths[1]}, {lengths[2]} and {lengths[3]}.\n\n"
        f"Genres: {', '.join(f'{name} {count}' for name, count in sorted(genres.items(), key=lambda g: -g[1]))}.\n\n"
        + _label_table(positive, known, test, tags)
    )


def _label_table(
    positive: NDArray[np.bool_], known: NDArray[np.bool_], test: Sequence[Document], tags: Sequence[str]
) -> str:
    rows = "".join(
        f"| {tag} | {positive[:, place].sum()} | {(~known[:, place]).sum()} | {kappa(test, tag):.3f} |\n"
        for place, tag in enumerate(tags)
    )
    return (
        "| tag | at 1 | at ? | kappa of the two annotations |\n|---|---|---|---|\n" + rows + "\n"
        f"Krippendorff's alpha over the sets of tags (MASI distance): {alpha(test):.3f}; the two annotations differ on "
        f"{differing(test, tags):.1%} of the cells. Every cell on which they differ is `?` in the corpus.\n"
    )


def main() -> None:
    """Write all pages."""
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
