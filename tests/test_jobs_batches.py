"""The work of a job: no byte depends on how documents are cut into batches or where it was stopped."""

import json

import pytest
from archives import archive_of, lines

from xborder_tagger.kernel import VARIABLE, kernels


@pytest.mark.parametrize("kernel", sorted(kernels()))
@pytest.mark.parametrize("explain", [False, True])
def test_no_byte_of_a_document_depends_on_its_batch(archive, monkeypatch, kernel, explain):
    monkeypatch.setenv(VARIABLE, kernel)
    monkeypatch.chdir(archive)
    (archive / "few.jsonl").write_bytes(lines(20 if explain else 260))
    work = archive_of("few.jsonl", "one.txt", explain=explain)
    outputs = set()
    for size in (1, 7, 256):
        monkeypatch.setattr("xborder_tagger.cli.batches.BATCH_SIZE", size)
        outputs.add(b"".join(step.output for step in work.steps(None)))
    assert len(outputs) == 1


def test_long_documents_come_in_small_batches(archive, monkeypatch, tagger):
    monkeypatch.setattr("xborder_tagger.cli.batches.BATCH_CHARACTERS", 1000)
    work = archive_of(str(archive / "in.jsonl"), tagger=tagger)
    steps = list(work.steps(None))
    assert max(step.tally.documents for step in steps) < 100
    assert sum(step.tally.documents for step in steps) == 594


def test_bytes_read_are_those_of_the_inputs_from_any_place_on(archive, monkeypatch, tagger):
    monkeypatch.chdir(archive)
    work = archive_of("one.txt", "in.jsonl", "two.txt", tagger=tagger)
    total = sum((archive / name).stat().st_size for name in ("one.txt", "in.jsonl", "two.txt"))
    assert work.size == total
    steps = list(work.steps(None))
    assert sum(step.tally.bytes for step in steps) == total
    for place, step in enumerate(steps, 1):
        rest = list(work.steps(json.loads(json.dumps(step.position))))
        assert b"".join(one.output for one in rest) == b"".join(one.output for one in steps[place:])
        assert sum(one.tally.bytes for one in [*steps[:place], *rest]) == total
