"""The benchmarks measure what they say: the yardstick of the speeds, the peers, the probe, the counts of errors."""

import json
import random
from importlib import import_module

import numpy as np
import pytest

from benchmarks.quality.errors import Mistake, causes_table, mistakes, read_causes, reason
from benchmarks.quality.learning_curve import part, parts, summary
from benchmarks.quality.peers.__main__ import PEERS, best_cuts_f1, lead
from benchmarks.quality.probe import FIELDS, exchanged, metadata, probe
from benchmarks.report import PAGE, put, table
from benchmarks.speed.picture import draw
from benchmarks.speed.ratios import WORDS, machine, page
from benchmarks.speed.same_features import SameFeatures
from benchmarks.speed.systems import OURS, TFIDF, ours, systems
from benchmarks.speed.texts import documents, news
from xborder_tagger.evaluation import Judged
from xborder_tagger.kernel.numpy_kernel import NumpyKernel
from xborder_tagger.labels import read_codebook
from xborder_tagger.training.corpus import Document
from xborder_tagger.training.recipe import Recipe

TAGS = read_codebook(Recipe().codebook).names


def test_scikit_learn_on_the_same_features_gives_the_same_scores(tables):
    texts = [text for text in news(120, 300) if text.isascii()]
    expected, found = SameFeatures(tables)(texts), NumpyKernel(tables).predict(texts).scores
    same = np.isclose(found, expected, atol=1e-9).all(axis=1)
    assert same.mean() > 0.5  # the others hold initials, abbreviations or broken lines, which the yardstick leaves out
    assert np.abs(found - expected).mean() < 0.1


def test_all_texts_have_the_length_asked_for():
    assert {len(text.split(" ")) for text in news(50, 40)} == {50}


@pytest.mark.parametrize("words", [30, 300, 3000])
def test_nearly_all_texts_of_a_pass_are_different(words):
    count = WORDS // words
    assert len(set(news(words, count))) > 0.99 * count


def document(place: int, **given) -> Document:
    labels = dict.fromkeys(TAGS, 0) | given.pop("labels", {})
    plain = {"genre": "brief", "split": "train", "evidence": {}, "source": None, "register": "plain", "where": ""}
    fields = {"id": f"d{place}", "text": f"text {place}", "event": f"event {place // 2}", "extra": {}, **plain}
    return Document(**fields | given, labels=labels)


def judged(shares, positive) -> Judged:
    shares, positive = np.array(shares, dtype=float)[:, None], np.array(positive, dtype=bool)[:, None]
    return Judged(positive, np.ones_like(positive), shares, shares >= 0.5)


