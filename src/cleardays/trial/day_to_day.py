"""What differs from day to day and is no treatment: days around a period, after a rescue treatment, weekends.

The response model reads its results on a day with 0. Where the days come round by themselves
(periods, weekends) a covariate is therefore centred, so that 0 is the mean of a cycle or a week and not the
better part of it; a day of which nothing is known is then such a mean day too. After a rescue
treatment, 0 is the day without one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from cleardays.diary.records import DayRecord
from cleardays.quantities import DayCovariate
from cleardays.sources import Reason

Laid = tuple[DayCovariate, Reason]
_DAY = timedelta(days=1)
_NAMED = 3


class Rescue(NamedTuple):
    """A treatment of single attacks or a session without a lasting effect, and its day."""

    day: date
    name: str


def around_periods(records: Sequence[DayRecord], first_day: date, last_day: date, rules: Mapping[str, Any]) -> Laid | None:
    """The days around the first day of bleeding; None with fewer periods than it takes.

    Args:
        records: the entries that may be read.
        first_day: of the diary's series.
        last_day: the last day that is read.
        rules: the table `around-a-period`.
    """
    begun = _first_days(records, rules["no_bleeding_days"])
    if len(begun) < rules["periods"]:
        return None
    from cleardays.diary.instruments import instruments  # most diaries do without

    window = instruments()["MENSTRUAL_WINDOW"]
    inside = {day + n * _DAY for day in begun for n in range(-window["days_before"], window["days_after"] + 1)}
    known = inside | {r.date for r in records if r.menses is not None or r.menses_day1 is not None}
    for one, after in pairwise(begun):
        if (after - one).days <= rules["longest_cycle_days"]:
            known |= {one + n * _DAY for n in range((after - one).days)}
    days = _days(first_day, last_day)
    seen = [day for day in days if day in known]
    share = sum(day in inside for day in seen) / len(seen)
    values = tuple(0.0 if day not in known else (day in inside) - share for day in days)
    because = (
        f"{len(begun)} periods are recorded; the days from {window['days_before']} days before the first day of bleeding to "
        f"{window['days_after']} after it are told apart."
    )
    unknown = len(days) - len(seen)
    if unknown:
        because += f" Of {unknown} of {len(days)} days it is not known whether they are such days: they count as mean ones."
    sources = tuple(dict.fromkeys((*rules["source"], *window["source"])))
    return DayCovariate("days around a period", first_day, values), Reason("beside.periods", because, sources)


def _first_days(records: Sequence[DayRecord], no_bleeding_days: int) -> list[date]:
    """First days of bleeding: as told, else bleeding after days without any."""
    told = [record.date for record in records if record.menses_day1]
    if told:
        return told
    bleeding = [record.date for record in records if record.menses]
    return [
        day
        for before, day in zip([None, *bleeding], bleeding, strict=False)
        if ((day - before).days > no_bleeding_days if before is not None else day > records[0].date)
    ]


def after_rescues(rescues: Sequence[Rescue], first_day: date, last_day: date, rules: Mapping[str, Any]) -> Laid | None:
    """The days after each rescue treatment; None where there was none in the diary.

    The day itself is left out: it was treated because it was bad.

    Args:
        rescues: in any order.
        first_day: of the diary's series.
        last_day: the last day that is read.
        rules: the table `after-rescue`.
    """
    after = {rescue.day + n * _DAY for rescue in rescues for n in range(1, rules["days"] + 1)}
    days = _days(first_day, last_day)
    if after.isdisjoint(days):
        return None
    names = sorted({rescue.name for rescue in rescues})
    listed = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    because = f"The {rules['days']} days after each rescue treatment ({listed}) are told apart."
    covariate = DayCovariate("days after a rescue treatment", first_day, tuple(float(day in after) for day in days))
    return covariate, Reason("beside.rescue", because, tuple(rules["source"]))


def weekends(first_day: date, last_day: date, rules: Mapping[str, Any]) -> Laid:
    """The days of the weekend.

    Args:
        first_day: of the diary's series.
        last_day: the last day that is read.
        rules: the table `weekend`.
    """
    share = len(rules["weekdays"]) / 7
    values = tuple((day.isoweekday() in rules["weekdays"]) - share for day in _days(first_day, last_day))
    reason = Reason("beside.weekend", "Saturdays and Sundays are told apart, as was asked.", tuple(rules["source"]))
    return DayCovariate("weekend", first_day, values), reason


def _days(first_day: date, last_day: date) -> list[date]:
    return [first_day + n * _DAY for n in range((last_day - first_day).days + 1)]
