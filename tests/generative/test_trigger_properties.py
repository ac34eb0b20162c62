"""Properties of what is said about triggers that hold for any diary."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.diary.records import DayRecord, Diary
from cleardays.response.summary import Interval
from cleardays.trial.trigger_verdicts import CANNOT_TELL, LOWERS, NO_ASSOCIATION, RAISES
from cleardays.trial.triggers import triggers

FIRST = date(2026, 1, 1)
DAY = st.tuples(
    st.sampled_from(["clear", "clear", "mild", None]),
    st.none() | st.frozensets(st.sampled_from(["noise", "weather", "Wine", "alcohol", "none of it"]), max_size=3),
    st.none() | st.integers(0, 10),
    st.none() | st.booleans(),
    st.sampled_from([0, 0, 0, 1, 5]),
)


def diary(days) -> Diary:
    return Diary(
        tuple(
            DayRecord(
                date=FIRST + timedelta(days=n),
                headache=headache,
                triggers=None if named is None else tuple(sorted(named)),
                stress=stress,
                menses=menses,
                backfilled_days=late,
            )
            for n, (headache, named, stress, menses, late) in enumerate(days)
        )
    )


DIARIES = st.lists(DAY, min_size=5, max_size=120).map(diary).filter(lambda each: any(r.headache for r in each.records))


def ordered(interval: Interval, low: float, high: float):
    assert low <= interval.lower <= interval.estimate <= interval.upper <= high


@settings(max_examples=40)
@given(DIARIES, st.none() | st.integers(-30, 130))
def test_whatever_the_diary_the_answer_is_whole(diary, start):
    found = triggers(diary, start=None if start is None else FIRST + timedelta(days=start))
    json.dumps(found.document(), allow_nan=False)
    names = [each.logged.name for each in found.triggers]
    assert len(names) == len(set(names))
    for each in found.triggers:
        assert each.reasons
        assert each.verdict in (RAISES, LOWERS, NO_ASSOCIATION, CANNOT_TELL)
        assert len(each.logged.values) == len(found.days.states)
        if each.size is None:
            assert each.verdict == CANNOT_TELL
            continue
        ordered(each.size.odds_ratio, 0.0, float("inf"))
        ordered(each.size.chance_with, 0.0, 1.0)
        ordered(each.size.change, -1.0, 1.0)
        assert each.size.probability_raises + each.size.probability_lowers <= 1.0 + 1e-9
        assert min(each.tally.days_with, each.tally.days_without) >= 10


@settings(max_examples=20)
@given(DIARIES)
def test_what_was_never_asked_on_a_clear_day_is_never_judged(diary):
    asked = tuple(
        DayRecord(date=r.date, headache=r.headache, triggers=r.triggers if r.headache == "mild" else None)
        for r in diary.records
    )
    found = triggers(Diary(asked))
    assert {each.verdict for each in found.triggers if each.logged.kind == "named"} <= {CANNOT_TELL}
