"""The compiled kernel predicts what the NumPy kernel predicts, for every text and with every model."""

import dataclasses
import random
import string

import numpy as np
import pytest
from agreement import assert_same, assert_same_explanation
from foreign import FOREIGN
from hypothesis import given, settings
from other_tables import changed, replaced
from strategies import texts

from tests.fuzz.dump_tables import WORDS, small
from tests.generated import terms
from xborder_tagger.kernel.assembly import assemble, disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel
from xborder_tagger.kernel.tfidf import BOILERPLATE, SQUARE, LinearModel
from xborder_tagger.text.normalise import Kind

native_kernel = pytest.importorskip(
    "xborder_tagger.kernel.native_kernel",
    reason="the compiled kernel is not built: python setup.py build_ext --inplace",
    exc_type=ImportError,
)


@given(texts)
@settings(max_examples=1000, deadline=None)
def test_generated_texts_agree(native, twin, text):
    assert_same(native.predict([text]), twin.predict([text]))


def test_the_corpus_agrees(native, twin, corpus):
    assert len(corpus) > 1000
    assert_same(native.predict(corpus), twin.predict(corpus))


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN.keys())
def test_texts_of_other_scripts_agree(native, twin, text):
    assert_same(native.predict([text]), twin.predict([text]))


def test_every_name_and_term_agrees(native, twin):
    found = terms()
    batch = [f"They told the {term} of {term}" for term in found]
    assert_same(native.predict(batch), twin.predict(batch))
    longest = [term for term in found if len(term.split()) >= native.tables.vocabulary.longest_term - 1]
    assert longest
    for term in longest:  # a part of it may say the same, but of fewer words
        assert_same_explanation(native, twin, f"They told the {term} of {term}")


@pytest.mark.parametrize("wide", ["", "é", "€", "😀"], ids=["ascii", "1 byte", "2 bytes", "4 bytes"])
def test_every_width_of_a_string_agrees(native, twin, article, wide):
    batch = [article[begin:] + wide + article[:begin] for begin in range(0, len(article), 7)]
    assert_same(native.predict(batch), twin.predict(batch))


def test_every_length_around_a_block_agrees(native, twin, article):
    batch = [article[:end] + tail for end in range(140) for tail in ("", "é", "€.")]
    assert_same(native.predict(batch), twin.predict(batch))


def test_spliced_corpus_texts_agree(native, twin, corpus):
    rng = random.Random(7)  # noqa: S311 - reproducible, not secret
    pieces = [*FOREIGN.values(), ".", "-\n", "\u0301", "\u200b", "\ud800", "\n\n", "”", "Mr.", "é"]
    batch = []
    for text in rng.sample(corpus, 300):
        cut = sorted(rng.sample(range(len(text) + 1), 6))
        parts = [text[begin:end] for begin, end in zip([0, *cut], [*cut, len(text)], strict=True)]
        batch.append("".join(part + rng.choice(pieces) for part in parts))
    assert_same(native.predict(batch), twin.predict(batch))


def test_long_documents_agree(native, twin, corpus):
    long = "\n".join(corpus)[:5_000_000]
    unbroken = long.replace("\n", " ").replace(".", ",").replace("!", ",").replace("?", ",")[:1_000_000]
    batch = [long, unbroken, "drug trafficking " * 200_000, "drug. Drug! " * 100_000, '"' * 1_000_000 + " a"]
    assert_same(native.predict(batch), twin.predict(batch))


def test_an_alphabet_that_is_not_plain_ascii_agrees(tables, article):
    characters = tables.characters
    at = int(characters.pages[0]) * 256
    entries = changed(characters.entries, at + ord("#"), int(Kind.LOWER))
    entries[at + ord("z")] = int(Kind.SEPARATOR)
    odd = replaced(tables, "", characters=dataclasses.replace(characters, entries=entries))
    batch = [article, "#drugs seizure zone 5# a#b é#1 " * 9]
    assert_same(native_kernel.NativeKernel(disassemble(odd)).predict(batch), NumpyKernel(odd).predict(batch))


@pytest.mark.parametrize("size", [2, 4, 6, 30, 1024])
def test_passages_of_any_size_agree(tables, corpus, size):
    other = replaced(tables, "pooling", size=size)
    batch = [*corpus[:100], "\n\n".join(corpus[:60]), ""]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_any_share_of_boilerplate_agrees(tables, corpus, share):
    margins = np.array([-1e3, 0.0, 1e3])[int(2 * share)]
    model = {"bias": changed(tables.model.bias, -1, margins)}
    if share == 0.5:
        noise = np.random.default_rng(0).integers(-(1 << 15), 1 << 15, len(tables.model.rows))
        model["rows"] = changed(tables.model.rows, (slice(None), BOILERPLATE), noise)
    other = replaced(tables, "model", **model)
    batch = [*corpus[:200], "\n\n".join(corpus[:60]), ""]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


