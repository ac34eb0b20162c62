"""When an attack was, out of the several ways in which the row of a table can say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from cleardays.clock import zone_named
from cleardays.diary.cells import Misread
from cleardays.diary.layouts.clocks import LONGEST_ATTACK, Home, in_years
from cleardays.diary.layouts.collected import Losses
from cleardays.diary.layouts.dates import read_date
from cleardays.diary.layouts.values import Stamp, read_minutes, read_stamp, read_time
from cleardays.diary.layouts.words import fold, vocabulary
from cleardays.problems import BadInput, Problem, shown

_DAY = timedelta(days=1)
# Times and a rounded length beside them (1.6 hours) agree within this; a clock that changed adds its hour.
_ROUNDING = timedelta(minutes=6)
_CLOCK_CHANGE = timedelta(hours=1)

_T = TypeVar("_T")


class Unfit(Exception):
    """A row that cannot be taken; carries its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class Cells:
    """The cells of one row by what they mean; everything unreadable is collected."""

    def __init__(self, told: dict[str, str], headers: dict[str, str], where: str) -> None:
        self.told, self.headers, self.where = told, headers, where
        self.problems: list[Problem] = []

    def get(self, target: str) -> str:
        """The text of a cell; empty where it was not answered."""
        return self.told.get(target, "")

    def add(self, target: str, what: str, try_this: str) -> None:
        """Note a problem with one cell."""
        place = self.headers.get(target)
        self.problems.append(Problem(f"{self.where}, {place}" if place else self.where, what, try_this))

    def read(self, target: str, reader: Callable[[str], _T]) -> _T | None:
        """What a cell says, or None where it is empty or unreadable."""
        text = self.get(target)
        if not text:
            return None
        try:
            return reader(text)
        except Misread as misread:
            self.add(target, f"{shown(text)} cannot be read.", str(misread))
            return None

    def done(self) -> None:
        """Raises `Unfit` with what was found so far."""
        if self.problems:
            raise Unfit(self.problems)


