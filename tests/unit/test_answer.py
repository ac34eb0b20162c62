"""The answer keeps its promises on ordinary and on extreme diaries."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.design import CARRY, centring_constant, lay_out
from cleardays.response.fit import FINER, fit, fit_checked, pretreatment_rate
from cleardays.response.forecast import going_on, residual_bands
from cleardays.response.priors import default_priors
from cleardays.response.reporting import neighbour_logging
from cleardays.response.summary import rates
from cleardays.trial.review import judging_rules
from conftest import START

EXPOSURE = ExposureSeries.started("examplamide", START)
RESPONDER = ("X0XX0X0XX00XX0X0XX0X00XX0X0X", "X0X00X000X" + "000000000X" * 8)


def answer(days: DaySeries, **options):
    return respond(days, EXPOSURE, judging_rules(), **options)


def every_number(document):
    if isinstance(document, dict):
        for value in document.values():
            yield from every_number(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from every_number(value)
    elif isinstance(document, float):
        yield document


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        (*RESPONDER, {"responding"}),
        ("X" * 28, "X" * 84, {"not_responding"}),
        ("0" * 28, "0" * 84, {"cannot_tell"}),
        ("X000" * 7, "X000" * 21, {"cannot_tell", "not_responding"}),
        ("X", "", {"too_early"}),
        ("", "X", {"too_early"}),
        ("X0" * 14, "", {"too_early"}),
        ("", "X0" * 50, {"cannot_tell"}),
        ("X...................0", "." * 200 + "X", {"cannot_tell"}),
    ],
    ids=["responder", "always", "never", "no change", "one day before", "one day", "not begun", "no baseline", "98 % unknown"],
)
def test_every_diary_gets_a_finite_ordered_answer(pattern_series, before, after, verdicts):
    got = answer(pattern_series(before, after))
    document = got.document()
    assert got.verdict in verdicts
    assert all(math.isfinite(number) for number in every_number(document))
    for key in ("current", "untreated", "reduction_pct", "treatment_effect", "baseline", "change_pct", "natural_change"):
        value = document[key]
        if value is not None:
            assert value["lower"] <= value["estimate"] <= value["upper"], key
    for key in ("current", "untreated"):
        assert 0 <= document[key]["lower"] <= document[key]["upper"] <= 28
    p = document["probability"]
    assert 0 <= p["reduction_ge_75"] <= p["reduction_ge_50"] <= p["reduction_ge_30"] <= 1 - p["worse"] <= 1
    assert sum(document["residual_bands"].values()) == pytest.approx(1.0)


def test_an_always_headache_diary_is_warned_about_as_near_daily(pattern_series):
    got = answer(pattern_series("X" * 28, "X" * 84))
    assert "judge.near-daily" in {reason.rule for reason in got.reasons}


def test_without_a_day_before_the_start_the_visible_change_is_null(pattern_series):
    document = answer(pattern_series("", "X00" * 30)).document()
    assert document["baseline"] is document["change_pct"] is document["natural_change"] is None
    assert set(document["probability_visible"].values()) == {None}
    assert document["verdict"] == "cannot_tell"


def test_before_the_start_there_is_no_effect_to_see(pattern_series):
    got = answer(pattern_series("X0" * 20))
    assert got.current == got.untreated
    assert got.reduction_pct.estimate == 0.0
    assert got.exposure_now == 0.0


def test_the_parts_add_up_to_the_visible_change_in_every_draw(pattern_series):
    days = pattern_series(*RESPONDER)
    rate, centre = pretreatment_rate(days, EXPOSURE), centring_constant(days)
    fitted = fit(days, EXPOSURE, default_priors(rate, centre, "x"), seed=4)
    found = rates(fitted, seed=4)
    assert found.baseline is not None
    assert found.natural_change is not None
    np.testing.assert_allclose(found.natural_change + found.treatment_effect, found.current - found.baseline, atol=1e-10)


def test_the_forecast_bands_and_daily_chances_tell_one_story(pattern_series):
    days = pattern_series(*RESPONDER)
    fitted = fit(days, EXPOSURE, default_priors(0.5, 0.3, "x"), seed=4, draws=16384)
    forecast = going_on(fitted)
    counts = np.array(forecast.count_probability)
    assert counts.sum() == pytest.approx(1.0)
    assert float(counts @ np.arange(29)) == pytest.approx(sum(forecast.daily_probability), abs=0.15)  # counted from fewer draws
    bands = residual_bands(forecast)
    assert bands["4to6"] == pytest.approx(counts[4:7].sum())


def test_same_seed_same_answer_and_another_seed_nearly_the_same(pattern_series):
    days = pattern_series(*RESPONDER)
    first, again, other = answer(days, seed=1), answer(days, seed=1), answer(days, seed=2)
    assert first.document() == again.document()
    assert first.probability["reduction_ge_50"] == pytest.approx(other.probability["reduction_ge_50"], abs=0.03)


@pytest.mark.parametrize(
    ("days_before", "expected"), [("X0" * 14, 0.5), ("XX0" * 9 + "X", 0.3)], ids=["14 days: one half", "19 days: 30 %"]
)
def test_the_threshold_follows_the_baseline(pattern_series, days_before, expected):
    assert answer(pattern_series(days_before, "X00" * 28)).question.threshold == expected


def test_a_threshold_that_was_asked_for_wins(pattern_series):
    got = answer(pattern_series("X" * 28, "X00" * 28), threshold=0.75)
    assert got.question.threshold == 0.75
    assert got.provenance["threshold"] == 0.75


@pytest.mark.parametrize(("treated", "early"), [(56, True), (57, False)])
def test_no_verdict_before_56_days_have_passed_since_the_start(pattern_series, treated, early):
    got = answer(pattern_series("X0" * 14, "0" * treated))
    assert (got.verdict == "too_early") is early


def test_a_diary_with_few_known_days_is_declined(pattern_series):
    after = ("X" + "." * 2) * 30
    got = answer(pattern_series("X0" * 14, after))
    assert got.verdict == "cannot_tell"
    assert got.reasons[0].rule == "judge.few-known-days"


def test_a_diary_kept_only_around_bad_days_is_declined(pattern_series):
    """Enough days are known, but whoever had a clear day often stops writing."""
    after = ("XXX0." * 20) + "X0" * 5
    got = answer(pattern_series("XX0X" * 7, after))
    assert got.verdict == "cannot_tell"
    assert "judge.selective-logging" in {reason.rule for reason in got.reasons}


def test_only_certain_days_after_certain_days_have_a_previous_day(pattern_series):
    design = lay_out(pattern_series("X.0X"), EXPOSURE)
    np.testing.assert_allclose(design.rows.x[:, CARRY], [-design.centre])
    assert design.rows.day.tolist() == [3]
    assert design.known_days.tolist() == [0, 2, 3]


def test_weeks_are_counted_from_the_start_of_treatment(pattern_series):
    design = lay_out(pattern_series("0" * 10, "0" * 8), EXPOSURE)
    assert design.week_of_day[:18].tolist() == [0] * 3 + [1] * 7 + [2] * 7 + [3]
    assert design.n_weeks == int(design.week_of_day[-1]) + 1
    assert len(design.week_of_day) == 18 + 28


def test_no_known_day_cannot_be_laid_out(pattern_series):
    with pytest.raises(ValueError, match="no day"):
        lay_out(pattern_series("..."), EXPOSURE)


def test_the_reference_priors_are_used_when_asked(pattern_series):
    days = pattern_series(*RESPONDER)
    assert answer(days, evidence=False).provenance["prior"] == "prior.reference"
    assert answer(days).provenance["prior"] == "prior.default"


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("X0X0X", "X00" * 25, "judge.short-baseline"),
        ("0" * 28, "0" * 84, "judge.rare-before"),
        ("0" * 14, "0" * 200, "judge.rare-before"),
        ("X" + "0" * 27, "0" * 168, "judge.rare-before"),
        ("X", "0" * 84, "judge.short-baseline"),
        ("0", "0" * 180, "judge.short-baseline"),
        ("X" * 84, "XX." * 40, "judge.no-clear-days"),
        ("X0" * 20 + "." * 40, "X0" * 40, "judge.few-known-days"),
        ("X0" * 42, ("X" + "." * 2) * 40, "judge.few-known-days"),
    ],
)
def test_what_cannot_be_seen_is_not_judged(pattern_series, before, after, rule):
    """However confident the model is: too little before, nothing to reduce, or only bad days since."""
    got = answer(pattern_series(before, after))
    assert got.verdict == "cannot_tell"
    assert rule in {reason.rule for reason in got.reasons}


@pytest.mark.parametrize("pattern", ["0", "X", "X0", "X00000"])
@pytest.mark.parametrize("length", [112, 364])
def test_a_complete_diary_is_never_called_selective(pattern_series, pattern, length):
    days = pattern_series("X0" * 14, (pattern * length)[:length])
    assert not any(look.differs for look in neighbour_logging(days, START))


def test_honest_diaries_are_rarely_called_selective():
    """Also when logging tires and headaches fall after the start, which alone would look alike."""
    random = np.random.default_rng(4)
    flagged = 0
    for _ in range(600):
        rate = np.repeat([0.7, 0.2], [84, 84])
        unlogged = np.repeat([0.02, 0.30], [84, 84])
        had, missing = random.random(168) < rate, random.random(168) < unlogged
        states = tuple(None if gone else bool(x) for x, gone in zip(had, missing, strict=True))
        days = DaySeries("headache_day", START - timedelta(days=84), states, (False,) * 168)
        flagged += any(look.differs for look in neighbour_logging(days, START))
    assert flagged / 600 < 0.03


@pytest.mark.parametrize("rate", [5, 9, 14, 20, 24, 26, 28])
@pytest.mark.parametrize("evidence", [True, False])
def test_an_unchanged_diary_shows_no_effect_of_the_treatment(rate, evidence):
    """The same days before and after: the interval of the treatment's own part holds zero, at every rate."""
    pattern = tuple((i * rate) % 28 < rate for i in range(28))
    states = pattern * 6
    days = DaySeries("headache_day", START - timedelta(days=84), states, (False,) * len(states))
    got = answer(days, evidence=evidence)
    assert got.treatment_effect.lower <= 0.01
    assert got.treatment_effect.upper >= 0


