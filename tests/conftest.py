"""What several tests need: the shipped tagger, the model's tables, the path of the repository."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from archives import TEXTS

import xborder_tagger
from xborder_tagger.cli import cli
from xborder_tagger.cli.exits import Exit, status_of
from xborder_tagger.errors import TaggerError
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel, Tables
from xborder_tagger.tagger import Tagger

ROOT = Path(__file__).resolve().parent.parent

ARTICLE = (
    "VIENTIANE - Laos and Cambodia signed a memorandum of understanding on Monday after two days of talks between "
    "their ministers of public security. Under the memorandum the two sides will fight drug trafficking, human "
    "trafficking and online scams.\n\nLao officers will attend a six-week training course in Phnom Penh. "
    "The weather was fine, and the delegations visited a silk farm."
)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return xborder_tagger.load()


@pytest.fixture(scope="session")
def tables(tagger: Tagger) -> Tables:
    return tagger.kernel.tables


@pytest.fixture(scope="session")
def article() -> str:
    return ARTICLE


@pytest.fixture
def command():
    """Run the installed command in a process of its own: ``command(["tag", "-"], input=b"...")``."""

    def run(arguments: list[str], **options) -> subprocess.CompletedProcess:
        environment = {**os.environ, **options.pop("env", {})}
        line = [sys.executable, "-m", "xborder_tagger", *arguments]
        return subprocess.run(line, capture_output=True, env=environment, timeout=120, **options)

    return run


@pytest.fixture(scope="session")
def corpus(root):
    files = sorted((root / "models/corpus/documents").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def native(tables):
    """The compiled kernel; tests that need it are skipped where it is not built."""
    reason = "the compiled kernel is not built: python setup.py build_ext --inplace"
    compiled = pytest.importorskip("xborder_tagger.kernel.native_kernel", reason=reason, exc_type=ImportError)
    return compiled.NativeKernel(disassemble(tables))


@pytest.fixture(scope="session")
def twin(tables):
    return NumpyKernel(tables)


@pytest.fixture
def archive(tmp_path):
    """A folder with a JSONL file of 600 documents, six of them bad, and two plain texts."""
    rows = [json.dumps({"id": n, "text": TEXTS[n % 6], "outlet": "KPL"}) if n % 100 else "{bad" for n in range(600)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows) + "\n")
    (tmp_path / "one.txt").write_text("Six officers joined a training course abroad.")
    (tmp_path / "two.txt").write_bytes(b"caf\xe9")
    return tmp_path


@pytest.fixture
def job(command, archive):
    """Run ``tag ... -o out`` in the archive's folder."""

    def run(*arguments, **options):
        return command(["tag", *arguments, "-o", "out"], cwd=archive, **options)

    return run


@pytest.fixture
def here(archive, monkeypatch):
    """Run the command in this process: its status and what it says."""
    monkeypatch.chdir(archive)

    def run(*arguments):
        try:
            return cli.main(["tag", *arguments, "-o", "out", "--quiet"], standalone_mode=False), ""
        except TaggerError as error:
            return status_of(error), str(error)
        except click.UsageError as error:
            return Exit.USAGE, error.message

    return run
