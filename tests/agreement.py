"""What it means that the compiled kernel agrees with the NumPy one: all but the last bits of what is summed."""

from collections.abc import Sequence

import numpy as np

from xborder_tagger.kernel import Kernel, Predictions

TOLERANCE = 1e-9
EXACT = ("applies", "review", "flags", "words", "known", "common")


def assert_same(found: Predictions, expected: Predictions) -> None:
    for name in EXACT:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    for name in ("scores", "probabilities"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=0, atol=TOLERANCE)


def assert_same_explanation(native: Kernel, twin: Kernel, text: str, columns: Sequence[int] = range(8)) -> None:
    found, expected = native.explain(text, columns), twin.explain(text, columns)
    for name in ("starts", "ends", "first", "begins"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
    stops, others = ([min(stop, len(text)) for stop in shown.stops.tolist()] for shown in (found, expected))
    assert stops == others
    for name in ("parts", "direct"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=0, atol=TOLERANCE)
