"""A week to come: its level is integrated out rightly, and the kernel does as numpy does."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.numerics.compiled import kernel
from cleardays.numerics.quadrature import normal_nodes
from cleardays.response.week_ahead import (
    Answers,
    Level,
    Reading,
    assimilate,
    compiled,
    in_numpy,
    reduced_compiled,
    reduced_in_numpy,
)

FUTURES, DRAWS = 24, 135


def some_week(seed: int = 1, kinds: int = 3) -> tuple[Level, Answers]:
    """Levels known and unknown, answers of some kinds only, and draws that no whole number of lanes holds."""
    random = np.random.default_rng(seed)
    variance = random.gamma(2.0, 0.2, (FUTURES, DRAWS))
    variance[: FUTURES // 4] = 0.0
    parts = (random.normal(size=(FUTURES, DRAWS)), variance, random.normal(-30.0, 5.0, (FUTURES, DRAWS)))
    asked = random.integers(0, 5, (FUTURES, kinds)).astype(float)
    bases = random.normal(0.0, 2.0, (kinds, DRAWS))
    bases[0, :2] = -1000.0, 1000.0
    return Level(*(part.astype(np.float32) for part in parts)), Answers(
        bases, asked, random.binomial(asked.astype(int), 0.4).astype(float)
    )


@pytest.mark.skipif(kernel() is None, reason="the kernel was not built here: no C compiler")
@pytest.mark.parametrize("kinds", [1, 3, 8])
def test_the_kernel_answers_a_week_as_numpy_does(kinds):
    before, said = some_week(kinds=kinds)
    said = said._replace(bases=np.clip(said.bases, -40.0, 40.0))
    plain, quick = in_numpy(before, said), compiled(before, said, kernel())
    np.testing.assert_allclose(quick.mean, plain.mean, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(quick.variance, plain.variance, rtol=2e-4, atol=1e-6)
    np.testing.assert_allclose(quick.log_likelihood, plain.log_likelihood, rtol=2e-6, atol=2e-4)


def test_a_week_is_foreseen_as_the_integral_over_its_level_says():
    before, said = some_week()
    said = said._replace(bases=np.clip(said.bases, -3.0, 3.0))
    after = assimilate(before, said)
    nodes, weights = normal_nodes(40)
    eta = before.mean + np.sqrt(before.variance) * nodes[:, None, None] + said.bases[:, None, None, :]
    asked, yes = said.asked.T[:, None, :, None], said.yes.T[:, None, :, None]
    each = np.exp((yes * eta - asked * np.logaddexp(0.0, eta)).sum(axis=0))
    exact = np.log(np.einsum("n,nfd->fd", weights, each))
    gained = after.log_likelihood - before.log_likelihood
    np.testing.assert_allclose(gained, exact, atol=0.1)  # of Laplace; a wrong curvature would miss by more
    assert float(np.abs(gained - exact).mean()) < 0.005


def test_an_unanswered_week_changes_nothing_and_a_certain_level_stays():
    before, said = some_week()
    silent = assimilate(before, said._replace(asked=np.zeros_like(said.asked), yes=np.zeros_like(said.asked)))
    for was, now in zip(before, silent, strict=True):
        np.testing.assert_allclose(now, was, rtol=1e-6)
    certain = before.variance == 0.0
    after = assimilate(before, said)
    np.testing.assert_array_equal(after.mean[certain], before.mean[certain])
    assert float(after.variance[certain].max()) == 0.0
    assert bool((after.variance <= before.variance).all())


@pytest.mark.skipif(kernel() is None, reason="the kernel was not built here: no C compiler")
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.9])
def test_the_kernel_reads_a_reduction_as_numpy_does(threshold):
    random, (level, _) = np.random.default_rng(2), some_week()
    log_weight = level.log_likelihood.copy()
    log_weight[:, 3] = -np.inf
    usual = random.normal(0.0, 3.0, DRAWS)
    usual[:2] = -90.0, 90.0
    of = Reading(usual + random.normal(-1.0, 1.0, DRAWS), usual, random.normal(0.7, 0.4, DRAWS), 0.4)
    plain = reduced_in_numpy(level.mean, log_weight, of, threshold)
    quick = reduced_compiled(level.mean, log_weight, of, threshold, kernel())
    # a draw that lies on the threshold may fall on either side of it
    assert float(np.median(np.abs(quick - plain))) < 1e-6
    np.testing.assert_allclose(quick, plain, atol=2e-3)
