"""The rules of a time zone as a calendar file carries them: each change of the clock within a stretch of days.

Written from the zone data itself. What the calendar library makes of a zone has the hour of spring off by
one, and leaves out changes that are closer together than its search (Morocco's month of Ramadan).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


class _Change(NamedTuple):
    """From this instant on the clock shows so much more than UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    is_summer: bool
    name: str


def zone_rules(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """A VTIMEZONE that holds from one day to another.

    Args:
        zone: with its IANA name.
        first: a day before everything in the calendar.
        last: a day behind it.
    """
    start = datetime.combine(first, time(), UTC)
    rules = Timezone()
    rules.add("TZID", zone.key)
    known = _clock(zone, start)
    rules.add_component(_rule(_Change(start, known[0], *known)))
    for change in _changes(zone, start, datetime.combine(last, time(), UTC)):
        rules.add_component(_rule(change))
    return rules


def _clock(zone: ZoneInfo, at: datetime) -> tuple[timedelta, bool, str]:
    """What the clock shows beyond UTC, whether it is summer time, and how that is called."""
    local = at.astimezone(zone)
    return local.utcoffset() or timedelta(0), bool(local.dst()), local.tzname() or zone.key


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[_Change]:
    """Day by day; no zone has ever changed its clock twice within one."""
    at = start
    while at < end:
        known, then = _clock(zone, at), _clock(zone, at + _DAY)
        if known != then:
            yield _Change(_found(zone, at, at + _DAY), known[0], *then)
        at += _DAY


def _found(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The second of the change, by halving."""
    known = _clock(zone, low)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _clock(zone, middle) == known else (low, middle)
    return high


def _rule(change: _Change) -> TimezoneStandard | TimezoneDaylight:
    """The onset is written as the clock showed it before (RFC 5545, 3.6.5)."""
    found = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    found.add("DTSTART", (change.at + change.before).replace(tzinfo=None))
    found.add("TZOFFSETFROM", change.before)
    found.add("TZOFFSETTO", change.after)
    found.add("TZNAME", change.name)
    return found
