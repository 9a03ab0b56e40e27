"""spaCy: textcat_multilabel with the bag-of-words architecture, from a blank English pipeline."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from benchmarks.quality.peers import Score
from xborder_tagger.training.corpus import Document

BATCH = 32


def bag_of_words(documents: Sequence[Document], tags: Sequence[str], *, epochs: int = 10, ngrams: int = 1) -> Score:
    """Unknown cells are given as missing, which spaCy leaves out of the loss."""
    nlp = trained(documents, tags, epochs=epochs, ngrams=ngrams)
    return lambda texts: np.array([[doc.cats[tag] for tag in tags] for doc in nlp.pipe(texts)])


def trained(documents: Sequence[Document], tags: Sequence[str], *, epochs: int, ngrams: int) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank("en")
    model = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": False, "ngram_size": ngrams}
    textcat = nlp.add_pipe("textcat_multilabel", config={"model": model | {"no_output_layer": False}})
    for tag in tags:
        textcat.add_label(tag)
    examples = [_example(nlp, document, tags) for document in documents]
    optimizer = nlp.initialize(lambda: examples)
    generator = random.Random(0)  # noqa: S311
    for _ in range(epochs):
        generator.shuffle(examples)
        for batch in minibatch(examples, BATCH):
            nlp.update(batch, sgd=optimizer)
    return nlp


def _example(nlp: Language, document: Document, tags: Sequence[str]) -> Example:
    judged = {tag: float(document.labels[tag]) for tag in tags if document.labels[tag] != "?"}
    return Example.from_dict(nlp.make_doc(document.text), {"cats": judged})
