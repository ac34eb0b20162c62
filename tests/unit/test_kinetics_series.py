"""Series for a person against the published figures: the pill, the week without it, spread between people, steady states."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.kinetics.bands import band
from cleardays.kinetics.model import every, levels
from cleardays.kinetics.parameters import Parameters, spread
from cleardays.kinetics.piecewise import Phases, Regimen
from cleardays.plan.kinetic_series import PillCycle, pauses_of, series_of, switched
from cleardays.plan.kinetic_variant import kinetics_of
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput

DAY, WEEK = 24.0, 168.0
MONTH = PillCycle(21, 7)


def pill(**more):
    return kinetics_of("lamotrigine", beside=["Microgynon"], **more)


def last_day(parameters, dose=300.0, phases=None, until=60 * DAY):
    at = until + np.arange(0, 24, 0.05)
    extra = [] if phases is None else [phases]
    return levels(parameters, every(dose, DAY, until + DAY), at, *extra)


def test_with_the_pill_the_peak_and_the_area_fall_as_published():
    """Published at 300 mg a day: AUC x0.48 (0.44-0.53), peak x0.61 (0.57-0.66). Only the first was put in."""
    alone, beside = (last_day(found.parameters) for found in (kinetics_of("lamotrigine"), pill()))
    assert 0.44 <= beside.mean() / alone.mean() <= 0.53
    assert 0.57 <= beside.max() / alone.max() <= 0.66


def test_in_the_week_without_the_pill_the_level_before_a_dose_doubles():
    found = pill()
    series = series_of("lamotrigine", found, 200, MONTH)
    assert series.pauses.rise == pytest.approx(2.0, abs=0.1)
    before = series.mg_per_l[[int(DAY * day) for day in (49, 50, 52, 54, 56)]]
    assert (np.diff(before) > 0).all()  # climbs through the whole week
    assert before[-1] / before[0] == pytest.approx(series.pauses.rise)
    assert {"LTG-MIMS-INT", "MGH-WMH", "Sidhu2006"} == set(series.pauses.reason.source)


def test_within_a_week_of_the_pill_the_level_is_about_halved():
    """Published: 41-64 % lower, visible within a week. Not put in: the same speed as in the week without it."""
    found, half_time = pill(), pauses_of("lamotrigine", pill(), MONTH).half_time_h
    neutral = kinetics_of("lamotrigine").parameters
    times_clearance = found.parameters.elimination_per_h / neutral.elimination_per_h
    after_a_week = 1 + (times_clearance - 1) * (1 - 0.5 ** (WEEK / half_time))
    lower = 1 - last_day(neutral, phases=Phases(np.zeros(1), np.array([after_a_week]))).mean() / last_day(neutral).mean()
    assert 0.41 <= lower <= 0.64


def test_the_days_without_the_pill_need_figures_of_the_pill():
    for beside in ([], ["valproate", "Microgynon"], ["carbamazepine", "Microgynon"]):
        with pytest.raises(BadInput, match="weeks of a pill"):
            series_of("lamotrigine", kinetics_of("lamotrigine", beside=beside), 200, MONTH)
    longer = series_of("lamotrigine", pill(), 200, PillCycle(84, 7))
    assert longer.hour[-1] == 2 * 91 * DAY
    assert longer.pauses.rise == pytest.approx(2.0, abs=0.1)


TARGETS = {"neutral": ([], 200, 3.4), "valproate": (["valproate"], 100, 5.5), "inducer": (["phenytoin"], 400, 3.3)}


@pytest.mark.parametrize("variant", [*TARGETS, "oestrogen"])
def test_a_series_ends_at_the_level_of_the_published_target(variant):
    beside, dose, target = TARGETS.get(variant, (["Microgynon"], 200, 1.6))
    found = kinetics_of("lamotrigine", beside=beside, weight_kg=70, daily_mg=dose)
    series = series_of("lamotrigine", found, dose)
    assert series.mg_per_l[-25:-1].mean() == pytest.approx(target, rel=0.06)
    steady = found.css_avg_mg_per_l
    reached = series.mg_per_l[int(DAY * found.time_to_steady_state_days) :][:24].mean()
    assert 0.94 < reached / steady < 1.02  # five half-lives: 97 %
    assert series.hour[-1] >= DAY * (found.time_to_steady_state_days + 2)


def test_what_changes_clearance_in_a_person_moves_the_half_life_of_the_series():
    plain, pregnant = kinetics_of("lamotrigine"), kinetics_of("lamotrigine", person=read_person({"pregnancy": "yes"}))
    assert pregnant.half_life_h == plain.half_life_h  # of the table
    assert pregnant.parameters.half_life_h == pytest.approx(plain.half_life_h / 1.94)
    assert pregnant.parameters.volume_l == pytest.approx(plain.parameters.volume_l)
    assert any("13.1 h" in reason.because for reason in pregnant.reasons)
    weak = kinetics_of("baclofen", person=read_person({"egfr_ml_min": 20}))
    assert weak.parameters.half_life_h == pytest.approx(3 * weak.half_life_h)


def test_valproate_that_starts_raises_the_level_by_the_ratio_of_clearances():
    before, after = kinetics_of("lamotrigine"), kinetics_of("lamotrigine", beside=["valproate"])
    phases = switched(before, after, 30 * DAY)
    regimen, at = every(200, DAY, 80 * DAY), DAY * np.array([29, 79])[:, None] + np.arange(24)
    first, then = levels(before.parameters, regimen, at, phases).mean(axis=1)
    assert then / first == pytest.approx(0.58 / 0.18, rel=0.02)
    assert switched(before, kinetics_of("lamotrigine", beside=["valproate", "phenytoin"]), 0) is None


def test_accumulation_is_that_of_the_daily_dose():
    found = kinetics_of("lamotrigine", daily_mg=200)
    bolus = found.parameters._replace(absorption_per_h=None)
    first, steady = levels(bolus, every(200, DAY, 60 * DAY), np.array([DAY, 60 * DAY]) - 1e-9)
    assert found.accumulation == pytest.approx(steady / first, rel=1e-6)
    assert kinetics_of("lamotrigine").accumulation is None


@pytest.mark.parametrize(
    ("mean", "low", "high", "people"), [(0.58, 0.24, 1.15, 36), (0.18, 0.12, 0.33, 18), (1.21, 0.66, 1.82, 17)]
)
def test_the_published_ranges_of_clearance_are_those_of_the_published_spread(mean, low, high, people):
    """The lowest and the highest of so many people: outside the middle half, inside what holds all of them 9 times in 10."""
    assert kinetics_of("lamotrigine").clearance_cv_percent == 40
    nearly_all, half = spread(0.4, 0.9 ** (1 / people)), spread(0.4, 0.5)
    assert mean / nearly_all < low < mean / half
    assert mean * half < high < mean * nearly_all


def test_a_band_holds_the_share_of_people_that_it_states():
    parameters, regimen, at = Parameters(2.4, 25.4, 2.7), every(100, DAY, 20 * DAY), np.array([3.0, 30.0, 300.5, 470.0])
    found, factor = band(parameters, regimen, at, 0.4), spread(0.4)
    random = np.random.default_rng(5)
    times = np.exp(random.normal(0, np.sqrt(np.log1p(0.4**2)), 2000))
    own = [levels(Parameters(2.4 * n, 25.4 / n, 2.7), regimen, at) for n in times]
    assert np.mean((found.lower <= own) & (own <= found.upper), axis=0) == pytest.approx(np.full(4, 0.9), abs=0.02)
    assert factor == pytest.approx(np.exp(1.6448536 * np.sqrt(np.log(1.16))), rel=1e-6)


def test_the_band_is_of_the_published_spread_or_there_is_none():
    lamotrigine, baclofen = (kinetics_of(name, daily_mg=30) for name in ("lamotrigine", "baclofen"))
    assert lamotrigine.clearance_cv_percent == 40
    assert "LTG-MEDLIB-PK" in lamotrigine.source
    assert baclofen.clearance_cv_percent == pytest.approx(100 * 44 / 175)
    told = baclofen.document()["css_avg_band"]
    assert told["lower"] * told["upper"] == pytest.approx(baclofen.css_avg_mg_per_l**2)
    unknown = kinetics_of("lamotrigine", beside=["valproate", "phenytoin"], daily_mg=100)
    assert unknown.clearance_cv_percent is None
    assert unknown.document()["css_avg_band"] is None
    none = lamotrigine._replace(clearance_cv_percent=None)
    series = series_of("lamotrigine", none, 30)
    assert series.lower is series.upper is None
    assert "lower_mg_per_l" not in series.document()
    assert band(Parameters(1.0, 10.0), Regimen(np.zeros(1), np.ones(1)), np.zeros(1), None) is None
