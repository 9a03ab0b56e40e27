"""TF-IDF weighting and linear margins over groups of feature occurrences (passages or sentences).

The value of a feature in a group is (1 + ln tf) * idf, the group's vector is scaled to unit length, and its margin
for a tag is the dot product with the tag's weights plus the tag's bias: scikit-learn's
``TfidfVectorizer(sublinear_tf=True)`` followed by a linear model, to the last few bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LANES = 8
ROW_BITS = 23  # of a number in a row, beside its sign: 255 rows can be added up in 32 bits
FEATURE_BITS = 24  # room for 16 million features beside the group's number
LOG = np.log(np.maximum(np.arange(256), 1))  # of term frequencies; hardly any text repeats a feature more often


@dataclass(frozen=True)
class LinearModel:
    """What is known of features, and the bias. The idf is multiplied in already: no weight is used without it.

    Args:
        heads: float32, (n_features, 2): idf squared, and idf times the weight that tells boilerplate.
        rows: int32, (n_features, lanes): idf times the weights of the tags, as multiples of `unit`, and zeros up to a
            multiple of 8. A compiled kernel finds them on as few cache lines as can be, and adds whole numbers, which
            is exact in any order.
        unit: a power of two.
        bias: float64, (n_tags + 1,), margins of a text without known features; the last one is boilerplate's.
    """

    heads: NDArray[np.float32]
    rows: NDArray[np.int32]
    unit: float
    bias: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        idf: NDArray[np.floating],
        weights: NDArray[np.floating],
        boilerplate: NDArray[np.floating],
        bias: NDArray[np.float64],
    ) -> LinearModel:
        """From an idf, the tags' weights and the weight of boilerplate for each feature."""
        n_features, n_tags = weights.shape
        products = weights * idf[:, None]
        unit = math.ldexp(1, math.frexp(np.abs(products).max(initial=0))[1] - ROW_BITS)
        rows = np.zeros((n_features, lanes_for(n_tags)), dtype=np.int32)
        rows[:, :n_tags] = np.rint(products / unit)
        return cls(np.column_stack((idf * idf, idf * boilerplate)).astype(np.float32), rows, unit, bias)

    @property
    def n_tags(self) -> int:
        """Number of tags."""
        return len(self.bias) - 1

    @cached_property
    def idf(self) -> NDArray[np.float64]:
        """Inverse frequency, (n_features,)."""
        return np.sqrt(self.heads[:, 0].astype(np.float64))

    @cached_property
    def boilerplate(self) -> NDArray[np.float64]:
        """Weights that tell boilerplate, (n_features,)."""
        return self.heads[:, 1] / self.idf

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the tags, (n_features, n_tags)."""
        return self.rows[:, : self.n_tags] * (self.unit / self.idf)[:, None]


def lanes_for(n_tags: int) -> int:
    """Numbers in a row of `LinearModel.rows`."""
    return -(-n_tags // LANES) * LANES


@dataclass(frozen=True, slots=True)
class Groups:
    """Different (group, feature) pairs, ascending, with unit-length TF-IDF values.

    Args:
        groups, features: int64, (n,).
        begins: int64, (n_filled,), where each group that has features begins.
        counts: int64, (n,), occurrences of the feature in the group.
        values: float64, (n,), the group's vector; its squares sum to 1 over the group.
    """

    groups: NDArray[np.int64]
    features: NDArray[np.int64]
    begins: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float64]


def pair_keys(features: NDArray[np.int32] | NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each (group, feature), ordered by group, then by feature."""
    return groups << FEATURE_BITS | features


def weigh(features: NDArray[np.int32], groups: NDArray[np.int64], idf: NDArray[np.float64]) -> Groups:
    """Count the occurrences by group and weigh them.

    Args:
        features: int32, (n_occurrences,).
        groups: int64, (n_occurrences,), non-negative.
        idf: float64, (n_features,).
    """
    keys = np.sort(pair_keys(features, groups))
    firsts = _begins(keys)
    counts = np.diff(firsts, append=len(keys))
    group, feature = keys[firsts] >> FEATURE_BITS, keys[firsts] & (1 << FEATURE_BITS) - 1
    raw = (1 + LOG.take(counts, mode="clip")) * idf.take(feature)
    if len(counts) and counts.max() >= len(LOG):
        raw = (1 + np.log(counts)) * idf.take(feature)
    begins = _begins(group)
    if len(begins):
        norms = np.sqrt(np.add.reduceat(raw * raw, begins))
        raw /= np.repeat(norms, np.diff(begins, append=len(group)))
    return Groups(group, feature, begins, counts, raw)


def _begins(ascending: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where runs of equal numbers begin."""
    if not len(ascending):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ascending[1:] != ascending[:-1]) + 1))


def margins(weighed: Groups, n_groups: int, model: LinearModel) -> NDArray[np.float64]:
    """Margins of all groups, float64, (n_groups, n_tags); the bias where a group has no feature."""
    out = np.tile(model.bias[:-1], (n_groups, 1))
    weights = model.weights.take(weighed.features, axis=0)
    _add_sums(out, weighed, weights * weighed.values[:, None])
    return out


def boilerplate_margins(weighed: Groups, n_groups: int, model: LinearModel) -> NDArray[np.float64]:
    """Margins that tell boilerplate, float64, (n_groups,); positive for boilerplate."""
    out = np.full(n_groups, model.bias[-1])
    _add_sums(out, weighed, model.boilerplate[weighed.features] * weighed.values)
    return out


def _add_sums(out: NDArray[np.float64], weighed: Groups, products: NDArray[np.float64]) -> None:
    if len(weighed.begins):
        out[weighed.groups[weighed.begins]] += np.add.reduceat(products, weighed.begins, axis=0)
