"""Properties of the answer that hold for any diary and any treatment."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import DayCovariate, ExposureSeries, ExposureStep
from cleardays.response.answer import respond
from cleardays.response.design import NOTHING_ELSE, Circumstances, centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.priors import default_priors, reference_priors
from cleardays.response.summary import rates
from cleardays.trial.review import judging_rules

FIRST = date(2026, 1, 1)


def series(states, first=FIRST, recalled=()) -> DaySeries:
    late = tuple(bool(told) and state is not None for told, state in zip(recalled, states, strict=False))
    return DaySeries("headache_day", first, tuple(states), late + (False,) * (len(states) - len(late)))


STATES = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=150).filter(
    lambda s: any(x is not None for x in s)
)


def check(interval, low=-math.inf, high=math.inf):
    assert low <= interval["lower"] <= interval["estimate"] <= interval["upper"] <= high
    assert math.isfinite(interval["lower"])
    assert math.isfinite(interval["upper"])


STEPS = st.dictionaries(st.integers(-60, 160), st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=5)


def taken(name, steps) -> ExposureSeries:
    return ExposureSeries(name, tuple(ExposureStep(FIRST + timedelta(days=day), steps[day]) for day in sorted(steps)))


CIRCUMSTANCES = st.builds(
    lambda others, values: Circumstances(
        tuple(taken(f"other {i}", each) for i, each in enumerate(others)), (DayCovariate("weekend", FIRST, tuple(values)),)
    ),
    st.lists(STEPS, max_size=2),
    st.lists(st.sampled_from([0.0, 1.0]), max_size=120),
)


@settings(max_examples=40)
@given(STATES, st.lists(st.booleans(), max_size=60), st.integers(-200, 300), st.booleans(), st.none() | CIRCUMSTANCES)
def test_probabilities_are_probabilities_and_intervals_are_ordered(states, recalled, start, evidence, beside):
    exposure = ExposureSeries.started("x", FIRST + timedelta(days=start))
    days = series(states, recalled=recalled)
    found = respond(days, exposure, judging_rules(), evidence=evidence, beside=beside or NOTHING_ELSE)
    document = found.document()
    wait = document["time_to_answer"]
    if wait is not None:
        assert 0 <= wait["probability_decided"] <= 1
        assert (wait["more_days"] is None) == (wait["date"] is None)
    for chances in (document["probability"], document["probability_visible"], document["residual_bands"]):
        assert all(p is None or 0 <= p <= 1 for p in chances.values())
    for going in (document["forecast"]["continue"], document["forecast"]["stop"]):
        assert len(going["daily_probability"]) == 28
        assert all(0 <= p <= 1 for p in going["daily_probability"])
        check(going["days"], 0, 28)
    for key in ("baseline", "current", "untreated"):
        if document[key] is not None:
            check(document[key], 0, 28)
    check(document["reduction_pct"], high=100)
    check(document["treatment_effect"], -28, 28)
    assert 0 <= document["prior_share"] <= 1
    early = FIRST + timedelta(days=len(states) - 1) < exposure.start + timedelta(days=56)
    assert (document["verdict"] == "too_early") is early
    assert document["reasons"]


@settings(max_examples=20)
@given(STATES, st.integers(0, 100), st.integers(-60, 60))
def test_the_calendar_does_not_matter(states, start, weeks):
    """The model counts from the start of treatment: moving every date moves nothing but dates."""

    def answer(first):
        exposure = ExposureSeries.started("x", first + timedelta(days=start))
        document = respond(series(states, first), exposure, judging_rules()).document()
        (document["time_to_answer"] or {}).pop("date", None)
        return {k: v for k, v in document.items() if k not in ("provenance", "reasons")}

    assert answer(FIRST) == answer(FIRST + timedelta(days=3 * weeks))


@settings(max_examples=20)
@given(STATES, st.integers(0, 140))
def test_natural_and_treatment_part_add_up_in_every_draw(states, start):
    fitted = fit(
        series(states), ExposureSeries.started("x", FIRST + timedelta(days=start)), default_priors(0.4, 0.4, "x"), seed=1
    )
    found = rates(fitted, seed=1)
    if found.baseline is None:
        return
    assert found.natural_change is not None
    np.testing.assert_allclose(found.natural_change + found.treatment_effect, found.current - found.baseline, atol=1e-9)


def test_less_data_means_wider_intervals_on_average():
    """Over 200 diaries, dropping half of the known days at random widens the intervals of the current rate and of R."""
    random = np.random.default_rng(8)
    exposure = ExposureSeries.started("x", FIRST + timedelta(days=28))
    ratios = []
    for _ in range(200):
        full = [bool(v) for v in random.random(112) < random.uniform(0.15, 0.7)]
        thin = [state if random.random() < 0.5 else None for state in full]
        widths = []
        for states in (full, thin):
            days = series(states)
            priors = default_priors(pretreatment_rate(days, exposure), centring_constant(days), "x")
            fitted = fit(days, exposure, priors, seed=1, draws=512)
            found, weight = rates(fitted, seed=1), fitted.draws.weight
            ends = [weighted.quantiles(values, weight, (0.05, 0.95)) for values in (found.current, found.reduction)]
            widths.append([high - low for low, high in ends])
        ratios.append(np.divide(*reversed(widths)))
    current, reduction = np.exp(np.mean(np.log(ratios), axis=0))
    assert current > 1.1
    assert reduction > 1.02


HOSTILE = {
    "always": ([True] * 120, 30),
    "never": ([False] * 120, 30),
    "one known day": ([None] * 60 + [True] + [None] * 59, 30),
    "nearly all unknown": ([None if i % 50 else bool(i % 100) for i in range(400)], 100),
    "started long before the diary": ([True, False] * 40, -900),
    "starts long after the diary": ([True, False] * 40, 900),
    "thirty years": ([bool((i // 11) % 3) for i in range(10_950)], 5_000),
    "thirty years of single days": ([None if i % 9 else bool((i // 99) % 2) for i in range(10_950)], 5_000),
}


@pytest.mark.parametrize(("states", "start"), HOSTILE.values(), ids=HOSTILE.keys())
def test_strange_diaries_get_a_finite_answer(states, start):
    exposure = ExposureSeries.started("x", FIRST + timedelta(days=start))
    document = respond(series(states), exposure, judging_rules()).document()
    for key in ("current", "untreated"):
        check(document[key], 0, 28)
    check(document["reduction_pct"], high=100)
    assert math.isfinite(document["diagnostics"]["log_evidence"])
    assert document["reasons"]


def test_treatments_that_were_always_taken_together_give_a_finite_answer():
    """Exactly collinear: the answer rests on the priors, and the two effects share what was seen."""
    states = [True, False] * 14 + [False, False, False, True] * 21
    both = ExposureSeries.started("x", FIRST + timedelta(days=28))
    days = series(states)
    priors = reference_priors(pretreatment_rate(days, both), centring_constant(days))
    fitted = fit(days, both, priors, seed=1, beside=Circumstances((both, both)), draws=1024)
    delta, one, other = (fitted.draws.coefficients[2:] * fitted.draws.weight).sum(axis=1)
    assert fitted.settled
    assert one == pytest.approx(other, abs=0.1)
    assert delta == pytest.approx(one, abs=0.3)  # the judged one comes on at an unknown pace


@pytest.mark.slow
def test_intervals_cover_what_was_simulated_from_the_model_itself():
    """Truths drawn from the reference priors lie in their 90 % intervals nine times in ten (600 people)."""
    from reference.simulate import simulate_person

    random = np.random.default_rng(20260101)
    inside = []
    for _ in range(600):
        days, exposure, truth = simulate_person(random)
        priors = reference_priors(pretreatment_rate(days, exposure), centring_constant(days))
        fitted = fit(days, exposure, priors, seed=1, draws=2048)
        found, weight = rates(fitted, seed=1), fitted.draws.weight
        for values, value in ((found.reduction, truth.reduction), (found.current, truth.current)):
            low, high = weighted.quantiles(values, weight, (0.05, 0.95))
            inside.append(low <= value <= high)
    # 1,200 looks at a probability of 0.9: standard error 0.009, doubled for the pairs
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)
