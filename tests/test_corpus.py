"""The contract of the corpus: the shipped one keeps it, and each broken rule is found and placed."""

import json
import shutil
from pathlib import Path

import pytest

from xborder_tagger.errors import CorpusError
from xborder_tagger.labels import read_codebook
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import Document, label_matrix, read_corpus
from xborder_tagger.training.validation import RUN, problems, runs

TAGS = read_codebook(ROOT / "xborder-en" / "codebook.toml").names
DOCUMENTS = ROOT / "corpus" / "documents"
TEXT = "Police seized forty kilos of heroin in a truck near the bridge on Monday night."


def record(**changes) -> dict:
    labels = dict.fromkeys(TAGS, 0) | {"drugs": 1}
    base = {"id": "a", "text": TEXT, "labels": labels, "genre": "brief", "event": "e", "split": "train"}
    return base | {"evidence": {"drugs": ["heroin"]}, "source": None, "register": "plain"} | changes


def write(path: Path, *records: dict) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def corpus() -> list[Document]:
    return read_corpus(DOCUMENTS, TAGS)


def test_the_shipped_corpus_keeps_its_contract(corpus):
    assert list(problems(corpus)) == []


def test_the_shipped_corpus_shares_no_run_with_texts_kept_outside(corpus, root):
    """Development texts of other people lie beside the repository, where they are at all."""
    shared = root.parent / "shared"
    if not shared.exists():
        pytest.skip("the development sets are not here")
    foreign = [(path.name, path.read_text(encoding="utf-8")) for path in sorted((shared / "seeds").glob("*.txt"))]
    for path in sorted((shared / "gold").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        foreign += [(row["id"], row["text"]) for row in rows]
    assert len(foreign) > 100
    assert list(problems(corpus, foreign)) == []


def test_the_corpus_is_as_large_and_varied_as_its_card_says(corpus):
    positive, _ = label_matrix(corpus, TAGS)
    assert len(corpus) >= 4000
    assert (positive.sum(axis=0) >= 450).all()
    assert (~positive[:, :5].any(axis=1)).sum() >= 1200
    assert (~positive.any(axis=1)).sum() >= 800
    assert sum("hard" in d.extra for d in corpus) >= 600
    assert sum("pair" in d.extra for d in corpus) * 2 >= 800
    assert len({d.genre for d in corpus}) >= 13


def test_the_test_split_is_large_and_twice_annotated(corpus):
    test = [d for d in corpus if d.split == "test"]
    assert len(test) >= 600
    assert all(set(d.extra["second"]) == set(TAGS) for d in test)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": {"drug": 1}}, "'drug' is not a tag; did you mean 'drugs'"),
        ({"labels": {"drugs": 1}}, "human_trafficking is None"),
        ({"labels": dict.fromkeys(TAGS, 0) | {"drugs": True}}, "drugs is True"),
        ({"labels": dict.fromkeys(TAGS, 0) | {"drugs": "yes"}}, "drugs is 'yes'"),
        ({"evidence": {}}, "a 1 needs some"),
        ({"evidence": {"drugs": ["heroin"], "mou": ["truck"]}}, "mou is 0 with 1 evidence"),
        ({"evidence": {"drugs": ["cocaine"]}}, "does not stand in the text: 'cocaine'"),
        ({"evidence": {"drugs": [" "]}}, "does not stand"),
        ({"genre": "poem"}, "genre 'poem'"),
        ({"split": "dev"}, "split 'dev'"),
        ({"register": "loud"}, "register 'loud'"),
        ({"colour": 1}, "unknown field 'colour'"),
    ],
)
def test_a_broken_record_is_refused_with_its_line(tmp_path, change, message):
    path = write(tmp_path / "c.jsonl", record(id="fine"), record(**change))
    with pytest.raises(CorpusError) as caught:
        read_corpus(path, TAGS)
    assert str(caught.value).startswith("c.jsonl:2: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("line", ["{", "[]", '"text"', '{"id": 1}'])
def test_a_line_that_is_no_record(tmp_path, line):
    (tmp_path / "c.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"c.jsonl:1: "):
        read_corpus(tmp_path / "c.jsonl", TAGS)


def test_no_corpus(tmp_path):
    with pytest.raises(CorpusError, match="no documents"):
        read_corpus(tmp_path, TAGS)
    with pytest.raises(CorpusError, match="cannot be read"):
        read_corpus(tmp_path / "none.jsonl", TAGS)


def found(tmp_path, *records: dict, foreign=()) -> list[str]:
    return list(problems(read_corpus(write(tmp_path / "c.jsonl", *records), TAGS), foreign))


OTHER = TEXT.replace("forty", "sixty").replace("Monday", "Friday").replace("truck", "boat")


def test_repeated_ids_and_texts(tmp_path):
    assert any("same id" in p for p in found(tmp_path, record(), record(text=OTHER)))
    assert any(
        "same text" in p
        for p in found(tmp_path, record(), record(id="b", text=TEXT.upper().replace("HEROIN", "heroin")))
    )


def test_an_event_on_both_sides(tmp_path):
    rows = record(), record(id="b", text=OTHER, split="test")
    assert any("stands in train and in test" in p for p in found(tmp_path, *rows))


def test_a_near_copy_across_the_split(tmp_path):
    near = TEXT + " It rained."
    rows = record(), record(id="b", event="f", text=near, split="test")
    assert any("near-copy of a" in p for p in found(tmp_path, *rows))


def test_a_run_of_foreign_words(tmp_path):
    alien = "He said: police SEIZED forty kilos, of heroin in a truck yesterday"
    assert any("shared with alien" in p for p in found(tmp_path, record(), foreign=[("alien", alien)]))
    assert len(runs(alien, RUN)) == 5


def test_unknown_cells_are_masked(tmp_path):
    labels = dict.fromkeys(TAGS, 0) | {"drugs": 1, "mou": "?"}
    documents = read_corpus(write(tmp_path / "c.jsonl", record(labels=labels)), TAGS)
    positive, known = label_matrix(documents, TAGS)
    assert positive.tolist() == [[True] + [False] * 7]
    assert known.tolist() == [[True] * 5 + [False] + [True] * 2]


def test_the_order_of_files_and_lines_does_not_matter(tmp_path, corpus):
    some = sorted(DOCUMENTS.glob("*.jsonl"))[0]
    shuffled = shutil.copy(some, tmp_path / "z.jsonl")
    lines = Path(shuffled).read_text(encoding="utf-8").splitlines()
    Path(shuffled).write_text("\n".join(reversed(lines)), encoding="utf-8")
    ids = [d.id for d in read_corpus(Path(shuffled), TAGS)]
    assert ids == [d.id for d in corpus if d.id in set(ids)]
