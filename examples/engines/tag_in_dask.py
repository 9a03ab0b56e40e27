"""Tags in Dask, Parquet to Parquet. Needs ``pip install 'xborder-tagger[dask]'``."""

import tempfile
from pathlib import Path

import dask.dataframe as dd
import pandas as pd

import xborder_tagger
from xborder_tagger.engines.dask import parquet_schema, tag

ARTICLES = Path(__file__).parent.parent / "articles"


def main(folder: Path) -> None:
    """Tag a folder of Parquet files; on a cluster the folder is one in object storage, such as s3://bucket/news."""
    files = sorted(ARTICLES.glob("*.txt"))
    news = pd.DataFrame({"id": [file.stem for file in files], "text": [file.read_text("utf-8") for file in files]})
    dd.from_pandas(news, npartitions=2).to_parquet(folder / "news")

    tagger = xborder_tagger.load()
    tagged = tag(dd.read_parquet(folder / "news"), tagger, keep_text=False)
    # Each partition is written as soon as it is tagged.
    tagged.to_parquet(folder / "tagged", schema=parquet_schema(tagged, tagger), write_index=False)

    print(dd.read_parquet(folder / "tagged", columns=["id", "tags"]).compute().to_string())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
