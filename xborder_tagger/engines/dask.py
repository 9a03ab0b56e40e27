"""Tags in Dask: a partition is a pandas frame, tagged where it lies."""

from __future__ import annotations

from xborder_tagger.engines import pandas
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger, reopen

with extra("dask"):
    import dask.dataframe as dd
    import pandas as pd


def tag(frame: dd.DataFrame, tagger: Tagger, *, text: str = "text", keep_text: bool = True) -> dd.DataFrame:
    """The frame with the four result columns; nothing is computed yet.

    Raises:
        InputError: there is no column ``text``.
    """
    meta = pandas.tag(frame._meta, tagger, text=text, keep_text=keep_text)
    return frame.map_partitions(  # type: ignore[no-untyped-call]
        _tagged, tagger.reference, text=text, keep_text=keep_text, meta=meta
    )


def _tagged(part: pd.DataFrame, reference: tuple[str | None, str], *, text: str, keep_text: bool) -> pd.DataFrame:
    # The scheduler unpickles what it passes on, and waits for ever where that fails: it must not open the model.
    return pandas.tag(part, reopen(*reference), text=text, keep_text=keep_text)
