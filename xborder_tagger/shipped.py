"""Where the shipped models lie: inside the package once installed, beside it in a checkout.

Found by looking, not by importing: in a checkout the source folder hides an installed package and has no models in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
ROOT: Final = _PACKAGE / "models" if (_PACKAGE / "models").is_dir() else _PACKAGE.parent / "models"
DEFAULT: Final = ROOT / "xborder-en" / "model.xbt"
