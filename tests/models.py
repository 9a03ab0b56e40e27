"""Model files for tests."""

from pathlib import Path

from xborder_tagger import artifact
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.tagger import Tagger


def write_another(tagger: Tagger, path: Path) -> None:
    """The tagger's model with another recipe, so that its digest is another."""
    parts = disassemble(tagger.kernel.tables)
    recipe = {"another": "recipe"}
    artifact.save(path, name=tagger.name, labels=tagger.labels, parts=parts, recipe=recipe, self_test=["One text."])
