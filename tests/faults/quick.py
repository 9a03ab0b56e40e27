"""A plugin for the tests of a faulty tree: failures are not made small, and every run draws the same examples.

The model's self-test is switched off. It refuses the model under most faults, so nothing would be known of the tests.
"""

import math
from pathlib import Path

from hypothesis import Phase, settings

from xborder_tagger import artifact

settings.register_profile("faults", phases=(Phase.explicit, Phase.generate), derandomize=True, database=None)
settings.load_profile("faults")
artifact.SELF_TEST_TOLERANCE = math.inf
if Path(artifact.__file__).parent.parent != Path.cwd():
    raise RuntimeError(f"{artifact.__file__} is tested, not the tree in {Path.cwd()}")
