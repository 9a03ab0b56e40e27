"""The yardstick of the speed figures computes what the kernels compute."""

import numpy as np

from benchmarks.speed.same_features import SameFeatures
from benchmarks.speed.texts import news
from xborder_tagger.kernel.numpy_kernel import NumpyKernel


def test_scikit_learn_on_the_same_features_gives_the_same_margins(tables):
    texts = [text for text in news(120, 300) if text.isascii()]
    document, sentence = SameFeatures(tables)(texts)
    found = NumpyKernel(tables).margins(texts)
    same = np.isclose(found.document, document, atol=1e-9).all(axis=1)
    assert same.mean() > 0.8  # the others hold initials, abbreviations or broken lines, which the yardstick leaves out
    assert np.abs(found.document - document).mean() < 0.01
    assert np.abs(found.sentence - sentence).mean() < 0.05


def test_all_texts_have_the_length_asked_for():
    assert {len(text.split(" ")) for text in news(50, 40)} == {50}
