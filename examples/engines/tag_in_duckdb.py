"""Tags in SQL. Needs ``pip install 'xborder-tagger[duckdb]'``."""

from pathlib import Path

import duckdb

import xborder_tagger
from xborder_tagger.engines.duckdb import register, tag

ARTICLES = Path(__file__).parent.parent / "articles"

connection = duckdb.connect()
register(connection, xborder_tagger.load())
query = "SELECT parse_filename(filename) AS id, content AS text FROM read_text(?)"
news = connection.sql(query, params=[f"{ARTICLES}/*.txt"])

# One function in a query of your own ...
print(connection.sql("SELECT id, tags(text) AS tags FROM news ORDER BY id"))

# ... or all result columns, kept as a table, so that nothing is tagged twice.
tag(news, keep_text=False).create("tagged")
print(
    connection.sql("SELECT unnest(tags) AS tag, count(*) AS articles FROM tagged GROUP BY tag ORDER BY articles, tag")
)
print(connection.sql("SELECT id, round(probabilities.drugs, 3) AS drugs FROM tagged WHERE 'drugs' IN tags"))
