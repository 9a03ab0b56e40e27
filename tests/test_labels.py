"""The codebook, the labels built from it, and what the model file says of them."""

from xborder_tagger.labels import LabelSet, read_codebook
from xborder_tagger.shipped import ROOT

CODEBOOK = ROOT / "xborder-en" / "codebook.toml"
MAPS = {"exact", "broader", "narrower", "related"}


def test_two_facets_and_eight_tags_in_their_order():
    labels = read_codebook(CODEBOOK)
    crime = ("drugs", "human_trafficking", "cyber_scam", "terrorism", "border_security")
    assert labels.names == (*crime, "mou", "meeting", "training_exchange")
    assert tuple(tag.name for tag in labels.of("crime")) == crime
    assert len(labels) == 8


def test_every_tag_is_described_with_examples_and_crosswalk():
    for tag in read_codebook(CODEBOOK):
        assert tag.definition.endswith(".")
        assert tag.includes
        assert tag.excludes
        assert len(tag.positive) == len(tag.negative) == 2
        assert tag.crosswalk
        assert {row.map for row in tag.crosswalk} <= MAPS


def test_labels_survive_the_model_file(tagger):
    labels = read_codebook(CODEBOOK)
    assert LabelSet.from_dict(labels.to_dict()) == labels
    assert tagger.labels == labels
