"""Delayed exposure follows its differential equation; priors say on the rate what they claim."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from cleardays.numerics.compiled import kernel
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.chain import level_for_rate, long_run_rate
from cleardays.response.nodes import lay_grid
from cleardays.response.onset import delayed_exposure
from cleardays.response.priors import (
    CARRY_MEAN,
    default_priors,
    erlang_quantiles,
    fit_normal_mixture,
    normal_quantiles,
    reference_priors,
)

FIRST = date(2026, 1, 1)


def test_a_full_start_comes_on_as_one_minus_exp():
    days = np.arange(60)
    got = delayed_exposure(ExposureSeries.started("x", FIRST + timedelta(days=20)), FIRST, days, 14.0)
    expected = np.where(days >= 20, 1 - np.exp(-(days - 20) / 14.0), 0.0)
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_steps_follow_the_first_order_lag():
    steps = (
        ExposureStep(FIRST, 0.5),
        ExposureStep(FIRST + timedelta(days=10), 1.0),
        ExposureStep(FIRST + timedelta(days=25), 0.0),
    )
    got = delayed_exposure(ExposureSeries("x", steps), FIRST, np.arange(40), 7.0)
    effect, expected, fine = 0.0, [], 2000
    for day in range(40):
        expected.append(effect)
        level = 0.5 if day < 10 else 1.0 if day < 25 else 0.0
        for _ in range(fine):
            effect += (level - effect) / 7.0 / fine
    np.testing.assert_allclose(got, expected, atol=2e-4)


def test_a_stop_keeps_what_was_there_and_wears_off():
    series = ExposureSeries.started("x", FIRST).stopped(FIRST + timedelta(days=30))
    got = delayed_exposure(series, FIRST, np.arange(60), 5.0)
    assert got[30] == pytest.approx(1 - np.exp(-6.0))
    assert np.all(np.diff(got[30:]) < 0)


def share_of(rate: float, event) -> float:
    """The default prior's chance of an event of the multiplier, by simulation from its normal mixture."""
    prior = default_priors(rate, 0.5, "x").effect
    random = np.random.default_rng(11)
    component = random.choice(len(prior.weights), size=200_000, p=np.array(prior.weights) / sum(prior.weights))
    delta = np.array(prior.means)[component] + np.array(prior.sds)[component] * random.standard_normal(200_000)
    base = level_for_rate(np.asarray(rate), CARRY_MEAN, 0.5)
    return float(np.mean(event(long_run_rate(base + delta, CARRY_MEAN, 0.5) / rate)))


@pytest.mark.parametrize("days_per_28", [2, 5, 9, 14, 20, 26, 27.5])
def test_the_default_prior_promises_the_same_response_at_every_rate(days_per_28):
    """The mixture on the logit scale reproduces the gamma multiplier: mean 0.85, shape 3."""
    rate = days_per_28 / 28
    gamma = np.random.default_rng(5).gamma(3, 0.85 / 3, 400_000)
    for reduction in (0.3, 0.5, 0.75):
        expected = np.mean(gamma <= 1 - reduction)
        assert share_of(rate, lambda g, r=reduction: g <= 1 - r) == pytest.approx(expected, abs=0.01)
    assert share_of(rate, lambda g: g > 1) == pytest.approx(0.32, abs=0.04)  # bounded above by the days there are


def test_the_reference_prior_calls_chronic_migraine_hopeless_and_the_default_does_not():
    reference = reference_priors(26 / 28, 0.5).effect
    default = default_priors(26 / 28, 0.5, "x").effect
    assert min(default.means) < -2 < reference.means[0]


def test_erlang_quantiles_are_gamma_quantiles():
    sample = np.sort(np.random.default_rng(2).gamma(3, 1.0, 400_001))
    np.testing.assert_allclose(erlang_quantiles(3, 9), sample[(np.arange(9) * 2 + 1) * 400_001 // 18], rtol=0.02)


def test_the_grid_carries_the_prior():
    priors = default_priors(0.4, 0.5, "x")
    nodes = lay_grid(priors)
    weight = np.exp(nodes.log_weight)
    assert weight.sum() == pytest.approx(1.0)
    log_s = np.log(nodes.spread)
    assert float(weight @ log_s) == pytest.approx(np.log(priors.spread_median))
    assert float(weight @ (log_s - np.log(priors.spread_median)) ** 2) == pytest.approx(priors.spread_log_sd**2)


@pytest.mark.skipif(kernel() is None, reason="the kernel was not built here: no C compiler")
@pytest.mark.parametrize("components", [1, 3, 8])
def test_the_kernel_fits_the_mixture_that_numpy_fits(components, monkeypatch):
    sample = np.random.default_rng(components).standard_t(4, 203)
    quick = fit_normal_mixture(sample, components)
    monkeypatch.setattr("cleardays.response.priors.kernel", lambda: None)
    for one, other in zip(quick, fit_normal_mixture(sample, components), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_a_mixture_finds_the_components_of_a_sample_that_has_them():
    parts = [normal_quantiles(400) * sd + mean for mean, sd in ((-4.0, 0.5), (0.0, 1.0), (5.0, 0.7))]
    weights, means, sds = fit_normal_mixture(np.concatenate(parts), 3)
    np.testing.assert_allclose(weights, [1 / 3] * 3, atol=0.01)
    np.testing.assert_allclose(means, [-4.0, 0.0, 5.0], atol=0.05)
    np.testing.assert_allclose(sds, [0.5, 1.0, 0.7], atol=0.03)
