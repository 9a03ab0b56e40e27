"""The whole way from a corpus folder to a model file. The same corpus and settings give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unicodedata import unidata_version

import numpy as np
from numpy.typing import NDArray

from xborder_tagger import artifact
from xborder_tagger.evaluation import Judged, evaluate
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.decision import probabilities
from xborder_tagger.kernel.numpy_kernel import Tables, analyse
from xborder_tagger.kernel.pooling import best_passages
from xborder_tagger.kernel.tfidf import LinearModel
from xborder_tagger.kernel.vocabulary import Vocabulary
from xborder_tagger.labels import LabelSet, read_codebook
from xborder_tagger.shipped import ROOT
from xborder_tagger.text.normalise import CharTable, build_char_table
from xborder_tagger.training.boilerplate import fit_boilerplate, read_boilerplate
from xborder_tagger.training.compact import compact
from xborder_tagger.training.corpus import Document, corpus_digest, label_matrix, read_corpus
from xborder_tagger.training.features import Space, build_space, choose_features, inverse_frequency, sentence_rows
from xborder_tagger.training.fit import (
    Labels,
    Settings,
    evidence_sentences,
    fit_decision,
    fit_pooling,
    fit_weights,
    folds_of,
    margins_out_of_fold,
)
from xborder_tagger.training.gazetteers import read_gazetteers
from xborder_tagger.training.lexicon import Lexicon, build_lexicon

COMMON = 450  # units, concepts with them; benchmarks/quality/flags.py has the measurements behind it
SELF_TEST = (
    "",
    "Police seized 40 kg of heroin and two million ya ba pills at the river crossing.",
    "The two ministers signed a memorandum on training coast guards after talks in Manila.",
    "Durian growers sold twice as much at the border fair as a year ago.",
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where the ingredients are and the choices made; docs/evaluation.md has what was tried."""

    name: str = "xborder-en"
    codebook: Path = ROOT / "xborder-en" / "codebook.toml"
    gazetteers: Path = ROOT / "xborder-en" / "gazetteers"
    boilerplate: Path = ROOT / "xborder-en" / "boilerplate.txt"
    min_events: int = 4
    max_features: int = 60_000
    settings: Settings = field(default_factory=Settings)


def train(corpus: Path, out: Path, recipe: Recipe | None = None) -> dict[str, Any]:
    """Train on the "train" split of a corpus and write a model file.

    Returns:
        What went into the file's header as the recipe, with out-of-fold figures.

    Raises:
        CorpusError: the corpus breaks its contract.
        OutputError: the file cannot be written.
    """
    recipe = recipe or Recipe()
    labels = read_codebook(recipe.codebook)
    documents = [d for d in read_corpus(corpus, labels.names) if d.split == "train"]
    tables, figures = fit(documents, labels, recipe)
    record = _record(documents, recipe, figures)
    parts = disassemble(tables)
    artifact.save(out, name=recipe.name, labels=labels, parts=parts, recipe=record, self_test=SELF_TEST)
    return record


def fit(documents: Sequence[Document], labels: LabelSet, recipe: Recipe) -> tuple[Tables, dict[str, Any]]:
    """Tables learned from documents, and the out-of-fold figures."""
    texts = [document.text for document in documents]
    characters = build_char_table()
    lexicon = build_lexicon(texts, read_gazetteers(recipe.gazetteers), characters)
    vocabulary, idf = _choose_features(lexicon, documents, recipe, characters)
    space, chaff, chaff_bias = _space(texts, characters, vocabulary, idf, recipe)
    judged = _labels(documents, space, labels)
    weights, bias = fit_weights(space, judged, np.arange(len(documents)), recipe.settings)
    margins = margins_out_of_fold(space, judged, recipe.settings)
    pooling = fit_pooling(margins, judged, recipe.settings)
    scores = pooling.scores(margins.passage, margins.sentence)
    shares = probabilities(best_passages(scores, margins.documents, len(documents), pooling.empty(bias)))
    decision = fit_decision(shares, judged, recipe.settings)
    figures = evaluate(Judged(judged.positive, judged.known, shares, decision.applies(shares)), labels.names)
    bias = np.append(bias, chaff_bias).round(9)
    linear = LinearModel.of(idf, weights, chaff, bias)
    return Tables(characters, compact(vocabulary), linear, pooling, decision, COMMON), figures


def _choose_features(
    lexicon: Lexicon, documents: Sequence[Document], recipe: Recipe, characters: CharTable
) -> tuple[Vocabulary, NDArray[np.float64]]:
    """The vocabulary with features, and their idf. Each example of boilerplate counts as an event of its own."""
    examples = read_boilerplate(recipe.boilerplate)
    names = [document.event for document in documents] + [f"boilerplate {n}" for n in range(len(examples))]
    events = np.unique(names, return_inverse=True)[1]
    found = analyse([document.text for document in documents] + examples, characters, lexicon.vocabulary)
    vocabulary, frequency = choose_features(
        lexicon, found, events, min_events=recipe.min_events, max_features=recipe.max_features
    )
    return vocabulary, inverse_frequency(frequency, int(events.max()) + 1)


def _space(
    texts: Sequence[str], characters: CharTable, vocabulary: Vocabulary, idf: NDArray[np.float64], recipe: Recipe
) -> tuple[Space, NDArray[np.float64], float]:
    """The corpus as matrices without its boilerplate, and the weights and bias that tell boilerplate."""
    found = analyse(texts, characters, vocabulary)
    rows = sentence_rows(found, idf)
    examples = sentence_rows(analyse(read_boilerplate(recipe.boilerplate), characters, vocabulary), idf)
    weights, bias = fit_boilerplate(rows, examples)
    space = build_space(found, rows, rows @ weights + bias > 0, idf, recipe.settings.passage)
    return space, weights, bias


def _labels(documents: Sequence[Document], space: Space, labels: LabelSet) -> Labels:
    positive, known = label_matrix(documents, labels.names)
    proof = evidence_sentences(documents, space, labels.names)
    typical = np.array([d.register == "plain" and "pair" not in d.extra for d in documents])
    return Labels(positive, known, proof, folds_of(documents), typical)


def _record(documents: Sequence[Document], recipe: Recipe, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "corpus": {"digest": corpus_digest(documents), "documents": len(documents)},
        "features": {"min_events": recipe.min_events, "max_features": recipe.max_features},
        "settings": asdict(recipe.settings),
        "versions": {name: version(name) for name in ("numpy", "scikit-learn", "nltk")} | {"unicode": unidata_version},
        "out_of_fold": figures,
    }
