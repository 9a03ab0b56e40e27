"""Tag a Parquet file of any size, batch by batch: ``python tag_parquet.py IN.parquet OUT.parquet [TEXT_COLUMN]``.

Without arguments it makes a small file from the example articles and tags that. Needs
``pip install 'xborder-tagger[arrow]'`` and no engine.
"""

import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import xborder_tagger
from xborder_tagger.engines.arrow import tag_batches, tagged_schema

ARTICLES = Path(__file__).parent.parent / "articles"


def example_table(folder: Path) -> Path:
    """A Parquet file with the example articles."""
    files = sorted(ARTICLES.glob("*.txt"))
    news = pa.table({"id": [file.stem for file in files], "text": [file.read_text("utf-8") for file in files]})
    pq.write_table(news, folder / "news.parquet")
    return folder / "news.parquet"


def tag_file(source: Path, target: Path, column: str = "text") -> None:
    """Copy a Parquet file with the four result columns after its own, in constant memory."""
    tagger, given = xborder_tagger.load(), pq.ParquetFile(source)
    schema = tagged_schema(tagger, given.schema_arrow, text=column)
    with pq.ParquetWriter(target, schema) as out:
        for batch in tag_batches(tagger, given.iter_batches(), text=column):
            out.write_batch(batch)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        source, target = (
            (Path(a) for a in sys.argv[1:3])
            if len(sys.argv) > 2
            else (example_table(Path(folder)), Path(folder) / "tagged.parquet")
        )
        tag_file(source, target, *sys.argv[3:4])
        print(pq.read_table(target).slice(0, 10).select(["tags", "flags"]).to_pylist())
