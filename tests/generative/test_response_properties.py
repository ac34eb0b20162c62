"""Properties of the answer that hold for any diary and any treatment."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.fit import fit
from cleardays.response.priors import default_priors
from cleardays.response.summary import rates
from cleardays.trial.review import judging_rules

FIRST = date(2026, 1, 1)


def series(states, first=FIRST) -> DaySeries:
    return DaySeries("headache_day", first, tuple(states), (False,) * len(states))


STATES = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=150).filter(
    lambda s: any(x is not None for x in s)
)


def check(interval, low=-math.inf, high=math.inf):
    assert low <= interval["lower"] <= interval["estimate"] <= interval["upper"] <= high
    assert math.isfinite(interval["lower"])
    assert math.isfinite(interval["upper"])


@settings(max_examples=40)
@given(STATES, st.integers(-200, 300), st.booleans())
def test_probabilities_are_probabilities_and_intervals_are_ordered(states, start, evidence):
    exposure = ExposureSeries.started("x", FIRST + timedelta(days=start))
    document = respond(series(states), exposure, judging_rules(), evidence=evidence).document()
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
    """The model counts from the start of treatment: moving every date moves nothing else."""

    def answer(first):
        exposure = ExposureSeries.started("x", first + timedelta(days=start))
        document = respond(series(states, first), exposure, judging_rules()).document()
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
    """Over 60 diaries, dropping half of the known days at random widens the interval of the current rate."""
    random = np.random.default_rng(8)
    exposure = ExposureSeries.started("x", FIRST + timedelta(days=28))
    ratios = []
    for _ in range(60):
        full = [bool(v) for v in random.random(112) < random.uniform(0.15, 0.7)]
        thin = [state if random.random() < 0.5 else None for state in full]
        widths = []
        for states in (full, thin):
            document = respond(series(states), exposure, judging_rules()).document()
            widths.append(document["current"]["upper"] - document["current"]["lower"])
        ratios.append(widths[1] / widths[0])
    assert np.exp(np.mean(np.log(ratios))) > 1.1


@pytest.mark.slow
def test_intervals_cover_what_was_simulated_from_the_model_itself():
    """Truths drawn from the reference priors lie in their 90 % intervals nine times in ten (600 people)."""
    from cleardays.numerics import weighted
    from cleardays.response.design import centring_constant
    from cleardays.response.fit import pretreatment_rate
    from cleardays.response.priors import reference_priors
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
