"""Tags in Polars. Needs ``pip install 'xborder-tagger[polars]'``."""

from pathlib import Path

import polars as pl

import xborder_tagger
from xborder_tagger.engines.polars import tag

ARTICLES = Path(__file__).parent.parent / "articles"

tagger = xborder_tagger.load()
files = sorted(ARTICLES.glob("*.txt"))
news = pl.DataFrame({"id": [file.stem for file in files], "text": [file.read_text("utf-8") for file in files]})

# A method of any expression of texts ...
print(news.select("id", tags=pl.col("text").xborder.tags(tagger)))

# ... or all result columns; a lazy frame from pl.scan_parquet is tagged as it streams by.
tagged = tag(news.lazy(), tagger, keep_text=False)
human = pl.col("probabilities").struct.field("human_trafficking")
print(tagged.filter(pl.col("tags").list.contains("human_trafficking")).select("id", human).collect())
