"""Importing what is optional."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xborder_tagger.errors import MissingExtraError


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Imports in the block need the extra of that name.

    Raises:
        MissingExtraError: something imported in the block is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name).partition(".")[0], name) from error
