"""Tag one text and show which sentence is behind each tag."""

from pathlib import Path

import xborder_tagger

article = (Path(__file__).parent / "articles" / "3-scam-compound.txt").read_text(encoding="utf-8")
tagger = xborder_tagger.load()
prediction = tagger.tag(article, explain=True)

print("tags:", ", ".join(prediction.tags))
for evidence in prediction.evidence or ():
    strongest = evidence.sentences[0]
    share = prediction.probabilities[evidence.tag]
    print(f"{evidence.tag} ({share:.0%}): {strongest.text}")
