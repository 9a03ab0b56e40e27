"""The hot path, from texts to scores. The kernel is chosen once, here.

``XBORDER_TAGGER_KERNEL`` = ``auto`` (default), ``native`` or ``numpy``; forcing one that is missing is an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import TaggerError
from xborder_tagger.kernel.encoded import Offsets
from xborder_tagger.kernel.numpy_kernel import Analysis, NumpyKernel, Scores, Tables

__all__ = ["VARIABLE", "Analysis", "Kernel", "Scores", "Tables", "kernels", "make_kernel"]

VARIABLE = "XBORDER_TAGGER_KERNEL"


class Kernel(Protocol):
    """What every kernel does. Only the compiled one has use for more than one of the ``threads``."""

    name: str

    def scores(self, texts: Sequence[str] | NDArray[np.str_], *, threads: int = 1) -> Scores:
        """Log-odds of every tag, and counts of words."""

    def scores_utf8(self, data: Any, offsets: Offsets, *, threads: int = 1) -> Scores:
        """The same for texts in a buffer of UTF-8, each from its offset, (n_docs + 1,), to the next one.

        Raises:
            DocumentError: ``encoding``: a text is not UTF-8.
            ValueError: the offsets do not ascend, or lead out of the buffer.
        """

    def analyse(self, texts: Sequence[str]) -> Analysis:
        """Tokens, sentences and feature occurrences, for evidence."""


def kernels() -> dict[str, Callable[[Tables], Kernel]]:
    """The kernels that are installed, fastest first. The compiled one is missing where no compiler was found."""
    try:
        from xborder_tagger.kernel.native_kernel import NativeKernel
    except ImportError:
        return {"numpy": NumpyKernel}
    return {"native": NativeKernel, "numpy": NumpyKernel}


def make_kernel(tables: Tables) -> Kernel:
    """The fastest kernel there is, or the one that the environment names.

    Raises:
        TaggerError: the environment names a kernel that is not installed.
    """
    wanted = os.environ.get(VARIABLE, "auto")
    installed = kernels()
    name = next(iter(installed)) if wanted == "auto" else wanted
    if name not in installed:
        raise TaggerError(f"{VARIABLE}={wanted}: not installed; this installation has: auto, {', '.join(installed)}")
    return installed[name](tables)
