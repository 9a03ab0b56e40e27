"""The kernels against scikit-learn on the same analyser, and against themselves."""

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from scikit_reference import reference_scores
from strategies import texts

from xborder_tagger.errors import TaggerError
from xborder_tagger.kernel import VARIABLE, make_kernel
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, _chunks
from xborder_tagger.kernel.tables import MISSING, bucket_of, build_pairs, build_words, find_places


def test_the_numpy_kernel_agrees_with_scikit_learn_on_news(tables, corpus):
    sample = corpus[::40]
    found = NumpyKernel(tables).predict(sample)
    np.testing.assert_allclose(found.scores, reference_scores(tables, sample), rtol=0, atol=1e-9)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_the_numpy_kernel_agrees_with_scikit_learn_on_hard_texts(tables, text):
    found = NumpyKernel(tables).predict([text])
    np.testing.assert_allclose(found.scores, reference_scores(tables, [text]), rtol=0, atol=1e-9)


def test_the_numpy_kernel_agrees_with_scikit_learn_on_passages_of_any_size(tables, corpus):
    text = "\n\n".join(corpus[:12])
    for size in (2, 4, 6, 30, 1000):
        other = replace(tables, pooling=replace(tables.pooling, size=size))
        found = NumpyKernel(other).predict([text])
        np.testing.assert_allclose(found.scores, reference_scores(other, [text]), rtol=0, atol=1e-9)


def test_a_text_scores_the_same_alone_and_in_any_batch(tables, corpus):
    kernel, sample = NumpyKernel(tables), corpus[:60]
    together = kernel.predict(sample)
    alone = [kernel.predict([text]) for text in sample]
    np.testing.assert_array_equal(together.scores, np.concatenate([found.scores for found in alone]))
    for name in ("words", "known", "common"):
        assert getattr(together, name).tolist() == [int(getattr(found, name)[0]) for found in alone]


def test_boilerplate_takes_no_part_in_a_score(tables, article):
    kernel = NumpyKernel(tables)
    line = "Sign up for our newsletter | Share on Facebook | Accept all cookies"
    dressed = f"{line}\n\n{article}\n\n{line}"
    np.testing.assert_allclose(kernel.predict([dressed]).scores, kernel.predict([article]).scores, rtol=0, atol=1e-12)
    np.testing.assert_allclose(kernel.predict([line]).scores, kernel.predict([""]).scores, rtol=0, atol=1e-12)


def test_chunks_lose_no_text():
    lengths = [0, 10, 200_000, 5, 70_000, 70_000, 0]
    documents = ["x" * n for n in lengths]
    assert [text for chunk in _chunks(documents) for text in chunk] == documents
    assert _chunks([]) == [[]]


def test_no_text_gives_no_rows(tables):
    assert NumpyKernel(tables).predict([]).scores.shape == (0, 8)


def test_a_term_repeated_a_thousand_times_is_weighed_exactly(tables):
    text = "heroin police " * 700
    found = NumpyKernel(tables).predict([text])
    np.testing.assert_allclose(found.scores, reference_scores(tables, [text]), rtol=0, atol=1e-9)


@pytest.mark.parametrize("count", [0, 1, 7, 1000, 20_000])
def test_a_table_of_words_finds_what_it_holds_and_nothing_else(count):
    keys = np.unique(np.random.default_rng(count).integers(1, 1 << 62, (count, 2), dtype=np.uint64), axis=0)
    table = build_words(keys, np.arange(len(keys), dtype=np.int32))
    assert table.lookup(keys).tolist() == list(range(len(keys)))
    for strange in (keys + np.uint64(1), keys[:, ::-1], np.zeros((1, 2), dtype=np.uint64)):
        assert (table.lookup(strange) == MISSING).all()


@pytest.mark.parametrize("count", [0, 1, 7, 1000, 20_000])
def test_a_table_of_pairs_finds_what_it_holds_and_nothing_else(count):
    pairs = np.unique(np.random.default_rng(count).integers(0, 1 << 19, (count, 2), dtype=np.int32), axis=0)
    first, second = pairs[:, 0], pairs[:, 1] + np.int32(1 << 19)
    table = build_pairs(first, second, np.arange(len(pairs), dtype=np.int32))
    assert table.lookup(first, second).tolist() == list(range(len(pairs)))
    assert (table.lookup(second, first) == MISSING).all()
    assert (table.lookup(first, first) == MISSING).all()


@pytest.mark.parametrize("example", range(10, 30))
def test_a_pair_of_zeros_finds_its_place_however_full_the_table_is_before_it(example):
    pairs = np.unique(np.random.default_rng(example).integers(1, 1 << 40, 600).astype(np.uint64))
    n_buckets = len(find_places(pairs).factors)
    alone = np.append(pairs[bucket_of(pairs, n_buckets) != 0], np.uint64(0))  # its bucket is the smallest then
    slots = find_places(alone).of(alone).tolist()
    assert slots[-1] == 0
    assert len(set(slots)) == len(alone)


def test_the_largest_numbers_of_a_pair_are_found():
    first, second, value = (
        np.array([number], dtype=np.int32) for number in ((1 << 20) - 2, (1 << 20) - 2, (1 << 23) - 2)
    )
    assert build_pairs(first, second, value).lookup(first, second).tolist() == value.tolist()


@pytest.mark.parametrize(("first", "second", "value"), [(1 << 20, 0, 0), (0, -1, 0), (0, 0, 1 << 23)])
def test_a_number_too_large_for_a_pair_is_refused(first, second, value):
    with pytest.raises(ValueError, match="bits"):
        build_pairs(*(np.array([number], dtype=np.int32) for number in (first, second, value)))


def test_a_word_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        build_words(np.ones((2, 2), dtype=np.uint64), np.arange(2, dtype=np.int32))


def test_a_forced_kernel_that_is_missing_is_an_error(tables, monkeypatch):
    monkeypatch.setenv(VARIABLE, "quantum")
    with pytest.raises(TaggerError, match="XBORDER_TAGGER_KERNEL=quantum: not installed"):
        make_kernel(disassemble(tables))


def test_a_forced_kernel_is_named(command):
    done = command(["info"], env={VARIABLE: "numpy"})
    assert b"kernel          numpy" in done.stdout, done.stderr
    assert VARIABLE not in os.environ or os.environ[VARIABLE] in ("auto", "native", "numpy")
