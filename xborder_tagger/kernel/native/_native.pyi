from collections.abc import Sequence
from typing import Any, TypeAlias

from numpy.typing import NDArray

Table: TypeAlias = tuple[NDArray[Any], NDArray[Any], int, int]

class Kernel:
    def __init__(
        self,
        characters: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
        vocabulary: tuple[Any, ...],
        linear: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
        pooling: tuple[NDArray[Any], NDArray[Any], int],
        common: int,
        /,
    ) -> None: ...
    def score(
        self,
        texts: Sequence[str] | NDArray[Any],
        scores: NDArray[Any],
        words: NDArray[Any],
        known: NDArray[Any],
        common: NDArray[Any],
        threads: int,
        /,
    ) -> None: ...
    def score_utf8(
        self,
        data: NDArray[Any],
        offsets: NDArray[Any],
        scores: NDArray[Any],
        words: NDArray[Any],
        known: NDArray[Any],
        common: NDArray[Any],
        threads: int,
        /,
    ) -> None: ...
    def score_utf32(
        self,
        codes: NDArray[Any],
        width: int,
        scores: NDArray[Any],
        words: NDArray[Any],
        known: NDArray[Any],
        common: NDArray[Any],
        threads: int,
        /,
    ) -> None: ...
