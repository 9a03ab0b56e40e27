"""The library as users call it."""

import pickle
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import texts

import xborder_tagger
from benchmarks.speed.texts import news
from models import write_another
from xborder_tagger import tagger as tagger_module
from xborder_tagger.errors import DocumentError, ModelFileError
from xborder_tagger.results import FLAGS
from xborder_tagger.tagger import Tagger


def test_the_first_example_of_the_documentation(tagger):
    assert tagger.tag("Police seized 40 kg of heroin at the border.").tags == ("drugs", "border_security")


def test_an_article_gets_its_tags_and_their_evidence(tagger, article):
    prediction = tagger.tag(article, explain=True)
    expected = {"drugs", "human_trafficking", "cyber_scam", "mou", "meeting", "training_exchange"}
    assert set(prediction.tags) == expected
    by_tag = {e.tag: e for e in prediction.evidence}
    assert expected <= by_tag.keys()
    assert "training course" in by_tag["training_exchange"].sentences[0].text
    assert "silk farm" not in by_tag["drugs"].sentences[0].text


def test_arrays_and_records_agree(tagger, article):
    documents = [article, "The cat sat.", ""]
    scores, shares, applies = (
        tagger.decision_function(documents),
        tagger.predict_proba(documents),
        tagger.predict(documents),
    )
    assert scores.shape == shares.shape == applies.shape == (3, len(tagger.labels))
    assert scores.dtype == shares.dtype == np.float64
    assert applies.dtype == bool
    for row, prediction in enumerate(tagger.pipe(documents)):
        assert [s.score for s in prediction.scores] == scores[row].tolist()
        assert list(prediction.probabilities.values()) == shares[row].tolist()
        assert prediction.tags == tuple(n for n, a in zip(tagger.labels.names, applies[row], strict=True) if a)
    np.testing.assert_allclose(shares, 1 / (1 + np.exp(-scores)))


def test_a_tag_to_be_reviewed_gets_evidence_though_it_does_not_apply(tagger):
    found = list(tagger.pipe(news(100, 60), explain=True))
    assert any(score.review and not score.applies for prediction in found for score in prediction.scores)
    for prediction in found:
        wanted = {score.tag for score in prediction.scores if score.applies or score.review}
        assert {shown.tag for shown in prediction.evidence} == wanted


def test_pipe_is_lazy_and_keeps_order(tagger):
    def endless():
        number = 0
        while True:
            yield "heroin " * (number % 2)
            number += 1

    stream = tagger.pipe(endless(), batch_size=4)
    flags = [next(stream).flags for _ in range(10)]
    assert [f[0] for f in flags] == ["empty_text", "low_evidence"] * 5


def test_the_batch_size_changes_nothing(tagger, article):
    documents = [article, "", "A short one.", article[:200], "ខ្មែរ"]
    whole = [p.to_dict() for p in tagger.pipe(documents)]
    assert [p.to_dict() for p in tagger.pipe(documents, batch_size=1)] == whole


def test_a_batch_of_any_size_gives_the_same_bits(tagger):
    documents = news(60, 70)
    whole = tagger.predictions(documents).scores
    for size in range(1, 20):
        parts = [tagger.predictions(documents[i : i + size]).scores for i in range(0, len(documents), size)]
        assert (np.concatenate(parts) == whole).all(), f"batches of {size}"


def test_arrays_of_predictions_say_what_the_records_say(tagger, article):
    documents = [article, "", "A short one.", "Polisi menyita sabu di perbatasan dan menangkap tiga orang kemarin"]
    found = tagger.predictions(documents)
    for row, prediction in enumerate(tagger.pipe(documents)):
        assert found.scores[row].tolist() == [score.score for score in prediction.scores]
        assert found.review[row].tolist() == [score.review for score in prediction.scores]
        assert found.applies[row].tolist() == [score.applies for score in prediction.scores]
        assert found.probabilities[row].tolist() == list(prediction.probabilities.values())
        assert tuple(np.array(FLAGS)[found.flags[row]]) == prediction.flags


@given(texts)
@settings(max_examples=150, deadline=None)
def test_contributions_add_up_to_the_score(tagger, text):
    scores = tagger.decision_function([text])[0]
    for score, (name, evidence) in zip(scores, tagger.explain(text).items(), strict=True):
        assert name == evidence.tag
        total = evidence.bias + sum(sentence.contribution for sentence in evidence.sentences)
        assert total == pytest.approx(score, abs=1e-9)
        assert evidence.score == pytest.approx(score, abs=1e-9)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_evidence_points_at_the_text_given(tagger, text):
    for evidence in tagger.explain(text).values():
        spans = []
        for sentence in evidence.sentences:
            assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
            assert sentence.contribution == pytest.approx(sum(w.contribution for w in sentence.words))
            for word in sentence.words:
                assert sentence.start <= word.start < word.end <= sentence.end
                spans.append((word.start, word.end))
        assert all(a[1] <= b[0] for a, b in zip(sorted(spans), sorted(spans)[1:], strict=False))


