"""The kernels against scikit-learn on the same analyser, and against themselves."""

import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.feature_extraction.text import TfidfVectorizer
from strategies import texts

from xborder_tagger.errors import TaggerError
from xborder_tagger.kernel import VARIABLE, make_kernel
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, _chunks
from xborder_tagger.kernel.tables import MISSING, build_table, pair_keys


@pytest.fixture(scope="module")
def corpus(root):
    files = sorted((root / "models" / "corpus" / "documents").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def reference_margins(kernel: NumpyKernel, documents: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Document and best-sentence margins by scikit-learn's TfidfVectorizer on the kernel's own features."""
    model = kernel.tables.model
    whole, sentences, owner = [], [], []
    for place, text in enumerate(documents):
        found = kernel.analyse([text])
        features, sentence_of = found.occurrences.features, found.occurrences.sentences
        whole.append(features.tolist())
        for number in range(len(found.documents)):
            sentences.append(features[sentence_of == number].tolist())
            owner.append(place)
    vectorizer = TfidfVectorizer(
        analyzer=lambda row: row, sublinear_tf=True, dtype=np.float64, vocabulary=list(range(len(model.idf)))
    )
    vectorizer.idf_ = model.idf
    document = vectorizer.transform(whole) @ model.weights + model.bias
    best = np.tile(model.bias, (len(documents), 1))
    if sentences:
        single = vectorizer.transform(sentences) @ model.weights + model.bias
        for place in set(owner):
            best[place] = single[[o == place for o in owner]].max(axis=0)
    return document, best


def test_the_numpy_kernel_agrees_with_scikit_learn_on_news(tables, corpus):
    kernel, sample = NumpyKernel(tables), corpus[::40]
    found = kernel.margins(sample)
    document, sentence = reference_margins(kernel, sample)
    np.testing.assert_allclose(found.document, document, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.sentence, sentence, rtol=0, atol=1e-9)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_the_numpy_kernel_agrees_with_scikit_learn_on_hard_texts(tables, text):
    kernel = NumpyKernel(tables)
    found = kernel.margins([text])
    document, sentence = reference_margins(kernel, [text])
    np.testing.assert_allclose(found.document, document, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.sentence, sentence, rtol=0, atol=1e-9)


def test_a_text_scores_the_same_alone_and_in_any_batch(tables, corpus):
    kernel, sample = NumpyKernel(tables), corpus[:60]
    together = kernel.margins(sample)
    alone = [kernel.margins([text]) for text in sample]
    np.testing.assert_allclose(together.document, np.concatenate([m.document for m in alone]), rtol=0, atol=1e-12)
    np.testing.assert_allclose(together.sentence, np.concatenate([m.sentence for m in alone]), rtol=0, atol=1e-12)
    for name in ("words", "known", "common"):
        assert getattr(together, name).tolist() == [int(getattr(m, name)[0]) for m in alone]


def test_chunks_lose_no_text():
    lengths = [0, 10, 200_000, 5, 70_000, 70_000, 0]
    documents = ["x" * n for n in lengths]
    assert [text for chunk in _chunks(documents) for text in chunk] == documents
    assert _chunks([]) == [[]]


def test_no_text_gives_no_rows(tables):
    found = NumpyKernel(tables).margins([])
    assert found.document.shape == found.sentence.shape == (0, 8)


def test_a_term_repeated_beyond_the_logarithm_table_is_weighed_exactly(tables):
    kernel = NumpyKernel(tables)
    text = "heroin police " * 700
    document, _ = reference_margins(kernel, [text])
    np.testing.assert_allclose(kernel.margins([text]).document, document, rtol=0, atol=1e-9)


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_tables_find_what_they_hold_and_nothing_else(count):
    generator = np.random.default_rng(count)
    keys = np.unique(generator.integers(1, 1 << 62, (count, 2), dtype=np.uint64), axis=0)
    table = build_table(keys, np.arange(len(keys), dtype=np.int32), seed=3)
    assert table.lookup(keys).tolist() == list(range(len(keys)))
    assert (table.lookup(keys + np.uint64(1)) == MISSING).all()
    assert (table.lookup(np.zeros((1, 2), dtype=np.uint64)) == MISSING).all()


def test_pair_keys_differ_for_swapped_pairs():
    first, second = np.array([1, 2], dtype=np.int32), np.array([2, 1], dtype=np.int32)
    assert len(np.unique(pair_keys(first, second))) == 2


def test_a_forced_kernel_that_is_missing_is_an_error(tables, monkeypatch):
    monkeypatch.setenv(VARIABLE, "quantum")
    with pytest.raises(TaggerError, match="XBORDER_TAGGER_KERNEL=quantum: not installed"):
        make_kernel(tables)


def test_a_forced_kernel_is_named(command):
    done = command(["info"], env={VARIABLE: "numpy"})
    assert b"kernel          numpy" in done.stdout, done.stderr
    assert VARIABLE not in os.environ or os.environ[VARIABLE] in ("auto", "native", "numpy")
