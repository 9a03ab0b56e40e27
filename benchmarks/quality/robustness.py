"""What must not change the tags, and what the evidence must point at, measured on the corpus's test split.

``python -m benchmarks.quality.robustness [GOLD.jsonl ...]`` prints a table. The tests hold the same figures to floors.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from string import capwords

import xborder_tagger
from xborder_tagger.io.gold import read_gold
from xborder_tagger.shipped import ROOT
from xborder_tagger.tagger import Tagger
from xborder_tagger.training.corpus import Document, read_corpus
from xborder_tagger.training.gazetteers import NAMES

# A hundred words as news sites put around their articles.
APOSTROPHE = "\u2019"  # as typesetters have it
BOILERPLATE = (
    "Home World Business Sport Opinion Lifestyle Video Podcasts Log in Subscribe for unlimited access Cancel anytime "
    "Share this article Facebook Twitter WhatsApp Email Print Save for later Font size A A A Advertisement Continue "
    "reading below Read more: Weather to stay warm this weekend Five recipes for a rainy day Quiz: how well do you "
    "know your city? Most read Sign up for our newsletter and get the best stories every morning By signing up you "
    "agree to our terms of use and privacy policy We use cookies to improve your experience Accept all Manage "
    "settings About us Contact Careers Help Copyright All rights reserved"
)


def test_split(tagger: Tagger) -> list[Document]:
    return [d for d in read_corpus(ROOT / "corpus" / "documents", tagger.labels.names) if d.split == "test"]


def tags(tagger: Tagger, texts: Sequence[str]) -> list[set[str]]:
    return [set(prediction.tags) for prediction in tagger.pipe(texts)]


def kept_with_boilerplate(tagger: Tagger, texts: Sequence[str]) -> float:
    """Share of texts whose tag set stays the same with boilerplate before and with boilerplate after them."""
    plain = tags(tagger, texts)
    before = tags(tagger, [f"{BOILERPLATE}\n\n{text}" for text in texts])
    after = tags(tagger, [f"{text}\n\n{BOILERPLATE}" for text in texts])
    return sum(p == b == a for p, b, a in zip(plain, before, after, strict=True)) / len(texts)


def kept_in_union(tagger: Tagger, texts: Sequence[str], seed: int = 0) -> float:
    """Share of texts made of three unrelated ones that keep all tags of the three."""
    order = random.Random(seed).sample(range(len(texts)), len(texts) - len(texts) % 3)  # noqa: S311
    plain = tags(tagger, texts)
    triples = [order[i : i + 3] for i in range(0, len(order), 3)]
    joined = tags(tagger, ["\n\n".join(texts[i] for i in triple) for triple in triples])
    wanted = [set().union(*(plain[i] for i in triple)) for triple in triples]
    return sum(w <= j for w, j in zip(wanted, joined, strict=True)) / len(triples)


def first_sentence_is_evidence(tagger: Tagger, documents: Sequence[Document]) -> float:
    """How often the sentence ranked first for a tag that was found overlaps the annotated evidence."""
    hits = total = 0
    for document in documents:
        found = set(tagger.tag(document.text).tags)
        explained = tagger.explain(document.text)
        for tag in found & document.evidence.keys():
            first = explained[tag].sentences[0]
            spans = [
                (m.start(), m.end()) for e in document.evidence[tag] for m in re.finditer(re.escape(e), document.text)
            ]
            hits += any(start < first.end and end > first.start for start, end in spans)
            total += 1
    return hits / total


def swapper() -> re.Pattern[str]:
    """A pattern that finds every country, demonym and capital of the list, longest first."""
    names = (re.escape(name).replace("'", f"['{APOSTROPHE}]") for name in sorted(_kinds(), key=len, reverse=True))
    return re.compile(rf"\b({'|'.join(names)})\b", re.I)


def swapped(text: str, seed: int = 0) -> str:
    """The text with each country, demonym and capital replaced by another of its kind, the same one throughout."""
    kinds, generator, chosen = _kinds(), random.Random(seed), {}  # noqa: S311
    columns: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        columns.setdefault(kind, []).append(name)

    def replace(match: re.Match[str]) -> str:
        name = match[0].lower().replace(APOSTROPHE, "'")
        if name not in chosen:
            chosen[name] = capwords(generator.choice(columns[kinds[name]]))
        return chosen[name]

    return swapper().sub(replace, text)


def _kinds() -> dict[str, str]:
    """Every name of the list with its kind: country, demonym or capital."""
    kinds: dict[str, str] = {}
    path = ROOT / "xborder-en" / "gazetteers" / f"{NAMES}.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            for kind, cell in zip(("country", "demonym", "capital"), line.split("\t")[1:], strict=False):
                kinds |= {name.strip(): kind for name in cell.split(";") if name.strip() and name.strip() not in kinds}
    return kinds


def kept_when_swapped(tagger: Tagger, texts: Sequence[str]) -> float:
    """Share of texts whose tag set stays the same when every country, demonym and capital becomes another."""
    before, after = tags(tagger, texts), tags(tagger, [swapped(text, seed) for seed, text in enumerate(texts)])
    return sum(b == a for b, a in zip(before, after, strict=True)) / len(texts)


def main(paths: list[str]) -> None:
    tagger = xborder_tagger.load()
    documents = test_split(tagger)
    sets = {"test split": [d.text for d in documents]}
    sets |= {path: read_gold(path, tagger.labels.names)[0] for path in paths}
    print(f"first sentence overlaps the evidence: {first_sentence_is_evidence(tagger, documents):.3f}")
    for name, texts in sets.items():
        print(
            f"{name}: boilerplate {kept_with_boilerplate(tagger, texts):.3f}, three in one "
            f"{kept_in_union(tagger, texts):.3f}, names swapped {kept_when_swapped(tagger, texts):.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
