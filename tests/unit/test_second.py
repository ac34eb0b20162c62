"""The second rows say what their steps say, counted out one by one and lived through day by day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.chain import long_run_rate, transitions
from cleardays.response.design import ALONE, EFFECT, lay_out
from cleardays.response.fit import fit
from cleardays.response.forecast import going_on
from cleardays.response.priors import CARRY_MEAN, default_priors, reference_priors
from cleardays.response.second import (
    Second,
    _steps,
    amount_of,
    curve_of,
    drawn_amounts,
    factor,
    intercepts,
    mean_amount,
    part_of,
    typical,
    with_second,
)
from cleardays.response.summary import interval, rates
from conftest import START
from reference.simulate_second import CENTRE, GREATEST, SEGMENTS, Law, live, long_run, steady

EXPOSURE = ExposureSeries.started("x", START)


def logistic(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


def amounts(values, kind="drinks", before=0) -> AmountSeries:
    most = 10 if kind == "craving" else None
    told = tuple(None if value is None else float(value) for value in values)
    return AmountSeries(kind, START - timedelta(days=before), told, (False,) * len(told), most, kind == "craving")


def second_of(kind: str, law: Law | None = None) -> Second:
    """Second rows without days, for what is computed from coefficients."""
    most = 10 if kind == "craving" else None
    mean, spread = (law.mean, law.spread) if law else (2.0, 2.0)
    return Second(kind == "part", (), (), mean, spread, SEGMENTS[kind], most, kind == "craving")


def coefficients(kind: str, law: Law) -> np.ndarray:
    """A law as one column of the engine's coefficients: the first intercept, and what each further one adds."""
    steps = np.diff([law.steps[start - 1] for start in SEGMENTS[kind]], prepend=0.0)
    carry = [] if kind == "part" else [law.carry_over]
    return np.array([law.usual, law.carry, law.effect, *steps, law.extra, *carry])[:, None]


def law_of(kind: str, steps, *, usual=0.2, carry=0.7, effect=-0.8, extra=0.2, carry_over=0.3) -> Law:
    """A law whose segments have these intercepts, standardised by its own untreated days."""
    lengths = np.diff([*SEGMENTS[kind], max(GREATEST[kind], 2)])
    return steady(kind, Law(usual, carry, effect, np.repeat(np.array(steps, dtype=float), lengths), extra, carry_over))


def chance_of_each(second: Second, chances) -> dict[int, float]:
    """P(amount) of every amount, from the questions that it answers with yes and no."""
    most = second.most or GREATEST["drinks"]
    found = {}
    for amount in range(1, most + 1):
        p = 1.0
        for index, on in enumerate(chances):
            tried, passed = _steps(second, index, amount)
            p *= on**passed * (1 - on) ** (tried - passed)
        found[amount] = p
    return found


@pytest.mark.parametrize("kind", ["craving", "drinks"])
def test_each_amount_asks_every_step_up_to_its_own_once(kind):
    second = second_of(kind)
    most = second.most or GREATEST[kind]
    for amount in range(1, most + 1):
        questions = [step for step in range(1, most) if step <= amount]  # "more than 1?" ... asked while it went on
        answers = [step for step in questions if step < amount]
        counted = np.sum([_steps(second, index, amount) for index in range(len(second.starts))], axis=0)
        assert counted.tolist() == [len(questions), len(answers)], amount


@pytest.mark.parametrize("kind", ["craving", "drinks"])
def test_the_chances_of_all_amounts_add_up_to_one(kind):
    second, random = second_of(kind), np.random.default_rng(1)
    for _ in range(20):
        chances = logistic(random.normal(0, 1.5, len(second.starts)))
        assert sum(chance_of_each(second, chances).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["craving", "drinks"])
def test_the_mean_amount_is_the_sum_over_all_amounts(kind):
    second, random = second_of(kind), np.random.default_rng(2)
    steps = random.normal(0, 1.5, (len(second.starts), 30))
    moved = random.normal(0, 1.0, 30)
    expected = [
        sum(amount * p for amount, p in chance_of_each(second, logistic(steps[:, i] + moved[i])).items()) for i in range(30)
    ]
    np.testing.assert_allclose(mean_amount(second, steps, moved), expected, rtol=1e-9)


