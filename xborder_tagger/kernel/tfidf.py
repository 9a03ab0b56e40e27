"""TF-IDF weighting and linear margins over groups of feature occurrences (documents or sentences).

The value of a feature in a group is (1 + ln tf) * idf, the group's vector is scaled to unit length, and its margin
for a tag is the dot product with the tag's weights plus the tag's bias: scikit-learn's
``TfidfVectorizer(sublinear_tf=True)`` followed by a linear model, to the last few bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Feature weights.

    Args:
        idf: float64, (n_features,).
        weights: float64, (n_features, n_tags).
        bias: float64, (n_tags,), margin of a text without known features.
    """

    idf: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Different (group, feature) pairs, sorted, with unit-length TF-IDF values.

    Args:
        groups, features: int64, (n,).
        counts: int64, (n,), occurrences of the feature in the group.
        values: float64, (n,), the group's vector; its squares sum to 1 over the group.
        pair_of: int64, (n_occurrences,), the pair each occurrence belongs to.
    """

    groups: NDArray[np.int64]
    features: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float64]
    pair_of: NDArray[np.int64]


def weigh(features: NDArray[np.int32], groups: NDArray[np.int64], idf: NDArray[np.float64]) -> Groups:
    """Count the occurrences by group and weigh them.

    Args:
        features: int32, (n_occurrences,).
        groups: int64, (n_occurrences,), non-negative.
        idf: float64, (n_features,).
    """
    keys = groups * len(idf) + features
    pairs, pair_of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    group, feature = np.divmod(pairs, len(idf))
    raw = (1 + np.log(counts)) * idf[feature]
    if len(group):
        norms = np.sqrt(np.bincount(group, raw * raw))
        raw /= norms[group]
    return Groups(group, feature, counts, raw, pair_of)


def margins(weighed: Groups, n_groups: int, model: LinearModel) -> NDArray[np.float64]:
    """Margins of all groups, float64, (n_groups, n_tags); the bias where a group has no feature."""
    products = weighed.values[:, None] * model.weights[weighed.features]
    out = np.tile(model.bias, (n_groups, 1))
    begins = np.flatnonzero(np.diff(weighed.groups, prepend=-1))
    if len(begins):
        out[weighed.groups[begins]] += np.add.reduceat(products, begins, axis=0)
    return out
