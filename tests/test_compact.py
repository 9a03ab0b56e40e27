"""What no feature needs is left out of a vocabulary, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from other_tables import replaced
from strategies import texts

from tests.fuzz.dump_tables import WORDS, small
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, Tables, analyse
from xborder_tagger.kernel.tables import MISSING, build_pairs
from xborder_tagger.kernel.tfidf import LinearModel
from xborder_tagger.kernel.vocabulary import NUMBER_UNIT, Vocabulary
from xborder_tagger.shipped import ROOT
from xborder_tagger.text.tokens import key_of
from xborder_tagger.training.compact import compact, needed_units
from xborder_tagger.training.features import choose_features, inverse_frequency
from xborder_tagger.training.gazetteers import read_gazetteers
from xborder_tagger.training.lexicon import build_lexicon, learn_abbreviations

PARTS = 16  # one text in so many teaches words


@pytest.fixture(scope="module")
def whole(tables, corpus) -> Tables:
    """Tables with every word of some texts, as training has them before it compacts them."""
    sample, characters = corpus[::PARTS], tables.characters
    lexicon = build_lexicon(sample, read_gazetteers(ROOT / "xborder-en" / "gazetteers"), characters)
    found = analyse(sample, characters, lexicon.vocabulary)
    events = np.arange(len(sample))
    vocabulary, frequency = choose_features(lexicon, found, events, min_events=4, max_features=60_000)
    rng = np.random.default_rng(2)
    weights, chaff = rng.normal(size=(len(frequency), tables.model.n_tags)), rng.normal(size=len(frequency))
    model = LinearModel.of(inverse_frequency(frequency, len(sample)), weights, chaff, tables.model.bias)
    return replaced(tables, "", vocabulary=vocabulary, model=model)


@pytest.fixture(scope="module")
def compacted(whole) -> Tables:
    return replaced(whole, "", vocabulary=compact(whole.vocabulary))


def keys_of(words) -> np.ndarray:
    return np.frombuffer(b"".join(map(key_of, words)), dtype=np.uint64).reshape(-1, 2)


def stored(vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Keys of all words, and their units."""
    return vocabulary.words.keys, vocabulary.words.lookup(vocabulary.words.keys)


def test_scores_of_the_corpus_are_equal_to_the_bit(whole, compacted, corpus):
    before, after = NumpyKernel(whole).predict(corpus), NumpyKernel(compacted).predict(corpus)
    assert len(np.unique(before.scores)) > len(corpus)
    assert np.array_equal(before.scores, after.scores)
    assert np.array_equal(before.words, after.words)
    assert (after.known <= before.known).all()
    assert after.known.sum() < before.known.sum()


@given(texts)
@settings(max_examples=200, deadline=None)
def test_scores_of_generated_texts_are_equal_to_the_bit(whole, compacted, text):
    assert np.array_equal(NumpyKernel(whole).predict([text]).scores, NumpyKernel(compacted).predict([text]).scores)


def test_features_and_sentences_stand_where_they_stood(whole, compacted, corpus):
    kernels = NumpyKernel(whole), NumpyKernel(compacted)
    before, after = (kernel.analyse(corpus[1::PARTS]) for kernel in kernels)
    for name in ("sentence_starts", "sentence_ends", "documents"):
        assert np.array_equal(getattr(before, name), getattr(after, name)), name
    for name in ("features", "sentences", "first", "last"):
        assert np.array_equal(getattr(before.occurrences, name), getattr(after.occurrences, name)), name


def test_a_full_stop_after_an_abbreviation_ends_no_sentence(whole, compacted, corpus):
    words = learn_abbreviations(corpus[::PARTS])
    flags = whole.vocabulary.abbreviations
    others = needed_units(replace(whole.vocabulary, abbreviations=np.zeros_like(flags)))
    assert (flags & ~others).any(), "each abbreviation is kept for another reason"
    found = NumpyKernel(compacted).analyse([f"They met {word}. Afterwards all of them left" for word in words])
    assert found.documents.tolist() == list(range(len(words)))


def test_words_of_dropped_units_are_unknown_and_all_others_keep_their_order(whole, compacted):
    keys, units = stored(whole.vocabulary)
    kept = needed_units(whole.vocabulary)[units]
    assert 0.1 < kept.mean() < 0.9
    found = compacted.vocabulary.words.lookup(keys)
    assert (found[~kept] == MISSING).all()
    order = np.argsort(units[kept], kind="stable")
    numbers = found[kept][order]
    assert numbers.min() > NUMBER_UNIT
    assert np.array_equal(np.diff(numbers) > 0, np.diff(units[kept][order]) > 0)
    assert (np.diff(numbers) >= 0).all()
    assert len(stored(compacted.vocabulary)[0]) == kept.sum()


def test_every_array_over_units_has_as_many_as_are_needed(whole, compacted):
    count = needed_units(whole.vocabulary).sum()
    for name in ("abbreviations", "term_starts", "unigrams", "opens", "closes"):
        assert len(getattr(compacted.vocabulary, name)) == count, name
    assert needed_units(compacted.vocabulary).all()


def test_a_number_is_unit_0_and_terms_are_found_even_where_no_feature_needs_them(tables):
    vocabulary = small(tables.characters).vocabulary
    nothing = np.full_like(vocabulary.unigrams, MISSING)
    bare = replace(vocabulary, unigrams=nothing, bigrams=build_pairs(*np.zeros((3, 0), np.int32)))
    found = compact(bare)
    keys = keys_of(["12", *WORDS])
    units = found.units(keys, np.arange(len(keys)) == 0)
    assert units[0] == NUMBER_UNIT
    assert NUMBER_UNIT not in units[1:]
    for name in ("node_names", "node_terms"):  # a name stands in place of its words, whatever it weighs
        assert np.array_equal(getattr(found, name) == MISSING, getattr(bare, name) == MISSING), name
    known = {word for word, unit in zip(WORDS, units[1:].tolist(), strict=True) if unit != MISSING}
    assert known == {"drug", "trafficking", "mr", "phnom", "penh", "laos"}
