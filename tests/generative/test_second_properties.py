"""Properties of answers about parts of days and about amounts, for any diary; and how often their intervals are right."""

from __future__ import annotations

import io
import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.own_csv import read_days
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.chain import long_run_rate
from cleardays.response.design import CARRY, EFFECT, USUAL, centring_constant
from cleardays.response.fit import fit, pretreatment_rate, recent_weeks
from cleardays.response.priors import reference_priors
from cleardays.response.second import amount_of, part_of
from cleardays.response.summary import rates
from cleardays.trial.review import judging_rules, review
from reference.simulate_second import simulate

FIRST = date(2026, 1, 1)
KINDS = ("craving", "drinks")


def known_somewhere(values):
    return any(value is not None for value in values)


CRAVINGS = st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=120).filter(known_somewhere)
DRINKS = st.lists(
    st.one_of(st.none(), st.just(0), st.integers(0, 12), st.sampled_from([0.3, 1.5, 4.25, 35.0, 200.0])),
    min_size=1,
    max_size=120,
).filter(known_somewhere)
STARTS = st.integers(-100, 150)
# headache days, and whether each of them was a migraine day
PARTS = st.lists(
    st.sampled_from([(None, None), (False, False), (False, None), (True, True), (True, False), (True, None)]),
    min_size=1,
    max_size=120,
).filter(lambda days: any(part is not None for _, part in days))


def amounts(values, kind: str, first: date = FIRST) -> AmountSeries:
    told = tuple(None if value is None else float(value) for value in values)
    most = 10 if kind == "craving" else None
    return AmountSeries(kind, first, told, (False,) * len(told), most, kind == "craving")


def pair(days, first: date = FIRST) -> tuple[DaySeries, DaySeries]:
    whole, part = zip(*days, strict=True)
    late = (False,) * len(days)
    return DaySeries("headache_day", first, whole, late), DaySeries("migraine_day", first, part, late)


def started(start: int, first: date = FIRST) -> ExposureSeries:
    return ExposureSeries.started("x", first + timedelta(days=start))


def answer(told: AmountSeries, exposure: ExposureSeries, **options):
    return respond(told.days, exposure, judging_rules(), amounts=told, threshold=0.5, **options).document()


def part_answer(days, exposure: ExposureSeries, first: date = FIRST, **options):
    whole, part = pair(days, first)
    return respond(part, exposure, judging_rules(), whole=whole, threshold=0.5, **options).document()


def check(interval, low: float = -math.inf, high: float = math.inf):
    assert low <= interval["lower"] <= interval["estimate"] <= interval["upper"] <= high
    assert math.isfinite(interval["lower"])
    assert math.isfinite(interval["upper"])


def check_answer(document, most: float):
    for key in ("baseline", "current", "untreated"):
        if document[key] is not None:
            check(document[key], 0, most)
    for key in ("natural_change", "treatment_effect"):
        if document[key] is not None:
            check(document[key], -most, most)
    check(document["reduction_pct"], high=100)
    p = document["probability"]
    assert 0 <= p["reduction_ge_75"] <= p["reduction_ge_50"] <= p["reduction_ge_30"] <= 1 - p["worse"] <= 1
    assert all(q is None or 0 <= q <= 1 for q in document["probability_visible"].values())
    assert 0 <= document["prior_share"] <= 1
    assert 0 <= document["diagnostics"]["chance_before"] <= 1
    for going in ("continue", "stop"):
        check(document["forecast"][going]["days"], 0, most)
    assert document["reasons"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30)
@given(data=st.data(), start=STARTS, evidence=st.booleans())
def test_answers_about_amounts_are_ordered_and_inside_what_there_can_be(kind, data, start, evidence):
    values = data.draw(CRAVINGS if kind == "craving" else DRINKS)
    document = answer(amounts(values, kind), started(start), evidence=evidence)
    check_answer(document, 10 if kind == "craving" else math.inf)
    assert document["residual_bands"] is None
    assert all(document["forecast"][going]["daily_probability"] is None for going in ("continue", "stop"))
    early = FIRST + timedelta(days=len(values) - 1) < FIRST + timedelta(days=start + 56)
    assert (document["verdict"] == "too_early") is early


