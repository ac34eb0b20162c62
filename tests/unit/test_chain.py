"""The two-state chain: long-run rate, its inverse, and the law of the count."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cleardays.response.chain import (
    count_distribution,
    daily_probabilities,
    level_for_rate,
    long_run_rate,
    transitions,
)


@pytest.mark.parametrize("a", [-9.0, -1.2, 0.0, 2.5, 12.0])
@pytest.mark.parametrize("rho", [-0.5, 0.0, 1.4])
def test_the_long_run_rate_is_where_the_chain_settles(a, rho):
    after_had, after_clear = transitions(np.array(a), rho, 0.4)
    rate = 0.5
    for _ in range(20000):
        rate = rate * after_had + (1 - rate) * after_clear
    assert float(long_run_rate(np.array(a), rho, 0.4)) == pytest.approx(float(rate), rel=1e-8)


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.7, 2.0])
def test_level_for_rate_undoes_long_run_rate(rho):
    rates = np.array([1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6])
    np.testing.assert_allclose(long_run_rate(level_for_rate(rates, rho, 0.35), rho, 0.35), rates, rtol=1e-9)


def test_the_count_law_is_that_of_all_paths():
    first, after_had, after_clear = np.array([0.3]), np.array([[0.8], [0.6], [0.7]]), np.array([[0.2], [0.1], [0.4]])
    expected = np.zeros(4)
    for start, *path in itertools.product((True, False), repeat=4):
        chance, before = (0.3 if start else 0.7), start
        for h, state in enumerate(path):
            p = after_had[h, 0] if before else after_clear[h, 0]
            chance *= p if state else 1 - p
            before = state
        expected[sum(path)] += chance
    got = count_distribution(first, after_had, after_clear)[0]
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    daily = daily_probabilities(first, after_had, after_clear)[:, 0]
    assert float(got @ np.arange(4)) == pytest.approx(float(daily.sum()))
