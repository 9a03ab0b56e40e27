"""The compiled kernel: `_native`, built from the C++ sources beside this file.

They know nothing of Python but for `binding.cpp`, so that a fuzzer and sanitizers can drive them alone.
"""
