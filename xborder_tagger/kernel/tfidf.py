"""TF-IDF weighting and linear margins over groups of feature occurrences (passages or sentences).

The value of a feature in a group is (1 + ln tf) * idf, the group's vector is scaled to unit length, and its margin
for a tag is the dot product with the tag's weights plus the tag's bias: scikit-learn's
``TfidfVectorizer(sublinear_tf=True)`` followed by a linear model, to the last few bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEATURE_BITS = 24  # room for 16 million features beside the group's number
LOG = np.log(np.maximum(np.arange(256), 1))  # of term frequencies; hardly any text repeats a feature more often


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Feature weights, one column for each tag and a last one for boilerplate.

    Args:
        idf: float64, (n_features,).
        weights: float64, (n_features, n_tags + 1).
        bias: float64, (n_tags + 1,), margin of a text without known features.
    """

    idf: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    @property
    def n_tags(self) -> int:
        """Number of tags."""
        return len(self.bias) - 1


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
    """Margins of all groups, float64, (n_groups, n_tags + 1); the bias where a group has no feature."""
    products = model.weights.take(weighed.features, axis=0)
    products *= weighed.values[:, None]
    out = np.tile(model.bias, (n_groups, 1))
    if len(weighed.begins):
        out[weighed.groups[weighed.begins]] += np.add.reduceat(products, weighed.begins, axis=0)
    return out
