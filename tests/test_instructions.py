"""How many instructions the compiled kernel takes for a text, counted by Valgrind: no noise, so 1% is a change."""

import json
import os
import platform
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from benchmarks.speed.texts import news
from tests.fuzz.dump_tables import flat

HERE = Path(__file__).parent / "instructions"
COUNTS = HERE / "counts.json"  # by compiler; set XBORDER_WRITE_COUNTS=1 to write down what is counted now
TEXTS, WORDS = 200, 300
TOLERANCE = 0.01
COMPILER = os.environ.get("CXX", "c++")
FLAGS = ["-std=c++17", "-O3", "-fvisibility=hidden"]  # those of setup.py

pytestmark = [
    pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not installed"),
    pytest.mark.skipif(not shutil.which(COMPILER), reason=f"there is no compiler {COMPILER}"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="counts are written down for x86-64"),
]


def flat_texts(texts: list[str]) -> bytes:
    """As score_texts.cpp reads them: each text as Python keeps it."""
    out = [struct.pack("<Q", len(texts))]
    for text in texts:
        width = next(width for width, end in ((1, 0x100), (2, 0x10000), (4, 0x110000)) if max(map(ord, text)) < end)
        raw = text.encode({1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[width])
        out.append(struct.pack("<QQ", width, len(text)) + raw + bytes(-len(raw) % 8))
    return b"".join(out)


def compiler() -> str:
    """Its name and version, and whether the processor has AVX2: the loops of sums.inl are compiled for both."""
    told = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    avx2 = "avx2" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    return told + (", AVX2" if avx2 else "")


@pytest.fixture
def program(root, tmp_path) -> Path:
    native = root / "xborder_tagger" / "kernel" / "native"
    built = tmp_path / "score_texts"
    sources = [HERE / "score_texts.cpp", *sorted(native.glob("*.cpp"))]
    subprocess.run([COMPILER, *FLAGS, f"-I{native}", *sources, "-o", built, "-lpthread"], check=True)
    return built


def test_a_300_word_text_takes_as_many_instructions_as_written_down(program, tables, tmp_path):
    (tmp_path / "tables").write_bytes(flat(tables))
    (tmp_path / "texts").write_bytes(flat_texts(news(WORDS, TEXTS)))
    toggle = "--toggle-collect=xborder::Kernel::predict*"
    command = ["valgrind", "--tool=callgrind", toggle, "--callgrind-out-file=/dev/null"]
    environment = os.environ | {"XBORDER_TABLES": str(tmp_path / "tables")}
    done = subprocess.run(
        [*command, program, tmp_path / "texts"], env=environment, capture_output=True, text=True, check=True
    )
    found = round(int(re.search(r"Collected : (\d+)", done.stderr)[1]) / TEXTS)
    assert found > 10_000, "the function that is counted has another name"
    written = json.loads(COUNTS.read_text(encoding="utf-8"))
    if os.environ.get("XBORDER_WRITE_COUNTS"):
        COUNTS.write_text(json.dumps(written | {compiler(): found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return
    if compiler() not in written:
        pytest.skip(f"{found} instructions a text; none are written down for {compiler()}")
    assert found == pytest.approx(written[compiler()], rel=TOLERANCE)
