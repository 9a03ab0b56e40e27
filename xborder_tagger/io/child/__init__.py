"""What runs in the child process: parsers of files that nobody vouches for.

`sandbox.py` starts it, under limits, as a program of its own that imports nothing but this package, `io.decode` and the
parsers' libraries. It is asked and answers over pipes in the frames of `frames.py`; no object is ever pickled.
"""
