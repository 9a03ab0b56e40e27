"""Work without a format or a model: numbered documents whose bytes tell whether they are lost, doubled or torn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, BinaryIO

from xborder_tagger.jobs import Step, Tally


@dataclass(frozen=True)
class Bad:
    where: str
    code: str
    message: str


@dataclass
class FakeWork:
    """Documents 0 to ``count``, every fifth one bad, in batches of any size."""

    random: Random = field(default_factory=lambda: Random(0))
    count: int = 20
    assembled: bool = False
    header: bytes = b"header\n"
    rejects: bool = True

    @property
    def fingerprint(self) -> dict[str, Any]:
        return {"count": self.count, "inputs": [{"path": "fake", "size": self.count}]}

    def steps(self, position: Any) -> Iterator[Step]:
        at = 0 if position is None else position["next"]
        while at < self.count:
            end = min(self.count, at + self.random.randint(1, 4))
            bad = [number for number in range(at, end) if self._is_bad(number)]
            good = [number for number in range(at, end) if not self._is_bad(number)]
            tally = Tally(len(good), end - at, {"drugs": len(good)}, {}, {"bad": len(bad)} if bad else {})
            yield Step(b"".join(map(document, good)), list(map(rejected, bad)), {"next": end}, tally)
            at = end

    def assemble(self, spool: BinaryIO, out: BinaryIO) -> None:
        out.write(b"assembled\n")
        for line in spool:
            out.write(line)
        out.write(b"end\n")

    def output(self) -> bytes:
        """What must come out."""
        lines = self.header + b"".join(document(n) for n in range(self.count) if not self._is_bad(n))
        return b"assembled\n" + lines + b"end\n" if self.assembled else lines

    def quarantine(self) -> bytes | None:
        """What must come out beside it; None for no file."""
        bad = [rejected(number) for number in range(self.count) if self._is_bad(number)]
        return "".join(json.dumps(vars(item)) + "\n" for item in bad).encode() if bad else None

    def _is_bad(self, number: int) -> bool:
        return self.rejects and number % 5 == 3


def document(number: int) -> bytes:
    return b"%06d %s\n" % (number, Random(number).randbytes(number % 11).hex().encode())


def rejected(number: int) -> Bad:
    return Bad(f"fake:{number}", "bad", "x" * (number % 7))
