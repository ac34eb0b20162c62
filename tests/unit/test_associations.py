"""Several things at once: the mixture prior against its exact sums, and what is compared with what."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from math import lgamma

import numpy as np
import pytest
from scipy.stats import norm

from cleardays.diary.series import DaySeries
from cleardays.quantities import DayCovariate, ExposureSeries
from cleardays.response.associations import CONTINUED, CONTINUED_SD, WIDE_SD, Factor, associate, tally
from cleardays.response.design import HORIZON_DAYS, Circumstances, centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.priors import reference_priors
from cleardays.response.shrinking import NEGLIGIBLE_SD, REAL_SD, shrink
from conftest import START
from reference.trigger_worlds import LOG_3, chain

RELEVANT = np.log(1.2)


def log_prior(real) -> float:
    """Of which are real, the share of real ones uniform: 1 / ((k + 1) (k choose r))."""
    k, r = len(real), sum(real)
    return lgamma(r + 1) + lgamma(k - r + 1) - lgamma(k + 2)


def series(states) -> DaySeries:
    told = tuple(None if state is None else bool(state) for state in states)
    return DaySeries("headache_day", START, told, (False,) * len(told))


def person(seed: int, days: int = 200, factors: int = 2, log_odds=(LOG_3,)):
    found = chain(np.random.default_rng(seed), days, log_odds=log_odds, factors=factors)
    return series(found.headache), [
        Factor(f"f{k}", tuple(bool(x) for x in found.there[:, k]), day_before=True) for k in range(factors)
    ]


def test_the_draws_agree_with_the_sum_over_all_subsets_of_real_effects():
    random = np.random.default_rng(1)
    told = np.diag([8.0, 12.0, 4.0, 6.0]) + 0.8
    truth = np.array([1.0, 0.0, 0.5, -0.9])
    estimate = truth + np.linalg.cholesky(np.linalg.inv(told)) @ random.standard_normal(4)
    covariance = np.linalg.inv(told + np.eye(4) / WIDE_SD**2)
    draws = shrink(covariance @ told @ estimate, covariance, WIDE_SD, seed=1)
    weights, means, chances = [], [], []
    for real in product((False, True), repeat=4):
        sds = np.where(real, REAL_SD, NEGLIGIBLE_SD)
        spread = np.linalg.inv(told + np.diag(1 / sds**2))
        mean = spread @ told @ estimate
        evidence = 0.5 * np.linalg.slogdet(spread)[1] - np.log(sds).sum() + 0.5 * estimate @ told @ mean
        weights.append(log_prior(real) + evidence)
        means.append(mean)
        chances.append(1 - norm.cdf(RELEVANT, mean, np.sqrt(np.diag(spread))))
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    assert draws.shape == (4096, 4)
    assert draws.mean(axis=0) == pytest.approx(weight @ np.array(means), abs=0.03)
    assert (draws > RELEVANT).mean(axis=0) == pytest.approx(weight @ np.array(chances), abs=0.03)


def test_a_diary_that_says_nothing_leaves_what_was_believed():
    draws = shrink(np.zeros(1), np.array([[WIDE_SD**2 * 1.0001]]), WIDE_SD, seed=2)
    assert draws.mean() == pytest.approx(0.0, abs=0.05)
    assert draws.var() == pytest.approx((NEGLIGIBLE_SD**2 + REAL_SD**2) / 2, rel=0.1)


def whole_fit(days, factors, real):
    """One fit of the model with each factor's own prior, by stretching its columns: log evidence and draws."""
    states = np.array(days.states, float)
    before = np.r_[np.nan, states[:-1]]
    laid = []
    for factor, sd in zip(factors, np.where(real, REAL_SD, NEGLIGIBLE_SD), strict=True):
        value = np.r_[np.nan, np.array(factor.values[:-1], float)]
        clear, had = before == 0, before == 1
        on_clear = np.where(clear, value - value[clear].mean(), 0.0)
        on_had = np.where(had, value - value[had].mean(), 0.0)
        laid += [sd * (on_clear + CONTINUED * on_had), CONTINUED_SD * on_had]
    covariates = tuple(DayCovariate("", START, tuple(np.nan_to_num(column).tolist())) for column in laid)
    exposure = ExposureSeries.started("nothing", days.last_day + timedelta(days=HORIZON_DAYS + 1))
    priors = reference_priors(pretreatment_rate(days, exposure), centring_constant(days))._replace(covariate_sd=1.0)
    found = fit(days, exposure, priors, seed=1, beside=Circumstances(covariates=covariates))
    return found.draws.log_evidence, found.draws.coefficients[3::2], found.draws.weight


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_answer_agrees_with_whole_fits_of_the_model_under_every_prior(seed):
    days, factors = person(seed)
    found = associate(days, factors, seed=1).associations
    weights, means, chances = [], [], []
    for real in product((False, True), repeat=2):
        evidence, drawn, weight = whole_fit(days, factors, real)
        effect = drawn * np.where(real, REAL_SD, NEGLIGIBLE_SD)[:, None]
        weights.append(log_prior(real) + evidence)
        means.append(effect @ weight)
        chances.append((effect > RELEVANT) @ weight)
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    assert [each.log_odds.mean() for each in found] == pytest.approx(weight @ np.array(means), abs=0.05)
    assert [(each.log_odds > RELEVANT).mean() for each in found] == pytest.approx(weight @ np.array(chances), abs=0.05)