@pytest.mark.parametrize("n_tags", [1, 3, 7, 8, 9, 17])
def test_any_number_of_tags_agrees(tables, article, n_tags):
    columns = np.arange(n_tags) % tables.model.n_tags
    weights, bias = tables.model.weights[:, columns] * (1 + columns), tables.model.bias[np.append(columns, -1)]
    linear = LinearModel.of(tables.model.idf, weights, tables.model.boilerplate, bias)
    mix = np.random.default_rng(n_tags).normal(size=(n_tags, 2, n_tags))
    pooling = {"mix": mix, "intercept": np.arange(n_tags, dtype=float)}
    decision = {name: getattr(tables.decision, name)[columns] for name in ("thresholds", "review")}
    other = replaced(replaced(replaced(tables, "", model=linear), "pooling", **pooling), "decision", **decision)
    assert_same(
        native_kernel.NativeKernel(disassemble(other)).predict([article, ""]), NumpyKernel(other).predict([article, ""])
    )


@pytest.mark.parametrize("number", [-(1 << 15), (1 << 15) - 1])
@pytest.mark.parametrize("size", [2, 4])
def test_sums_of_the_most_extreme_rows_agree(tables, number, size):
    few = small(tables.characters)
    rows = changed(np.full_like(few.model.rows, number), (slice(None), SQUARE), (1 << 15) - 1)
    other = replaced(replaced(few, "model", rows=rows, units=(2.0**-15,) * 3), "pooling", size=size)
    counts = (1, 2, *range(254, 258), *range(4093, 4098), 16_383, *range(65_534, 65_540), 100_000)
    batch = [*("police " * count for count in counts), *(f"{'police ' * count}.\n\n" * 3 for count in counts[:12])]
    assert_same(native_kernel.NativeKernel(disassemble(other)).predict(batch), NumpyKernel(other).predict(batch))


@pytest.mark.parametrize("text", ["drug ", "drug trafficking ", "police drug Laos the and of seized 5 "])
def test_sentences_in_which_words_stand_thousands_of_times_agree(native, twin, text):
    batch = [text * count for count in (1000, 2000, 4095, 4096, 16_000, 60_000, 65_535, 65_536)]
    assert_same(native.predict(batch), twin.predict(batch))


def test_a_word_that_begins_as_a_known_one_is_unknown(tables):
    long = [word for word in WORDS if len(word) > 8]
    endings = [a + b + "s" for a in string.ascii_lowercase for b in string.ascii_lowercase]
    strangers = [word[:8] + ending for word in long for ending in endings]
    found = native_kernel.NativeKernel(disassemble(small(tables.characters))).predict([*strangers, *long])
    assert found.known.tolist() == [0] * len(strangers) + [1] * len(long)


@pytest.mark.parametrize("make", [native_kernel.NativeKernel, lambda parts: NumpyKernel(assemble(parts))])
def test_the_lower_edge_of_a_band_belongs_to_it_and_the_upper_one_does_not(tables, article, make):
    shares = make(disassemble(tables)).predict([article]).as_arrays().probabilities[0]
    for review, inside in (((shares, shares + 1), True), ((shares - 1, shares), False)):
        decision = {"thresholds": shares, "review": np.column_stack(review)}
        found = make(disassemble(replaced(tables, "decision", **decision))).predict([article]).as_arrays()
        assert found.applies.all()
        assert (found.review == inside).all()


def test_as_many_known_words_as_a_text_needs_raise_no_flag(native, tables):
    words = "police seized the drug at border".split()[: tables.decision.known_words]
    for count in (len(words), len(words) - 1):
        found = native.predict([" ".join(words[:count])]).as_arrays()
        assert found.known.tolist() == [count]
        assert found.flags[0, 1] == (count < tables.decision.known_words)


def test_a_probability_is_less_than_one_however_high_the_score(native, twin):
    for kernel in (native, twin):
        found = kernel.predict(["drug"]).as_arrays()
        assert found.scores.max() > 37
        assert 0 < found.probabilities.min() < 1e-3 < 0.99 < found.probabilities.max() < 1