@pytest.mark.parametrize(("had", "expected"), [(14, 0.5), (15, 0.3), (17, 0.3)])
def test_the_threshold_follows_the_count_of_a_known_baseline(pattern_series, had, expected):
    """Not the smoothed rate, which the days after the start would pull with them."""
    got = answer(pattern_series("X" * had + "0" * (28 - had), "X000" * 28))
    assert got.question.threshold == expected


def test_one_known_headache_day_does_not_make_another_outcome_frequent(pattern_series):
    auras = pattern_series("X0X0X0X0X0X0X0", "X00" * 28, outcome="aura_day")
    got = answer(auras, headache_before=pattern_series("X............."))
    assert got.question.threshold == 0.5
    assert "leave open" in got.question.reason.because
    assert "judge.near-daily" not in {reason.rule for reason in got.reasons}


def test_the_last_known_days_before_the_start_are_the_baseline_however_far_back(pattern_series):
    got = answer(pattern_series("X0" * 20 + "." * 100, "X0" * 40))
    assert got.baseline is not None
    assert 10 < got.baseline.estimate < 18


def test_thirty_years_of_diary_are_answered():
    random = np.random.default_rng(1)
    states = tuple(bool(v) for v in random.random(365 * 30) < 0.3)
    days = DaySeries("headache_day", START - timedelta(days=365 * 29), states, (False,) * len(states))
    got = respond(days, EXPOSURE, judging_rules())
    assert 4 < got.current.estimate < 13


def test_a_fit_whose_check_fails_is_looked_at_again_and_says_so(pattern_series, monkeypatch):
    days = pattern_series("X00X" * 8, "X000" * 20)
    priors = default_priors(pretreatment_rate(days, EXPOSURE), centring_constant(days), "x")
    assert not fit_checked(days, EXPOSURE, priors, seed=1, draws=256).refined
    monkeypatch.setattr("cleardays.response.fit.LEAST_SHARE", 1.1)  # nothing is good enough
    again = fit_checked(days, EXPOSURE, priors, seed=1, draws=256)
    assert again.refined
    assert again.grid == FINER
    assert len(again.draws.weight) == 8 * 256
    assert answer(days).diagnostics["refined"] is True
