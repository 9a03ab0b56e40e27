"""Tagging inside other people's engines. All of it is `arrow.tag_batch`; each adapter says how one engine calls it.

Whatever the engine, a tagged table has the same four columns beside those it had: ``tags``, ``probabilities``,
``review`` and ``flags``. A `Tagger` travels to workers as the path and the digest of its model file (see
`Tagger.__reduce__`) and is opened once in each process.
"""
