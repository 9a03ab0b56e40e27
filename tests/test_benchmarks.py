"""The yardstick of the speed figures computes what the kernels compute."""

import numpy as np

from benchmarks.speed.same_features import SameFeatures
from benchmarks.speed.texts import news
from xborder_tagger.kernel.numpy_kernel import NumpyKernel


def test_scikit_learn_on_the_same_features_gives_the_same_scores(tables):
    texts = [text for text in news(120, 300) if text.isascii()]
    expected, found = SameFeatures(tables)(texts), NumpyKernel(tables).scores(texts).scores
    same = np.isclose(found, expected, atol=1e-9).all(axis=1)
    assert same.mean() > 0.5  # the others hold initials, abbreviations or broken lines, which the yardstick leaves out
    assert np.abs(found - expected).mean() < 0.1


def test_all_texts_have_the_length_asked_for():
    assert {len(text.split(" ")) for text in news(50, 40)} == {50}
