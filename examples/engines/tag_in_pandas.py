"""Tags in pandas. Needs ``pip install 'xborder-tagger[pandas]'``."""

from pathlib import Path

import pandas as pd

import xborder_tagger.engines.pandas  # noqa: F401 - registers the accessor `xborder`

ARTICLES = Path(__file__).parent.parent / "articles"

files = sorted(ARTICLES.glob("*.txt"))
news = pd.DataFrame({"id": [file.stem for file in files], "text": [file.read_text("utf-8") for file in files]})

tagged = news.xborder.tag("text", keep_text=False)
print(tagged[["id", "tags"]].to_string())
print(tagged.explode("tags")["tags"].value_counts())
print(tagged.assign(drugs=tagged["probabilities"].str["drugs"].round(3))[["id", "drugs"]])
