"""Texts in UTF-8 and in arrays of NumPy score as the same texts in Python's strings do, with every kernel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from xborder_tagger.errors import DocumentError
from xborder_tagger.kernel import kernels
from xborder_tagger.kernel.assembly import disassemble

COUNTS = ("scores", "words", "known", "common")
# Ends of the ranges that have one, two, three and four bytes, and their neighbours.
EDGES = [chr(code) for code in (0, 0x7F, 0x80, 0xFF, 0x100, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF)]
BROKEN = {
    "a byte that leads nothing": b"\xff",
    "a byte that only follows": b"\x80",
    "two bytes for ASCII": b"\xc1\xbf",
    "two bytes for NUL": b"\xc0\x80",
    "three bytes for two": b"\xe0\x9f\xbf",
    "four bytes for three": b"\xf0\x8f\xbf\xbf",
    "a surrogate": b"\xed\xa0\x80",
    "a low surrogate": b"\xed\xb0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "two bytes cut": "é".encode()[:-1],
    "three bytes cut": "€".encode()[:-1],
    "four bytes cut": "😀".encode()[:-1],
    "a character cut by a letter": b"\xe2\x82a",
}


@pytest.fixture(scope="module", params=kernels())
def kernel(request, tables):
    return kernels()[request.param](disassemble(tables))


@pytest.fixture(scope="module")
def native(tables):
    if "native" not in kernels():
        pytest.skip("the compiled kernel is not built")
    return kernels()["native"](disassemble(tables))


def packed(batch, kind=np.int64):
    """The texts in one buffer, and their offsets."""
    parts = [text.encode() for text in batch]
    return b"".join(parts), np.cumsum([0, *map(len, parts)], dtype=kind)


def assert_same(found, expected):
    for name in COUNTS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


@given(st.lists(texts.map(lambda text: text.encode("utf-8", "replace").decode()), max_size=5))
@settings(max_examples=300, deadline=None)
def test_generated_texts_score_the_same_in_utf8(kernel, batch):
    assert_same(kernel.predict_utf8(*packed(batch)), kernel.predict(batch))


def test_characters_of_every_plane_and_at_every_place_score_the_same(kernel, article):
    planes = [chr(plane << 16 | low) for plane in range(17) for low in (0, 0x41, 0x3042, 0xFFFF)]
    batch = [article[:at] + odd + article[at:] for at in range(20) for odd in (*EDGES, *planes[:: 1 + at % 5])]
    assert_same(kernel.predict_utf8(*packed(batch)), kernel.predict(batch))


def test_scratch_of_a_long_text_does_not_show_in_a_short_one(kernel, article):
    batch = [article + "é" + article, "é drug", "😀" + article, "😀 drug", "€" + article, "€ drug", "", "drug"]
    assert_same(kernel.predict_utf8(*packed(batch)), kernel.predict(batch))


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_a_slice_of_the_offsets_is_a_slice_of_the_texts(kernel, article, kind):
    batch = [article[at:] for at in range(0, len(article), 40)]
    data, offsets = packed(batch, kind)
    assert_same(kernel.predict_utf8(memoryview(data), offsets[2:6]), kernel.predict(batch[2:5]))
    doubled = np.repeat(offsets, 2)[::2]  # not contiguous
    assert_same(kernel.predict_utf8(data, doubled), kernel.predict(batch))


def test_no_texts_and_empty_texts(kernel):
    assert kernel.predict_utf8(b"", np.zeros(1, np.int64)).scores.tolist() == []
    assert_same(kernel.predict_utf8(b"", np.zeros(4, np.int32)), kernel.predict(["", "", ""]))


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("before", ["", "12345", "a longer text before it", "é€😀"])
def test_what_is_not_utf8_is_refused_with_its_row(kernel, broken, before):
    with pytest.raises(UnicodeDecodeError):
        broken.decode()
    parts = [b"fine", before.encode() + broken, b"fine", broken]
    offsets = np.cumsum([0, *map(len, parts)])
    with pytest.raises(DocumentError, match=r"^row 1: not UTF-8") as caught:
        kernel.predict_utf8(b"".join(parts), offsets)
    assert caught.value.code == "encoding"
    assert kernel.predict_utf8(b"".join(parts), offsets[[0, 1]]).scores.tolist()


def test_a_character_cut_by_the_end_of_its_text_is_not_read_on_in_the_next_one(kernel):
    data = b"\xe2\x82" + b"\xac" + b"a" * 1_000_000
    with pytest.raises(DocumentError, match=r"^row 0: not UTF-8"):
        kernel.predict_utf8(data, np.array([0, 2, len(data)]))


@given(st.binary(max_size=12))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_taken_or_refused_as_python_does(kernel, data):
    offsets = np.array([0, len(data)])
    try:
        text = data.decode()
    except UnicodeDecodeError:
        with pytest.raises(DocumentError):
            kernel.predict_utf8(data, offsets)
    else:
        assert_same(kernel.predict_utf8(data, offsets), kernel.predict([text]))


@pytest.mark.parametrize("offsets", [[], [0, 5], [3, 2], [-1, 2], [0, 3, 1, 4]])
def test_offsets_that_lead_astray_are_refused_by_the_compiled_kernel(native, offsets):
    with pytest.raises(ValueError, match=r"offsets|negative dimensions"):
        native.predict_utf8(b"1234", np.array(offsets, np.int64))


def test_threads_share_the_texts_and_change_nothing(kernel, article):
    batch = [article[at:] + "é" * (at % 3) for at in range(0, len(article), 3)]
    assert_same(kernel.predict(batch, threads=3), kernel.predict(batch))
    assert_same(kernel.predict_utf8(*packed(batch), threads=3), kernel.predict(batch))


ODD = ["", "drug\0trafficking", "\ud800 drug", "😀 seized", "ends in a NUL\0"]


def test_an_array_of_fixed_width_scores_as_its_items(kernel, article):
    array = np.array([article, *ODD])
    wanted = kernel.predict(array.tolist())
    assert_same(kernel.predict(array), wanted)
    assert_same(kernel.predict(array.astype(array.dtype.newbyteorder())), wanted)
    assert_same(kernel.predict(np.repeat(array, 2)[::2]), wanted)
    assert_same(kernel.predict(array[:0]), kernel.predict([]))
    assert_same(kernel.predict(np.array(["", ""])), kernel.predict(["", ""]))
    assert_same(kernel.predict(np.zeros(2, "U0")), kernel.predict(["", ""]))


def test_an_array_with_what_is_no_character_is_refused_by_the_compiled_kernel(native):
    array = np.array([65, 0x110000], np.uint32).view("U1")
    with pytest.raises(ValueError, match="holds what is no character"):
        native.predict(array)


@pytest.mark.parametrize("kind", ["U", object, np.dtypes.StringDType()])
def test_the_tagger_takes_arrays_of_strings(tagger, article, kind):
    batch = [article, "Police seized 40 kg of heroin.", "", "ตำรวจ"]
    array = np.array(batch, dtype=kind)
    np.testing.assert_array_equal(tagger.decision_function(array, threads=2), tagger.decision_function(batch))
    np.testing.assert_array_equal(tagger.predict(array), tagger.predict(batch, threads=2))
    assert list(tagger.pipe(array, threads=2)) == list(tagger.pipe(batch))


@pytest.mark.parametrize(
    "array",
    [np.array([["a", "b"], ["c", "d"]]), np.array(["a", None], object), np.array([b"a"]), np.array([1.5])],
    ids=["two dimensions", "an item that is missing", "bytes", "numbers"],
)
def test_arrays_of_something_else_are_refused(tagger, array):
    with pytest.raises(DocumentError, match="expected str") as caught:
        tagger.predict(array)
    assert caught.value.code == "not_text"
