"""The compiled kernel, which is optional: without a C++ compiler the package installs and runs on NumPy.

With XBORDER_TAGGER_NATIVE=required an installation fails instead; wheels are built so.
"""

import os
import sys
from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("xborder_tagger/kernel/native")
WINDOWS = ["/std:c++17", "/O2", "/EHsc"]
OTHERS = ["-std=c++17", "-O3", "-fvisibility=hidden"]

native = Extension(
    "xborder_tagger.kernel.native._native",
    sources=sorted(path.as_posix() for path in NATIVE.rglob("*.cpp")),
    depends=sorted(path.as_posix() for pattern in ("*.hpp", "*.inl") for path in NATIVE.rglob(pattern)),
    extra_compile_args=WINDOWS if sys.platform == "win32" else OTHERS,
    optional=os.environ.get("XBORDER_TAGGER_NATIVE") != "required",
)

# Keys are compared as the little-endian words of the model file.
setup(ext_modules=[native] if sys.byteorder == "little" else [])
