"""At what time of the day a dose is due: as somebody chose, else at plain hours.

A time of the day is no clinical fact, unless the source itself says "at night"; so the hours are
constants here, and whoever lives by other hours says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cleardays.plan.steps import Step
from cleardays.problems import BadInput, Problem, shown

AT_NIGHT = "at night"
# Spread over waking hours; the evening one late enough to be the one before sleep.
_USUAL: Mapping[int, tuple[time, ...]] = {1: (time(8),), 2: (time(8), time(20)), 3: (time(8), time(14), time(20))}
_NIGHT = time(21)
_EVENING = time(17)  # nothing earlier is "at night"
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_OPTION = "--times"


class Times(NamedTuple):
    """Times of the day that somebody chose, by the number of portions."""

    chosen: Mapping[int, tuple[time, ...]]

    def of(self, step: Step) -> tuple[time, ...]:
        """When the portions of a day of this step are due, in order.

        Raises:
            BadInput: more portions than there are usual times for, or a dose for the night at another time.
        """
        many = len(step.amounts)
        if many == 1:
            return (self._single(step),)
        found = self.chosen.get(many) or _USUAL.get(many)
        if found is None:
            what = f"the dose from {step.first} on is taken {many} times a day."
            raise BadInput(Problem(_OPTION, what, f"Add {_OPTION} with {many} times, separated by commas."))
        return found

    def _single(self, step: Step) -> time:
        """One portion is the first of several that were chosen, or the last where it is for the night."""
        night = step.when == AT_NIGHT
        if not self.chosen:
            return _NIGHT if night else _USUAL[1][0]
        found = self.chosen[min(self.chosen)][-1 if night else 0]
        if night and found < _EVENING:
            what = f"the dose from {step.first} on is taken at night; {found:%H:%M} is not."
            raise BadInput(Problem(_OPTION, what, f"Choose a time from {_EVENING:%H:%M} to 23:59."))
        return found


def read_times(texts: Iterable[str]) -> Times:
    """Lists of times such as "08:00,20:00", each for the doses of as many portions.

    Raises:
        BadInput: no times, not in order, or two lists of the same length.

    >>> read_times(["21:30", "07:30,19:30"]).chosen[2]
    (datetime.time(7, 30), datetime.time(19, 30))
    """
    chosen: dict[int, tuple[time, ...]] = {}
    for text in texts:
        found = tuple(read_clock(each, _OPTION) for each in text.split(","))
        if list(found) != sorted(set(found)):
            raise BadInput(Problem(_OPTION, f"{shown(text)} is not in order.", "Write each time once, the earliest first."))
        if len(found) in chosen:
            what = f"there are two lists of {len(found)} times."
            raise BadInput(Problem(_OPTION, what, "Write one list for each number of portions."))
        chosen[len(found)] = found
    return Times(chosen)


def read_clock(text: str, option: str) -> time:
    """A time of the day.

    Raises:
        BadInput: it is none.

    >>> read_clock("08:00", "--times")
    datetime.time(8, 0)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise BadInput(Problem(option, f"{shown(text)} is no time of the day.", "Write it like 08:00 or 20:30."))
    return time(int(found[1]), int(found[2]))


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether clocks that go forward jump over this time.

    Calendars leave such a day out of a series, and then nobody is reminded.

    >>> is_skipped(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin"))
    True
    """
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)
