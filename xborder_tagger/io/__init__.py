"""Readers and writers: one file per format, all of them generators, in constant memory.

A reader yields a `Record` for each document, or a `Rejected` that says why there is none; it never stops for a bad
document. A writer turns a stream of tagged records into bytes.
"""
