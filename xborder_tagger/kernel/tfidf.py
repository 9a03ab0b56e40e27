"""TF-IDF weighting and linear margins over groups of feature occurrences (passages or sentences).

The value of a feature in a group is (1 + ln tf) * idf, the group's vector is scaled to unit length, and its margin
for a tag is the dot product with the tag's weights plus the tag's bias: scikit-learn's
``TfidfVectorizer(sublinear_tf=True)`` followed by a linear model, to the last few bits.

Few features repeat inside a group. So margins begin as plain sums over all occurrences, which add up from sentences
to passages, and are then mended for the features that repeat. `weigh` gives the vectors themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

LANES: Final = 8
BOILERPLATE, SQUARE, TAGS = 0, 1, LANES
BITS: Final = 15  # of a number in a row, beside its sign
SUMMED: Final = 1 << 14  # rows added up at a time: they fit a cache, and their sums fit 32 bits


@dataclass(frozen=True)
class LinearModel:
    """What is known of features, and the bias. The idf is multiplied in already: no weight is used without it.

    Numbers are whole multiples of a power of two, so that sums of rows are exact in any order; a compiled kernel finds
    all that it needs of a feature in 32 bytes. Next to float64, no score of the corpus moves by more than 0.002.

    Args:
        rows: int16, (n_features, width): idf times the weight that tells boilerplate, idf squared, zeros up to `TAGS`,
            idf times the weights of the tags, and zeros up to a multiple of 8.
        units: of the three kinds of numbers in a row, powers of two.
        bias: float64, (n_tags + 1,), margins of a text without known features; the last one is boilerplate's.
    """

    rows: NDArray[np.int16]
    units: tuple[float, ...]
    bias: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        idf: NDArray[np.floating],
        weights: NDArray[np.floating],
        boilerplate: NDArray[np.floating],
        bias: NDArray[np.float64],
    ) -> LinearModel:
        """From an idf, the tags' weights and the weight of boilerplate for each feature.

        Raises:
            ValueError: a number is not finite.
        """
        n_features, n_tags = weights.shape
        rows = np.zeros((n_features, row_width(n_tags)), dtype=np.int16)
        columns = (rows[:, BOILERPLATE], rows[:, SQUARE], rows[:, TAGS : TAGS + n_tags])
        products = (boilerplate * idf, idf * idf, weights * idf[:, None])
        units = tuple(_store(*pair) for pair in zip(products, columns, strict=True))
        rows[:, SQUARE] = rows[:, SQUARE].clip(min=1)
        return cls(rows, units, bias)

    @property
    def n_tags(self) -> int:
        """Number of tags."""
        return len(self.bias) - 1

    @cached_property
    def units_of_columns(self) -> NDArray[np.float64]:
        """Unit of each column of `table`, (2 + lanes,)."""
        of_boilerplate, of_square, of_tags = self.units
        return np.array([of_square, of_boilerplate] + [of_tags] * (self.rows.shape[1] - TAGS))

    @cached_property
    def table(self) -> NDArray[np.float64]:
        """What an occurrence adds to its group's totals, (n_features, 2 + lanes): square, boilerplate, tags."""
        return self._columns * self.units_of_columns

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        """The columns of `table` as whole numbers, two in each, (n_features, (2 + lanes) / 2); `split` tells apart."""
        low, high = self._columns[:, ::2].astype(np.int64), self._columns[:, 1::2].astype(np.int64)
        return low + (high << 32)

    @property
    def _columns(self) -> NDArray[np.int16]:
        return np.concatenate((self.rows[:, [SQUARE, BOILERPLATE]], self.rows[:, TAGS:]), axis=1)

    @cached_property
    def idf(self) -> NDArray[np.float64]:
        """Inverse frequency, (n_features,)."""
        return np.sqrt(self.table[:, 0])

    @cached_property
    def boilerplate(self) -> NDArray[np.float64]:
        """Weights that tell boilerplate, (n_features,)."""
        return self.table[:, 1] / self.idf

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the tags, (n_features, n_tags)."""
        return self.table[:, 2 : 2 + self.n_tags] / self.idf[:, None]


def _store(numbers: NDArray[np.floating], column: NDArray[np.int16]) -> float:
    """Write numbers as whole multiples, the nearest ones, of the unit that is returned."""
    if not np.isfinite(numbers).all():
        raise ValueError("a weight is not finite")
    highest = (1 << BITS) - 1
    unit = math.ldexp(1, math.frexp(np.abs(numbers).max(initial=0))[1] - BITS)
    if np.abs(np.rint(numbers / unit)).max(initial=0) > highest:
        unit *= 2
    column[:] = np.rint(numbers / unit)
    return unit


def row_width(n_tags: int) -> int:
    """Numbers in a row of `LinearModel.rows`."""
    return TAGS + -(-n_tags // LANES) * LANES


@dataclass(frozen=True, slots=True)
class Groups:
    """Different (group, feature) pairs, ascending, with unit-length TF-IDF values.

    Args:
        groups, features: int64, (n,).
        counts: int64, (n,), occurrences of the feature in the group.
        values: float64, (n,), the group's vector; its squares sum to 1 over the group.
    """

    groups: NDArray[np.int64]
    features: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of numbers, ascending, each as one number: mostly of a group and a feature.

    Args:
        keys: uint32 where they fit, which sort in half the time, or else int64, (n,).
        bits: of the second number in a key.
    """

    keys: NDArray[np.integer]
    bits: int

    @classmethod
    def of(cls, first: NDArray[np.integer], second: NDArray[np.integer], limit: int) -> Pairs:
        """Pairs of the given numbers, non-negative, the second ones below ``limit``."""
        bits = limit.bit_length()
        dtype: DTypeLike = np.int64 if first.max(initial=0) >> 32 - bits else np.uint32
        return cls(np.sort(first.astype(dtype, copy=False) << bits | second.astype(dtype, copy=False)), bits)

    @property
    def first(self) -> NDArray[np.integer]:
        """First number of each pair."""
        return self.keys >> self.bits

    @property
    def second(self) -> NDArray[np.integer]:
        """Second number of each pair."""
        return self.keys & (1 << self.bits) - 1

    def near(self, distance: int) -> Pairs:
        """Those that have another pair beside them, no farther away than that."""
        close = np.zeros(len(self.keys) + 1, dtype=bool)
        close[1:-1] = self.keys[1:] - self.keys[:-1] <= distance
        return Pairs(self.keys.take(np.flatnonzero(close[1:] | close[:-1])), self.bits)