def test_only_days_after_a_clear_day_are_counted_and_unknown_days_on_neither_side():
    days = series([0, 1, 0, None, 0, 0, 1, 1, 0])
    there = (True, True, False, True, None, True, True, False, True)
    # pairs after a clear day: 0-1 with it, had; 4-5 not answered; 5-6 with it, had; 2-3 and 3-4 lack a state
    assert tally(days, Factor("x", there, day_before=True)) == (2, 2, 0, 0)
    # the day itself: with it 0 1 5 6 8 (had: 1 6), without it 2 7 (had: 7)
    assert tally(days, Factor("x", there, day_before=False)) == (5, 2, 2, 1)


def test_presence_and_absence_change_places_and_the_association_its_sign():
    days, (factor, _) = person(4)
    mirrored = factor._replace(values=tuple(not value for value in factor.values))
    one, other = (associate(days, [each], seed=1).associations[0] for each in (factor, mirrored))
    assert one.log_odds.mean() == pytest.approx(-other.log_odds.mean(), abs=0.05)
    assert one.chance_with.mean() == pytest.approx(other.chance_without.mean(), abs=0.01)


def test_more_odds_are_more_chance_in_every_draw():
    days, factors = person(5)
    for each in associate(days, [factors[0], factors[1]._replace(day_before=False)], seed=1).associations:
        assert np.all((each.chance_with > each.chance_without) == (each.log_odds > 0))
        assert np.all((each.chance_with > 0) & (each.chance_with < 1))


def test_the_same_seed_gives_the_same_answer():
    days, factors = person(6)
    one, same = (associate(days, factors, seed=3).associations[0].log_odds for _ in range(2))
    assert np.array_equal(one, same)


def test_what_came_with_a_treatment_is_not_given_all_that_the_treatment_did():
    falls = []
    for seed in range(5):
        random = np.random.default_rng(seed)
        headache = np.r_[random.random(100) < 0.6, random.random(100) < 0.15]
        there = np.r_[random.random(100) < 0.2, random.random(100) < 0.8]
        days, factor = series(headache), Factor("new habit", tuple(map(bool, there)), day_before=True)
        treatment = ExposureSeries.started("examplamide", START + timedelta(days=100))
        both = (associate(days, [factor], treatment=each, seed=1).associations[0] for each in (None, treatment))
        falls.append([each.log_odds.mean() for each in both])
    without, beside = np.mean(falls, axis=0)
    assert without < -0.1
    assert abs(beside) < 0.85 * abs(without)


def test_many_that_do_nothing_make_one_that_stands_out_less_credible():
    covariance = 0.14 * np.eye(13)
    estimate = np.r_[0.75, np.zeros(12)]
    alone = shrink(estimate[:1], covariance[:1, :1], WIDE_SD, seed=1)
    among = shrink(estimate, covariance, WIDE_SD, seed=1)
    assert (among[:, 0] > RELEVANT).mean() < (alone[:, 0] > RELEVANT).mean() - 0.1
