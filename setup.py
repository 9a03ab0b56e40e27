"""The compiled kernel, which is optional: without a C++ compiler the package installs and runs on NumPy."""

import sys
from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("xborder_tagger/kernel/native")
FLAGS = ["/std:c++17", "/O2", "/EHsc"] if sys.platform == "win32" else ["-std=c++17", "-O3", "-fvisibility=hidden", "-fno-tree-slp-vectorize"]

native = Extension(
    "xborder_tagger.kernel.native._native",
    sources=sorted(path.as_posix() for path in NATIVE.glob("*.cpp")),
    depends=sorted(path.as_posix() for path in NATIVE.glob("*.hpp")),
    extra_compile_args=FLAGS,
    optional=True,
)

# Keys are compared as the little-endian words of the model file.
setup(ext_modules=[native] if sys.byteorder == "little" else [])
