"""A copy of the tree, in which faults are made one at a time."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from tests.faults import Fault
from tests.native_build import EXTENSION, NATIVE, Build

# In the order in which they are asked. What the model's self-test finds at every load does not count: see quick.py.
TESTS = (
    *("test_native", "test_native_explanations", "test_native_interface", "test_native_damage", "test_encoded"),
    *("test_artifact", "test_tagger", "test_kernel", "test_differential", "test_plain_paths", "test_linear_model"),
    "test_compact",
)
# Asked before the others, as likeliest: what is not in it begins with the first of TESTS.
FIRST = {
    **dict.fromkeys(("utf8.cpp", "utf32.hpp", "parse_texts.hpp", "encoded.py", "native_kernel.py"), "test_encoded"),
    **dict.fromkeys(("check.cpp", "parts.py", "assembly.py"), "test_artifact"),
    **dict.fromkeys(("evidence.py", "tagger.py"), "test_tagger"),
    **dict.fromkeys(("lanes.hpp", "blocks.hpp"), "test_plain_paths"),
    "tables.py": "test_kernel",
    "tfidf.py": "test_linear_model",
    "compact.py": "test_compact",
}
SECONDS = 300
MEMORY = 8 << 30  # bytes of addresses: a fault may ask for all there are
LEFT_OUT = (".*", "build", "dist", "*.so", "*.egg-info", "__pycache__", "docs")


class Tree:
    """A copy with a kernel of its own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "tree"
        shutil.copytree(source, self.root, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self._extension = self.root / NATIVE / EXTENSION
        self._sound = folder / "sound.so"
        self._build = Build(self.root, folder / "objects")
        self._build.build(self._extension)
        shutil.copy(self._extension, self._sound)

    def findings_with(self, fault: Fault) -> str | None:
        """The test that finds a fault, or None.

        Raises:
            ValueError: the fault does not fit the source.
            BuildError: it does not compile.
        """
        path = self.root / fault.file
        sound, faulty = path.read_text(encoding="utf-8"), fault.text(self.root)
        try:
            path.write_text(faulty, encoding="utf-8")
            if path.suffix != ".py":
                self._build.rebuild(self._extension, path)
            return self.finding(FIRST.get(path.name, TESTS[0]))
        finally:
            path.write_text(sound, encoding="utf-8")
            self._extension.unlink(missing_ok=True)
            shutil.copy(self._sound, self._extension)

    def finding(self, first: str = TESTS[0]) -> str | None:
        """The first test that fails, and how; None if none does. The tests of the file ``first`` come before others."""
        files = [f"tests/{name}.py" for name in dict.fromkeys((first, *TESTS))]
        options = ["-p", "tests.faults.quick", "-x", "-v", "--tb=no", "--color=no", "-k", "not self_test"]
        line = [sys.executable, "-B", "-m", "pytest", *options, *files]
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                line, cwd=self.root, env=environment, capture_output=True, timeout=SECONDS, preexec_fn=_limit
            )
        except subprocess.TimeoutExpired as error:
            return f"{last_test(error.stdout or b'')} (never ends)"
        if done.returncode == 0:
            return None
        return last_test(done.stdout) + (" (crashes)" if done.returncode < 0 else "")


def last_test(output: bytes) -> str:
    """Name of the last test that began."""
    told = output.decode(errors="replace")
    begun = re.findall(r"^tests/\w+\.py::(.+?)(?: (?:PASSED|FAILED|ERROR|SKIPPED).*)?$", told, re.MULTILINE)
    if not begun:
        raise RuntimeError(f"no test began: {told[-2000:]}")
    return str(begun[-1]).strip()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
