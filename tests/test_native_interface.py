"""What Python sees of the compiled kernel: inputs, threads, and the columns that come back."""

import sys
import threading

import numpy as np
import pytest
from agreement import assert_same
from foreign import FOREIGN


def test_threads_change_nothing(native, corpus):
    batch = [*corpus[:300], "", *FOREIGN.values()]
    one = native.predict(batch)
    for threads in (2, 3, 64):
        many = native.predict(batch, threads=threads)
        assert all(a.tolist() == b.tolist() for a, b in zip(one, many, strict=True))


def test_several_callers_share_a_kernel(native, corpus):
    expected, found = native.predict(corpus[:200]), {}
    callers = [
        threading.Thread(target=lambda n=n: found.update({n: native.predict(corpus[:200], threads=2)}))
        for n in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 4
    assert all(other.scores.tolist() == expected.scores.tolist() for other in found.values())


def test_what_came_before_changes_nothing(native, article, corpus):
    alone = native.predict([article])
    after = native.predict([*corpus[:50], article])
    assert alone.scores.tolist()[0] == after.scores.tolist()[-1]


def test_strings_are_released(native, article):
    batch = [article + str(n) for n in range(10)]
    before = [sys.getrefcount(text) for text in batch]
    native.predict(batch)
    assert [sys.getrefcount(text) for text in batch] == before


def test_subclasses_tuples_and_arrays_are_read(native, twin, article):
    class Text(str):
        pass

    for batch in ([Text(article)], (article, ""), np.array([article, "drug"]), [], article[:9]):
        assert_same(native.predict(batch), twin.predict(batch))


@pytest.mark.parametrize("wrong", [[b"bytes"], [None], ["text", 1], [["text"]], None, 5, iter(["text"])], ids=repr)
def test_wrong_inputs_raise_as_in_the_twin(native, twin, wrong):
    with pytest.raises(TypeError):
        twin.predict(wrong)
    with pytest.raises(TypeError):
        native.predict(wrong)


@pytest.mark.parametrize("threads", [0, -1])
def test_a_wrong_number_of_threads_is_refused(native, threads):
    with pytest.raises(ValueError, match="threads"):
        native.predict(["text"], threads=threads)


def test_columns_are_arrays_without_a_copy_and_lists(native, article):
    found = native.predict([article, "", article])
    for column in found:
        array = np.asarray(column)
        assert array.tolist() == column.tolist()
        assert len(column) == len(array) == 3
        assert not array.flags.owndata
        assert not array.flags.writeable or array.base is not None
    assert np.asarray(found.scores).dtype == np.float64
    assert np.asarray(found.flags).dtype == np.bool_
    assert np.asarray(found.words).shape == (3,)


def test_no_text_gives_no_rows(native):
    found = native.predict([])
    assert np.asarray(found.scores).shape == (0, 8)
    assert found.scores.tolist() == []


@pytest.mark.parametrize("columns", [(8,), (-1,), ("drugs",), (1 << 70,)])
def test_there_is_no_such_column(native, article, columns):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        native.explain(article, columns)
