"""Events as the text of an iCalendar file (RFC 5545), the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from cleardays.report.feed_events import Event
from cleardays.report.feed_zone import zone_rules

# Whose program wrote it and what the calendar is called say nothing of what it is for.
_PROGRAM, _NAME = "-//cleardays//feed//EN", "Reminders"
_DAY = timedelta(days=1)
# Long enough to be seen in a day's column.
_LENGTH = timedelta(minutes=10)
# All-day events ring at nine, on their day or on the one before.
_AT_NINE, _AT_NINE_BEFORE = timedelta(hours=9), timedelta(hours=-15)


class Published(NamedTuple):
    """An event with what became of it over the versions: `sequence` counts its changes, `changed` is the last one."""

    event: Event
    sequence: int
    created: datetime
    changed: datetime
    cancelled: bool = False


class Look(NamedTuple):
    """How events are shown: the zone, whether titles name things, minutes before a dose (None: silent), a place of sessions."""

    zone: ZoneInfo
    full: bool = False
    alarm: int | None = 0
    place: str | None = None


def calendar_text(name: str, events: Sequence[Published], look: Look) -> bytes:
    """The file. Events stand in the order of their days.

    Args:
        name: of the plan in calendars; the names of events begin with it.
        events: at least one.
        look: how they are shown.
    """
    calendar = Calendar()
    for key, value in (("PRODID", _PROGRAM), ("VERSION", "2.0"), ("NAME", _NAME), ("X-WR-CALNAME", _NAME)):
        calendar.add(key, value)
    first, last = min(each.event.first for each in events), max(each.event.last for each in events)
    calendar.add_component(zone_rules(look.zone, first - _DAY, last + 2 * _DAY))
    for each in sorted(events, key=lambda each: (each.event.first, each.event.key)):
        calendar.add_component(_entry(name, each, look))
    text: bytes = calendar.to_ical()
    return text


def _entry(name: str, published: Published, look: Look) -> Entry:
    event, entry = published.event, Entry()
    entry.add("UID", f"{name}-{event.key}")
    entry.add("SEQUENCE", published.sequence)
    entry.add("CREATED", published.created)
    for key in ("DTSTAMP", "LAST-MODIFIED"):
        entry.add(key, published.changed)
    entry.add("STATUS", "CANCELLED" if published.cancelled else "CONFIRMED")
    entry.add("CLASS", "PRIVATE")
    entry.add("TRANSP", "TRANSPARENT")
    entry.add("SUMMARY", _title(event, look))
    if look.full and event.more:
        entry.add("DESCRIPTION", event.more)
    if look.place and event.key.startswith("s"):
        entry.add("LOCATION", look.place)
    _add_days(entry, event, look.zone)
    if look.alarm is not None and not published.cancelled:
        entry.add_component(_alarm(event, look, look.alarm))
    return entry


def _title(event: Event, look: Look) -> str:
    return event.full if look.full else event.neutral


def _add_days(entry: Entry, event: Event, zone: ZoneInfo) -> None:
    """Local clock times in their zone, so that eight o'clock stays eight o'clock; the end of a series is an instant."""
    until: date | datetime = event.last
    if event.at is None:
        entry.add("DTSTART", event.first)
    else:
        entry.add("DTSTART", datetime.combine(event.first, event.at), parameters={"TZID": zone.key})
        entry.add("DURATION", _LENGTH)
        until = datetime.combine(event.last, event.at, zone).astimezone(UTC)
    if event.last > event.first:
        every = {} if event.every_days == 1 else {"INTERVAL": event.every_days}
        entry.add("RRULE", {"FREQ": "DAILY", **every, "UNTIL": until})


def _alarm(event: Event, look: Look, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _title(event, look))
    all_day = _AT_NINE_BEFORE if event.ahead else _AT_NINE
    alarm.add("TRIGGER", all_day if event.at is None else -timedelta(minutes=minutes))
    return alarm
