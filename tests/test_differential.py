"""The compiled kernel and the NumPy one agree on strings of a seed; `make differential` compares a million."""

import numpy as np
import pytest
from strategies import SNIPPETS

from tests.differential import Comparison, corpus, run
from tests.generated import Strings
from xborder_tagger.kernel import kernels

pytestmark = pytest.mark.skipif("native" not in kernels(), reason="the compiled kernel is not built")


def test_thousands_of_generated_strings_agree(tables):
    toll = run(tables, 8000, seed=7)
    assert toll.strings == 8000
    assert toll.explained == 80
    assert toll.by_scikit_learn == 8
    assert toll.tags > 500


def test_a_seed_gives_the_same_strings_again(tables):
    first, second = (iter(Strings(tables, corpus()[:50], SNIPPETS, seed=5)) for _ in range(2))
    assert [next(first) for _ in range(500)] == [next(second) for _ in range(500)]


def test_a_difference_is_told_with_its_string(tables, monkeypatch):
    comparison = Comparison(tables)
    predict = comparison.twin.predict

    def wrong(texts):
        found = predict(texts)
        found.scores[:] += 1e-8 * np.array(["heroin" in text for text in texts])[:, None]
        return found

    monkeypatch.setattr(comparison.twin, "predict", wrong)
    with pytest.raises(AssertionError, match="'some heroin': "):
        comparison.compare(["police", "some heroin", "drug"])