def test_a_table_is_put_between_its_marks_and_nothing_else_changes(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- probe -->old<!-- end of probe -->\nafter\n", encoding="utf-8")
    put("probe", table(["tag", "area"], [["drugs", "0.5"]]), page)
    told = page.read_text(encoding="utf-8")
    content = "| tag | area |\n|---|---|\n| drugs | 0.5 |"
    assert told == f"before\n<!-- probe -->\n\n{content}\n\n<!-- end of probe -->\nafter\n"
    assert "| drugs | 0.5 |" in capsys.readouterr().out


def test_a_page_without_a_place_for_a_table_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- end of probe -->\n<!-- probe -->\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for this table"):
        put("probe", "anything", page)


def test_the_evaluation_page_has_a_place_for_every_table():
    told = PAGE.read_text(encoding="utf-8")
    for name in ("peers", "learning curve", "probe", "errors"):
        assert -1 < told.find(f"<!-- {name} -->") < told.find(f"<!-- end of {name} -->")


def test_a_part_of_the_corpus_is_made_of_whole_events_and_is_drawn_anew_by_each_seed():
    corpus = [document(place) for place in range(200)]
    first, same, other = (part(corpus, 31, seed) for seed in (1, 1, 2))
    assert first == same != other
    assert len(first) == 32
    drawn = {d.event for d in first}
    assert [d for d in corpus if d.event in drawn] == first


def test_the_whole_corpus_comes_last_on_the_learning_curve():
    sizes = [(size, len(some)) for size, some in parts([document(place) for place in range(400)])]
    assert sizes == [(250, 250)] * 5 + [(400, 400)]


def test_the_summary_of_the_learning_curve_counts_by_doubling():
    points = {250: [0.50, 0.54], 1000: [0.60], 4000: [0.64]}
    curve = {size: {"news": {"macro_f1": values, "macro_ap": [0.5]}} for size, values in points.items()}
    told = summary(curve)
    assert "From 1,000 to 4,000 documents" in told
    assert "news +2.0 points of F1 and +0.0 of AP" in told
    assert "up to 4.0 points" in told


def test_the_probe_finds_a_planted_leak_and_none_in_exchanged_metadata():
    leaking = [document(place, extra={"places": ["KH" if place % 4 < 2 else "US"]}) for place in range(400)]
    positive, events = np.arange(400) % 4 < 2, [d.event for d in leaking]
    assert probe([metadata(d, ["country"]) for d in leaking], positive, events) == 1.0
    others = exchanged(leaking, random.Random(0))  # noqa: S311
    assert all(len({d.event for d in others[place : place + 2]}) == 1 for place in range(0, 400, 2))
    assert abs(probe([metadata(d, ["country"]) for d in others], positive, events) - 0.5) < 0.15


def test_the_probe_sees_no_word_of_a_text():
    told = {"source": "https://www.news.example/1", "extra": {"places": ["KH", "LA"], "year": 1998}}
    one, other = (document(1, text=text, **told) for text in ("four words stand here", "these are others altogether"))
    assert metadata(one, list(FIELDS)) == metadata(other, list(FIELDS))
    assert set(metadata(one, list(FIELDS))) == {
        *("country=KH", "country=LA", "number of countries=2", "year=1998", "year=1990s", "genre=brief"),
        *("length=from 0 words", "register=plain", "outlet=news.example"),
    }


def test_best_cuts_forgive_a_wrong_scale_but_cannot_part_ties():
    assert best_cuts_f1(judged([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1])) == 1.0
    assert best_cuts_f1(judged([0.1, 0.3, 0.3], [0, 0, 1])) == pytest.approx(2 / 3)


def test_a_system_is_not_ahead_of_itself_and_is_ahead_of_one_that_is_always_wrong():
    right, wrong = judged([0.9, 0.1] * 20, [1, 0] * 20), judged([0.1, 0.9] * 20, [1, 0] * 20)
    assert lead(right, right) == (0.0, 0.0, 0.0)
    assert lead(right, wrong) == (1.0, 1.0, 1.0)


def test_errors_are_listed_worst_first_with_the_words_that_caused_them(tagger, tmp_path):
    texts = {"a": "Police seized 40 kg of heroin at the border.", "b": "Durian growers sold twice as much as before."}
    file = tmp_path / "gold.jsonl"
    rows = [{"id": name, "text": text, "labels": dict.fromkeys(TAGS, 0)} for name, text in texts.items()]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    found = mistakes(tagger, [str(file)])
    assert {mistake.document for mistake in found} == {"a"}
    assert found == sorted(found, key=lambda mistake: -mistake.distance)
    drugs = next(mistake for mistake in found if mistake.tag == "drugs")
    assert drugs.false
    assert reason(tagger, drugs).startswith("heroin")


def test_a_missed_tag_is_shown_by_its_evidence(tagger):
    text = "Police seized heroin. The yahoo boys were caught again. It rained."
    missed = Mistake("a", "cyber_scam", False, 0.1, 0.4, text, ["yahoo boys"])
    assert reason(tagger, missed).endswith("| The yahoo boys were caught again.")


def test_causes_are_counted_by_document_and_tag_and_the_rest_is_not_read():
    kinds = {"a": True, "b": False, "c": True}
    found = [Mistake(name, "drugs", false, 0.9, 0.4, "", []) for name, false in kinds.items()]
    told = causes_table(found, {"trade": "Something else", "gone": "Mended"}, {"a drugs": "trade", "z drugs": "gone"})
    assert told.splitlines()[2:] == ["| Something else | 1 | 1 | 0 |", "| not read yet | 2 | 1 | 1 |"]


def test_every_read_error_has_one_cause_and_a_tag_of_the_model(tmp_path):
    meanings, cause_of = read_causes()
    assert set(cause_of.values()) == set(meanings)
    assert {key.split(" ")[1] for key in cause_of} <= set(TAGS)
    twice = tmp_path / "causes.toml"
    entry = '= {meaning = "any", errors = ["x mou"]}'
    twice.write_text(f"a {entry}\nb {entry}", encoding="utf-8")
    with pytest.raises(ValueError, match="'x mou' stands under a and under b"):
        read_causes(twice)


@pytest.mark.filterwarnings("ignore")  # of other people's packages
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_learns_a_tag_that_one_word_gives_away(name):
    module, function = PEERS[name]
    try:
        train = getattr(import_module(f"benchmarks.quality.peers.{module}"), function)
    except ModuleNotFoundError as error:
        pytest.skip(f"{error}; benchmarks/requirements.txt has it")
    subjects = {"drugs": "police seized heroin", "mou": "ministers signed a memorandum"}
    corpus = [document(n, text=f"rain in {n} towns today") for n in range(60)]
    for place, (tag, words) in enumerate([*subjects.items()] * 60, 60):
        labels = {tag: 1, "meeting": 0 if place % 3 else "?"}
        corpus.append(document(place, text=f"{words} in {place} towns today", labels=labels))
    shares = train(corpus, tuple(subjects))([f"{words} on the coast" for words in subjects.values()])
    assert shares.shape == (2, 2)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares[0, 0] > shares[1, 0]
    assert shares[1, 1] > shares[0, 1]


@pytest.mark.filterwarnings("ignore")
def test_every_timed_system_gives_eight_scores_a_text():
    texts = news(60, 5)
    timed = systems(documents()[:120])
    timed.pop("scikit-learn, same features")  # gives two kinds of margins, compared above
    assert {name: [len(row) for row in score(texts)] for name, score in timed.items()} == {n: [8] * 5 for n in timed}


def test_ours_is_timed_on_all_of_its_work(tagger):
    texts = news(60, 5)
    for score in ours().values():
        assert np.allclose(score(texts), tagger.predict_proba(texts), atol=1e-9)


def test_results_tell_the_ratio_to_ours():
    found = {OURS: [1.0, 2.0, 3.0], "other": [9.0, 10.0, 11.0]}
    record = {"machine": machine(), "versions": {"numpy": "2"}, "rounds": 7, "microseconds": {300: found}}
    assert "| other | 10.0 (5.0) |" in page(record)


def test_a_picture_has_the_same_bytes_each_time(tmp_path):
    measured = {300: {OURS: [1.0, 2.0, 3.0], TFIDF: [9.0, 10.0, 11.0]}}
    for name in ("one.svg", "two.svg"):
        draw(measured, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "300 words" in (tmp_path / "one.svg").read_text(encoding="utf-8")
