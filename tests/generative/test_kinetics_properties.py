"""Levels of any person, regimen and change of clearance: against the equations solved, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cleardays.kinetics.bands import band
from cleardays.kinetics.hourly import hourly
from cleardays.kinetics.induction import gradual, half_time_from_rise, risen
from cleardays.kinetics.model import every, levels
from cleardays.kinetics.parameters import Parameters, spread, steady_mean
from cleardays.kinetics.piecewise import NO_PHASES, Phases, Regimen
from reference.levels import integrated, superposed

HOURS = 120


@st.composite
def people(draw):
    """Absorption at once, slower than elimination, faster, nearly as fast, or exactly as fast."""
    clearance, half_life = draw(st.floats(0.2, 20)), draw(st.floats(1, 120))
    out = np.log(2) / half_life
    nearly = out * draw(st.sampled_from([1 - 1e-3, 1 - 1e-9, 1.0, 1 + 1e-12, 1 + 1e-6]))
    return Parameters(clearance, half_life, draw(st.one_of(st.none(), st.just(nearly), st.floats(0.01, 6))))


hour = st.one_of(st.floats(0, 100), st.integers(0, 100).map(float))


def columns(kind, pairs):
    at, value = zip(*pairs, strict=True) if pairs else ((), ())
    return kind(np.array(at, float), np.array(value, float))


regimens = st.lists(st.tuples(hour, st.floats(1, 500)), min_size=1, max_size=7).map(lambda pairs: columns(Regimen, pairs))
phases = st.lists(st.tuples(hour, st.floats(0.2, 4)), max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: columns(Phases, sorted(pairs))
)


@settings(max_examples=80, derandomize=True)
@given(people(), regimens, phases)
def test_levels_are_the_solution_of_the_equations(parameters, regimen, changes):
    at = np.arange(float(HOURS))
    solved = integrated(parameters, regimen, at, changes)
    near = 1e-6 * solved.max()
    assert levels(parameters, regimen, at, changes) == pytest.approx(solved, abs=near)
    assert hourly([parameters], [regimen], HOURS, [changes])[0] == pytest.approx(solved, abs=near)


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.tuples(people(), regimens, phases), min_size=1, max_size=5), st.integers(1, HOURS))
def test_side_by_side_is_one_after_another(cases, hours):
    at = np.arange(float(hours))
    found = hourly(*(list(column) for column in list(zip(*cases, strict=True))[:2]), hours, [case[2] for case in cases])
    for row, (parameters, regimen, changes) in zip(found, cases, strict=True):
        single = levels(parameters, regimen, at, changes)
        assert row == pytest.approx(single, abs=1e-12 * max(single.max(), 1e-300))
    unchanged = hourly([case[0] for case in cases], [case[1] for case in cases], hours)
    assert unchanged[0] == pytest.approx(levels(cases[0][0], cases[0][1], at), rel=1e-9, abs=1e-12)


@settings(max_examples=60, derandomize=True)
@given(people(), regimens, regimens, phases, st.floats(0.1, 5))
def test_regimens_add_up_and_scale(parameters, one, other, changes, factor):
    at = np.linspace(0, HOURS, 97)
    both = Regimen(np.append(one.at_h, other.at_h), np.append(factor * one.dose_mg, other.dose_mg))
    apart = factor * levels(parameters, one, at, changes) + levels(parameters, other, at, changes)
    assert levels(parameters, both, at, changes) == pytest.approx(apart, rel=1e-9, abs=1e-12 * apart.max())


@settings(max_examples=60, derandomize=True)
@given(people(), regimens, phases, st.floats(-40, 400))
def test_everything_later_gives_the_same_levels_later(parameters, regimen, changes, later):
    at = np.arange(HOURS) + 0.37
    moved = regimen._replace(at_h=regimen.at_h + later), changes._replace(from_h=changes.from_h + later)
    found, again = levels(parameters, regimen, at, changes), levels(parameters, moved[0], at + later, moved[1])
    clear = np.abs(at[:, None] - regimen.at_h).min(axis=1) > 1e-6  # at the very hour of a dose rounding decides
    assert again[clear] == pytest.approx(found[clear], rel=1e-7, abs=1e-9 * found.max())


@settings(max_examples=60, derandomize=True)
@given(people(), regimens, st.floats(0, 100))
def test_a_change_to_once_the_clearance_is_no_change(parameters, regimen, at):
    hours = np.linspace(0, HOURS, 97)
    changes = Phases(np.array([at]), np.array([1.0]))
    plain = levels(parameters, regimen, hours)
    assert levels(parameters, regimen, hours, changes) == pytest.approx(plain, rel=1e-9, abs=1e-12 * plain.max())
    out, into = parameters.elimination_per_h, parameters.absorption_per_h
    if into is None or abs(into - out) > 1e-2 * out:
        assert plain == pytest.approx(superposed(parameters, regimen, hours), rel=1e-7, abs=1e-9 * plain.max())


@settings(max_examples=60, derandomize=True)
@given(people(), regimens, phases, st.floats(0.05, 1), st.floats(0.1, 0.98))
def test_a_band_is_the_levels_of_people_at_its_edges(parameters, regimen, changes, cv, coverage):
    """And between them lie exactly those whose clearance does: more clearance is a lower level at every hour."""
    at = np.linspace(0, HOURS, 61)
    found, factor = band(parameters, regimen, at, cv, phases=changes, coverage=coverage), spread(cv, coverage)

    def of(times):
        own = parameters._replace(
            clearance_l_per_h=parameters.clearance_l_per_h * times, half_life_h=parameters.half_life_h / times
        )
        return levels(own, regimen, at, changes)

    near = 1e-9 * found.upper.max()
    for edge, times in zip(found, (factor, 1.0, 1 / factor), strict=True):
        assert edge == pytest.approx(of(times), abs=near)
    inside, outside = of(factor**0.9), of(factor**1.1)
    assert (found.lower <= inside + near).all()
    assert (inside <= found.median + near).all()
    assert (outside <= found.lower + near).all()


@settings(max_examples=40, derandomize=True)
@given(people(), st.floats(10, 200), st.sampled_from([6.0, 12.0, 24.0]), st.floats(0.3, 3))
def test_after_a_change_the_mean_comes_to_the_new_steady_mean(parameters, dose, interval, factor):
    slow = max(parameters.half_life_h / min(factor, 1), np.log(2) / (parameters.absorption_per_h or np.inf))
    start = (np.ceil(16 * slow / interval) + 2) * interval
    at = np.linspace(start, start + interval, 4001)[1:] - interval / 8000  # the middle of each slice
    changes = Phases(np.array([1.5 * interval]), np.array([factor]))
    mean = levels(parameters, every(dose, interval, start + interval), at, changes).mean()
    assert mean == pytest.approx(steady_mean(parameters, dose, interval) / factor, rel=2e-3)


@settings(max_examples=15, derandomize=True)
@given(st.floats(0.3, 3), st.floats(6, 60), st.floats(0.3, 3), st.floats(20, 150))
def test_a_gradual_change_is_the_solution_with_a_clearance_that_moves(into, half_life, goal, half_time):
    parameters, at = Parameters(2.0, half_life, into), np.arange(0.0, 240, 6)
    phases = gradual(Phases(np.array([48.0]), np.array([goal])), half_time, 240)
    out = parameters.elimination_per_h

    def change(t, state):
        factor = goal + (1 - goal) * 0.5 ** (max(t - 48, 0) / half_time)
        return [-into * state[0], into * state[0] - out * factor * state[1]]

    solved = solve_ivp(change, (0, 240), [100.0, 0.0], "DOP853", at, rtol=1e-10, atol=1e-12).y[1] / parameters.volume_l
    found = levels(parameters, Regimen(np.zeros(1), np.array([100.0])), at, phases)
    assert found == pytest.approx(solved, abs=2e-4 * solved.max())


@settings(max_examples=20, derandomize=True)
@given(st.floats(4, 60), st.floats(0.3, 0.9), st.floats(0.05, 0.95), st.sampled_from([8.0, 12.0, 24.0]))
def test_the_half_time_gives_back_the_rise_it_comes_from(half_life, factor, share, interval):
    parameters = Parameters(1.0, half_life, 1.5)
    most = risen(parameters, factor, None, 168, interval)
    rise = 1 + share * (most - 1)
    half_time = half_time_from_rise(parameters, factor, rise, 168, interval)
    if rise < most * (1 - 1e-6) and half_time is not None:
        assert risen(parameters, factor, half_time, 168, interval) == pytest.approx(rise, rel=1e-4)
    assert half_time_from_rise(parameters, factor, most * 1.01, 168, interval) is None


def test_nothing_taken_is_no_level():
    none = Regimen(np.zeros(0), np.zeros(0))
    parameters, change = Parameters(1.0, 10.0, 1.0), Phases(np.array([3.5, 3.7]), np.array([2.0, 1.0]))
    for changes in (NO_PHASES, change):
        assert not levels(parameters, none, np.arange(5.0), changes).any()
        assert not hourly([parameters], [none], 5, [changes]).any()
    assert hourly([], [], 5).shape == (0, 5)
    assert hourly([parameters], [none], 0).shape == (1, 0)
