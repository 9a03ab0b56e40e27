"""Optional libraries: missing ones are named with the cure, and nobody imports them unasked."""

import json
import subprocess
import sys

import pytest

from xborder_tagger.errors import MissingExtraError
from xborder_tagger.extras import extra

ENGINES = ("arrow", "dask", "duckdb", "pandas", "polars", "ray", "spark")


def test_a_missing_library_is_named_with_the_extra_that_brings_it():
    with (
        pytest.raises(MissingExtraError, match=r"no_such is not installed; pip install 'xborder-tagger\[fast\]'"),
        extra("fast"),
    ):
        import no_such  # noqa: F401


def test_other_errors_of_an_import_pass_through():
    with pytest.raises(ImportError, match="nonsense"), extra("fast"):
        from math import nonsense  # noqa: F401


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_is_not_installed_is_named(engine):
    library = {"arrow": "pyarrow", "spark": "pyspark"}.get(engine, engine)
    code = f"import sys; sys.modules[{library!r}] = None; import xborder_tagger.engines.{engine}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    wanted = (
        f"xborder_tagger.errors.MissingExtraError: {library} is not installed; pip install 'xborder-tagger[{engine}]'"
    )
    assert done.stderr.strip().splitlines()[-1].startswith(wanted), done.stderr


def test_the_package_alone_imports_no_engine():
    code = "import sys, json, xborder_tagger; xborder_tagger.load(); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"pyarrow", "duckdb", "polars", "pandas", "dask", "pyspark", "ray"}