def test_drawn_amounts_come_as_often_as_their_chances_say():
    second, law = second_of("drinks"), law_of("drinks", (0.4, -0.3, -1.0), carry_over=0.5)
    b = np.repeat(coefficients("drinks", law), 40_000, axis=1)
    moved, yesterday = np.full(40_000, 0.2), np.full(40_000, 6.0)
    drawn = drawn_amounts(second, b, moved, yesterday, np.random.default_rng(3))
    away = (6.0 - second.mean) / second.spread
    chances = chance_of_each(second, logistic(np.array([0.4, -0.3, -1.0]) + 0.2 + 0.5 * away))
    for amount in range(1, 8):
        assert np.mean(drawn == amount) == pytest.approx(chances[amount], abs=0.01)


def test_what_is_a_part_has_its_own_share_of_the_days():
    law = law_of("part", (0.5,), effect=-1.0, extra=0.3, carry_over=0.0)
    b, level, exposure = coefficients("part", law), np.array([0.4]), np.array([0.7])
    share = factor(second_of("part"), b, np.array([0.3]), level, exposure)
    assert share[0] == pytest.approx(logistic(0.5 + 0.4 + (-1.0 + 0.3) * 0.7))
    had = long_run_rate(b[0] + level + b[EFFECT] * exposure, b[1], CENTRE)
    assert float((had * share)[0]) == pytest.approx(long_run("part", law, 0.4, 0.7))


LAWS = {
    "a weak craving": ("craving", (0.8, 0.2, -0.6, -1.0, -1.5), {}),
    "a strong craving": ("craving", (2.5, 1.5, 0.8, 0.2, -0.5), {"usual": 1.5}),
    "single drinks": ("drinks", (-1.0, -1.0, -1.0), {}),
    "heavy days": ("drinks", (2.0, 1.2, 0.4), {"usual": -0.8}),
    "every day": ("drinks", (1.0, 0.5, -0.3), {"usual": 2.0, "carry": 0.2}),
}


def brought(kind: str, law: Law, level: float, exposure: float) -> float:
    """The engine's value of a day in the long run."""
    b = coefficients(kind, law)
    a = b[0] + level + b[EFFECT] * exposure
    had, (stays, _) = long_run_rate(a, b[1], CENTRE), transitions(a, b[1], CENTRE)
    return float((had * factor(second_of(kind, law), b, stays, np.array([level]), np.array([exposure])))[0])


@pytest.mark.parametrize("name", LAWS)
def test_without_carry_over_the_long_run_amount_is_exact(name):
    kind, steps, more = LAWS[name]
    law = law_of(kind, steps, carry_over=0.0, **more)
    assert brought(kind, law, 0.3, 0.8) == pytest.approx(long_run(kind, law, 0.3, 0.8), rel=1e-6)


@pytest.mark.parametrize("exposure", [0.0, 1.0])
@pytest.mark.parametrize("name", LAWS)
def test_with_the_usual_carry_over_the_long_run_amount_is_that_of_the_exact_chain(name, exposure):
    """Yesterday enters by its mean, an approximation: within 3 % where days hang together as believed beforehand."""
    kind, steps, more = LAWS[name]
    law = law_of(kind, steps, carry_over=0.3, **more)
    assert brought(kind, law, 0.0, exposure) == pytest.approx(long_run(kind, law, 0.0, exposure), rel=0.03)


@pytest.mark.parametrize("name", ["a weak craving", "heavy days"])
def test_the_exact_chain_is_what_living_through_many_days_gives(name):
    """The yardstick itself: stationary means against 120,000 simulated days with their carry-over."""
    kind, steps, more = LAWS[name]
    law = law_of(kind, steps, carry_over=0.6, **more)
    lived = live(kind, law, 0.1, 0.5, 120_000, np.random.default_rng(4))
    assert lived.mean() == pytest.approx(long_run(kind, law, 0.1, 0.5), rel=0.03)


