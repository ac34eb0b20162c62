"""Kinetics against the published table, against an independent solution, and what must hold of any regimen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.kinetics.model import Regimen, every, levels
from cleardays.kinetics.parameters import Parameters, absorption_from_peak, accumulation, steady_mean, time_to_steady_h
from cleardays.plan.kinetic_variant import kinetics_of
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput

# variant: medicines beside, half-life h, clearance ml/min/kg, restart gap h, steady mean at 70 kg of a daily dose in mg
TABLE = {
    "neutral": ([], 25.4, 0.58, 127, (200, 3.4)),
    "valproate": (["Depakote"], 70.3, 0.18, 352, (100, 5.5)),
    "inducer": (["carbamazepine"], 14.0, 1.21, 70, (400, 3.3)),
    "oestrogen": (["Microgynon"], 25.4 / 2.1, 0.58 * 2.1, 60, (200, 1.6)),
    "inducer+valproate": (["valproate", "phenytoin"], 27.2, None, 136, None),
}


@pytest.mark.parametrize("variant", TABLE)
def test_lamotrigine_by_what_else_is_taken(variant):
    beside, half_life, clearance, gap, steady = TABLE[variant]
    found = kinetics_of("lamotrigine", beside=beside, weight_kg=70, daily_mg=steady[0] if steady else 100)
    assert found.variant == variant
    assert found.half_life_h == pytest.approx(half_life)
    assert found.restart_after_gap_h == gap
    assert found.time_to_steady_state_days == pytest.approx(5 * half_life / 24)
    if clearance is None:
        assert found.clearance_l_per_h is found.volume_l is found.css_avg_mg_per_l is None
        return
    assert found.clearance_l_per_h == pytest.approx(clearance * 70 * 0.06)
    assert found.volume_l == pytest.approx(found.clearance_l_per_h * half_life / np.log(2))
    assert found.css_avg_mg_per_l == pytest.approx(steady[1], abs=0.05)
    assert found.source


def test_the_labelled_targets_lie_within_a_factor_of_two_and_one_dose_for_all_would_not():
    beside = {name: row[0] for name, row in TABLE.items() if name in ("neutral", "valproate", "inducer")}
    doses = {"neutral": 200, "valproate": 100, "inducer": 400}
    at_target = [kinetics_of("lamotrigine", beside=beside[name], daily_mg=doses[name]).css_avg_mg_per_l for name in doses]
    at_one_dose = [kinetics_of("lamotrigine", beside=beside[name], daily_mg=200).css_avg_mg_per_l for name in doses]
    assert max(at_target) < 2 * min(at_target)
    assert max(at_one_dose) / min(at_one_dose) == pytest.approx(6.7, abs=0.1)


def test_what_changes_clearance_in_a_person():
    plain = kinetics_of("lamotrigine")
    pregnant = kinetics_of("lamotrigine", person=read_person({"pregnancy": "yes"}))
    liver = kinetics_of("lamotrigine", person=read_person({"liver": "severe", "ascites": True}))
    assert pregnant.clearance_l_per_h == pytest.approx(1.94 * plain.clearance_l_per_h)
    assert liver.clearance_l_per_h == pytest.approx(0.5 * plain.clearance_l_per_h)
    assert pregnant.restart_after_gap_h == plain.restart_after_gap_h == 127
    weak = {
        egfr: kinetics_of("baclofen", person=read_person({"egfr_ml_min": egfr})).clearance_l_per_h for egfr in (95, 60, 40, 20)
    }
    assert [weak[95] / weak[egfr] for egfr in (60, 40, 20)] == pytest.approx([1.5, 2, 3])


def test_the_weight_is_the_one_told_and_else_a_usual_one():
    light = kinetics_of("lamotrigine", person=read_person({"weight_kg": 50}))
    assert light.clearance_l_per_h == pytest.approx(0.58 * 50 * 0.06)
    assert kinetics_of("lamotrigine", weight_kg=90, person=read_person({"weight_kg": 50})).clearance_l_per_h == pytest.approx(
        3.132
    )
    assert "weight" in {reason.rule for reason in kinetics_of("lamotrigine").reasons}
    assert "weight" not in {reason.rule for reason in light.reasons}


def test_where_the_sources_hold_no_figure_there_is_none():
    assert kinetics_of("propranolol").half_life_h is None
    assert kinetics_of("onabotulinumtoxina").half_life_h is None


def test_a_medicine_that_is_not_known_chooses_no_variant():
    with pytest.raises(BadInput, match="Zorbaquexin"):
        kinetics_of("lamotrigine", beside=["Zorbaquexin"])
    with pytest.raises(BadInput, match="leaves open"):
        kinetics_of("lamotrigine", beside=["anticonvulsant"])
    with pytest.raises(BadInput):
        kinetics_of("no such treatment")


def solved(parameters, regimen, at_h, step=0.002):
    """The same two-pool equations, stepped by Runge and Kutta."""
    out, into = parameters.elimination_per_h, parameters.absorption_per_h
    pools, now, found = np.zeros(2), 0.0, []
    doses = [(at, dose) for at, dose in zip(regimen.at_h, regimen.dose_mg, strict=True)]
    events = sorted([*doses, *((at, None) for at in at_h)], key=lambda event: event[0])

    def change(state):
        return np.array([-into * state[0], into * state[0] - out * state[1]])

    for at, dose in events:
        steps = int(np.ceil((at - now) / step))
        for _ in range(steps):
            h = (at - now) / steps
            first = change(pools)
            second = change(pools + h / 2 * first)
            third = change(pools + h / 2 * second)
            pools = pools + h / 6 * (first + 2 * second + 2 * third + change(pools + h * third))
        now = at
        if dose is None:
            found.append(pools[1] / parameters.volume_l)
        else:
            pools = pools + np.array([dose, 0.0])
    return np.array(found)


def test_the_closed_form_is_the_solution_of_the_equations():
    parameters = Parameters(2.44, 25.4, 2.7)
    regimen = Regimen(np.array([0.0, 24.0, 31.5, 72.0]), np.array([25.0, 25.0, 50.0, 100.0]))
    at = np.array([0.5, 1.7, 12.0, 24.5, 30.0, 40.0, 72.1, 90.0])
    closed = levels(parameters, regimen, at)
    assert closed == pytest.approx(solved(parameters, regimen, at), abs=1e-6 * closed.max())


def test_rates_that_are_equal_divide_by_nothing():
    half_life = 4.0
    at = np.linspace(0, 30, 61)
    regimen = every(10, 8, 24)
    same = levels(Parameters(5, half_life, np.log(2) / half_life), regimen, at)
    near = levels(Parameters(5, half_life, np.log(2) / half_life * 1.0001), regimen, at)
    assert same == pytest.approx(near, rel=1e-3, abs=1e-9)


positive = st.floats(0.2, 50)
person = st.builds(Parameters, positive, st.floats(1, 200), st.one_of(st.none(), st.floats(0.05, 5)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(person, st.floats(1, 500), st.sampled_from([6.0, 8.0, 12.0, 24.0]))
def test_the_mean_over_an_interval_comes_to_the_steady_mean(parameters, dose, interval):
    slow = max(parameters.half_life_h, np.log(2) / (parameters.absorption_per_h or np.inf))
    start = np.ceil(14 * slow / interval) * interval
    at = np.linspace(start, start + interval, 4001)[1:] - interval / 8000  # the middle of each slice
    mean = levels(parameters, every(dose, interval, start + interval), at).mean()
    assert mean == pytest.approx(steady_mean(parameters, dose, interval), rel=2e-3)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(person, st.lists(st.tuples(st.floats(0, 200), st.floats(0, 400)), min_size=1, max_size=6), st.floats(0.1, 5))
def test_levels_add_up_and_scale_with_the_dose(parameters, doses, factor):
    at = np.linspace(0, 300, 61)
    whole = Regimen(*(np.array(column) for column in zip(*doses, strict=True)))
    single = sum(levels(parameters, Regimen(np.array([t]), np.array([d])), at) for t, d in doses)
    found = levels(parameters, whole, at)
    assert (found >= 0).all()
    assert found == pytest.approx(single, rel=1e-9, abs=1e-12)
    assert levels(parameters, whole._replace(dose_mg=whole.dose_mg * factor), at) == pytest.approx(
        factor * found, rel=1e-9, abs=1e-12
    )


def test_the_peak_and_the_steps_to_the_steady_level():
    for half_life, peak in ((25.4, 1.7), (3.6, 1.9), (70.3, 1.9)):
        parameters = Parameters(2.0, half_life, absorption_from_peak(half_life, peak))
        at = np.arange(0, 20, 0.001)
        assert at[levels(parameters, every(100, 1000, 1), at).argmax()] == pytest.approx(peak, abs=0.01)
    assert time_to_steady_h(25.4) == pytest.approx(127)
    bolus = Parameters(2.0, 24.0)
    troughs = levels(bolus, every(100, 24, 24 * 40), np.array([24.0 - 1e-9, 24 * 40 - 1e-9]))
    assert troughs[1] / troughs[0] == pytest.approx(accumulation(24, 24), rel=1e-6)
