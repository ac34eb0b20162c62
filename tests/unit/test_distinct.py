"""The different numbers of an array are those that NumPy finds."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.numerics.distinct import distinct


@pytest.mark.parametrize("shape", [(0,), (1,), (40,), (7, 9)])
def test_the_different_numbers_and_their_counts_are_those_of_numpy(shape):
    numbers = np.random.default_rng(1).integers(-3, 4, shape)
    values, counts = np.unique(numbers, return_counts=True)
    found = distinct(numbers)
    np.testing.assert_array_equal(found.values, values)
    np.testing.assert_array_equal(found.counts, counts)