def test_the_forecast_of_amounts_is_that_of_the_fitted_chain():
    """Its 28 days, simulated draw by draw, have the mean that the draws' long-run values have, where nothing changes."""
    random = np.random.default_rng(6)
    values = [int(random.geometric(0.3)) if random.random() < 0.6 else 0 for _ in range(168)]
    told = amounts(values, before=84)
    second, chain = amount_of(told), told.days
    fitted = fit(chain, EXPOSURE, reference_priors(0.6, 0.6), seed=1, second=second)
    found, forecast = rates(fitted, seed=1), going_on(fitted, seed=1)
    assert forecast.daily_probability is None
    assert forecast.count_probability is None
    current = float(fitted.draws.weight @ found.current)
    assert forecast.days.lower < current < forecast.days.upper
    assert forecast.days.estimate == pytest.approx(current, rel=0.15)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("drinks", [0, 3, 1, 0, 8, 2, 0, 0, 5, 1] * 6),
        ("drinks", [1] * 56),
        ("craving", [7, 5, 0, 8, 6, 6, 4, 9, 10, 3] * 6),
        ("craving", [1, 0, 0, 2, 0, 1, 0] * 8),
    ],
)
def test_the_curve_of_the_value_rises_within_its_bounds_and_passes_near_what_was_seen(kind, values):
    told = amounts(values, kind, before=len(values))
    second = amount_of(told)
    share = (sum(v > 0 for v in values) + 2) / (len(values) + 4)
    curve = curve_of(second, share, share, range(len(values)))
    effects = np.linspace(-6, 5, 45)
    found = curve.value(effects, np.zeros_like(effects))
    assert np.all(np.diff(found) > -1e-12)
    assert np.all(found > 0)
    assert np.all(found <= (curve.most if np.isfinite(curve.most) else GREATEST["drinks"]) + 1e-9)
    assert curve.most == (10.0 if kind == "craving" else float("inf"))
    now = float(curve.value(np.zeros(1), np.zeros(1))[0])
    assert now == pytest.approx(np.mean(values), rel=0.2)


def test_the_curve_of_a_part_is_its_share_of_the_long_run_days():
    whole = DaySeries("headache_day", START - timedelta(days=40), (True, False) * 20, (False,) * 40)
    part = whole._replace(outcome="migraine_day", states=(True, False, False, False) * 10)
    second = part_of(whole, part)
    curve = curve_of(second, 0.5, 0.5, range(40))
    (step,) = typical(second, range(40))
    assert step == pytest.approx(0.0)  # 10 of 20: (10 + 1) / (20 + 2)
    effect, extra = np.array([-1.0, 0.5]), np.array([0.3, 0.0])
    base = np.log(0.5 / 0.5)
    had = long_run_rate(base + effect, CARRY_MEAN, 0.5)
    np.testing.assert_allclose(curve.value(effect, extra), had * logistic(effect + extra), rtol=0.02)
    assert curve.most == 1.0


@pytest.mark.parametrize(("kind", "size"), [("drinks", 5), ("craving", 6)])
def test_the_default_prior_says_of_an_amount_what_it_says_of_days(kind, size):
    """P(reduction of half or more) = 0.26, of 30 % or more 0.45, worse 0.32 before the diary, whatever is judged."""
    values = [size, 0, size - 2, 1] * 14
    told = amounts(values, kind, before=56)
    priors = default_priors(0.7, 0.7, "x", curve_of(amount_of(told), 0.7, 0.7, range(56)))
    assert priors.effect.chance_of(0.5) == pytest.approx(0.26, abs=0.03)
    assert priors.effect.chance_of(0.3) == pytest.approx(0.45, abs=0.03)
    assert 1 - priors.effect.chance_of(0.0) == pytest.approx(0.32, abs=0.04)


@pytest.mark.parametrize(
    ("told", "whole"), [(0.1, 1), (0.5, 1), (1, 1), (1.4, 1), (1.5, 2), (2.5, 3), (4.49, 4), (7, 7), (0, None), (None, None)]
)
def test_amounts_are_rounded_halves_up_and_some_is_never_none(told, whole):
    assert amount_of(amounts([3, told, 2])).answers[1] == whole


