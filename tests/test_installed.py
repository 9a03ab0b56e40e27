"""What every wheel has to do where it was built, with nothing but pytest beside it."""

import os
import subprocess
import sys
import threading

import pytest

import xborder_tagger
from xborder_tagger.kernel import VARIABLE, kernels

TEXTS = (
    "Police seized 40 kg of heroin and two million ya ba pills at the river crossing.",
    "The two ministers signed a memorandum on training coast guards after talks in Manila.",
    "Bộ Công an Việt Nam và Campuchia đã ký bản ghi nhớ về phòng, chống ma túy.",
    "",
)


@pytest.mark.skipif("native" not in kernels(), reason="no compiled kernel is installed")
def test_both_kernels_say_the_same(tmp_path):
    code = "import sys, xborder_tagger as x; [print(p.tags, p.flags) for p in x.load().pipe(eval(sys.stdin.read()))]"
    outputs = {
        kernel: subprocess.run(
            [sys.executable, "-c", code],
            input=repr(TEXTS),
            env={**os.environ, VARIABLE: kernel, "PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for kernel in kernels()
    }
    assert outputs["native"] == outputs["numpy"]
    assert "drugs" in outputs["native"]


def test_threads_may_share_a_tagger():
    tagger, batch = xborder_tagger.load(), TEXTS * 20
    expected = tagger.predict_proba(batch).tolist()
    found = [None] * 4

    def work(place):
        found[place] = tagger.predict_proba(batch).tolist()

    workers = [threading.Thread(target=work, args=(place,)) for place in range(len(found))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * len(found)
