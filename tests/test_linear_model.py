"""What is known of features is stored as the nearest whole multiples of powers of two."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xborder_tagger.kernel.tfidf import BOILERPLATE, LANES, SQUARE, TAGS, LinearModel

HIGHEST = (1 << 15) - 1


def numbers(shape, lowest: float, highest: float):
    return arrays(np.float64, shape, elements=st.floats(lowest, highest, allow_subnormal=False))


@st.composite
def ingredients(draw, lowest_idf: float = 1):
    n_features, n_tags = draw(st.integers(1, 12)), draw(st.integers(1, 17))
    idf = draw(numbers(n_features, lowest_idf, 12))
    span = 10.0 ** draw(st.integers(-9, 3))
    return idf, draw(numbers((n_features, n_tags), -span, span)), draw(numbers(n_features, -span, span))


def model_of(idf, weights, boilerplate) -> LinearModel:
    return LinearModel.of(idf, weights, boilerplate, np.zeros(weights.shape[1] + 1))


def columns(model: LinearModel, idf, weights, boilerplate):
    """For each kind its numbers in the rows, its unit, and what is stored in it."""
    stored = (model.rows[:, BOILERPLATE], model.rows[:, SQUARE], model.rows[:, TAGS : TAGS + model.n_tags])
    products = (boilerplate * idf, idf * idf, weights * idf[:, None])
    return zip(stored, model.units, products, strict=True)


BETWEEN = (np.array([1.0]), np.array([[1 - 2.0**-17]]), np.array([-1 + 2.0**-17]))  # the highest number and one more
LOWEST = (np.array([1.0, 1.0]), np.array([[-1.0], [2.0**-16]]), np.array([1.0, -1.0]))


@given(ingredients())
@example(BETWEEN)
@example(LOWEST)
@settings(deadline=None)
def test_each_number_is_within_half_a_unit_of_the_product(given_):
    for stored, unit, products in columns(model_of(*given_), *given_):
        assert np.abs(stored * unit - products).max() <= unit / 2


@given(ingredients())
@example(BETWEEN)
@example(LOWEST)
@settings(deadline=None)
def test_units_are_powers_of_two_and_as_small_as_can_be(given_):
    for stored, unit, products in columns(model_of(*given_), *given_):
        assert math.frexp(unit)[0] == 0.5
        assert not products.any() or np.abs(products).max() > (HIGHEST + 0.5) * (unit / 2) * (1 - 2.0**-52)
        assert np.abs(stored.astype(int)).max() <= HIGHEST


@given(ingredients(lowest_idf=1e-6))
@settings(deadline=None)
def test_squares_are_positive_however_small_an_idf_is(given_):
    model = model_of(*given_)
    assert (model.rows[:, SQUARE] > 0).all()
    assert (model.idf > 0).all()


@given(ingredients())
@settings(deadline=None)
def test_what_belongs_to_no_number_is_zero_and_rows_fill_whole_registers(given_):
    rows, n_tags = model_of(*given_).rows, given_[1].shape[1]
    assert rows.dtype == np.int16
    assert rows.shape[1] % LANES == 0
    assert n_tags <= rows.shape[1] - TAGS < n_tags + LANES
    assert not rows[:, 2:TAGS].any()
    assert not rows[:, TAGS + n_tags :].any()


@pytest.mark.parametrize("n_features", [0, 3])
def test_nothing_but_zeros_is_stored(n_features):
    model = model_of(np.ones(n_features), np.zeros((n_features, 2)), np.zeros(n_features))
    assert not model.rows[:, TAGS:].any()
    assert not model.rows[:, BOILERPLATE].any()


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_refused(place, number):
    given_ = np.ones(2), np.ones((2, 1)), np.ones(2)
    given_[place][1] = number
    with pytest.raises(ValueError, match="not finite"):
        model_of(*given_)


@given(ingredients())
@settings(deadline=None)
def test_weights_are_read_back_to_the_last_but_a_unit(given_):
    idf, weights, boilerplate = given_
    model = model_of(*given_)
    of_boilerplate, of_square, of_tags = model.units
    np.testing.assert_allclose(model.idf**2, idf**2, rtol=0, atol=of_square * 0.51)
    np.testing.assert_allclose(model.weights * model.idf[:, None], weights * idf[:, None], rtol=0, atol=of_tags * 0.51)
    np.testing.assert_allclose(model.boilerplate * model.idf, boilerplate * idf, rtol=0, atol=of_boilerplate * 0.51)
