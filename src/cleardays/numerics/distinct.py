"""The different whole numbers of an array.

NumPy's own `unique` does it too, but loads masked arrays on the way, which takes longer than a fit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


class Distinct(NamedTuple):
    """Ascending, without repeats; how often each stands there."""

    values: Whole
    counts: Whole


def distinct(numbers: Whole) -> Distinct:
    """The different numbers of an array of any shape."""
    ordered = np.sort(numbers, axis=None)
    if not len(ordered):
        return Distinct(ordered, ordered)
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return Distinct(ordered[first], np.diff(np.append(first, len(ordered))))
