"""Training gives the same bytes whatever the order, the hash seed and the threads; its parts do what they say."""

import hashlib
import json
import os
import random
import subprocess
import sys
from unicodedata import unidata_version

import numpy as np
import pytest

from xborder_tagger.shipped import DEFAULT, ROOT
from xborder_tagger.tagger import load
from xborder_tagger.text.normalise import build_char_table
from xborder_tagger.training.fit import review_band
from xborder_tagger.training.gazetteers import read_gazetteers
from xborder_tagger.training.lexicon import build_lexicon, learn_abbreviations, spell

DOCUMENTS = ROOT / "corpus" / "documents"


def train(corpus, out, **environment: str) -> str:
    line = [sys.executable, "-m", "xborder_tagger", "train", str(corpus), "-o", str(out)]
    done = subprocess.run(line, capture_output=True, text=True, env=os.environ | environment, timeout=600)
    assert done.returncode == 0, done.stderr
    return hashlib.sha256(out.read_bytes()).hexdigest()


def test_two_runs_give_the_same_bytes(tmp_path):
    lines = [
        line for file in sorted(DOCUMENTS.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()
    ]
    lines = lines[::4]
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text("\n".join(lines), encoding="utf-8")
    random.Random(5).shuffle(lines)  # noqa: S311 - an order, not a secret
    second.write_text("\n".join(lines), encoding="utf-8")
    one = train(first, tmp_path / "one.xbt", PYTHONHASHSEED="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    two = train(second, tmp_path / "two.xbt", PYTHONHASHSEED="77", OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")
    assert one == two


def test_the_shipped_model_is_rebuilt_byte_for_byte(tmp_path):
    wanted = load().recipe["versions"]
    if unidata_version != wanted["unicode"]:
        pytest.skip(f"the shipped model was built with Unicode {wanted['unicode']}, this is {unidata_version}")
    train(DOCUMENTS, tmp_path / "model.xbt")
    assert (tmp_path / "model.xbt").read_bytes() == DEFAULT.read_bytes()


def test_the_evaluation_file_belongs_to_the_shipped_model():
    evaluation = json.loads((DEFAULT.parent / "evaluation.json").read_text(encoding="utf-8"))
    assert evaluation["model"]["digest"] == load().digest


def test_punkt_learns_abbreviations_and_titles_are_given():
    lines = [
        f"The kgs. {n} of tea came by rly. lines. They spoke for an hour. One hour later all went." for n in range(60)
    ]
    found = set(learn_abbreviations(["\n".join(lines)]))
    assert {"kgs", "rly", "gen"} <= found
    assert not {"hour", "tea"} & found


@pytest.fixture(scope="module")
def lexicon():
    texts = ["Traffickers were trafficking polished drugs. The border guards met."] * 4
    return build_lexicon(texts, read_gazetteers(ROOT / "xborder-en" / "gazetteers"), build_char_table())


def unit(lexicon, word: str) -> int:
    key = np.frombuffer(word.encode()[:16].ljust(16, b"\0"), dtype=np.uint64).reshape(1, 2)
    return int(lexicon.vocabulary.words.lookup(key)[0])


def test_inflections_share_a_unit(lexicon):
    assert unit(lexicon, "trafficking") == unit(lexicon, "trafficked") >= 0
    assert unit(lexicon, "guards") == unit(lexicon, "guard") >= 0


def test_a_name_is_matched_by_its_exact_spelling(lexicon):
    assert unit(lexicon, "polish") != unit(lexicon, "polished")


def test_every_gazetteer_term_is_found(lexicon):
    starts = lexicon.vocabulary.term_starts
    for gazetteer in read_gazetteers(ROOT / "xborder-en" / "gazetteers"):
        for term in gazetteer.terms:
            words = spell([term], build_char_table())
            if words and not words[0].isdigit():
                assert starts[unit(lexicon, words[0])] >= 0, (gazetteer.concept, term)


def test_every_gazetteer_names_its_source_and_date():
    for file in (ROOT / "xborder-en" / "gazetteers").glob("*.tsv"):
        head = "".join(line for line in file.read_text(encoding="utf-8").splitlines()[:3] if line.startswith("#"))
        assert "Source:" in head, file.name
        assert "Date: 20" in head, file.name


def test_the_review_band_holds_the_unsure():
    shares = np.linspace(0, 1, 2001)
    positive = np.random.default_rng(1).random(2001) < shares
    low, high = review_band(shares, positive)
    assert 0.02 < low < 0.2
    assert 0.8 < high < 0.98
