"""Properties of the diary that hold for any diary."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from cleardays.diary.outcomes import day_series
from cleardays.diary.own_csv import read_days, write_days
from cleardays.diary.records import DayRecord, Diary, contradictions
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import count_window, windows
from cleardays.medicines import ACUTE_CLASSES

UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zs", "Zl", "Zp")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=UNSEEN), min_size=1, max_size=20)
NOTES = ["=1+1", "'=x", "+4", "-", "@a", '"quoted", twice', "#note", "a\nb", "x\u2028y"]
MAYBE = st.none() | st.booleans()


@st.composite
def records(draw, day):
    headache = draw(st.none() | st.sampled_from(["clear", "present", "mild", "moderate", "severe"]))
    record = DayRecord(
        date=day,
        reported_at=draw(st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),
        backfilled_days=draw(st.none() | st.integers(0, 30)),
        source=draw(st.none() | st.sampled_from(["patient", "import:csv"])),
        status=draw(st.none() | st.sampled_from(["complete", "partial"])),
        headache=headache,
        pain_max=draw(st.none() | st.integers(1, 10)) if headache != "clear" else None,
        hours=draw(st.none() | st.decimals(0.25, 24, places=2)) if headache != "clear" else None,
        migraine=draw(st.none() | st.sampled_from(["yes", "no", "unsure"])),
        aura=draw(MAYBE),
        nausea=draw(MAYBE),
        acute_doses=draw(st.none() | st.integers(1, 20)),
        acute_classes=draw(st.none() | st.sets(st.sampled_from(ACUTE_CLASSES), min_size=1).map(lambda s: tuple(sorted(s)))),
        function=draw(st.none() | st.integers(0, 3)),
        sleep_h=draw(st.none() | st.just(Decimal("7.5"))),
        use_day=draw(MAYBE),
        note=draw(st.none() | TEXT | st.sampled_from(NOTES)),
    )
    assume(not contradictions(record))
    return record


@st.composite
def diaries(draw):
    offsets = draw(st.sets(st.integers(0, 200), min_size=1, max_size=15))
    days = [draw(records(date(2026, 1, 1) + timedelta(days=offset))) for offset in sorted(offsets)]
    about = draw(st.dictionaries(st.sampled_from(["person", "exported", "co_intervention"]), TEXT.map(str.strip).filter(bool)))
    return Diary(tuple(days), about)


def read(text: str) -> Diary:
    return read_days(io.StringIO(text, newline=""), "days.csv")


@given(diaries())
def test_writing_and_reading_is_the_identity(diary):
    text = write_days(diary)
    again = read(text)
    assert again == diary
    assert write_days(again) == text


@given(diaries(), st.randoms())
def test_the_order_of_rows_does_not_matter(diary, random):
    text = write_days(replace(diary, about={}))
    version, header, *rows = csv.reader(io.StringIO(text, newline=""))
    random.shuffle(rows)
    shuffled = io.StringIO(newline="")
    csv.writer(shuffled, lineterminator="\n").writerows([version, header, *rows])
    assert read(shuffled.getvalue()) == read(text)


STATES = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=120)


def series(states) -> DaySeries:
    return DaySeries("headache_day", date(2026, 1, 1), tuple(states), (False,) * len(states))


@given(STATES, st.randoms())
def test_learning_a_day_never_turns_a_settled_threshold(states, random):
    """yes and no are final: only an indeterminate month can still turn either way."""
    before = count_window(series(states)).ge15_headache
    learnt = [random.choice([True, False]) if state is None and random.random() < 0.5 else state for state in states]
    after = count_window(series(learnt)).ge15_headache
    assert before in ("indeterminate", after)


@given(STATES)
def test_windows_cover_each_day_once(states):
    days = series(states)
    for kind in ("w28", "cal"):
        found = windows(days, kind=kind)
        assert sum(window.n_days for window in found) == len(states)
        assert sum(window.hd for window in found) == days.had
        assert sum(window.n_logged for window in found) == days.known
        assert [w.start for w in found[1:]] == [w.end + timedelta(days=1) for w in found[:-1]]


@given(diaries(), st.integers(0, 250))
def test_nothing_after_the_as_of_day_is_read(diary, offset):
    as_of = date(2026, 1, 1) + timedelta(days=offset)
    kept = tuple(r for r in diary.records if r.date <= as_of and (r.reported_at is None or r.reported_at.date() <= as_of))
    if not kept:
        return
    with_later = day_series(diary, "headache_day", as_of=as_of)
    without = day_series(replace(diary, records=kept), "headache_day", as_of=as_of)
    assert with_later == without
    assert with_later.last_day == as_of


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_give_a_diary_or_problems(raw):
    from cleardays.cli.files import text_lines
    from cleardays.problems import BadInput

    problems, kept = (), ()
    try:
        kept = read_days(text_lines(raw, "x"), "x").records
    except BadInput as bad:
        problems = bad.problems
    assert bool(problems) is not bool(kept)
    assert all(p.where and p.what and p.try_this for p in problems)
