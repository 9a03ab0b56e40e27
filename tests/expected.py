"""What every engine must say about a few texts: what `Tagger.pipe` says, to the last bit."""

from collections.abc import Iterable

import pyarrow as pa

from benchmarks.speed.texts import news
from xborder_tagger.tagger import Tagger

ODD = ["Police seized 40 kg of heroin at the border.", None, "", "Bộ trưởng đã gặp", "The ministers met.", None]
TEXTS = [*ODD, *news(60, 290)]


def records(tagger: Tagger, texts: Iterable[str | None]) -> list[dict]:
    """Unrounded, in the shape of the result columns; a null is an empty text."""
    return [
        {"tags": list(p.tags), "probabilities": p.probabilities, "review": list(p.review), "flags": list(p.flags)}
        for p in tagger.pipe(text or "" for text in texts)
    ]


def given() -> pa.Table:
    """The texts with an id that must not become a number, and a column that has one of our names."""
    ids = [f"{number:03}" for number in range(len(TEXTS))]
    return pa.table({"id": ids, "text": TEXTS, "tags": [f"own {i}" for i in ids]})


def wanted(tagger: Tagger) -> list[dict]:
    """The tagged table's rows, in order."""
    own = given().rename_columns(["id", "text", "input_tags"]).to_pylist()
    return [row | results for row, results in zip(own, records(tagger, TEXTS), strict=True)]
