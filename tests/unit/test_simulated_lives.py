"""What made-up people live: the declared truth is what is drawn, and nothing later changes what came before."""

from __future__ import annotations

import numpy as np
import pytest

from cleardays.problems import BadInput
from cleardays.trial.demonstration.life import MONTH, live, long_run, mean_over
from cleardays.trial.demonstration.truth import case_names, read_case

NAMES = case_names()


def shares(case, days):
    """The whole dose each day from the first on, or a session every 84 days."""
    taken = np.ones(days)
    if case.effect.lasts_days is not None:
        taken = np.zeros(days)
        taken[::84] = 1
    return taken


def test_the_cases_are_the_five_that_are_promised():
    assert NAMES == ("lamotrigine-aura", "lamotrigine-recovery", "baclofen", "ketamine", "onabotulinumtoxina")


def test_a_case_that_is_not_there_says_which_are():
    with pytest.raises(BadInput) as bad:
        read_case("aspirin")
    assert all(name in bad.value.problems[0].try_this for name in NAMES)


def test_nobody_chose_a_seed_it_follows_from_the_name():
    assert read_case("baclofen").seed == 2543219643
    assert len({read_case(name).seed for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_longer_life_begins_as_the_shorter_one(name):
    case = read_case(name)
    short, long = (live(case, case.seed, days, shares(case, days)) for days in (100, 300))
    for outcome, had in short.had.items():
        assert (long.had[outcome][:100] == had).all(), outcome


@pytest.mark.parametrize("name", NAMES)
def test_without_the_treatment_a_life_is_the_same_in_every_trial_of_it(name):
    case = read_case(name)
    one, other = (live(case, 5, 200, np.zeros(200)) for _ in range(2))
    assert all((one.had[outcome] == other.had[outcome]).all() for outcome in one.had)
    assert not one.effect.any()


@pytest.mark.parametrize("name", NAMES)
def test_the_rate_that_is_drawn_is_the_rate_that_is_declared(name):
    case, outcome = read_case(name), read_case(name).outcomes[0]
    days, many = 168, 24
    drawn, true = [], []
    for seed in range(many):
        lived = live(case, seed, days, shares(case, days))
        unit = 1 if outcome == "craving" else MONTH
        drawn.append(unit * float(lived.had[outcome].mean()))
        true.append(mean_over(case, outcome, lived.drift.tolist(), lived.effect.tolist()))
    off = np.array(drawn) - np.array(true)
    assert abs(off.mean()) < 4 * off.std() / np.sqrt(many) + 0.05  # the first days have not settled


@pytest.mark.parametrize("name", NAMES)
def test_the_declared_share_is_what_the_whole_effect_takes_away_at_the_own_level(name):
    case = read_case(name)
    for outcome, share in case.effect.reduction.items():
        left = long_run(case, outcome, 0.0, 1.0) / long_run(case, outcome, 0.0, 0.0)
        assert left == pytest.approx(1 - share, abs=0.02), outcome
