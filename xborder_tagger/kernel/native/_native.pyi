from collections.abc import Sequence
from typing import Any, TypeAlias, final

from numpy.typing import NDArray

Buffer: TypeAlias = Any  # what has the buffer protocol
Columns: TypeAlias = tuple[Any, ...]  # of Matrix

@final
class Matrix:
    def tolist(self) -> list[Any]: ...
    def __len__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview[Any]: ...

@final
class Kernel:
    def __init__(
        self,
        characters: tuple[Buffer, Buffer, Buffer],
        vocabulary: tuple[Any, ...],
        linear: tuple[Buffer, tuple[float, ...], Buffer],
        pooling: tuple[Buffer, Buffer, int],
        decision: tuple[Buffer, Buffer, float, float],
        common: int,
        /,
    ) -> None: ...
    def predict(self, texts: Sequence[str] | NDArray[Any], threads: int, /) -> Columns: ...
    def predict_utf8(self, data: Buffer, offsets: Buffer, threads: int, /) -> Columns: ...
    def predict_utf32(self, codes: Buffer, width: int, threads: int, /) -> Columns: ...
    def explain(self, text: str, columns: tuple[int, ...], /) -> Columns: ...
