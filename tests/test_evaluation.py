"""The figures, against scikit-learn where it has them, and their mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from xborder_tagger.evaluation import Judged, average_precision, calibration_error, evaluate

TAGS = ("a", "b")


def some(seed: int, size: int = 60) -> Judged:
    generator = np.random.default_rng(seed)
    positive = generator.random((size, 2)) < 0.3
    shares = np.clip(0.4 * positive + generator.random((size, 2)) * 0.6, 0, 1)
    return Judged(positive, generator.random((size, 2)) < 0.9, shares, shares > 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_figures_agree_with_scikit_learn(seed):
    judged = some(seed)
    figures = evaluate(judged, TAGS, resamples=0)
    for place, tag in enumerate(TAGS):
        known = judged.known[:, place]
        truth, shares = judged.positive[known, place], judged.probabilities[known, place]
        assert figures["tags"][tag]["ap"] == pytest.approx(average_precision_score(truth, shares), abs=1e-4)
        assert figures["tags"][tag]["f1"] == pytest.approx(f1_score(truth, shares > 0.5), abs=1e-4)
    assert figures["macro_f1"] == pytest.approx(np.mean([figures["tags"][t]["f1"] for t in TAGS]), abs=1e-3)


@given(st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_flipping_an_unknown_cell_changes_no_figure(seed):
    judged = some(seed)
    flipped = Judged(judged.positive ^ ~judged.known, judged.known, judged.probabilities, judged.predicted)
    assert evaluate(flipped, TAGS, resamples=5) == evaluate(judged, TAGS, resamples=5)


def test_calibration_error_by_hand():
    shares, positive = np.array([0.05, 0.05, 0.95, 1.0]), np.array([0, 1, 1, 1], dtype=bool)
    assert calibration_error(shares, positive) == pytest.approx((0.9 + 0.05) / 4)


def test_average_precision_without_positives_is_not_a_number():
    assert np.isnan(average_precision(np.array([0.5]), np.array([False])))


def test_intervals_hold_the_figure():
    figures = evaluate(some(3), TAGS, resamples=200)
    low, high = figures["macro_f1_interval"]
    assert low <= figures["macro_f1"] <= high
