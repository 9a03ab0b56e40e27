from collections.abc import Sequence
from typing import Any, TypeAlias

from typing_extensions import Buffer

Table: TypeAlias = tuple[Buffer, Buffer, int]

class Kernel:
    def __init__(
        self,
        characters: tuple[Buffer, Buffer, Buffer],
        vocabulary: tuple[Any, ...],
        linear: tuple[Buffer, Buffer, float, Buffer],
        pooling: tuple[Buffer, Buffer, int],
        decision: tuple[Buffer, Buffer, float, float],
        common: int,
        /,
    ) -> None: ...
    def predict(self, texts: Sequence[str], arrays: tuple[Any, ...], threads: int, /) -> None: ...
    def explain(self, text: str, columns: tuple[int, ...], /) -> tuple[bytes, ...]: ...
