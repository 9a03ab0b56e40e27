"""Models that are shipped with the package; `DEFAULT` is the one that `xborder_tagger.load()` opens."""

from pathlib import Path

ROOT = Path(__file__).parent
DEFAULT = ROOT / "xborder-en" / "model.xbt"
