"""`tag --dedupe`: reprints get the id of the first of them, in every format, and also by a job that was stopped."""

import csv
import io
import json
from pathlib import Path

import click
import pytest

from xborder_tagger.cli.archive import Archive
from xborder_tagger.cli.job import tag_job
from xborder_tagger.cli.tag import tag
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.sources import find
from xborder_tagger.io.write import WriteOptions
from xborder_tagger.jobs import Job
from xborder_tagger.jobs.disk import RealDisk


@pytest.fixture(autouse=True)
def archive(tmp_path, root, monkeypatch):
    """600 documents, 40 texts and reprints of them, a little cut; a column of theirs has the name of ours."""
    monkeypatch.chdir(tmp_path)
    lines = (root / "models" / "corpus" / "documents" / "world8.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [record["text"] for record in map(json.loads, lines) if "pair" not in record]
    whole = [text for text in texts if len(text.split()) > 150][:40]
    rows = []
    for number in range(600):
        text = f"{whole[number % 40]} {number}" if number < 40 else whole[number % 40][:-40]
        rows.append(json.dumps({"id": number, "text": text, "cluster_id": "theirs"}))
    Path("in.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def tagged(form, **chosen):
    out = io.BytesIO()
    assert tag(["in.jsonl"], out, form=form, dedupe=True, **chosen) == 0
    return out.getvalue()


def test_reprints_get_the_id_of_the_first():
    records = [json.loads(line) for line in tagged("jsonl").splitlines()]
    clusters = [record["cluster_id"] for record in records]
    assert clusters[:40] == list(range(40))  # the texts of one corpus are no copies of each other
    assert sum(cluster == number % 40 for number, cluster in enumerate(clusters)) > 0.98 * len(clusters)
    assert {record["input_cluster_id"] for record in records} == {"theirs"}


def test_a_table_has_a_column_for_clusters():
    rows = list(csv.DictReader(io.StringIO(tagged("csv").decode())))
    assert [row["cluster_id"] for row in rows[:3]] == ["0", "1", "2"]
    chosen = list(csv.DictReader(io.StringIO(tagged("csv", fields="id,cluster_id").decode())))
    assert chosen[41] == {"id": "41", "cluster_id": "1"}


def test_a_job_that_was_stopped_finds_the_same_clusters():
    wanted = WriteOptions(dedupe=True)
    with RealDisk() as disk:
        from xborder_tagger.tagger import load

        work = Archive(find(["in.jsonl"]), tagger=load(), form="jsonl", options=ReadOptions(), wanted=wanted)
        assert not Job(work, Path("out"), disk=disk).run(stop=lambda: True).complete
    assert tag_job(["in.jsonl"], "out", form="jsonl", dedupe=True, quiet=True) == 0
    assert Path("out").read_bytes() == tagged("jsonl")


def test_plain_text_has_no_place_for_clusters():
    with pytest.raises(click.BadParameter, match="--dedupe need"):
        tagged("text")
