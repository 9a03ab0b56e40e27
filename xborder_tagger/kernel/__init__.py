"""The hot path, from texts to predictions. The kernel is chosen once, here.

``XBORDER_TAGGER_KERNEL`` = ``auto`` (default), ``native`` or ``numpy``; forcing one that is missing is an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from xborder_tagger.errors import TaggerError
from xborder_tagger.kernel.explanation import Explanation
from xborder_tagger.kernel.parts import Parts, check_settings
from xborder_tagger.kernel.predictions import Predictions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from xborder_tagger.kernel.encoded import Offsets
    from xborder_tagger.kernel.numpy_kernel import Tables

__all__ = ["VARIABLE", "Explanation", "Kernel", "Parts", "Predictions", "kernels", "make_kernel"]

VARIABLE = "XBORDER_TAGGER_KERNEL"


class Kernel(Protocol):
    """What every kernel does. Only the compiled one has use for more than one of the ``threads``."""

    name: str

    @property
    def tables(self) -> Tables:
        """What it reads, as arrays."""

    def predict(self, texts: Sequence[str] | NDArray[np.str_], *, threads: int = 1) -> Predictions:
        """Scores of every tag and what follows from them."""

    def predict_utf8(self, data: Any, offsets: Offsets, *, threads: int = 1) -> Predictions:
        """The same for texts in a buffer of UTF-8, each from its offset, (n_docs + 1,), to the next one.

        Raises:
            DocumentError: ``encoding``: a text is not UTF-8.
            ValueError: the offsets do not ascend, or lead out of the buffer.
        """

    def explain(self, text: str, columns: Sequence[int]) -> Explanation:
        """Parts of each word in the scores of the tags of some columns."""


def kernels() -> dict[str, Callable[[Parts], Kernel]]:
    """The kernels that are installed, fastest first. The compiled one is missing where no compiler was found."""
    try:
        from xborder_tagger.kernel.native_kernel import NativeKernel
    except ImportError:
        return {"numpy": _numpy_kernel}
    return {"native": NativeKernel, "numpy": _numpy_kernel}


def _numpy_kernel(parts: Parts) -> Kernel:
    from xborder_tagger.kernel.assembly import assemble
    from xborder_tagger.kernel.numpy_kernel import NumpyKernel

    return NumpyKernel(assemble(parts))


def make_kernel(parts: Parts) -> Kernel:
    """The fastest kernel there is, or the one that the environment names.

    Raises:
        TaggerError: the environment names a kernel that is not installed.
        ValueError, KeyError, TypeError: the parts do not fit together.
    """
    wanted = os.environ.get(VARIABLE, "auto")
    installed = kernels()
    name = next(iter(installed)) if wanted == "auto" else wanted
    if name not in installed:
        raise TaggerError(f"{VARIABLE}={wanted}: not installed; this installation has: auto, {', '.join(installed)}")
    check_settings(parts.settings)
    return installed[name](parts)