def test_yesterday_is_standardised_by_all_known_days_and_an_unknown_one_says_nothing():
    second = amount_of(amounts([4, 0, None, 8, 0]))
    assert second.mean == pytest.approx(3.0)
    assert second.spread == pytest.approx(np.std([4, 0, 8, 0]))
    np.testing.assert_allclose(second.yesterday, [0, (4 - 3) / second.spread, (0 - 3) / second.spread, 0, 5 / second.spread])
    lone = amount_of(amounts([0] * 50 + [40, 1]))
    assert lone.yesterday[51] == 3.0  # a rare heavy day is no further away than three standard deviations


def test_only_days_that_had_it_are_asked_and_unknown_ones_never():
    told = amounts([2, 0, None, 1, 7], before=2)
    design = with_second(lay_out(told.days, EXPOSURE), amount_of(told))
    first = lay_out(told.days, EXPOSURE)
    asked = design.rows.also != ALONE
    # segments begin at 1, 2, 3 and 6, as half of the days are of 2 or less. 2: a step each of the first two; 1: one;
    # 7: one, one, three of the third, two of the fourth
    assert sorted(zip(design.rows.day[asked].tolist(), design.rows.trials[asked].tolist(), strict=True)) == [
        (0, 1.0), (0, 1.0), (3, 1.0), (4, 1.0), (4, 1.0), (4, 2.0), (4, 3.0),
    ]  # fmt: skip
    assert design.rows.yes[asked].sum() == 1 + 0 + 6
    assert np.count_nonzero(~asked) == len(first.rows.day)
    assert np.all(np.diff(design.rows.day) >= 0)
    assert design.row_of_day.shape[1] == first.row_of_day.shape[1] + 6


def test_a_part_is_asked_on_known_days_that_had_the_whole():
    first_day = START - timedelta(days=3)
    whole = DaySeries("headache_day", first_day, (True, True, False, None, True, True), (False,) * 6)
    part = DaySeries("migraine_day", first_day, (True, False, False, None, None, True), (False,) * 6)
    second = part_of(whole, part)
    assert second.answers == (1, 0, None, None, None, 1)
    assert second.columns == 2
    design = with_second(lay_out(whole, EXPOSURE), second)
    asked = design.rows.also != ALONE
    assert design.rows.day[asked].tolist() == [0, 1, 5]
    assert design.rows.yes[asked].tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("number", [1, 2, 4, 5, 10, 20])
def test_who_drinks_exactly_the_same_every_day_is_told_so(number):
    """Amounts beyond his are no wide guess: the interval stays within a tenth of what he drank."""
    told = amounts([number] * 112, before=28)
    second, chain = amount_of(told), told.days
    fitted = fit(chain, EXPOSURE, reference_priors(0.9, 0.9), seed=1, second=second)
    found = interval(rates(fitted, seed=1).current, fitted.draws.weight)
    assert found.estimate == pytest.approx(28 * number, rel=0.05)
    assert 0.9 * 28 * number < found.lower
    assert found.upper < 1.1 * 28 * number


def test_segments_begin_where_the_own_usual_and_heavy_days_end():
    assert amount_of(amounts([4] * 20)).starts == (1, 3, 4, 6)
    assert amount_of(amounts([2] * 10 + [12] * 10)).starts == (1, 2, 3, 6, 12)
    assert amount_of(amounts([10] * 20, "craving")).starts == (1, 3, 5, 7, 9)  # nobody is asked whether it was more than 10
    assert amount_of(amounts([0, None])).starts == (1, 3, 6)


def test_a_segment_that_nobody_reached_is_believed_to_be_like_the_one_before():
    (first, *rises), own = amount_of(amounts([1, 2] * 10)).prior[:4], 1.5
    assert first == (0.0, own)
    assert rises == [(0.0, own)] * 3  # a random walk: the columns hold what each further segment adds
    b = np.array([0.0, 0.0, 0.0, 1.0, -2.0, 0.5, 0.25, 0.0, 0.3])[:, None]
    assert intercepts(amount_of(amounts([1, 2] * 10)), b)[:, 0].tolist() == [1.0, -1.0, -0.5, -0.25]
