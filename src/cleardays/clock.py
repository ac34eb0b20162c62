"""Days, instants and zones.

A day is the person's local calendar day, a `datetime.date`. Nothing
below the command line reads the wall clock: a day that matters arrives as an
argument.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,3}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# A day outside these years is a slip of the pen in a diary, and calendars stop at 9999.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def parse_day(text: str) -> date | None:
    """Read an ISO 8601 calendar day, year-month-day, and nothing else.

    A day written in another order ("03/04/2026") is ambiguous and gives None, as
    do the other ISO forms that `date.fromisoformat` accepts ("20260304") and years
    outside 1900 to 2199.

    >>> parse_day("2026-03-04")
    datetime.date(2026, 3, 4)
    >>> parse_day("04.03.2026") is None
    True
    """
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_instant(text: str) -> datetime | None:
    """Read an ISO 8601 time with its offset; None without one, if unreadable, or outside 1900 to 2199."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        return None
    return instant


def parse_stamp(text: str) -> datetime | None:
    """Read a local time such as 2026-03-04T20:15, with or without its offset; None if unreadable.

    Without an offset it is wall-clock time in the diary's zone.
    """
    if len(text) < 16 or text[10:11] not in ("T", " "):
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp if FIRST_YEAR <= stamp.year <= LAST_YEAR else None


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name; None where there is none."""
    if not _ZONE_NAME.fullmatch(name):
        return None
    from zoneinfo import ZoneInfo  # few diaries name a zone

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def local_day(instant: datetime, zone: tzinfo | None) -> date:
    """The calendar day of an instant in the person's zone.

    Without a known zone the offset written with the instant is the best witness
    of the wall clock that the person saw.
    """
    return (instant.astimezone(zone) if zone is not None else instant).date()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date, *, year: bool = True) -> str:
    """The day as it is said, the same in every locale.

    >>> say_day(date(2024, 3, 4))
    '4 Mar 2024'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
