"""The first days of sessions against the days before them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cleardays.quantities import ExposureSeries
from cleardays.response import relief as module
from cleardays.response.relief import Pair, relief
from conftest import START

BEFORE = "X0XX00X0XX0X0X" * 5 + "0XX0X0XX0X0XX0"  # 84 days, about half


def held(pattern_series, first: str, rest: str = "X0X0X0X" * 3, times: int = 3, before: str = BEFORE):
    """Sessions on the start and every 35 days: a day of its own, seven first days, then four weeks as before."""
    cycle = "X" + first + (rest * 2)[: 27 - len(first) + 7]
    days = pattern_series(before, cycle * times)
    ons = [len(before) + len(cycle) * n for n in range(times)]
    pairs = [Pair(tuple(range(on - 14, on)), tuple(range(on + 1, on + 8))) for on in ons]
    return days, pairs


def asked(pattern_series, first: str, threshold: float = 0.3, **options):
    days, pairs = held(pattern_series, first, **options)
    return relief(days, pairs, ExposureSeries.started("x", START), threshold=threshold, seed=1)


def test_clear_first_days_after_every_session_are_relief(pattern_series):
    found = asked(pattern_series, "0000000", times=6)
    assert found.chance > 0.9
    assert found.reduction_pct.lower > 30
    assert found.probability["worse"] < 0.01
    assert found.chance == found.probability["reduction_ge_30"]


def test_first_days_like_all_others_are_none(pattern_series):
    found = asked(pattern_series, "X0X0X0X", times=6)
    assert found.chance < 0.3
    assert found.reduction_pct.lower < 0 < found.reduction_pct.upper


def test_worse_first_days_are_told_as_worse(pattern_series):
    found = asked(pattern_series, "XXXXXXX", times=6)
    assert found.reduction_pct.upper < 0
    assert found.probability["worse"] > 0.95
    assert found.chance < 0.01


def test_one_session_says_less_than_three_and_three_less_than_six(pattern_series):
    chances = [asked(pattern_series, "0000000", times=times).chance for times in (1, 3, 6)]
    assert chances == sorted(chances)
    assert chances[0] < 0.9


def test_unknown_first_days_say_less_than_clear_ones_and_never_more(pattern_series):
    clear, half = (asked(pattern_series, first, times=4) for first in ("0000000", "0.0.0.0"))
    assert half.chance < clear.chance
    widths = [found.reduction_pct.upper - found.reduction_pct.lower for found in (clear, half)]
    assert widths[1] > widths[0]


def test_a_session_in_a_bad_week_is_expected_to_be_followed_by_better_days(pattern_series):
    """The same days around one session, in a person who is usually much better and in one who is always so."""
    bad, usual = "X0XXXX0XXX0XXX", "0000X000000X00"
    days = [pattern_series(rest * 5 + bad, "X" + "X0X0X00" + rest * 4) for rest in (usual, bad)]
    on = 84
    pair = Pair(tuple(range(on - 14, on)), tuple(range(on + 1, on + 8)))
    wave, always = (relief(each, [pair], ExposureSeries.started("x", START), threshold=0.3, seed=1) for each in days)
    assert wave.reduction_pct.estimate < always.reduction_pct.estimate


def test_each_session_is_pulled_towards_the_others(pattern_series):
    days, pairs = held(pattern_series, "0000000", times=4)
    states = list(days.states)
    for at in pairs[-1].first:
        states[at] = True
    found = relief(days._replace(states=tuple(states)), pairs, ExposureSeries.started("x", START), threshold=0.3, seed=1)
    alone = relief(days._replace(states=tuple(states)), pairs[-1:], ExposureSeries.started("x", START), threshold=0.3, seed=1)
    assert len(found.sessions) == 4
    assert found.sessions[-1].estimate < min(each.estimate for each in found.sessions[:-1])
    assert found.sessions[-1].estimate > alone.sessions[0].estimate


@pytest.mark.parametrize("failed", [{"settled": False}, {"effective_share": 0.1}])
def test_a_fit_that_fails_its_check_is_told(pattern_series, monkeypatch, failed):
    class Failed:
        def __init__(self, fitted):
            self._fitted = fitted

        def __getattr__(self, name):
            return failed.get(name, getattr(self._fitted, name))

    whole = module.fit_checked
    assert asked(pattern_series, "0X0X0X0").settled
    monkeypatch.setattr(module, "fit_checked", lambda *days, **options: Failed(whole(*days, **options)))
    assert not asked(pattern_series, "0X0X0X0").settled


def test_the_order_of_the_sessions_changes_nothing(pattern_series):
    days, pairs = held(pattern_series, "0X00000", times=4)
    once, again = (
        relief(days, order, ExposureSeries.started("x", START), threshold=0.3, seed=1) for order in (pairs, pairs[::-1])
    )
    assert once.reduction_pct.estimate == pytest.approx(again.reduction_pct.estimate)
    assert [each.estimate for each in once.sessions] == pytest.approx([each.estimate for each in again.sessions[::-1]])


def test_the_likelihood_of_a_window_is_the_sum_over_all_its_paths(pattern_series):
    """Against every path of the hidden days written out, at a handful of levels."""
    days = pattern_series("0X.0", "X..0")
    own = module._Own(np.zeros((1, 2)), np.array([0.7, 0.2]), np.ones(2), np.full(2, 0.8), 0.4)
    window = (1, 2, 3, 5, 6, 7)  # the fifth day is left out, as that of another session would be
    found = module._likelihood(days, window, own)
    for k, level in product(range(2), (20, 50, 80)):
        total = 0.0
        for path in product((0, 1), repeat=7):
            fits = all(days.states[at] is None or at not in window or days.states[at] == path[at - 1] for at in range(1, 8))
            if fits:
                total += _path_chance(path, float(module._LEVELS[level]), own.carry[k], own.centre)
        assert found[k, level] == pytest.approx(total)


def _path_chance(path, level, carry, centre):
    chance, yesterday = 1.0, 0  # the day before the window was clear
    for today in path:
        had = 1 / (1 + np.exp(-(level + carry * (yesterday - centre))))
        chance *= had if today else 1 - had
        yesterday = today
    return chance