def weigh(features: NDArray[np.int32], groups: NDArray[np.integer], idf: NDArray[np.float64]) -> Groups:
    """Count the occurrences by group and weigh them.

    Args:
        features: int32, (n_occurrences,).
        groups: whole numbers, (n_occurrences,), non-negative.
        idf: float64, (n_features,).
    """
    pairs = Pairs.of(groups, features, len(idf))
    firsts = _begins(pairs.keys)
    counts = np.diff(firsts, append=len(pairs.keys))
    group, feature = (numbers[firsts].astype(np.int64) for numbers in (pairs.first, pairs.second))
    raw = (1 + np.log(counts)) * idf.take(feature)
    begins = _begins(group)
    if len(begins):
        norms = np.sqrt(np.add.reduceat(raw * raw, begins))
        raw /= np.repeat(norms, np.diff(begins, append=len(group)))
    return Groups(group, feature, counts, raw)


def _begins(ascending: NDArray[np.integer]) -> NDArray[np.int64]:
    """Where runs of equal numbers begin."""
    if not len(ascending):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ascending[1:] != ascending[:-1]) + 1))


def totals(occurrences: Pairs, n_groups: int, model: LinearModel) -> NDArray[np.float64]:
    """Sums of `LinearModel.table` over all occurrences of each group, float64, (n_groups, 2 + lanes)."""
    out = np.zeros((n_groups, model.table.shape[1]))
    for begin in range(0, len(occurrences.keys), SUMMED):
        some = Pairs(occurrences.keys[begin : begin + SUMMED], occurrences.bits)
        groups, begins = some.first, _begins(some.first)
        out[groups[begins]] += split(np.add.reduceat(model.pairs.take(some.second, axis=0), begins, axis=0))
    return out * model.units_of_columns


def split(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Both numbers of 32 bits in each of sums of `LinearModel.pairs`, (n, twice as many columns)."""
    low = pairs << 32 >> 32
    return np.stack((low, pairs - low >> 32), axis=-1).reshape(len(pairs), -1)


def margins(plain: NDArray[np.float64], occurrences: Pairs, model: LinearModel) -> NDArray[np.float64]:
    """Margins of groups, float64, (n_groups, 1 + n_tags), boilerplate's before the tags'; the bias without features.

    Args:
        plain: the groups' `totals`, which count a feature tf times instead of 1 + ln tf times.
        occurrences: as there; features that stand once in a group may be left out.
    """
    pairs, counts = _repeats(occurrences)
    damped = 1 + np.log(counts)
    rows = model.table.take(pairs.second, axis=0)
    squares = rows[:, 0] * (damped * damped - counts)
    rows *= (damped - counts)[:, None]
    rows[:, 0] = squares
    mended = plain + _sums(pairs.first, rows, len(plain))
    lengths = np.sqrt(np.where(mended[:, :1] > 0, mended[:, :1], 1))
    scaled: NDArray[np.float64] = mended[:, 1 : 2 + model.n_tags] / lengths
    return scaled + np.roll(model.bias, 1)


def _repeats(occurrences: Pairs) -> tuple[Pairs, NDArray[np.int64]]:
    """Pairs that stand more than once, and how often."""
    keys = occurrences.keys
    again = np.flatnonzero(keys[1:] == keys[:-1])
    firsts = np.flatnonzero(np.diff(again, prepend=-2) != 1)
    return Pairs(keys[again[firsts]], occurrences.bits), np.diff(firsts, append=len(again)) + 1


def _sums(groups: NDArray[np.integer], rows: NDArray[np.float64], n_groups: int) -> NDArray[np.float64]:
    """Sums of rows by group, groups ascending; zeros for a group without any."""
    out, begins = np.zeros((n_groups, rows.shape[1])), _begins(groups)
    if len(begins):
        pairs = rows.view(np.complex128)  # two numbers at a time take fewer steps
        out[groups[begins]] = np.add.reduceat(pairs, begins, axis=0).view(np.float64)
    return out
