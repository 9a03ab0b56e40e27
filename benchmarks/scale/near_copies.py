"""Near-copies in a long stream: time, memory and quality as it grows.

``python -m benchmarks.scale.near_copies [DOCUMENTS]`` prints a row for each tenth of the stream (default 100,000).

The documents are words of the corpus, drawn at random: news in their words and lengths, on few subjects. One in ten is
a copy of an earlier document with a tenth of its words edited.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import xborder_tagger
from benchmarks.quality.near_copies import originals, reworded
from xborder_tagger.dedupe import NearCopies

COPIES, RECENT, WORDS = 0.1, 20_000, (60, 400)
BATCH = 1000


def documents(count: int, texts: list[str]) -> Iterator[tuple[int, int, str]]:
    """Number, number of the text that it is a copy of (its own if of none), and text."""
    generator, edit, pool = random.Random(0), reworded(0.1), texts[:500]
    words = [word for text in texts for word in text.split()]
    recent: list[tuple[int, str]] = []
    for number in range(count):
        if recent and generator.random() < COPIES:
            source, text = generator.choice(recent)
            yield number, source, edit(text, generator, pool)
            continue
        text = " ".join(generator.choices(words, k=generator.randint(*WORDS)))
        recent[number % RECENT : number % RECENT + 1] = [(number, text)]
        yield number, number, text


@dataclass(slots=True)
class Tally:
    """Seconds of CPU in one tenth of the stream; copies planted and found and documents that joined in all of it."""

    spent: float = 0.0
    kernel: float = 0.0
    planted: int = 0
    found: int = 0
    joined: int = 0

    def row(self, done: int, tenth: int, copies: NearCopies[int], memory: float) -> str:
        """A row of the table."""
        cells = (
            f"{done:,}",
            f"{1e6 * self.spent / tenth:.0f}",
            f"{self.spent / self.kernel:.1f}",
            f"{copies.nbytes / done:.0f}",
            f"{memory:.0f}",
            f"{self.found / self.planted:.3f}",
            f"{self.found / max(1, self.joined):.3f}",
        )
        return "| " + " | ".join(cells) + " |"


HEAD = ("documents", "microseconds each", "times the kernel", "bytes kept each", "memory, MB", "recall", "precision")


def main(count: int) -> None:
    tagger = xborder_tagger.load()
    copies: NearCopies[int] = NearCopies(tagger.characters)
    stream, start, tally, tenth = documents(count, originals(tagger)), _peak(), Tally(), count // 10
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    while batch := list(islice(stream, BATCH)):
        numbers, sources, texts = (list(column) for column in zip(*batch, strict=True))
        clock = time.process_time()
        clusters = copies.add(texts, numbers)
        tally.spent += time.process_time() - clock
        clock = time.process_time()
        tagger.predictions(texts[: BATCH // 10])
        tally.kernel += (time.process_time() - clock) * 10
        tally.planted += sum(s != n for n, s in zip(numbers, sources, strict=True))
        tally.joined += sum(c != n for n, c in zip(numbers, clusters, strict=True))
        tally.found += sum(s != n and s == c for n, s, c in zip(numbers, sources, clusters, strict=True))
        done = numbers[-1] + 1
        if done % tenth == 0:
            print(tally.row(done, tenth, copies, _peak() - start), flush=True)
            tally.spent = tally.kernel = 0.0


def _peak() -> float:
    """Peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
