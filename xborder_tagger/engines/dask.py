"""Tags in Dask: a partition is a pandas frame, tagged where it lies.

Dask does not see what lies in columns of lists and dicts. To write a tagged frame to Parquet, tell it:
``tagged.to_parquet(path, schema=parquet_schema(tagged, tagger), write_index=False)``.
"""

from __future__ import annotations

from xborder_tagger.engines import arrow, pandas
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger, reopen

with extra("dask"):
    import dask.dataframe as dd
    import pandas as pd
    import pyarrow as pa


def tag(frame: dd.DataFrame, tagger: Tagger, *, text: str = "text", keep_text: bool = True) -> dd.DataFrame:
    """The frame with the four result columns; nothing is computed yet.

    Raises:
        InputError: there is no column ``text``.
    """
    meta = pandas.tag(frame._meta, tagger, text=text, keep_text=keep_text)
    return frame.map_partitions(  # type: ignore[no-untyped-call]
        _tagged, tagger.reference, text=text, keep_text=keep_text, meta=meta
    )


def parquet_schema(tagged: dd.DataFrame, tagger: Tagger) -> pa.Schema:
    """Schema for Parquet files of a tagged frame without its index; result columns as all engines write them."""
    own = pa.Schema.from_pandas(tagged._meta.drop(columns=list(arrow.RESULTS)), preserve_index=False)
    return pa.schema([*own, *arrow.result_type(tagger).fields])


def _tagged(part: pd.DataFrame, reference: tuple[str | None, str], *, text: str, keep_text: bool) -> pd.DataFrame:
    # The scheduler unpickles what it passes on, and waits for ever where that fails: it must not open the model.
    return pandas.tag(part, reopen(*reference), text=text, keep_text=keep_text)
