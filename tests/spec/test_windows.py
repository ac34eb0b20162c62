"""How a window of days is counted: small tables of days and what must follow."""

from __future__ import annotations

from datetime import date

import pytest

from cleardays.diary.series import DaySeries
from cleardays.diary.windows import count_window, threshold, windows

FIRST = date(2026, 1, 5)


def series(pattern: str, first: date = FIRST) -> DaySeries:
    marks = {"X": True, "0": False, ".": None}
    return DaySeries("headache_day", first, tuple(marks[m] for m in pattern), (False,) * len(pattern))


@pytest.mark.parametrize(
    ("pattern", "n_logged", "hd", "quality", "hd28", "ge15"),
    [
        # all 28 days known
        ("X" * 15 + "0" * 13, 28, 15, "complete", 15.0, "yes"),
        ("X" * 14 + "0" * 14, 28, 14, "complete", 14.0, "no"),
        # 23 of 28 known is 82 %: complete; 22 is 79 %: usable
        ("X" * 10 + "0" * 13 + "." * 5, 23, 10, "complete", 28 * 10 / 23, "indeterminate"),
        ("X" * 9 + "0" * 13 + "." * 6, 22, 9, "usable", 28 * 9 / 22, "indeterminate"),
        ("X" * 8 + "0" * 14 + "." * 6, 22, 8, "usable", 28 * 8 / 22, "no"),
        # a prorated 28 never says yes: 14 known days, all with headache
        ("X" * 14 + "." * 14, 14, 14, "usable", 28.0, "indeterminate"),
        # fewer than half: no monthly figure at all
        ("X" * 13 + "." * 15, 13, 13, "insufficient", None, "indeterminate"),
        ("." * 28, 0, 0, "insufficient", None, "indeterminate"),
    ],
)
def test_a_28_day_window(pattern, n_logged, hd, quality, hd28, ge15):
    window = count_window(series(pattern))
    assert (window.n_logged, window.hd, window.quality, window.ge15_headache) == (n_logged, hd, quality, ge15)
    assert window.hd28 == (pytest.approx(hd28) if hd28 is not None else None)


@pytest.mark.parametrize(
    ("pattern", "sensitive"),
    [
        ("X" * 14 + "0" * 14, True),  # 14 of 28 is 15.0 of 30
        ("X" * 15 + "0" * 16, True),  # 15 in a month of 31 is 13.5 of 28
        ("X" * 20 + "0" * 8, False),
        ("X" * 13 + "0" * 15, False),
        ("X" * 14 + "0" * 13 + ".", False),  # not asked where a day is missing
    ],
)
def test_a_threshold_that_depends_on_the_window_is_flagged(pattern, sensitive):
    assert count_window(series(pattern)).window_sensitive is sensitive


def test_windows_end_at_the_last_day_and_the_rest_stands_first():
    found = windows(series("0" * 66))
    assert [(w.n_days, w.start.isoformat(), w.end.isoformat()) for w in found] == [
        (10, "2026-01-05", "2026-01-14"),
        (28, "2026-01-15", "2026-02-11"),
        (28, "2026-02-12", "2026-03-11"),
    ]


def test_windows_run_both_ways_from_an_anchor():
    found = windows(series("0" * 66), anchor=date(2026, 2, 1))
    assert [(w.n_days, w.start.isoformat()) for w in found] == [(27, "2026-01-05"), (28, "2026-02-01"), (11, "2026-03-01")]


def test_an_anchor_outside_the_diary_only_sets_the_rhythm():
    far = windows(series("0" * 66), anchor=date(2027, 2, 28))
    assert far == windows(series("0" * 66), anchor=date(2026, 2, 1))


def test_calendar_months_are_months():
    found = windows(series("0" * 66), kind="cal")
    assert [(w.start.isoformat(), w.end.isoformat(), w.n_days) for w in found] == [
        ("2026-01-05", "2026-01-31", 27),
        ("2026-02-01", "2026-02-28", 28),
        ("2026-03-01", "2026-03-11", 11),
    ]


def test_a_short_stretch_is_counted_by_itself():
    """Ten known days of ten: complete as a stretch; whoever reads its rate sees its ten days beside it."""
    (short,) = windows(series("X" * 10))
    assert (short.n_days, short.quality, short.hd28, short.ge15_headache) == (10, "complete", 28.0, "no")


def test_a_threshold_is_exact_at_its_edge():
    assert [threshold(15, 0, 15), threshold(14, 0, 15), threshold(14, 1, 15)] == ["yes", "no", "indeterminate"]
