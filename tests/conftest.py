"""What several tests need: the shipped tagger, the model's tables, the path of the repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import xborder_tagger
from xborder_tagger.kernel.numpy_kernel import Tables
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
