"""How likely a stretch without is, if all had gone on as before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cleardays.diary.series import DaySeries
from cleardays.response import stretch as module
from cleardays.response.stretch import chance_of_fewer, chances_of_none
from conftest import START

OFTEN = "X0XX0X0XX00XX0X0XX0X00XX0X0X" * 3
SELDOM = ("X" + "0" * 13) * 6  # two days in 28


def none(pattern: str, after: int = 0) -> DaySeries:
    """Days after the start, that many later: 0 clear, . unknown."""
    states = tuple(None if mark == "." else False for mark in pattern)
    return DaySeries("headache_day", START + timedelta(days=after), states, (False,) * len(states))


def chance(pattern_series, before: str, *stretches: DaySeries, seed: int = 1) -> tuple[float, ...]:
    return chances_of_none(pattern_series(before), stretches, seed=seed).each


def test_twenty_clear_days_at_two_a_month_are_no_surprise(pattern_series):
    (found,) = chance(pattern_series, SELDOM, none("0" * 20))
    assert 0.12 < found < 0.40  # without waves and carry-over it would be (1 - 1/14)^20 = 0.23


def test_the_longer_and_the_more_frequent_before_the_less_likely(pattern_series):
    lengths = [none("0" * n) for n in (7, 14, 28, 56, 112)]
    seldom, often = (chance(pattern_series, before, *lengths) for before in (SELDOM, OFTEN))
    assert list(seldom) == sorted(seldom, reverse=True)
    assert list(often) == sorted(often, reverse=True)
    assert all(few < many for few, many in zip(often, seldom, strict=True))
    assert often[2] < 0.01


def test_an_unknown_day_is_no_clear_day(pattern_series):
    known, half, unknown = chance(pattern_series, OFTEN, none("0" * 14), none("0." * 7), none("." * 14))
    assert known < half < unknown
    assert unknown == pytest.approx(1.0)


def fewer(before: DaySeries, *options) -> float:
    (found,) = chance_of_fewer(before, *options, seed=1).each
    return found


@pytest.mark.parametrize("after", [0, 30, 200])
def test_the_exact_chance_is_that_of_simulated_days(pattern_series, after):
    (exact,) = chance(pattern_series, SELDOM, none("0" * 21, after))
    simulated = fewer(pattern_series(SELDOM), START + timedelta(days=after), 1, 21, 1)
    assert simulated == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 2048) ** 0.5 + 0.01)


def test_more_months_in_a_row_are_less_likely_and_a_higher_limit_likelier(pattern_series):
    before = pattern_series(OFTEN)
    rows = [fewer(before, START, months, 28, 15) for months in (1, 2, 3, 6)]
    assert rows == sorted(rows, reverse=True)
    limits = [fewer(before, START, 3, 28, limit) for limit in (1, 10, 15, 20, 29)]
    assert limits == sorted(limits)
    assert limits[-1] == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_chance(pattern_series):
    stretch = none("0" * 40)
    assert chance(pattern_series, SELDOM, stretch) == chance(pattern_series, SELDOM, stretch)
    assert chance(pattern_series, SELDOM, stretch) != chance(pattern_series, SELDOM, stretch, seed=2)


@pytest.mark.parametrize("failed", [{"settled": False}, {"effective_share": 0.1}])
def test_a_fit_that_fails_its_check_is_told_with_the_chances(pattern_series, monkeypatch, failed):
    before, whole = pattern_series(OFTEN), module.fit_checked
    assert chances_of_none(before, [none("0" * 20)], seed=1).settled
    monkeypatch.setattr(module, "fit_checked", lambda *days, **options: _Failed(whole(*days, **options), failed))
    assert not chances_of_none(before, [none("0" * 20)], seed=1).settled
    assert not chance_of_fewer(before, START, 1, 28, 15, seed=1).settled


class _Failed:
    """A fit of which some of what its check asks is otherwise."""

    def __init__(self, fitted, failed):
        self._fitted, self._failed = fitted, failed

    def __getattr__(self, name):
        return self._failed.get(name, getattr(self._fitted, name))