@settings(max_examples=30)
@given(PARTS, STARTS, st.booleans())
def test_answers_about_a_part_are_ordered_and_inside_what_there_can_be(days, start, evidence):
    document = part_answer(days, started(start), evidence=evidence)
    check_answer(document, 28)
    assert sum(document["residual_bands"].values()) == pytest.approx(1.0)
    for going in ("continue", "stop"):
        assert all(0 <= p <= 1 for p in document["forecast"][going]["daily_probability"])
    assert document["coverage"]["known"] == sum(part is not None for _, part in days)


@settings(max_examples=20)
@given(PARTS, st.integers(0, 110))
def test_there_are_never_more_days_of_a_part_than_of_the_whole(days, start):
    """In every draw of one fit, and day by day in the forecast."""
    whole, part = pair(days)
    if not whole.known:
        return
    fitted = fit(whole, started(start), reference_priors(0.4, 0.4), seed=1, second=part_of(whole, part))
    found, b = rates(fitted, seed=1), fitted.draws.coefficients
    level = fitted.draws.level(recent_weeks(fitted.design)).mean(axis=0)
    today = fitted.exposure_on(fitted.exposure, np.array([len(days) - 1]))[0]
    headaches = 28 * long_run_rate(b[USUAL] + level + b[EFFECT] * today, b[CARRY], fitted.design.centre)
    assert np.all(found.current <= headaches)
    of_part = part_answer(days, started(start))
    of_whole = respond(whole, started(start), judging_rules(), threshold=0.5).document()
    if of_whole["coverage"]["known"] == of_part["coverage"]["known"]:
        both = [answer["forecast"]["continue"]["daily_probability"] for answer in (of_part, of_whole)]
        assert np.mean(both[0]) < np.mean(both[1]) + 0.05  # two fits, so that chance has a say


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15)
@given(data=st.data(), start=st.integers(0, 120))
def test_natural_and_treatment_part_of_an_amount_add_up_in_every_draw(kind, data, start):
    told = amounts(data.draw(CRAVINGS if kind == "craving" else DRINKS), kind)
    fitted = fit(told.days, started(start), reference_priors(0.5, 0.5), seed=1, second=amount_of(told))
    found = rates(fitted, seed=1)
    if found.baseline is None:
        return
    assert found.natural_change is not None
    np.testing.assert_allclose(
        found.natural_change + found.treatment_effect, found.current - found.baseline, rtol=1e-9, atol=1e-9
    )


@settings(max_examples=15)
@given(PARTS, st.integers(0, 120))
def test_natural_and_treatment_part_of_a_part_add_up_in_every_draw(days, start):
    whole, part = pair(days)
    fitted = fit(whole, started(start), reference_priors(0.5, 0.5), seed=1, second=part_of(whole, part))
    found = rates(fitted, seed=1)
    if found.baseline is not None:
        assert found.natural_change is not None
        np.testing.assert_allclose(found.natural_change + found.treatment_effect, found.current - found.baseline, atol=1e-9)


@pytest.mark.parametrize("kind", [*KINDS, "part"])
@settings(max_examples=8)
@given(data=st.data(), start=st.integers(0, 100), weeks=st.integers(-60, 60))
def test_moving_the_calendar_by_whole_weeks_changes_nothing(kind, data, start, weeks):
    days = data.draw({"craving": CRAVINGS, "drinks": DRINKS, "part": PARTS}[kind])

    def asked(first: date):
        found = part_answer(days, started(start, first), first) if kind == "part" else None
        found = found or answer(amounts(days, kind, first), started(start, first))
        wait = found["time_to_answer"]
        until = None if wait is None else (wait["more_days"], wait["probability_decided"])
        return {k: v for k, v in found.items() if k not in ("provenance", "reasons", "time_to_answer")}, until

    assert asked(FIRST) == asked(FIRST + timedelta(days=7 * weeks))


