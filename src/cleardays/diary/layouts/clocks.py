"""The person's own clock: from stamps in a file to local times, and from attacks to local days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from cleardays.clock import FIRST_YEAR, LAST_YEAR
from cleardays.diary.entries import Attack

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Longer than this no attack lasts: a slip in the month or the year.
LONGEST_ATTACK = timedelta(days=366)
_MOST_OFFSETS = 3
_HOURS = Decimal("0.0001")


def fixed(stamp: datetime) -> datetime:
    """The same instant with its offset alone: two stamps in one hour of a changing clock stay comparable."""
    offset = stamp.utcoffset()
    return stamp if offset is None else stamp.replace(tzinfo=timezone(offset), fold=0)


def in_years(stamp: datetime) -> bool:
    """Whether a stamp lies in the years that a diary may have, in any zone."""
    return date(FIRST_YEAR, 1, 2) <= stamp.date() <= date(LAST_YEAR, 12, 30)


@dataclass(slots=True)
class Offsets:
    """The offsets that stamps carry, as long as none of them is one that the home zone has at that instant."""

    seen: dict[timedelta, None] = field(default_factory=dict)
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The home zone; None where it is not known."""

    zone: ZoneInfo | None = None
    offsets: Offsets = field(default_factory=Offsets, compare=False)

    def carried(self, at: datetime) -> datetime:
        """An instant on the clock at home; the offset that it was written with is remembered."""
        stamp = self.instant(at)
        offset = at.utcoffset()
        if self.zone is not None and offset is not None and not self.offsets.agreed:
            self.offsets.agreed = stamp.utcoffset() == offset
            if len(self.offsets.seen) < _MOST_OFFSETS:
                self.offsets.seen[offset] = None
        return stamp

    def strangers(self) -> list[str]:
        """Offsets that were carried, where the home zone never had one of them."""
        return (
            []
            if self.offsets.agreed
            else [_EPOCH.astimezone(timezone(offset)).isoformat()[19:] for offset in self.offsets.seen]
        )

    def wall(self, clock: datetime, *, after: datetime | None = None) -> datetime:
        """A wall-clock time as in the home zone; without a known zone it stays a wall-clock time.

        Where the clock shows a time twice, the first is meant, unless only the second
        lies after `after`.
        """
        if self.zone is None:
            return clock
        stamp = fixed(clock.replace(tzinfo=self.zone))
        if after is not None and after.tzinfo is not None and stamp < after:
            stamp = fixed(clock.replace(tzinfo=self.zone, fold=1))
        return stamp

    def instant(self, at: datetime) -> datetime:
        """An instant on the clock at home; without a known zone, on the clock it was written by."""
        return fixed(at if self.zone is None else at.astimezone(self.zone))

    def later(self, start: datetime, minutes: int) -> datetime:
        """The time so many elapsed minutes after `start`."""
        passed = timedelta(minutes=minutes)
        if start.tzinfo is None or self.zone is None:
            return start + passed
        return self.instant(start.astimezone(UTC) + passed)

    def midnight(self, day: date, like: datetime) -> datetime:
        """The beginning of a local day, to be compared with stamps such as `like`."""
        if like.tzinfo is None:
            return datetime.combine(day, time(0))
        return fixed(datetime.combine(day, time(0), tzinfo=self.zone or like.tzinfo))


def epoch_ms(milliseconds: int) -> datetime | None:
    """The instant of so many milliseconds since 1970; None outside the years of a diary."""
    try:
        stamp = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return stamp if in_years(stamp) else None


def days_touched(attack: Attack, until: date | None = None) -> list[date]:
    """The local days that an attack falls on.

    One that ends at midnight does not touch the next day; one without an end touches
    the day it began; `until` is its last day where that was told without a time.

    >>> days_touched(Attack(date=date(2026, 3, 1), start=datetime(2026, 3, 1, 22), end=datetime(2026, 3, 2, 0)))
    [datetime.date(2026, 3, 1)]
    """
    last = until or attack.date
    if attack.start is not None and attack.end is not None:
        last = attack.end.date()
        if attack.end.time() == time(0) and attack.end > attack.start:
            last -= _DAY
    return [attack.date + n * _DAY for n in range(max((last - attack.date).days, 0) + 1)]


def hours_on(day: date, attacks: Iterable[Attack], home: Home) -> Decimal | None:
    """Hours of headache on a local day, overlapping attacks counted once; None where an attack is open."""
    spans = []
    for attack in attacks:
        if attack.start is None or attack.end is None:
            return None
        first = max(attack.start, home.midnight(day, attack.start))
        last = min(attack.end, home.midnight(day + _DAY, attack.start))
        if first < last:
            spans.append((first, last))
    if len({span[0].tzinfo is None for span in spans}) > 1:
        return None
    total, reached = timedelta(0), None
    for first, last in sorted(spans):
        if reached is None or last > reached:
            total += last - (first if reached is None else max(first, reached))
            reached = last
    hours = min((Decimal(total // timedelta(seconds=1)) / 3600).quantize(_HOURS).normalize(), Decimal(24))
    return Decimal(f"{hours:f}") if hours else None
