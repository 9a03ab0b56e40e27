"""Docs that cannot lie: README blocks run, generated pages are fresh, examples and the notebook run."""

import doctest
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

import xborder_tagger
from xborder_tagger.cli import COMMANDS
from xborder_tagger.training.pages import pages


def test_generated_pages_are_fresh():
    stale = [str(path) for path, content in pages().items() if path.read_text(encoding="utf-8") != content]
    assert not stale, f"run `make docs`: {stale}"


def test_the_python_block_of_the_readme_runs(root, capsys):
    blocks = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert "()" in capsys.readouterr().out


def test_the_readme_says_what_the_evaluation_file_says(root):
    import json

    readme = (root / "README.md").read_text(encoding="utf-8")
    evaluation = json.loads((root / "models" / "xborder-en" / "evaluation.json").read_text(encoding="utf-8"))
    for name, figures in evaluation["sets"].items():
        assert f"{figures['macro_f1']:.3f}" in readme, f"{name}: {figures['macro_f1']:.3f} is not in the README"


def test_the_readme_shows_the_two_commands_and_only_real_options(root, command):
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for name in set(re.findall(r"^xborder-tagger (\w+)", readme, re.MULTILINE)):
        assert name in COMMANDS
    shown = command(["tag", "--help"]).stdout.decode() + command(["explain", "--help"]).stdout.decode()
    for option in set(re.findall(r"^xborder-tagger .*?(--[a-z-]+)", readme, re.MULTILINE)):
        assert option in shown


def test_links_of_the_docs_lead_somewhere(root):
    for page in [*root.glob("*.md"), *(root / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_docstring_examples():
    assert doctest.testmod(xborder_tagger).failed == 0


@pytest.mark.parametrize("script", ["tag_one.py", "tag_a_csv.py"])
def test_an_example_runs_from_anywhere(root, script, tmp_path):
    line = [sys.executable, str(root / "examples" / script)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "human_trafficking" in done.stdout


def test_the_csv_example_keeps_every_column(root, tmp_path):
    (tmp_path / "in.csv").write_text('id,outlet,body\n007,NA,"Police seized heroin,\nthey said"\n', encoding="utf-8")
    line = [sys.executable, str(root / "examples" / "tag_a_csv.py"), "in.csv", "out.csv", "body"]
    subprocess.run(line, check=True, cwd=tmp_path, timeout=120, capture_output=True)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("id,outlet,body,tags\n007,NA,")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_notebook_runs_from_a_clean_kernel(root):
    notebook = nbformat.read(root / "examples" / "first_steps.ipynb", as_version=4)
    stored = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in stored[-3:]), "the notebook is stored with its outputs"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(root / "examples")}}).execute()
