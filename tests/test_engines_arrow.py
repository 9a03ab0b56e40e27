"""Arrow batches in, the same batches with tags out: what every engine's adapter stands on."""

import numpy as np
import pyarrow as pa
import pytest
from expected import ODD as TEXTS
from expected import records
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from benchmarks.speed.texts import news
from xborder_tagger.engines import arrow
from xborder_tagger.errors import DocumentError, InputError


def rows(results) -> list[dict]:
    return results.to_pylist()


def forms(documents) -> dict[str, pa.Array | pa.ChunkedArray]:
    """The same texts as every kind of Arrow column."""
    plain = pa.array(documents, pa.string())
    padded = pa.array(["before", *documents, "after"], pa.string())
    return {
        "string": plain,
        "large_string": plain.cast(pa.large_string()),
        "string_view": plain.cast(pa.string_view()),
        "dictionary": plain.dictionary_encode(),
        "dictionary of large_string": plain.cast(pa.large_string()).dictionary_encode(),
        "slice": padded[1:-1],
        "slice of views": padded.cast(pa.string_view())[1:-1],
        "slice of a dictionary": padded.dictionary_encode()[1:-1],
        "chunks": pa.chunked_array([plain[:2], plain[2:2], plain[2:]]),
    }


@pytest.mark.parametrize("form", forms([]))
def test_every_form_of_a_column_gives_what_pipe_gives(tagger, form):
    found = arrow.predict(tagger, forms(TEXTS)[form])
    assert rows(found) == records(tagger, TEXTS)
    assert found.type == arrow.result_type(tagger)
    assert arrow.predict(tagger, forms([])[form]).type == arrow.result_type(tagger)


@given(st.lists(st.none() | texts.filter(lambda text: text.isprintable() or max(text) < "\ud800"), max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_texts_give_what_pipe_gives(tagger, documents):
    documents = [text and text.encode("utf-8", "replace").decode() for text in documents]  # Arrow has no surrogates
    assert rows(arrow.predict(tagger, pa.array(documents, pa.string()))) == records(tagger, documents)


def test_more_texts_than_the_kernel_is_handed_at_once(tagger):
    documents = news(40, 700)
    assert rows(arrow.predict(tagger, pa.array(documents))) == records(tagger, documents)


def test_a_null_text_has_no_tags_and_a_flag(tagger):
    first, second = rows(arrow.predict(tagger, pa.nulls(2)))
    assert (first["tags"], first["review"], first["flags"]) == ([], [], ["empty_text"])
    assert first == second == records(tagger, [""])[0]


def test_results_are_never_null(tagger):
    found = arrow.predict(tagger, pa.array(TEXTS))
    for column in (found, *found.flatten(), *found.field("probabilities").flatten()):
        assert column.null_count == 0


def batch(**columns) -> pa.RecordBatch:
    return pa.record_batch(columns)


def test_other_columns_are_the_very_same_memory(tagger):
    given = batch(
        id=pa.array(["007", "NA"]), text=pa.array(TEXTS[:2]), when=pa.array([1, None], pa.timestamp("us", "UTC"))
    )
    given = given.replace_schema_metadata({"source": "desk"})
    tagged = arrow.tag_batch(tagger, given)
    assert tagged.schema.names == ["id", "text", "when", *arrow.RESULTS]
    assert tagged.schema.metadata == {b"source": b"desk"}
    for name in given.schema.names:
        assert tagged.schema.field(name) == given.schema.field(name)
        ours, theirs = tagged.column(name).buffers(), given.column(name).buffers()
        assert [b and b.address for b in ours] == [b and b.address for b in theirs]
    assert tagged.schema == arrow.tagged_schema(tagger, given.schema)


def test_the_text_column_can_be_left_out_and_have_any_name(tagger):
    tagged = arrow.tag_batch(tagger, batch(id=[1, 2], body=TEXTS[:2]), text="body", keep_text=False)
    assert tagged.schema.names == ["id", *arrow.RESULTS]
    assert tagged.column("tags").to_pylist() == [["drugs", "border_security"], []]


def test_columns_of_our_names_are_carried_under_another(tagger):
    given = batch(tags=["x"], input_tags=["y"], text=["z"], flags=[3])
    tagged = arrow.tag_batch(tagger, given)
    assert tagged.schema.names == ["input_input_tags", "input_tags", "text", "input_flags", *arrow.RESULTS]
    assert tagged.column("input_input_tags").to_pylist() == ["x"]
    assert tagged.column("input_tags").to_pylist() == ["y"]
    assert tagged.column("tags").to_pylist() == [[]]


def test_a_text_column_may_itself_have_one_of_our_names(tagger):
    tagged = arrow.tag_batch(tagger, batch(tags=TEXTS[:1]), text="tags")
    assert tagged.to_pylist()[0]["input_tags"] == TEXTS[0]
    assert tagged.column("tags").to_pylist() == [["drugs", "border_security"]]


def test_a_table_keeps_its_chunks_and_may_be_empty(tagger):
    table = pa.table({"text": pa.chunked_array([TEXTS[:2], TEXTS[2:]])})
    tagged = arrow.tag_table(tagger, table)
    assert tagged.column("tags").num_chunks == 2
    assert tagged.select(arrow.RESULTS).to_pylist() == records(tagger, TEXTS)
    assert arrow.tag_table(tagger, table[:0]).schema == tagged.schema


def test_a_stream_is_tagged_batch_by_batch(tagger):
    seen = []

    def source():
        for number in range(3):
            seen.append(number)
            yield batch(text=[f"text {number}"])

    stream = arrow.tag_batches(tagger, source())
    next(stream)
    assert seen == [0]
    assert sum(1 for _ in stream) == 2


@pytest.mark.parametrize("name", ["Text", "txt"])
def test_a_missing_column_is_named_with_those_there_are(tagger, name):
    with pytest.raises(InputError, match=rf"column '{name}' is none of id, text; name the column"):
        arrow.tag_batch(tagger, batch(id=[1], text=["x"]), text=name)


def test_a_column_that_stands_twice_is_refused(tagger):
    twice = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(InputError, match="'text' stands more than once in text, text"):
        arrow.tag_batch(tagger, twice)


@pytest.mark.parametrize(
    "column", [pa.array([1]), pa.array([b"raw"]), pa.array([["a"]]), pa.array([1]).dictionary_encode()]
)
def test_a_column_of_something_else_is_refused(tagger, column):
    with pytest.raises(DocumentError, match=r"holds .*, expected strings; cast it first") as caught:
        arrow.predict(tagger, column)
    assert caught.value.code == "not_text"


def test_bytes_that_are_not_utf8_are_refused_with_their_row(tagger):
    good = "good" * 300
    data = (good + "ok").encode() + b"\xff\xfe"
    offsets = np.array([4 * i for i in range(301)] + [1202, 1204], dtype=np.int32)
    column = pa.Array.from_buffers(pa.string(), 302, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    with pytest.raises(DocumentError, match="row 301: not UTF-8") as caught:
        arrow.predict(tagger, column)
    assert caught.value.code == "encoding"
