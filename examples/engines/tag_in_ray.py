"""Tags in Ray Data, Parquet to Parquet. Needs ``pip install 'xborder-tagger[ray]'``."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import ray

import xborder_tagger
from xborder_tagger.engines.ray import tag

ARTICLES = Path(__file__).parent.parent / "articles"


def main(folder: Path) -> None:
    """Tag a folder of Parquet files; on a cluster the folder is one in object storage, such as s3://bucket/news."""
    files = sorted(ARTICLES.glob("*.txt"))
    news = pa.table({"id": [file.stem for file in files], "text": [file.read_text("utf-8") for file in files]})
    pq.write_table(news, folder / "news.parquet")

    tagged = tag(ray.data.read_parquet(str(folder / "news.parquet")), xborder_tagger.load(), workers=1)
    tagged.drop_columns(["text"]).write_parquet(str(folder / "tagged"))

    for row in sorted(ray.data.read_parquet(str(folder / "tagged")).take_all(), key=lambda row: row["id"]):
        print(row["id"], ", ".join(row["tags"]) or "no tag")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
