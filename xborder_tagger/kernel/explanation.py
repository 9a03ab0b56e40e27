"""What a kernel says of the words of one text."""

from __future__ import annotations

from typing import Any, NamedTuple


class Explanation(NamedTuple):
    """Parts of the scores of a text for some tags, as arrays of NumPy, or what it takes for arrays and has ``tolist``.

    Args:
        starts, ends: int64, (n_tokens,), offsets of tokens into the text.
        first: int64, (n_sentences + 1,), number of the first token of each sentence, and of tokens.
        begins, stops: int64, (n_sentences,), offsets of sentences; blanks may stand at both ends, and the last stop
            may lie behind the text.
        parts: float64, (n_tags, n_tokens), part of each token in the score of each tag.
        direct: float64, (n_tags, n_tokens), its part in the margin for that tag alone of the deciding passage.
    """

    starts: Any
    ends: Any
    first: Any
    begins: Any
    stops: Any
    parts: Any
    direct: Any