@pytest.mark.parametrize(("tag", "word"), [("mou", "signed a memorandum"), ("training_exchange", "training course")])
def test_the_sentence_that_proves_a_tag_comes_first(tagger, article, tag, word):
    assert word in tagger.explain(article)[tag].sentences[0].text


@pytest.mark.parametrize("thing", [None, 3, 2.5, b"bytes", bytearray(b"x"), ["list"], np.float64(1)])
def test_what_is_no_text_is_refused_with_its_place(tagger, thing):
    with pytest.raises(DocumentError, match=r"text 1: .*, expected str") as caught:
        tagger.predict_proba(["fine", thing])
    assert caught.value.code == "not_text"


@pytest.mark.parametrize("thing", ["a text", b"bytes"])
def test_one_text_where_many_are_expected_is_refused(tagger, thing):
    with pytest.raises(DocumentError, match="use"):
        tagger.predict_proba(thing)


def test_nothing_in_nothing_out(tagger):
    assert tagger.predict_proba([]).shape == (0, 8)
    assert list(tagger.pipe([])) == []


@pytest.mark.parametrize("text", ["", " \n\t", "!!!", "\ud800", "\x00", "\u200b"])
def test_a_text_without_words_gets_no_tag_and_a_flag(tagger, text):
    prediction = tagger.tag(text, explain=True)
    assert prediction.tags == ()
    assert prediction.flags == ("empty_text",)
    assert prediction.evidence == ()


@pytest.mark.parametrize(
    "text",
    [
        "ប៉ូលិសបានរឹបអូសគ្រឿងញៀន",
        "ตำรวจยึดยาเสพติดที่ชายแดนไทยกัมพูชาเมื่อวันจันทร์",
        "Công an tỉnh vừa bắt giữ một nhóm đối tượng vận chuyển ma túy qua biên giới Việt Lào trong đêm hôm qua",
        "警方在边境缴获大量毒品并逮捕三名嫌疑人",
        "Polisi menyita sabu di perbatasan dan menangkap tiga tersangka kemarin malam saat mereka hendak menyeberang",
    ],
)
def test_another_language_is_flagged(tagger, text):
    assert "other_language" in tagger.tag(text).flags


def received(data: bytes) -> Tagger:
    """The tagger as a process unpickles it that has opened none yet."""
    tagger_module._reopened.cache_clear()
    return pickle.loads(data)  # noqa: S301 - our own bytes


def test_a_tagger_pickles_by_path_and_digest(tagger, article, tmp_path, monkeypatch):
    shutil.copy(tagger.path, tmp_path / "copy.xbt")
    monkeypatch.chdir(tmp_path)
    copy = xborder_tagger.load("copy.xbt")
    data = pickle.dumps(copy)
    assert len(data) < 500
    monkeypatch.chdir("/")
    again = received(data)
    assert again.path == tmp_path / "copy.xbt"
    assert again.digest == tagger.digest
    assert again.tag(article) == tagger.tag(article)


def test_the_shipped_tagger_pickles_without_its_place(tagger, monkeypatch, tmp_path):
    elsewhere = tmp_path / "model.xbt"
    shutil.copy(tagger.path, elsewhere)
    data = pickle.dumps(tagger)
    monkeypatch.setattr(tagger_module, "DEFAULT", elsewhere)
    assert received(data).path == elsewhere
    tagger_module._reopened.cache_clear()


def test_a_process_opens_a_pickled_tagger_once(tagger):
    data = pickle.dumps(tagger)
    assert received(data) is pickle.loads(data)  # noqa: S301 - our own bytes


def test_a_pickled_tagger_refuses_another_file_in_its_place(tagger, tmp_path):
    path = tmp_path / "model.xbt"
    shutil.copy(tagger.path, path)
    old = xborder_tagger.load(path)
    path.unlink()
    write_another(old, path)
    with pytest.raises(ModelFileError, match=rf"model.xbt: .* but {old.digest[:12]} .*; put the same file there"):
        received(pickle.dumps(old))


def test_a_pickled_tagger_refuses_a_missing_file(tagger, tmp_path):
    path = tmp_path / "model.xbt"
    shutil.copy(tagger.path, path)
    old = xborder_tagger.load(path)
    path.unlink()
    with pytest.raises(ModelFileError, match="No such file"):
        received(pickle.dumps(old))


def test_a_prediction_shows_itself_in_a_notebook(tagger, article):
    shown = tagger.tag(article)._repr_html_()
    assert shown.startswith("<table")
    assert "human_trafficking" in shown


def test_public_names():
    assert set(xborder_tagger.__all__) <= set(dir(xborder_tagger))
    assert sorted(xborder_tagger.__all__, key=str.lower) == sorted(xborder_tagger.__all__, key=str.lower)


def test_a_long_text_is_read_to_its_end(tagger):
    filler = "The committee looked at the figures and went on to the next item on its list. " * 20_000
    assert "drugs" in tagger.tag(filler + "Police seized 300 kg of heroin and cocaine.").tags or (
        tagger.explain(filler + "Police seized 300 kg of heroin and cocaine.")["drugs"].sentences[0].text
        == "Police seized 300 kg of heroin and cocaine."
    )
