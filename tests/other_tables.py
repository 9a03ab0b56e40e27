"""Tables that differ from those of the model in one place."""

import dataclasses

import numpy as np


def replaced(tables, path, **changes):
    """The tables with fields of a part replaced; ``path`` such as "vocabulary.words"."""
    if not path:
        return dataclasses.replace(tables, **changes)
    name, _, rest = path.partition(".")
    return dataclasses.replace(tables, **{name: replaced(getattr(tables, name), rest, **changes)})


def changed(array, place, value):
    copy = np.array(array)
    copy[place] = value
    return copy
