"""Hours asleep for each local day: intervals of several devices joined, a night counted on the day of waking."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cleardays.diary.layouts.clocks import Home

_EPOCH = datetime(1970, 1, 1)
# A pause within a night; beyond it a new sleep begins.
_LONGEST_PAUSE = 3 * 3600
_LONGEST_SLEEP = 24 * 3600
_MONTH = 31 * 24 * 3600
_SHIFT = 20  # a length in seconds, at most a day, in the low bits


class Sleep:
    """Intervals asleep, kept small: a file may hold millions."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._months: dict[int, array[int]] = defaultdict(lambda: array("q"))

    def add(self, start: datetime, end: datetime) -> bool:
        """Take one interval; False where it is none that a night can hold."""
        first, last = self._seconds(start), self._seconds(end)
        if not 0 <= last - first <= _LONGEST_SLEEP:
            return False
        self._months[first // _MONTH].append((first << _SHIFT) | (last - first))
        return True

    def _seconds(self, stamp: datetime) -> int:
        # where the home zone is not known, the clock of the device is the person's
        plain = stamp.astimezone(UTC) if self._home.zone is not None else stamp
        return int((plain.replace(tzinfo=None) - _EPOCH) / timedelta(seconds=1))

    def hours(self) -> dict[date, Decimal]:
        """Hours asleep by the day of waking."""
        asleep: dict[date, int] = defaultdict(int)
        for seconds, end in self._nights():
            asleep[self._day(end)] += seconds
        return {
            day: Decimal(f"{(Decimal(seconds) / 3600).quantize(Decimal('0.01')).normalize():f}")
            for day, seconds in asleep.items()
            if 0 < seconds <= _LONGEST_SLEEP
        }

    def _day(self, seconds: int) -> date:
        wall = _EPOCH + timedelta(seconds=seconds)
        if self._home.zone is None:
            return wall.date()
        return self._home.instant(wall.replace(tzinfo=UTC)).date()

    def _nights(self) -> Iterator[tuple[int, int]]:
        """Seconds asleep and the end of each night."""
        asleep = reached = 0
        for first, last in self._sorted():
            if asleep and first - reached > _LONGEST_PAUSE:
                yield asleep, reached
                asleep = 0
            asleep += max(last - max(first, reached), 0) if asleep else last - first
            reached = max(reached, last) if asleep else last
        if asleep:
            yield asleep, reached

    def _sorted(self) -> Iterator[tuple[int, int]]:
        for month in sorted(self._months):
            for packed in sorted(self._months[month]):
                first = packed >> _SHIFT
                yield first, first + (packed & ((1 << _SHIFT) - 1))
