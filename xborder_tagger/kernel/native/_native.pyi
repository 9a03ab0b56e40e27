from collections.abc import Sequence
from typing import Any, TypeAlias

from numpy.typing import NDArray

Table: TypeAlias = tuple[NDArray[Any], NDArray[Any], int]

class Kernel:
    def __init__(
        self,
        characters: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
        vocabulary: tuple[Any, ...],
        linear: tuple[NDArray[Any], NDArray[Any], float, NDArray[Any]],
        pooling: tuple[NDArray[Any], NDArray[Any], int],
        common: int,
        /,
    ) -> None: ...
    def score(
        self,
        texts: Sequence[str],
        scores: NDArray[Any],
        words: NDArray[Any],
        known: NDArray[Any],
        common: NDArray[Any],
        threads: int,
        /,
    ) -> None: ...
