"""When attacks ran: which local days they touch, for how many minutes, and how long without a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cleardays.diary.entries import Attack
from cleardays.diary.records import CLEAR


def ached(attack: Attack) -> bool:
    """Whether it was an attack of headache; an aura alone, or pain told as 0, was none."""
    return attack.headache != CLEAR and not (attack.headache is None and attack.pain_max == 0)


def runs_of(attacks: Sequence[Attack]) -> dict[int, float]:
    """How long the headache ran without a break, through attacks that overlap or adjoin."""
    closed = sorted((span for span in map(_span, attacks) if span is not None), key=lambda span: span[:2])
    runs: dict[int, float] = {}
    members: list[int] = []
    first = last = 0.0
    for start, end, attack in closed:
        if not members or start > last:
            runs |= dict.fromkeys(members, (last - first) / 60)
            members, first, last = [], start, end
        members.append(id(attack))
        last = max(last, end)
    return runs | dict.fromkeys(members, (last - first) / 60)


def _span(attack: Attack) -> tuple[float, float, Attack] | None:
    if attack.start is None or attack.end is None:
        return None
    return _instant(attack.start), _instant(attack.end), attack


def minutes_together(attacks: Sequence[Attack], day: date, zone: ZoneInfo | None) -> float | None:
    """Minutes of a day with any of the attacks, overlaps once; None where one of them has no times."""
    spans = [_span_on(attack, day, zone) for attack in attacks]
    total, last = 0.0, float("-inf")
    for span in sorted(span for span in spans if span is not None):
        total += max(0.0, span[1] - max(span[0], last))
        last = max(last, span[1])
    return None if None in spans else total / 60


def _span_on(attack: Attack, day: date, zone: ZoneInfo | None) -> tuple[float, float] | None:
    """The seconds of an attack that lie on a day; an empty span where none do."""
    if attack.start is None or attack.end is None:
        return None
    midnight, next_midnight = _midnights(attack.start, day, zone)
    start, end = max(_instant(attack.start), _instant(midnight)), min(_instant(attack.end), _instant(next_midnight))
    return start, max(start, end)


def _midnights(start: datetime, day: date, zone: ZoneInfo | None) -> tuple[datetime, datetime]:
    found = [datetime.combine(day + timedelta(days=n), time(0)) for n in (0, 1)]
    if start.tzinfo is not None:
        found = [at.replace(tzinfo=zone or start.tzinfo) for at in found]
    return found[0], found[1]


def localised(attack: Attack, zone: ZoneInfo | None) -> Attack:
    """Wall-clock times put in the diary's zone, so that a change of the clock counts."""
    if zone is None or attack.start is None or attack.start.tzinfo is not None:
        return attack
    end = None if attack.end is None else attack.end.replace(tzinfo=zone)
    return replace(attack, start=attack.start.replace(tzinfo=zone), end=end)


def days_touched(attack: Attack, zone: ZoneInfo | None) -> list[date]:
    """Every local day that the attack falls on; one that ends at midnight does not touch the next day.

    An attack without an end, or without times, touches the day it began.
    """
    if attack.start is None or attack.end is None:
        return [attack.date]
    first, last = _local(attack.start, zone), _local(attack.end, zone)
    last_day = last.date()
    if last.time() == time(0) and last > first:
        last_day -= timedelta(days=1)
    return [first.date() + timedelta(days=n) for n in range((last_day - first.date()).days + 1)] or [first.date()]


def _local(stamp: datetime, zone: ZoneInfo | None) -> datetime:
    """The wall clock that the person saw."""
    return (stamp.astimezone(zone) if zone is not None and stamp.tzinfo is not None else stamp).replace(tzinfo=None)


def minutes_on(attack: Attack, day: date, zone: ZoneInfo | None) -> float | None:
    """Elapsed minutes of the attack on one local day; None where its times are not known."""
    return minutes_together([attack], day, zone)


def _instant(stamp: datetime) -> float:
    return (stamp - datetime(1970, 1, 1)).total_seconds() if stamp.tzinfo is None else stamp.timestamp()


def elapsed(start: datetime, end: datetime) -> float:
    """Minutes that passed, changes of the clock included."""
    return (_instant(end) - _instant(start)) / 60


def attack_minutes(attack: Attack, others: Sequence[Attack] = ()) -> float | None:
    """How long the headache ran without a break, through attacks that overlap or adjoin; None for an open one."""
    if attack.start is None or attack.end is None:
        return None if attack.minutes is None else float(attack.minutes)
    first, last = _instant(attack.start), _instant(attack.end)
    spans = [
        (_instant(other.start), _instant(other.end))
        for other in others
        if other.start is not None and other.end is not None and other is not attack
    ]
    grown = True
    while grown:
        grown = False
        for start, end in spans:
            if start <= last and end >= first and (start < first or end > last):
                first, last, grown = min(first, start), max(last, end), True
    return (last - first) / 60
