"""The compiled kernel: `_native`, built from the C++ sources beside this file.

They know nothing of Python but for those in `python/`, so that a fuzzer and sanitizers can drive them alone.
"""
