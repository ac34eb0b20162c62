"""What holds of sessions and stretches for any diary."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.conditions import declared
from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import respond
from cleardays.response.design import NOTHING_ELSE
from cleardays.response.stretch import chance_of_fewer, chances_of_none
from cleardays.trial.remission import remission
from cleardays.trial.review import judging_rules
from cleardays.trial.session_relief import Judged, sessions_of
from cleardays.trial.sessions_held import Held
from conftest import START

DAY = timedelta(days=1)
HEADACHE = declared({}, "headache_day")
STATES = st.sampled_from([True, False, False, None])


def series(states, before: int) -> DaySeries:
    return DaySeries("headache_day", START - before * DAY, tuple(states), (False,) * len(states))


@st.composite
def diaries(draw, before=40, after=130):
    states = draw(st.lists(STATES, min_size=before, max_size=before + after))
    states[0] = draw(st.booleans())
    return series(states, before)


def said_of(days: DaySeries):
    return remission(days, START, HEADACHE, headache=days, verdict=(), seed=1)


def chances_of(found) -> list[float]:
    parts = [found.stretch, found.ended, found.months]
    return [part.chance for part in parts if part is not None and part.chance is not None]


@given(diaries())
def test_chances_are_probabilities_and_stretches_lie_within_the_days_since_the_start(days):
    found = said_of(days)
    if days.last_day < START:
        assert found is None
        return
    assert all(0 <= chance <= 1 for chance in chances_of(found))
    for part in (found.stretch, found.ended):
        if part is not None and part.stretch is not None:
            stretch = part.stretch
            assert START <= stretch.first <= stretch.last <= days.last_day
            assert 1 <= stretch.known <= stretch.days <= (days.last_day - START).days + 1
            inside = days.between(stretch.first, stretch.last)
            assert (inside.had, inside.known) == (0, stretch.known)


@given(diaries(), st.sets(st.integers(0, 169), max_size=40))
def test_a_day_that_is_not_written_down_never_makes_it_longer_than_the_calendar_nor_surer(days, dropped):
    fewer = days._replace(states=tuple(None if at in dropped else state for at, state in enumerate(days.states)))
    if not fewer.known or days.last_day < START:
        return
    whole, less = said_of(days), said_of(fewer)
    if less.stretch.stretch is not None:
        assert less.stretch.stretch.days <= (days.last_day - START).days + 1
        assert less.stretch.stretch.known <= sum(state is False for state in days.states)
    if whole.stretch.answer == "none" and less.stretch.answer == "remission":
        # the day that had it was dropped; the known days must then carry it alone
        assert less.stretch.stretch.known >= 0.8 * less.stretch.stretch.days


@given(diaries(), st.integers(1, 60))
def test_nothing_after_the_last_day_read_is_read(days, cut):
    """The same days with more behind them, read up to the same day."""
    first, last = days.first_day, days.last_day
    longer = days._replace(states=(*days.states, *((True,) * cut)), recalled=(*days.recalled, *((False,) * cut)))
    assert said_of(longer.between(first, last)) == said_of(days)


@settings(max_examples=25)
@given(st.lists(st.booleans(), min_size=28, max_size=84), st.integers(1, 60), st.sets(st.integers(0, 59), max_size=30))
def test_a_longer_stretch_and_more_known_days_are_less_likely(before, length, unknown):
    days = DaySeries("headache_day", START - len(before) * DAY, tuple(before), (False,) * len(before))
    states = [None if at in unknown else False for at in range(length + 1)]
    gaps = DaySeries("headache_day", START, tuple(states), (False,) * len(states))
    whole = DaySeries("headache_day", START, (False,) * len(states), (False,) * len(states))
    shorter = whole.between(START, whole.last_day - DAY)
    with_gaps, none, short = chances_of_none(days, [gaps, whole, shorter], seed=1).each
    assert 0 <= none <= with_gaps <= 1
    assert none <= short


@settings(max_examples=15)
@given(st.lists(st.booleans(), min_size=28, max_size=84), st.integers(1, 5), st.integers(1, 27))
def test_more_months_are_less_likely_and_a_higher_limit_is_likelier(before, months, limit):
    days = DaySeries("headache_day", START - len(before) * DAY, tuple(before), (False,) * len(before))
    one, less_strict = (chance_of_fewer(days, START, months, 28, each, seed=1).each[0] for each in (limit, limit + 1))
    assert 0 <= one <= less_strict <= 1


@settings(max_examples=25)
@given(diaries(before=28, after=120), st.sets(st.integers(0, 100), min_size=1, max_size=5))
def test_sessions_are_counted_within_their_own_days_and_answers_are_probabilities(days, offsets):
    held = [Held(START + n * DAY, START + n * DAY, told=True) for n in sorted(offsets) if START + n * DAY <= days.last_day]
    if not held:
        return
    exposure = ExposureSeries.started("x", START)
    verdict = respond(days, exposure, judging_rules())
    found = sessions_of(held, Judged(days, exposure, verdict, HEADACHE, None, NOTHING_ELSE, 1))
    for each in found.sessions:
        for part, most in ((each.before, 14), (each.first, 7)):
            assert 0 <= part.had <= part.known <= part.days <= most
        assert (each.reduction_pct is None) is (each.why_not is not None)
    assert found.relief.counted == sum(each.why_not is None for each in found.sessions)
    days_of = sum(each.first.days for each in found.sessions)
    assert days_of <= (days.last_day - START).days + 1  # no day is the first day of two sessions
    relief = found.relief.found
    if relief is not None:
        assert all(0 <= chance <= 1 for chance in (relief.chance, *relief.probability.values()))
        order = [relief.probability[f"reduction_ge_{size}"] for size in (75, 50, 30)]
        assert order == sorted(order)
        assert relief.reduction_pct.lower <= relief.reduction_pct.estimate <= relief.reduction_pct.upper <= 100
    if found.relief.counted < 2:
        assert found.relief.answer == "cannot_tell"
