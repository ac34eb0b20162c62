"""When will we know: simulated futures are honest, and weighing draws stands for fitting again."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.design import centring_constant
from cleardays.response.fit import fit, pretreatment_rate
from cleardays.response.forecast import going_on
from cleardays.response.futures import FUTURES, simulate
from cleardays.response.priors import default_priors
from cleardays.response.summary import rates
from cleardays.response.when import refits, when
from cleardays.trial.review import judging_rules
from reference.diaries import PATTERNS, START, series

EXPOSURE = ExposureSeries.started("x", START)
JUDGED = START + timedelta(days=56)


def cut(name: str, days: int | None = None) -> DaySeries:
    before, after = PATTERNS[name]
    whole = series(START - timedelta(days=len(before)), before + after)
    return whole if days is None else whole.between(whole.first_day, whole.first_day + timedelta(days=days - 1))


def fitted_with(days: DaySeries, draws: int = 2048):
    priors = default_priors(pretreatment_rate(days, EXPOSURE), centring_constant(days), "x")
    return fit(days, EXPOSURE, priors, seed=1, draws=draws)


def settled(chance):
    return (chance >= 0.8) | (chance <= 0.2)


@pytest.mark.parametrize(("name", "days"), [("gaps", None), ("clear-responder", 56), ("dose-steps", 84), ("long-gaps", None)])
def test_weighing_draws_stands_for_fitting_again(name, days):
    today = fitted_with(cut(name, days))

    def chance_of(longer: DaySeries) -> float:
        again = fit(longer, EXPOSURE, today.priors, seed=1, draws=1024)
        return weighted.probability(rates(again, seed=1).reduction >= 0.5, again.draws.weight)

    quick = when(today, settled, 0.5, JUDGED, seed=1)
    full = refits(today, settled, JUDGED, chance_of, seed=1)
    assert quick.weeks == full.weeks
    assert quick.probability == pytest.approx(full.probability, abs=0.15)
    if quick.more_days is not None and full.more_days is not None:
        assert abs(quick.more_days - full.more_days) <= 21


def test_futures_hold_as_many_days_as_the_forecast():
    today = fitted_with(cut("clear-responder", 84))
    futures = simulate(today, (28,), seed=2, count=2000)
    had = np.nansum(futures.states, axis=0) / np.maximum(np.sum(~np.isnan(futures.states), axis=0), 1)
    expected = sum(going_on(today).daily_probability or ()) / 28
    assert float(had.mean()) == pytest.approx(expected, abs=0.02)


def test_futures_are_logged_as_often_as_lately():
    today = fitted_with(cut("gaps", 84))
    recent = today.days.states[-28:]
    share = sum(state is not None for state in recent) / 28
    futures = simulate(today, tuple(range(7, 85, 7)), seed=2, count=400)
    assert float((~np.isnan(futures.states)).mean()) == pytest.approx(share, abs=0.02)


def test_every_written_day_of_a_future_is_asked_about_once():
    today = fitted_with(cut("gaps", 84))
    ends = (3, 10, 17)
    futures = simulate(today, ends, seed=2)
    assert futures.asked.shape == (3, FUTURES, 3)
    for week, (first, last) in enumerate(((0, 3), (3, 10), (10, 17))):
        written = (~np.isnan(futures.states[first:last])).sum(axis=0)
        np.testing.assert_array_equal(futures.asked[week].sum(axis=1), written)
        np.testing.assert_array_equal(futures.yes[week].sum(axis=1), np.nansum(futures.states[first:last], axis=0))


def test_no_look_counts_before_the_day_of_judging():
    today = fitted_with(cut("clear-responder", 49))
    wait = when(today, settled, 0.5, JUDGED, seed=1)
    assert wait.on is not None
    assert wait.on >= JUDGED
    later = when(today, settled, 0.5, JUDGED + timedelta(days=21), seed=1)
    assert later.on is not None
    assert later.on >= JUDGED + timedelta(days=21)


def test_what_can_never_be_settled_is_not_promised():
    today = fitted_with(cut("gaps"))
    wait = when(today, lambda chance: chance > 1.1, 0.5, JUDGED, seed=1)
    assert (wait.more_days, wait.on, wait.probability) == (None, None, 0.0)


def test_the_same_seed_gives_the_same_wait():
    today = fitted_with(cut("gaps"))
    assert when(today, settled, 0.5, JUDGED, seed=4) == when(today, settled, 0.5, JUDGED, seed=4)


def test_a_settled_answer_waits_for_nothing_and_a_declined_one_is_not_promised_anything():
    rules = judging_rules()
    done = respond(cut("clear-responder"), EXPOSURE, rules)
    assert done.verdict == "responding"
    assert done.wait is not None
    assert done.wait.document() == {"more_days": 0, "date": done.provenance["as_of"], "probability_decided": 1.0}
    declined = respond(series(START, "X0" * 40), EXPOSURE, rules)
    assert declined.verdict == "cannot_tell"
    assert declined.wait is None
    not_begun = respond(series(START - timedelta(days=40), "X0" * 15), EXPOSURE, rules)
    assert not_begun.wait is None


def test_an_open_answer_says_when_with_its_reason():
    early = respond(cut("clear-responder", 56), EXPOSURE, judging_rules())
    assert early.verdict == "too_early"
    assert early.wait is not None
    reasons = {reason.rule: reason.because for reason in early.reasons}
    assert "as likely as not" in reasons["wait.median"] or "only" in reasons["wait.unlikely"]


@pytest.mark.parametrize("kind", ["part", "amount"])
def test_outcomes_with_second_rows_have_a_wait_too(kind):
    random = np.random.default_rng(1)
    states = tuple(bool(random.random() < 0.5) for _ in range(70))
    days = DaySeries("migraine_day", START - timedelta(days=42), states, (False,) * 70)
    if kind == "part":
        part = days._replace(states=tuple(state and bool(random.random() < 0.6) for state in states))
        found = respond(part, EXPOSURE, judging_rules(), whole=days)
    else:
        values = tuple(float(random.integers(1, 8)) if state else 0.0 for state in states)
        amounts = AmountSeries("craving", days.first_day, values, days.recalled, 10, averaged=True)
        found = respond(amounts.days, EXPOSURE, judging_rules(), amounts=amounts)
    assert found.wait is not None
    assert 0.0 <= found.wait.probability <= 1.0
    assert found.wait.on is None or found.wait.on >= date(2024, 4, 29)
