"""A short run of the fuzz harnesses with sanitizers; `make fuzz` is the long one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUNS = 20_000


@pytest.mark.skipif(not shutil.which("clang++"), reason="clang is not installed")
def test_a_short_run_of_the_fuzz_harnesses_finds_nothing(root, tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(root), "FUZZ_DIR": str(tmp_path)}
    done = subprocess.run([root / "tests/fuzz/run.sh", str(RUNS)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    assert int(re.match(r"(\d+) executions without a finding", done.stdout)[1]) >= RUNS
