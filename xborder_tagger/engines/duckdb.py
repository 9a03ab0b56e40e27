"""Tags in SQL: two functions for a DuckDB connection, and one for its relations.

>>> register(connection, tagger)
>>> connection.sql("SELECT id, tags(text) FROM news WHERE list_contains(tags(text), 'drugs')")
>>> connection.sql("SELECT avg(prediction(text).probabilities.drugs) FROM news")
"""

from __future__ import annotations

from typing import Final

from xborder_tagger.engines import arrow
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger

with extra("duckdb"):
    import duckdb
    import pyarrow as pa
    from duckdb.func import FunctionNullHandling, PythonUDFType

STRINGS: Final = "VARCHAR[]"


def register(connection: duckdb.DuckDBPyConnection, tagger: Tagger, *, prefix: str = "") -> None:
    """Give a connection the functions ``tags(text)``, a VARCHAR[], and ``prediction(text)``, a STRUCT.

    Args:
        prefix: before both names, for a second model or where the names are taken.
    """

    def prediction(texts: pa.ChunkedArray) -> pa.Array:
        return arrow.predict(tagger, texts)

    def tags(texts: pa.ChunkedArray) -> pa.Array:
        return arrow.predict(tagger, texts).field("tags")

    for function, kind in ((prediction, _struct(tagger)), (tags, STRINGS)):
        name = prefix + function.__name__
        connection.create_function(
            name,
            function,
            ["VARCHAR"],
            kind,
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,  # we answer for a null text ourselves
        )


def tag(
    relation: duckdb.DuckDBPyRelation, *, text: str = "text", keep_text: bool = True, prefix: str = ""
) -> duckdb.DuckDBPyRelation:
    """The relation with the four result columns; its connection must have been given to `register`.

    Raises:
        InputError: there is no column ``text``.
    """
    names = relation.columns
    own = [
        f"{_quoted(names[place])} AS {_quoted(name)}"
        for place, name in arrow.carried(names, text=text, keep_text=keep_text)
    ]
    return relation.project(", ".join([*own, f"unnest({_quoted(prefix + 'prediction')}({_quoted(text)}))"]))


def _struct(tagger: Tagger) -> str:
    shares = ", ".join(f"{_quoted(tag)} DOUBLE" for tag in tagger.labels.names)
    kinds = (STRINGS, f"STRUCT({shares})", STRINGS, STRINGS)
    return f"STRUCT({', '.join(f'{name} {kind}' for name, kind in zip(arrow.RESULTS, kinds, strict=True))})"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
