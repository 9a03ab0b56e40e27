"""JSON lines out.

The plain record, all of ours and all that was carried, is put together from ready-made pieces: more time than it takes
to tag a text would go into JSON otherwise. Its bytes are those that `dump` makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from xborder_tagger.io.batch import Batch
from xborder_tagger.io.jsonl import READABLE, dump
from xborder_tagger.io.layout import Layout
from xborder_tagger.labels import LabelSet
from xborder_tagger.results import FLAGS, rounded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW: Final = 16  # documents for which NumPy is not worth its import, which takes longer than all else of a short call


def encoder(labels: LabelSet, shape: Layout) -> Callable[[Batch], bytes]:
    """What makes lines of batches."""
    if shape.fields is not None or shape.codes:
        return partial(_any, shape)
    shares = ", ".join(f"{READABLE.encode(tag).replace('%', '%%')}: %r" for tag in labels.names)
    template = f'{{"id": %s, "tags": %s, "probabilities": {{{shares}}}, "review": %s, "flags": %s%s}}\n'
    return partial(_plain, shape, template)


def _any(shape: Layout, batch: Batch) -> bytes:
    return b"".join([dump(shape.record(record, prediction)) for record, prediction in batch.pairs])


def _plain(shape: Layout, template: str, batch: Batch) -> bytes:
    if batch.evidence is not None or len(batch) < FEW:
        return _any(shape, batch)
    try:
        return "".join([template % cells for cells in _cells(shape, batch)]).encode()
    except ValueError:  # lone surrogates, or numbers that JSON lacks
        return _any(shape, batch)


def _cells(shape: Layout, batch: Batch) -> Iterator[tuple[Any, ...]]:
    """What goes into the template for each document."""
    found, records = batch.found.as_arrays(), batch.records
    tags, review = (_lists(batch.names, cells) for cells in (found.applies, found.review))
    ids = [READABLE.encode(record.id) for record in records]
    carried = [f", {READABLE.encode(shape.carried(r.fields))[1:-1]}" if r.fields else "" for r in records]
    shares = rounded(found.probabilities).T.tolist()
    return zip(ids, tags, *shares, review, _lists(FLAGS, found.flags), carried, strict=True)


def _lists(names: tuple[str, ...], cells: NDArray[np.bool_]) -> list[str]:
    """For each row of a boolean array the names of its true columns, as JSON. Few rows differ."""
    import numpy as np

    packed = np.packbits(cells, axis=1)
    rows = packed.view(f"V{packed.shape[1]}").ravel().tolist()
    texts = {row: _list(names, row) for row in set(rows)}
    return [texts[row] for row in rows]


@lru_cache(maxsize=4096)
def _list(names: tuple[str, ...], packed: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in packed)  # the first column is the highest bit
    return READABLE.encode([name for name, bit in zip(names, bits, strict=False) if bit == "1"])
