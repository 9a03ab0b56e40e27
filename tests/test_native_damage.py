"""The compiled kernel refuses tables that do not fit together before it reads anything with them."""

import numpy as np
import pytest
from other_tables import changed, replaced

from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.numpy_kernel import Tables
from xborder_tagger.kernel.tfidf import SQUARE

native_kernel = pytest.importorskip(
    "xborder_tagger.kernel.native_kernel",
    reason="the compiled kernel is not built: python setup.py build_ext --inplace",
    exc_type=ImportError,
)


DAMAGE = {
    "pages short": lambda t: replaced(t, "characters", pages=t.characters.pages[:-1]),
    "page outside": lambda t: replaced(t, "characters", pages=changed(t.characters.pages, 9, 60000)),
    "page one place behind": lambda t: replaced(
        t, "characters", pages=changed(t.characters.pages, 9, len(t.characters.entries) // 256)
    ),
    "spelling outside": lambda t: replaced(t, "characters", entries=changed(t.characters.entries, 65, 0xFFFFFF13)),
    "pool short": lambda t: replaced(t, "characters", pool=t.characters.pool[:-1]),
    "words empty": lambda t: replaced(t, "vocabulary.words", slots=t.vocabulary.words.slots[:0]),
    "word outside": lambda t: replaced(
        t, "vocabulary.words", slots=changed(t.vocabulary.words.slots, 5, len(t.vocabulary.unigrams))
    ),
    "word negative": lambda t: replaced(t, "vocabulary.words", slots=changed(t.vocabulary.words.slots, 5, 0xFFFFFE)),
    "buckets empty": lambda t: replaced(t, "vocabulary.words.places", factors=t.vocabulary.words.places.factors[:0]),
    "one bucket": lambda t: replaced(t, "vocabulary.words.places", factors=t.vocabulary.words.places.factors[:1]),
    "buckets no power of two": lambda t: replaced(
        t, "vocabulary.bigrams.places", factors=t.vocabulary.bigrams.places.factors[:-1]
    ),
    "seed negative": lambda t: replaced(t, "vocabulary.words.places", seed=-1),
    "seed large": lambda t: replaced(t, "vocabulary.words.places", seed=1 << 64),
    "step outside": lambda t: replaced(
        t, "vocabulary.term_steps", slots=changed(t.vocabulary.term_steps.slots, 0, len(t.vocabulary.node_names))
    ),
    "steps empty": lambda t: replaced(t, "vocabulary.term_steps", slots=t.vocabulary.term_steps.slots[:0]),
    "bigram outside": lambda t: replaced(
        t, "vocabulary.bigrams", slots=changed(t.vocabulary.bigrams.slots, 0, len(t.model.idf))
    ),
    "bigram negative": lambda t: replaced(
        t, "vocabulary.bigrams", slots=changed(t.vocabulary.bigrams.slots, 0, 0xFFFFFE)
    ),
    "unigram outside": lambda t: replaced(
        t, "vocabulary", unigrams=changed(t.vocabulary.unigrams, 0, len(t.model.idf))
    ),
    "start outside": lambda t: replaced(
        t, "vocabulary", term_starts=changed(t.vocabulary.term_starts, 0, len(t.vocabulary.node_names))
    ),
    "name outside": lambda t: replaced(
        t, "vocabulary", node_names=changed(t.vocabulary.node_names, 0, len(t.vocabulary.unigrams))
    ),
    "concept outside": lambda t: replaced(t, "vocabulary", node_terms=changed(t.vocabulary.node_terms, 0, 1 << 30)),
    "nodes differ": lambda t: replaced(t, "vocabulary", node_terms=t.vocabulary.node_terms[:-1]),
    "abbreviations short": lambda t: replaced(t, "vocabulary", abbreviations=t.vocabulary.abbreviations[:-1]),
    "longest term": lambda t: replaced(t, "vocabulary", longest_term=33),
    "longest term negative": lambda t: replaced(t, "vocabulary", longest_term=-1),
    "rows short": lambda t: replaced(t, "model", rows=t.model.rows[:-1]),
    "rows narrow": lambda t: replaced(t, "model", rows=t.model.rows[:, :-1]),
    "row cut": lambda t: replaced(t, "model", rows=t.model.rows.reshape(-1)[:-1]),
    "unit of boilerplate not finite": lambda t: replaced(t, "model", units=changed(t.model.units, 0, np.nan)),
    "unit of squares not positive": lambda t: replaced(t, "model", units=changed(t.model.units, 1, -1.0)),
    "unit of tags not positive": lambda t: replaced(t, "model", units=changed(t.model.units, 2, 0.0)),
    "unit of tags not finite": lambda t: replaced(t, "model", units=changed(t.model.units, 2, np.inf)),
    "idf zero": lambda t: replaced(t, "model", rows=changed(t.model.rows, (3, SQUARE), 0)),
    "idf negative": lambda t: replaced(t, "model", rows=changed(t.model.rows, (-1, SQUARE), -1)),
    "bias short": lambda t: replaced(t, "model", bias=t.model.bias[:-1]),
    "mix short": lambda t: replaced(t, "pooling", mix=t.pooling.mix[:-1]),
    "mix not finite": lambda t: replaced(t, "pooling", mix=changed(t.pooling.mix, (0, 1, 2), np.inf)),
    "intercept short": lambda t: replaced(t, "pooling", intercept=t.pooling.intercept[:-1]),
    "passages odd": lambda t: replaced(t, "pooling", size=7),
    "passages empty": lambda t: replaced(t, "pooling", size=0),
    "thresholds short": lambda t: replaced(t, "decision", thresholds=t.decision.thresholds[:-1]),
    "band cut": lambda t: replaced(t, "decision", review=t.decision.review[:, :1]),
    "band not finite": lambda t: replaced(t, "decision", review=changed(t.decision.review, (1, 1), np.nan)),
    "common negative": lambda t: replaced(t, "", common=-1),
    "passages huge": lambda t: replaced(t, "pooling", size=1 << 40),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_tables_are_refused(tables: Tables, damage):
    damaged = damage(tables)
    with pytest.raises((ValueError, OverflowError)):
        native_kernel.NativeKernel(disassemble(damaged))


def test_an_array_of_another_type_is_refused(tables):
    parts, reads = disassemble(tables), ("characters", "vocabulary", "linear", "pooling", "decision")
    characters, vocabulary, linear, *others = (getattr(native_kernel, f"_{name}")(parts) for name in reads)
    slots, factors, seed = vocabulary[0]
    words = (slots, factors.astype(np.int16), seed)
    with pytest.raises(ValueError, match="format h"):
        native_kernel._native.Kernel(characters, (words, *vocabulary[1:]), linear, *others, tables.common)
