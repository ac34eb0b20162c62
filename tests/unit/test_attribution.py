"""What several treatments did is told apart only as far as the diary can, and no verdict rests on the rest."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.attribution import attribute, split_left
from cleardays.response.design import BESIDE, EFFECT, Circumstances, centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.priors import default_priors
from cleardays.trial.review import judging_rules

FIRST = date(2026, 1, 1)
RULES = judging_rules()


def on(n):
    return FIRST + timedelta(days=n)


def begun(name, n):
    return ExposureSeries.started(name, on(n))


def stopped(name, n):
    """There before the diary, and no more from a day on: levels are relative to the first day."""
    return ExposureSeries(name, (ExposureStep(on(n), -1.0),))


def simulated(seed, length, effects, usual=0.2, spread=0.3):
    """A diary of steady habits in which each treatment adds its effect: (effect, exposure by day) pairs."""
    random = np.random.default_rng(seed)
    weeks = np.zeros(length // 7 + 1)
    for week in range(1, len(weeks)):
        weeks[week] = 0.7 * weeks[week - 1] + spread * np.sqrt(1 - 0.7**2) * random.normal()
    level = usual + weeks[np.arange(length) // 7] + sum(effect * exposure for effect, exposure in effects)
    states, before = [], 0.0
    for day in range(length):
        states.append(bool(random.random() < 1 / (1 + np.exp(-(level[day] + 0.6 * before)))))
        before = states[-1] - 0.4
    return DaySeries("headache_day", FIRST, tuple(states), (False,) * length)


def rising(first, length, tau=14.0):
    return np.where(np.arange(length) >= first, 1 - np.exp(-(np.arange(length) - first) / tau), 0.0)


def fitted(days, start, *others, seed=1):
    exposure = begun("judged", start)
    priors = default_priors(pretreatment_rate(days, exposure), centring_constant(days), "judged")
    return fit(days, exposure, priors, seed=seed, beside=Circumstances(tuple(others)))


def told(found):
    return [reason.rule for reason in (*found.decline, *found.reasons)]


# ---- the measure


def prior_draws(count=200_000, *, reduce_sum_to=None, know_the_judged=False):
    """Draws of the prior, weighted by what a diary would tell of the sum, or of the judged effect alone."""
    random = np.random.default_rng(7)
    priors = default_priors(0.35, 0.4, "judged")
    effect = priors.effect
    part = random.choice(len(effect.weights), size=count, p=np.array(effect.weights))
    judged = random.normal(np.array(effect.means)[part], np.array(effect.sds)[part])
    other = random.normal(priors.other_mean, priors.other_sd, count)
    seen = judged if know_the_judged else judged + other
    weight = np.ones(count) if reduce_sum_to is None else np.exp(-0.5 * ((seen - reduce_sum_to) / 0.2) ** 2)
    coefficients = np.zeros((BESIDE + 1, count))
    coefficients[EFFECT], coefficients[BESIDE] = judged, other
    draws = SimpleNamespace(weight=weight / weight.sum(), coefficients=coefficients)
    return SimpleNamespace(draws=draws, priors=priors)


@pytest.mark.parametrize("seen", [None, 0.0, -1.0, -2.5])
def test_a_diary_that_tells_of_the_sum_alone_leaves_the_whole_split_to_the_prior(seen):
    assert split_left(prior_draws(reduce_sum_to=seen), 0) == pytest.approx(1.0, abs=0.03)


def test_a_diary_that_tells_of_one_of_them_tells_of_the_split():
    assert split_left(prior_draws(reduce_sum_to=-1.0, know_the_judged=True), 0) < 0.75


# ---- diaries


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("apart", [0, 3, -3])
def test_two_that_begin_together_cannot_be_separated_and_no_verdict_is_given(seed, apart):
    length = 56 + 112
    days = simulated(seed, length, [(-1.5, rising(56, length)), (-0.5, rising(56 + apart, length))])
    found = attribute(fitted(days, 56, begun("other", 56 + apart)), 0.5, RULES)
    assert told(found) == ["attribution.cannot-separate"]
    (reason,) = found.decline
    assert "other (begun" in reason.because
    assert "rests on the prior" in reason.because
    (each,) = found.apart
    assert each.correlation < -0.25
    assert each.split_left > 0.9


@pytest.mark.parametrize(("judged", "other"), [(-2.5, 0.0), (0.0, -2.5)])
def test_eight_weeks_apart_the_effect_is_found_where_it_is(judged, other):
    length, effects = 56 + 56 + 112, []
    for seed in range(8):
        days = simulated(seed, length, [(judged, rising(112, length)), (other, rising(56, length))], usual=0.8)
        of = fitted(days, 112, begun("other", 56))
        found = attribute(of, 0.5, RULES)
        assert not found.decline
        assert told(found)[0] in ("attribution.separated", "attribution.separated-partly")
        effects.append(of.draws.coefficients[[EFFECT, BESIDE]] @ of.draws.weight)
    mean_judged, mean_other = np.mean(effects, axis=0)
    if judged:
        assert mean_judged < -1.3 < -0.6 < mean_other
    else:
        assert mean_other < -1.3 < -0.6 < mean_judged


def test_the_nearer_the_starts_the_less_is_told_of_the_split_and_the_more_the_overlap_costs():
    left, cost = [], []
    for apart in (0, 14, 28, 56, 84):
        length = 28 + apart + 112
        each = []
        for seed in range(5):
            days = simulated(seed, length, [(-1.0, rising(28 + apart, length)), (-1.0, rising(28, length))], usual=0.5)
            each.append(attribute(fitted(days, 28 + apart, begun("other", 28)), 0.5, RULES).apart[0])
        left.append(np.median([one.split_left for one in each]))
        cost.append(np.median([one.cost for one in each]))
    assert left == sorted(left, reverse=True)
    assert cost == sorted(cost, reverse=True)
    assert left[0] == pytest.approx(1.0, abs=0.05)
    assert cost[-1] < 0.15


def test_several_that_begin_together_are_named_in_one_reason_whatever_their_order():
    length = 56 + 112
    days = simulated(3, length, [(-2.0, rising(56, length))])
    others = (begun("one", 56), begun("two", 58), begun("old", 7))
    found = [attribute(fitted(days, 56, *each), 0.5, RULES) for each in (others, others[::-1])]
    for each in found:
        (reason,) = each.decline
        assert "one (begun on the same day)" in reason.because
        assert "two (begun 2 days after it)" in reason.because
        assert "old" not in reason.because
        assert len(each.reasons) == 1


def test_one_that_replaces_another_cannot_be_separated_from_its_stop_even_if_nothing_changed():
    length = 56 + 112
    days = simulated(5, length, [(-1.2, rising(56, length)), (-1.2, -rising(56, length))], usual=0.8)
    found = attribute(fitted(days, 56, stopped("old", 56)), 0.5, RULES)
    assert [reason.rule for reason in found.decline] == ["attribution.cannot-separate"]
    assert "old (stopped on the same day)" in found.decline[0].because
    assert found.apart[0].correlation > 0.25


def test_where_nothing_came_with_both_there_is_nothing_to_divide_and_the_verdict_stands():
    length = 84 + 112
    days = simulated(2, length, [], usual=1.0, spread=0.1)
    found = attribute(fitted(days, 84, begun("other", 84)), 0.5, RULES)
    assert not found.decline
    (reason,) = found.reasons
    assert reason.rule == "attribution.cannot-separate"
    assert "nothing to divide" in reason.because


def test_what_hardly_was_there_touches_nothing():
    """Ten days of it, long before: its effect is unknown, and so what."""
    length = 140 + 112
    brief = ExposureSeries("brief", (ExposureStep(on(10), 1.0), ExposureStep(on(20), 0.0)))
    days = simulated(4, length, [(-2.0, rising(140, length))])
    found = attribute(fitted(days, 140, brief), 0.5, RULES)
    assert not found.decline
    (reason,) = found.reasons
    assert reason.rule == "attribution.separated"
    assert "worn off" in reason.because
    assert found.apart[0].cost < 0.02


def test_before_the_treatment_begins_and_without_another_one_there_is_nothing_to_tell():
    days = simulated(1, 60, [])
    assert attribute(fitted(days, 80, begun("other", 30)), 0.5, RULES) == attribute(fitted(days, 30), 0.5, RULES)
    assert told(attribute(fitted(days, 30), 0.5, RULES)) == []
