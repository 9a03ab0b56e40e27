"""Tags in pandas: ``frame.xborder.tag("text")``.

Importing this module registers the accessor. Cells are plain lists and dicts, which pandas takes everywhere:
``frame["probabilities"].str["drugs"]`` is a column of numbers, ``frame.explode("tags")`` has a row for each tag.
"""

from __future__ import annotations

from xborder_tagger.engines import arrow
from xborder_tagger.errors import DocumentError
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger, load

with extra("pandas"):
    import pandas as pd
    import pyarrow as pa


@pd.api.extensions.register_dataframe_accessor("xborder")
class Accessor:
    """Methods of a data frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def tag(self, text: str = "text", *, tagger: Tagger | None = None, keep_text: bool = True) -> pd.DataFrame:
        """`tag`, by the shipped model where no tagger is given."""
        return tag(self._frame, tagger or load(), text=text, keep_text=keep_text)


def tag(frame: pd.DataFrame, tagger: Tagger, *, text: str = "text", keep_text: bool = True) -> pd.DataFrame:
    """A new frame: the columns and the index of the given one, and the four result columns.

    Raises:
        InputError: there is no column ``text``.
        DocumentError: a cell of it is neither a text nor missing.
    """
    own = arrow.carried(list(frame.columns), text=text, keep_text=keep_text)
    tagged = frame.iloc[:, [place for place, _ in own]].set_axis([name for _, name in own], axis=1)
    results = arrow.predict(tagger, _texts(frame[text])).flatten()
    # Not Arrow-backed: pandas cannot read such lists and structs back from Parquet (its issue 53011).
    columns = (pd.Series(column.to_pylist(), index=frame.index, dtype=object) for column in results)
    return tagged.assign(**dict(zip(arrow.RESULTS, columns, strict=True)))


def _texts(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as error:
        cause = f"column {column.name!r}: a cell is no text ({error}); convert it or set it to None"
        raise DocumentError("not_text", cause) from error