@settings(max_examples=15)
@given(st.lists(st.sampled_from([None, 0, 1, 3, 6, 9]), min_size=30, max_size=80).filter(known_somewhere), st.integers(5, 60))
def test_an_unknown_amount_is_no_zero(values, start):
    """It has no row, moves no mean, and is no day without."""
    told = amounts(values, "drinks")
    second, days = amount_of(told), told.days
    known = [value for value in values if value is not None]
    assert second.mean == pytest.approx(np.mean(known))
    for at, value in enumerate(values):
        if value is None:
            assert second.answers[at] is None
            assert days.states[at] is None
            assert at + 1 == len(values) or second.yesterday[at + 1] == 0.0
    document = answer(told, started(start))
    assert document["coverage"] == {"days": len(values), "known": len(known), "recalled": 0}


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_left_out_at_random_do_not_pull_the_answer_to_zero(kind):
    """Half of the days of 25 diaries are dropped: the figures stay where they were, while zeros in their place halve them."""
    random = np.random.default_rng(3)

    def now(values) -> float:
        told = amounts(values, kind)
        fitted = fit(told.days, started(42), reference_priors(0.5, 0.5), seed=1, second=amount_of(told))
        return float(fitted.draws.weight @ rates(fitted, seed=1).current)

    dropped_to, zeroed_to = [], []
    for _ in range(25):
        full = [float(min(n, 10)) for n in random.poisson(random.uniform(2, 6), 84)]
        gone = random.random(84) < 0.5
        all_known = now(full)
        dropped_to.append(now([None if g else v for v, g in zip(full, gone, strict=True)]) / all_known)
        zeroed_to.append(now([0.0 if g else v for v, g in zip(full, gone, strict=True)]) / all_known)
    assert np.exp(np.mean(np.log(dropped_to))) == pytest.approx(1.0, abs=0.07)
    assert np.exp(np.mean(np.log(zeroed_to))) < 0.7


@settings(max_examples=15)
@given(PARTS, st.integers(0, 100))
def test_what_is_said_of_days_without_headache_changes_no_figure_of_the_part(days, start):
    silent = [(whole, None if whole is not True else part) for whole, part in days]
    if not any(part is not None for _, part in silent) or not any(whole is not None for whole, _ in days):
        return
    keys = ("baseline", "current", "untreated", "reduction_pct", "probability", "forecast", "residual_bands")
    loud, quiet = (part_answer(said, started(start)) for said in (days, silent))
    assert {key: loud[key] for key in keys} == {key: quiet[key] for key in keys}


@settings(max_examples=10)
@given(st.lists(st.one_of(st.none(), st.integers(0, 15)), min_size=20, max_size=90).filter(known_somewhere), st.integers(5, 60))
def test_drinks_and_their_grams_are_the_same_answer(values, start):
    """The reduction does not depend on whether a day was told as 3 drinks or as 42 grams."""

    def asked(column: str, grams: int):
        rows = "".join(f"{FIRST + timedelta(days=i)},{v * grams}\n" for i, v in enumerate(values) if v is not None)
        diary = read_days(io.StringIO(f"#condition=alcohol-recovery\ndate,{column}\n{rows}", newline=""), "days.csv")
        return review(diary, "x", FIRST + timedelta(days=start), outcome="drinks").response.document()

    assert asked("standard_drinks", 1) == asked("grams", 14)


@pytest.mark.parametrize("kind", ["part", "craving", "drinks"])
def test_intervals_cover_the_truth_of_people_drawn_from_the_model_nine_times_in_ten(kind):
    """200 people from the reference priors; the truth is that of the exact process, carry-over of amounts included."""
    random = np.random.default_rng(20260301)
    inside: dict[str, list[bool]] = {"current": [], "reduction": []}
    for _ in range(200):
        person = simulate(kind, random)
        chain = person.whole or person.days
        second = part_of(chain, person.days) if person.amounts is None else amount_of(person.amounts)
        priors = reference_priors(pretreatment_rate(chain, person.exposure), centring_constant(chain))
        fitted = fit(chain, person.exposure, priors, seed=1, second=second)
        found, weight = rates(fitted, seed=1), fitted.draws.weight
        for name, values, truth in (
            ("current", found.current, person.truth.current),
            ("reduction", found.reduction, person.truth.reduction),
        ):
            low, high = weighted.quantiles(values, weight, (0.05, 0.95))
            inside[name].append(low <= truth <= high)
    # 200 looks at a probability of 0.9: standard error 0.02
    for name, covered in inside.items():
        assert 0.84 <= np.mean(covered) <= 0.95, name
