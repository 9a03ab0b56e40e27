"""Builds the compiled kernel object by object, so that after a change only what depends on it is compiled."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMPILER = os.environ.get("CXX", "c++")
NATIVE = Path("xborder_tagger") / "kernel" / "native"
FLAGS = ("-std=c++17", "-O1", "-fPIC", "-fvisibility=hidden")  # quick to compile; setup.py has what is shipped
SHARED = ("-bundle", "-undefined", "dynamic_lookup") if sys.platform == "darwin" else ("-shared",)
EXTENSION = f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"


class BuildError(Exception):
    """The compiler refused."""


@dataclass(frozen=True, slots=True)
class Build:
    """The extension of a tree.

    Args:
        root: of the tree.
        objects: a folder for what is compiled.
        flags: further ones for the compiler.
    """

    root: Path
    objects: Path
    flags: Sequence[str] = ()

    def build(self, target: Path) -> None:
        """Compile everything and link it to an extension module."""
        self.objects.mkdir(parents=True, exist_ok=True)
        for source in self._sources():
            self._compile(source, self.objects)
        self._link(target, [self.objects / f"{source.stem}.o" for source in self._sources()])

    def rebuild(self, target: Path, changed: Path) -> None:
        """Compile what depends on a changed file, and link it with the objects that there are of all the rest."""
        fresh = self.objects / "changed"
        fresh.mkdir(exist_ok=True)
        objects = []
        for source in self._sources():
            depends = (self.objects / f"{source.stem}.d").read_text(encoding="utf-8").replace("\\\n", " ").split()
            stale = str(changed) in map(os.path.normpath, depends)
            if stale:
                self._compile(source, fresh)
            objects.append((fresh if stale else self.objects) / f"{source.stem}.o")
        self._link(target, objects)

    def _sources(self) -> list[Path]:
        return sorted((self.root / NATIVE).rglob("*.cpp"))

    def _compile(self, source: Path, folder: Path) -> None:
        includes = [f"-I{self.root / NATIVE}", f"-I{sysconfig.get_path('include')}"]
        run(*FLAGS, *self.flags, *includes, "-MMD", "-c", str(source), "-o", str(folder / f"{source.stem}.o"))

    @staticmethod
    def _link(target: Path, objects: Sequence[Path]) -> None:
        target.unlink(missing_ok=True)  # a process may have it mapped still
        run(*SHARED, *map(str, objects), "-o", str(target), "-lpthread")


def run(*arguments: str) -> None:
    done = subprocess.run([COMPILER, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(done.stderr.strip())
