"""The quality gate: floors for the shipped model on the corpus's test split, all pinned in quality_floors.json."""

import json

import pytest

from benchmarks.quality.flags import OTHERS
from benchmarks.quality.robustness import (
    first_sentence_is_evidence,
    kept_in_union,
    kept_when_swapped,
    kept_with_boilerplate,
    test_split,
)
from xborder_tagger.evaluation import evaluate, judge
from xborder_tagger.kernel.numpy_kernel import NumpyKernel
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import corpus_digest, label_matrix
from xborder_tagger.training.gazetteers import NAMES, read_gazetteers

test_split.__test__ = False


@pytest.fixture(scope="module")
def floors(root):
    return json.loads((root / "tests" / "quality_floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documents(tagger):
    return test_split(tagger)


def test_the_floors_are_for_this_test_split(documents, floors):
    assert {"digest": corpus_digest(documents), "documents": len(documents)} == floors["test_split"]


def test_the_tags_are_as_good_as_the_floors(tagger, documents, floors):
    positive, known = label_matrix(documents, tagger.labels.names)
    judged = judge(tagger, [d.text for d in documents], positive, known)
    figures = evaluate(judged, tagger.labels.names, resamples=0)
    low = {tag: row["f1"] for tag, row in figures["tags"].items() if row["f1"] < floors["tag_f1"][tag]}
    assert not low
    assert figures["macro_f1"] >= floors["macro_f1"]
    assert figures["calibration_error"] <= floors["calibration_error"]


def test_swapping_every_name_changes_no_tag(tagger, documents, floors):
    texts = [d.text for d in documents]
    assert len(texts) >= 500
    assert kept_when_swapped(tagger, texts) >= floors["names_swapped"] == 1.0


def test_every_name_alone_reads_alike(tables):
    """Whatever the country, demonym or capital, a sentence has the same features."""
    kernel = NumpyKernel(tables)
    places = next(g for g in read_gazetteers(ROOT / "xborder-en" / "gazetteers") if g.concept == NAMES)
    found = {}
    for name in places.terms:
        features = kernel.analyse([f"The man from {name.title()} met him"]).occurrences.features
        found.setdefault(tuple(sorted(features.tolist())), []).append(name)
    assert len(found) == 1, {names[0] for names in found.values() if len(names) < 100}


@pytest.mark.parametrize(
    ("figure", "measure"), [("boilerplate", kept_with_boilerplate), ("three_in_one", kept_in_union)]
)
def test_what_stands_around_a_text(tagger, documents, floors, figure, measure):
    assert measure(tagger, [d.text for d in documents]) >= floors[figure]


def test_the_strongest_sentence_is_the_annotated_one(tagger, documents, floors):
    assert first_sentence_is_evidence(tagger, documents) >= floors["first_sentence_is_evidence"]


def test_other_languages_are_flagged_and_english_is_not(tagger, documents):
    other = [prediction.flags for prediction in tagger.pipe(OTHERS.values())]
    assert [name for name, flags in zip(OTHERS, other, strict=True) if "other_language" not in flags] == []
    english = [prediction.flags for prediction in tagger.pipe(d.text for d in documents)]
    assert sum("other_language" in flags for flags in english) < 0.01 * len(documents)
