"""Rendering: escaped, readable, and the same record for every view."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xborder_tagger.rendering import bar, evidence_html, evidence_text, prediction_html, prediction_text, printable

EVIL = "<script>alert(1)</script>&\"'"


def test_bars_are_as_long_as_they_say():
    assert bar(0.0) == " " * 10
    assert bar(1.0) == "█" * 10
    assert bar(0.5) == "█████     "
    assert {len(bar(n / 100)) for n in range(-5, 106)} == {10}


@given(st.text())
@settings(max_examples=200)
def test_what_is_printed_is_one_harmless_line(text):
    shown = printable(text)
    assert shown.isprintable() or not shown
    assert "\n" not in shown


def test_html_escapes_everything_from_outside():
    record = {"tags": [EVIL], "review": [], "flags": [EVIL], "probabilities": {EVIL: 0.5}}
    assert "<script>" not in prediction_html(record)
    words = [{"start": 0, "end": 8, "contribution": 1.0}]
    assert "<script>" not in evidence_html(EVIL, [{"words": words}])


def test_evidence_html_keeps_the_whole_text():
    words = [{"start": 4, "end": 7, "contribution": -2.0}]
    shown = evidence_html("the fox ran", [{"words": words}])
    assert "the <span" in shown
    assert ">fox</span> ran" in shown
    assert "176,58,46" in shown


def test_the_text_view_of_a_tagged_article(tagger, article):
    shown = prediction_text("a\x1b[31m.txt", article, tagger.tag(article, explain=True).to_dict(), colour=False)
    lines = shown.splitlines()
    assert "\x1b" not in shown
    assert lines[0].startswith("a\\x1b[31m.txt")
    assert any(line.startswith("  mou") and "memorandum" in line for line in lines)


def test_the_text_view_of_evidence(tagger, article):
    shown = evidence_text("x", article, [tagger.explain(article)["mou"].to_dict()], colour=False)
    assert "memorandum" in shown
    assert "bias" in shown
