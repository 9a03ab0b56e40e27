"""Normaliser, tokens and sentence ends."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from reference import breaks_of, kinds_of, tokens_of
from strategies import texts

from xborder_tagger.text.batch import Batch
from xborder_tagger.text.normalise import Kind, build_char_table, classify, normal_form
from xborder_tagger.text.sentences import sentence_breaks
from xborder_tagger.text.tokens import KEY_BYTES, character_kinds, key_of, tokenise

TABLE = build_char_table()


def scan(documents: list[str]):
    batch = Batch.of(documents)
    kinds = character_kinds(batch, TABLE)
    return batch, kinds, tokenise(batch, kinds, TABLE)


def words(text: str) -> list[str]:
    _, _, tokens = scan([text])
    return [key.tobytes().rstrip(b"\0").decode(errors="replace") for key in tokens.keys]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signed a memorandum", ["signed", "memorandum"]),
        ("Cambodia's border", ["cambodia", "border"]),
        ("the U.S. and the D.E.A.", ["the", "us", "and", "the", "dea"]),
        ("traf-\nficking", ["trafficking"]),
        ("Lao-\nCambodian", ["lao", "cambodian"]),
        ("pre-\n\nnew", ["pre", "new"]),
        ("40kg of 2,500 pills", ["40", "kg", "of", "2", "500", "pills"]),
        ("caf\u00e9 cafe\u0301", ["cafe", "cafe"]),
        ("zero\u200bwidth so\u00adft", ["zerowidth", "soft"]),
        ("ＦＵＬＬ ﬁne", ["full", "fine"]),
        ("c\u043ec\u0430ine", ["cocaine"]),
        ("Đà Nẵng İzmir Straße", ["da", "nang", "izmir", "strasse"]),
        ("telecommunications", ["telecommunicatio"]),
        ("", []),
        (" \n ", []),
        ("\ud800 \x00", []),
    ],
)
def test_tokens_by_example(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two.", 2),
        ("The U.S. said so. J. Smith left.", 2),
        ("It rose to 3.5 per cent. Then it fell", 2),
        ('He asked "why?" She left.', 2),
        ("wrapped\nline goes on", 1),
        ("A headline\nThe body", 2),
        ("a list\n\nin lower case", 2),
        ("Wait... what", 1),
        ("Wait... What", 2),
        ("The book was John's. He left", 2),
        ("It was \u201cJ. Smith\u201d who left", 1),
    ],
)
def test_sentences_by_example(text, count):
    _, kinds, tokens = scan([text])
    assert len(sentence_breaks(kinds[: len(text)], tokens.ends, np.zeros(len(tokens), dtype=bool))) == count - 1


def test_an_abbreviation_ends_no_sentence():
    text = "Gen. Hun met Lt. Col. Sok. They spoke."
    _, kinds, tokens = scan([text])
    known = np.array([word in ("gen", "lt", "col") for word in words(text)])
    assert len(sentence_breaks(kinds[: len(text)], tokens.ends, known)) == 1


@given(texts)
@settings(max_examples=400, deadline=None)
def test_tokens_agree_with_the_reference(text):
    batch, _, tokens = scan([text])
    found = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    expected = tokens_of(text)
    assert found == [(start, end) for _, start, end in expected]
    assert [key.tobytes() for key in tokens.keys] == [key_of(word) for word, _, _ in expected]
    for (start, end), key in zip(found, tokens.keys, strict=True):
        spelled = "".join(classify(c)[1] for c in text[start:end] if not "\ud800" <= c <= "\udfff")
        assert key.tobytes() == spelled.encode()[:KEY_BYTES].ljust(KEY_BYTES, b"\0")
        assert "".join(map(chr, batch.codes[start:end])) == text[start:end]


@given(texts)
@settings(max_examples=400, deadline=None)
def test_kinds_and_sentences_agree_with_the_reference(text):
    _, kinds, tokens = scan([text])
    assert kinds[: len(text)].tolist() == [int(kind) for kind in kinds_of(text)]
    short = np.array([word == "mr" for word in words(text)], dtype=bool)
    found = sentence_breaks(kinds[: len(text)], tokens.ends, short)
    assert found.tolist() == breaks_of(text, {"mr"})


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_a_document_is_read_the_same_alone_and_in_a_batch(first, second):
    batch, _, together = scan([first, second])
    place = batch.document_of(together.starts)
    for number, text in enumerate((first, second)):
        _, _, alone = scan([text])
        mine = place == number
        assert (together.keys[mine] == alone.keys).all()
        assert (together.starts[mine] - batch.starts[number] == alone.starts).all()


@given(texts)
@settings(max_examples=200, deadline=None)
def test_composed_and_decomposed_latin_meet(text):
    latin = "".join(c for c in text if ord(c) < 0x250)
    assert words(unicodedata.normalize("NFC", latin)) == words(unicodedata.normalize("NFD", latin))


def test_every_code_point_has_an_entry_that_agrees_with_the_definition():
    codes = np.array([c for c in range(0x110000) if c % 7 == 0 and not 0xD800 <= c <= 0xDFFF], dtype=np.uint32)
    entries = TABLE.entries_of(codes)
    for code, entry in zip(codes.tolist(), entries.tolist(), strict=True):
        kind, spelling = classify(chr(code))
        length, offset = entry >> 4 & 15, entry >> 8
        stored = bytes(TABLE.pool[offset : offset + length]).decode() if length else chr(code)
        assert entry & 15 == kind
        assert not spelling or stored == spelling


def test_script_marks_stay_and_general_marks_go():
    assert normal_form("\u0301") == ""
    assert words("กั") == ["กั"]
    assert classify("\u0e31")[0] is Kind.LETTER
