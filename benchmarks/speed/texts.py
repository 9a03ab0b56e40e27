"""News texts of a given length, cut from the corpus."""

from __future__ import annotations

import json

from xborder_tagger.shipped import ROOT


def news(words: int, count: int) -> list[str]:
    """``count`` texts of ``words`` words: corpus documents joined in order and cut, so that all have one length."""
    texts: list[str] = []
    pile: list[str] = []
    while len(texts) < count:
        for file in sorted((ROOT / "corpus" / "documents").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                pile += json.loads(line)["text"].split(" ")
                while len(pile) >= words and len(texts) < count:
                    texts.append(" ".join(pile[:words]))
                    pile = pile[words:]
    return texts
