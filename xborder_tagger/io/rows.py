"""From a row of named values to a document: which are its text, which is its id; all others are carried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from xborder_tagger.errors import DocumentError
from xborder_tagger.io.options import ReadOptions
from xborder_tagger.io.records import Record

ID: Final = "id"
NO_TEXT: Final = "no text: missing or null, expected a string"
BETWEEN: Final = "\n\n"  # texts of several columns: a paragraph each, so that no sentence runs across


def record_of(row: dict[str, Any], where: str, options: ReadOptions) -> Record:
    """The document of a row; text and id are taken out of ``row``, which becomes its fields.

    Raises:
        DocumentError: ``not_text``: there is no text, or it is no string.
    """
    columns = options.text_columns
    text = row.pop(columns[0], None)
    if len(columns) > 1 or not isinstance(text, str):
        rest = [_text(row.pop(name, None), name, options) for name in columns[1:]]
        text = joined([_text(text, columns[0], options), *rest])
    return Record(row.pop(options.id_column or ID, where), text, row, where)


def joined(texts: Sequence[str | None]) -> str:
    """The texts of several columns as one; those that are missing or empty leave no gap.

    Raises:
        DocumentError: ``not_text``: all are missing.
    """
    if len(texts) == 1 and texts[0] is not None:
        return texts[0]
    if all(text is None for text in texts):
        raise DocumentError("not_text", NO_TEXT)
    return BETWEEN.join(filter(None, texts))


def _text(value: Any, name: str, options: ReadOptions) -> str | None:
    if isinstance(value, str) or (value is None and len(options.text_columns) > 1):
        return value
    found = "no field" if value is None else f"{type(value).__name__} in field"
    raise DocumentError("not_text", f'{found} "{name}", expected a string')


def check_columns(columns: Sequence[str], options: ReadOptions) -> None:
    """See that a table has the columns that the options name, each once.

    Raises:
        DocumentError: ``duplicate_header`` or ``no_column``.
    """
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        cure = "give each column a name of its own"
        raise DocumentError("duplicate_header", f"column {twice[0]!r} is there twice; {cure}")
    wanted = dict.fromkeys(options.text_columns, "--text-column")
    wanted |= {options.id_column: "--id-column"} if options.id_column else {}
    for name, option in wanted.items():
        if name not in columns:
            raise DocumentError("no_column", f"no column {name!r}; name one with {option}{meant(name, columns)}")


def meant(name: str, known: Iterable[str]) -> str:
    """A suggestion for a name that is not known, and what is."""
    from difflib import get_close_matches

    known = list(known)
    close = get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(map(repr, known[:20])) or 'none'}"