class When(NamedTuple):
    """The local day of a row; start, end and length as far as they were told; its last day if that has no time."""

    day: date
    start: datetime | None = None
    end: datetime | None = None
    minutes: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TimeReader:
    """How a table tells time: its order of dates, its zone, its unit of length."""

    name: str
    home: Home
    order: str | None
    server: ZoneInfo | None  # the zone of every stamp, where it is not the person's
    unit: str | None
    lost: Losses

    def day_of(self, cells: Cells) -> tuple[date, datetime | None]:
        """The day of a row, and the time it began."""
        zone = cells.read("zone", _zone)
        from_start = cells.read("start", read_stamp)
        from_date = cells.read("date", read_stamp)
        clock = cells.read("start_time", read_time)
        cells.done()
        stamps = [stamp for stamp in (from_date, from_start) if stamp is not None]
        clock = next((stamp.clock for stamp in reversed(stamps) if stamp.clock is not None), clock)
        for stamp in stamps:
            if stamp.instant is not None:
                instant = self._instant(stamp, cells)
                return instant.date(), instant
        target = "date" if from_date is not None and from_date.day else "start"
        day = self._day(next((stamp.day for stamp in stamps if stamp.day), None), target, cells)
        start = None if clock is None else self._at(day, clock, zone, target, cells)
        cells.done()
        if start is None or zone is not None:
            return day, start  # the day as the person wrote it stands
        return start.date(), start

    def when(self, cells: Cells) -> When:
        """Everything that a row tells of the time of an attack; raises `Unfit`."""
        day, start = self.day_of(cells)
        minutes = cells.read("duration", lambda text: read_minutes(text, self.unit))
        cells.done()
        if fold(cells.get("status")) in vocabulary().ongoing:
            if minutes is not None or any(map(cells.get, ("end", "end_time", "end_date"))):
                self.lost.add(
                    "end of an open attack", cells.where, "the attack is marked as still going on; its end is left out."
                )
            return When(day, start)
        end, until = self._end(cells, day, start, minutes)
        if end is None and start is not None and minutes is not None and until is None:
            end = self.home.later(start, minutes)
        self._check(cells, start, end, minutes)
        return When(day, start, end, minutes if end is None else None, until)

    def reported(self, cells: Cells) -> datetime | None:
        """When the row was written down; None where that cannot be placed in time."""
        stamp = cells.read("reported_at", read_stamp)
        if stamp is None:
            return None
        if stamp.instant is not None:
            return self.home.instant(stamp.instant)
        day = read_date(stamp.day or "", self.order)
        if day is None or stamp.clock is None or (self.home.zone is None and self.server is None):
            why = "is no time that can be placed" if day is None else "has no offset and the zone is not known; left out"
            self.lost.count(f"column {cells.headers['reported_at']}", why)
            return None
        return self._at(day, stamp.clock, None, "reported_at", cells)

    def _end(self, cells: Cells, day: date, start: datetime | None, minutes: int | None) -> tuple[datetime | None, date | None]:
        zone = cells.read("zone", _zone)
        stamp: Stamp = cells.read("end", read_stamp) or Stamp(None, None, None)
        from_date = cells.read("end_date", read_stamp)
        clock = cells.read("end_time", read_time) or stamp.clock or (from_date.clock if from_date else None)
        day_text = (from_date.day if from_date else None) or stamp.day
        cells.done()
        if stamp.instant is not None:
            return self._instant(stamp, cells), None
        target = "end_date" if from_date else "end" if cells.get("end") else "end_time"
        if day_text is not None:
            last = self._day(day_text, target, cells)
            if clock is None or start is None:
                return None, self._last_day(cells, target, day, last)
            return self._at(last, clock, zone, target, cells, after=start), None
        if clock is None or start is None:
            return None, None
        return self._next(cells, target, day, start, clock, zone, minutes), None

    def _last_day(self, cells: Cells, target: str, day: date, last: date) -> date:
        if not day <= last <= day + LONGEST_ATTACK:
            cells.add(target, f"the attack begins on {day} and ends on {last}.", "Correct one of the two.")
        cells.done()
        self.lost.count("end of the attack", "its last day has no time; the days are marked, the end is not kept")
        return last

    def _next(
        self, cells: Cells, target: str, day: date, start: datetime, clock: time, zone: ZoneInfo | None, minutes: int | None
    ) -> datetime:
        """An end without a day: the next time the clock shows it, or a later one if the length says so."""
        end = self._at(day, clock, zone, target, cells, after=start)
        ahead = 0 if end >= start else 1
        if minutes is not None:
            ahead = max(ahead, round((timedelta(minutes=minutes) - (end - start)) / _DAY))
        end = self._at(day + ahead * _DAY, clock, zone, target, cells, after=start)
        if minutes is not None and abs(end - start - timedelta(minutes=minutes)) > _ROUNDING + _CLOCK_CHANGE:
            what = f"the times say {_said(end - start)}, the length says {_said(timedelta(minutes=minutes))}."
            cells.add(target, what, "Correct one of the two.")
            cells.done()
        return end

    def _check(self, cells: Cells, start: datetime | None, end: datetime | None, minutes: int | None) -> None:
        if start is None or end is None:
            return
        target = next((name for name in ("end", "end_date", "end_time", "duration") if cells.get(name)), "end")
        if (start.tzinfo is None) != (end.tzinfo is None):
            cells.add(target, "one of start and end has an offset, the other has none.", "Give both, or none.")
        elif end < start:
            cells.add(
                target,
                f"it ends at {end:%Y-%m-%d %H:%M}, before it starts at {start:%Y-%m-%d %H:%M}.",
                "Correct one of the two.",
            )
        elif end - start > LONGEST_ATTACK or not in_years(end):
            cells.add(target, f"the attack lasts until {end:%Y-%m-%d}, longer than a year.", "Correct one of the two.")
        elif minutes is not None and abs(end - start - timedelta(minutes=minutes)) > _ROUNDING + _CLOCK_CHANGE:
            lengths = f"the length says {_said(timedelta(minutes=minutes))}, start and end say {_said(end - start)}"
            what = f"{lengths}; the times were taken."
            self.lost.add("length and times differ", cells.where, what)
        cells.done()

    def _day(self, text: str | None, target: str, cells: Cells) -> date:
        day = read_date(text, self.order) if text else None
        if day is None:
            seen = f"{shown(text)} is no day that can be read." if text else "the day is missing."
            cells.add(target, seen, "Write it as year-month-day (years 1900 to 2199), or name the order with --date-order.")
            raise Unfit(cells.problems)
        return day

    def _at(
        self, day: date, clock: time, zone: ZoneInfo | None, target: str, cells: Cells, *, after: datetime | None = None
    ) -> datetime:
        wall = datetime.combine(day, clock)
        if not in_years(wall):
            cells.add(target, f"the year {wall.year} is out of range.", "Correct the year.")
            raise Unfit(cells.problems)
        if zone is not None:
            return Home(zone).wall(wall, after=after)
        if self.server is not None:
            return self.home.instant(Home(self.server).wall(wall, after=after))
        return self.home.wall(wall, after=after)

    def _instant(self, stamp: Stamp, cells: Cells) -> datetime:
        instant = stamp.instant
        assert instant is not None  # asked by the caller
        if not in_years(instant):
            cells.add("start", f"the year {instant.year} is out of range.", "Correct the year.")
            raise Unfit(cells.problems)
        if not instant.utcoffset() and self.home.zone is None:
            raise BadInput(zone_needed(self.name))
        # a time in UTC says nothing about where the person was
        return self.home.carried(instant) if instant.utcoffset() else self.home.instant(instant)


def zone_needed(name: str) -> Problem:
    """Times in UTC cannot be put on local days without a zone."""
    what = "its times are in UTC, and on which local day they fall depends on where the person lives."
    return Problem(name, what, "Say the home zone: --zone Europe/Berlin (or another).")


def _zone(text: str) -> ZoneInfo:
    zone = zone_named(text)
    if zone is None:
        raise Misread("Use a time zone like Europe/Berlin.")
    return zone


def _said(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min"
