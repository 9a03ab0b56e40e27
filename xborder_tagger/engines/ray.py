"""Tags in Ray Data: a pool of actors, each of which opens the model once."""

from __future__ import annotations

from typing import Final

from xborder_tagger.engines import arrow
from xborder_tagger.extras import extra
from xborder_tagger.tagger import Tagger

with extra("ray"):
    import pyarrow as pa
    from ray.data import ActorPoolStrategy, Dataset

ROWS: Final = 4096  # of a batch: a few megabytes of news


class Worker:
    """The actor."""

    def __init__(self, tagger: Tagger, text: str, keep_text: bool) -> None:
        self.tagger, self.text, self.keep_text = tagger, text, keep_text

    def __call__(self, table: pa.Table) -> pa.Table:
        """The table, tagged."""
        return arrow.tag_table(self.tagger, table, text=self.text, keep_text=self.keep_text)


def tag(dataset: Dataset, tagger: Tagger, *, text: str = "text", keep_text: bool = True, workers: int = 1) -> Dataset:
    """The dataset with the four result columns; nothing is computed yet.

    Args:
        workers: actors, each on one core.
    """
    return dataset.map_batches(
        Worker,
        fn_constructor_args=(tagger, text, keep_text),
        batch_format="pyarrow",
        batch_size=ROWS,
        compute=ActorPoolStrategy(size=workers),
    )
