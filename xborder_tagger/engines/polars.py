"""Tags in Polars: ``pl.col("text").xborder.tags()`` in any expression, and whole frames, eager and lazy.

Importing this module registers the namespace ``xborder`` for expressions.
"""

from __future__ import annotations

from typing import TypeVar, cast

from xborder_tagger.engines import arrow
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger, load

with extra("polars"):
    import polars as pl
    import pyarrow as pa

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


@pl.api.register_expr_namespace("xborder")
class Texts:
    """Methods of an expression of texts; ``tagger`` is the shipped model's where none is given."""

    def __init__(self, texts: pl.Expr) -> None:
        self._texts = texts

    def predict(self, tagger: Tagger | None = None) -> pl.Expr:
        """A struct of the four result columns."""
        chosen = tagger or load()

        def predict(texts: pl.Series) -> pl.Series:
            return _series(arrow.predict(chosen, texts.to_arrow()))

        kind = _series(arrow.predict(chosen, pa.array([], pa.string()))).dtype
        return self._texts.map_batches(predict, return_dtype=kind, is_elementwise=True)

    def tags(self, tagger: Tagger | None = None) -> pl.Expr:
        """A list of the tags that apply."""
        return self.predict(tagger).struct.field("tags")


def tag(frame: Frame, tagger: Tagger, *, text: str = "text", keep_text: bool = True) -> Frame:
    """The frame with the four result columns after its own.

    Raises:
        InputError: there is no column ``text``.
    """
    names = frame.collect_schema().names()
    own = [pl.col(names[place]).alias(name) for place, name in arrow.carried(names, text=text, keep_text=keep_text)]
    results = Texts(pl.col(text)).predict(tagger).alias("prediction")
    return frame.select(*own, results).unnest("prediction")


def _series(results: pa.StructArray) -> pl.Series:
    return cast(pl.Series, pl.from_arrow(results))
