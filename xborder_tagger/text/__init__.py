"""From raw text to tokens and sentences: the definition of what a token is.

Everything here works on a `Batch`, the code points of many documents in one array, and is a pure function of
arrays: `normalise` says what every character is, `tokens` cuts words, `passages` finds sentence ends.
"""
