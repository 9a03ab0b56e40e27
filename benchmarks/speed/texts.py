"""News texts of a given length, cut from the corpus."""

from __future__ import annotations

from functools import cache
from itertools import cycle

from xborder_tagger.labels import read_codebook
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import Document, read_corpus


@cache
def documents() -> list[Document]:
    """The whole corpus."""
    return read_corpus(ROOT / "corpus" / "documents", read_codebook(ROOT / "xborder-en" / "codebook.toml").names)


def news(words: int, count: int) -> list[str]:
    """``count`` texts of ``words`` words: corpus documents joined in order and cut, so that all have one length."""
    texts: list[str] = []
    pile: list[str] = []
    for document in cycle(documents()):
        pile += document.text.split(" ")
        while len(pile) >= words:
            texts.append(" ".join(pile[:words]))
            pile = pile[words:]
            if len(texts) == count:
                return texts
    return texts
