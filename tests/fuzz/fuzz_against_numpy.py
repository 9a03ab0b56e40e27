"""Any text: the compiled kernel and the NumPy one agree. Needs atheris; `python fuzz_against_numpy.py seeds`."""

import sys

import atheris
import numpy as np

import xborder_tagger
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.native_kernel import NativeKernel
from xborder_tagger.kernel.numpy_kernel import NumpyKernel

TABLES = xborder_tagger.load().kernel.tables
NATIVE, TWIN = NativeKernel(disassemble(TABLES)), NumpyKernel(TABLES)
PIECES = (
    "drug trafficking|U.S.|Mr. |. |-\n|\n\n|\u0301|\u200b|”|\ud800|é|ก|Phnom Penh|memorandum of understanding|40".split(
        "|"
    )
)


def texts_from(data: bytes) -> list[str]:
    """A few texts of code points and of pieces that the kernel knows."""
    provider = atheris.FuzzedDataProvider(data)
    found = []
    while provider.remaining_bytes() and len(found) < 4:
        parts = [
            provider.PickValueInList(PIECES) if provider.ConsumeBool() else provider.ConsumeUnicode(8)
            for _ in range(provider.ConsumeIntInRange(0, 40))
        ]
        found.append("".join(parts))
    return found


def check(data: bytes) -> None:
    """Raise unless both kernels agree on the texts in ``data``."""
    batch = texts_from(data)
    native, twin = NATIVE.predict(batch), TWIN.predict(batch)
    for name in ("words", "known", "common"):
        np.testing.assert_array_equal(getattr(native, name), getattr(twin, name), err_msg=name)
    np.testing.assert_allclose(native.scores, twin.scores, rtol=0, atol=1e-9)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
