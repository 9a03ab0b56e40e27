"""Tags in Spark, Parquet to Parquet. Needs ``pip install 'xborder-tagger[spark]'`` and Java 17."""

import os
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

import xborder_tagger
from xborder_tagger.engines.spark import tag

ARTICLES = Path(__file__).parent.parent / "articles"


def main(spark: SparkSession, folder: Path) -> None:
    """Tag a folder of Parquet files; on a cluster the folder is one in object storage, such as s3a://bucket/news."""
    rows = [(file.stem, file.read_text("utf-8")) for file in sorted(ARTICLES.glob("*.txt"))]
    spark.createDataFrame(rows, "id string, text string").write.parquet(f"{folder}/news")

    tagged = tag(spark.read.parquet(f"{folder}/news"), xborder_tagger.load(), keep_text=False)
    tagged.write.parquet(f"{folder}/tagged")

    spark.read.parquet(f"{folder}/tagged").createOrReplaceTempView("tagged")
    spark.sql("SELECT id, tags, round(probabilities.drugs, 3) AS drugs FROM tagged ORDER BY id").show(truncate=False)


if __name__ == "__main__":
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers' Python, which must have this package
    session = SparkSession.builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    with tempfile.TemporaryDirectory() as folder:
        main(session, Path(folder))
