"""Tags in Spark: Arrow batches go to the Python workers and come back tagged."""

from __future__ import annotations

from collections.abc import Iterator

from xborder_tagger.engines import arrow
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger

with extra("spark"):
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType


def tag(frame: DataFrame, tagger: Tagger, *, text: str = "text", keep_text: bool = True) -> DataFrame:
    """The frame with the four result columns; nothing is computed yet.

    Every worker needs this package and, unless the model is the shipped one, the model file at the same path.

    Raises:
        InputError: there is no column ``text``.
    """

    def tagged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return arrow.tag_batches(tagger, batches, text=text, keep_text=keep_text)

    names = arrow.carried(frame.columns, text=text, keep_text=keep_text)
    own = [_renamed(frame.schema.fields[place], name) for place, name in names]
    return frame.mapInArrow(tagged, StructType([*own, *_results(tagger)]))


def _renamed(field: StructField, name: str) -> StructField:
    return StructField(name, field.dataType, field.nullable, field.metadata)


def _results(tagger: Tagger) -> list[StructField]:
    strings = ArrayType(StringType())
    shares = StructType([StructField(tag, DoubleType()) for tag in tagger.labels.names])
    kinds = (strings, shares, strings, strings)
    return [StructField(name, kind) for name, kind in zip(arrow.RESULTS, kinds, strict=True)]
