"""JSON lines out.

The plain record, all of ours and all that was carried, is put together from ready-made pieces: half of the time that
it takes to tag and write a text would go into JSON otherwise. Its bytes are those that `dump` makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final

from xborder_tagger.io.jsonl import READABLE, dump
from xborder_tagger.io.layout import Layout
from xborder_tagger.io.records import Record
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import DECIMALS, Prediction

Batch = Sequence[tuple[Record, Prediction]]
names_json: Final = lru_cache(maxsize=1024)(READABLE.encode)  # of tuples of tags and flags, which are few


def encoder(labels: LabelSet, shape: Layout) -> Callable[[Batch], bytes]:
    """What makes lines of batches."""
    if shape.fields is not None or shape.codes:
        return partial(_any, shape)
    shares = ", ".join(f"{READABLE.encode(tag)}: %r" for tag in labels.names)
    template = f'{{"id": %s, "tags": %s, "probabilities": {{{shares}}}, "review": %s, "flags": %s%s}}\n'
    return partial(_plain, shape, template)


def _any(shape: Layout, batch: Batch) -> bytes:
    return b"".join([dump(shape.record(record, prediction)) for record, prediction in batch])


def _plain(shape: Layout, template: str, batch: Batch) -> bytes:
    if batch and batch[0][1].evidence is not None:
        return _any(shape, batch)
    try:
        return "".join([_line(shape, template, record, prediction) for record, prediction in batch]).encode()
    except ValueError:  # lone surrogates, or numbers that JSON lacks
        return _any(shape, batch)


def _line(shape: Layout, template: str, record: Record, prediction: Prediction) -> str:
    shares = [round(score.probability, DECIMALS) for score in prediction.scores]
    carried = f", {READABLE.encode(shape.carried(record.fields))[1:-1]}" if record.fields else ""
    names = (names_json(prediction.tags), names_json(prediction.review), names_json(prediction.flags))
    return template % (READABLE.encode(record.id), names[0], *shares, *names[1:], carried)
