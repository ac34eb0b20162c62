"""Medicines of a day told by episodes: on which local day each was taken, and for which episode."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cleardays.clock import parse_stamp
from cleardays.diary.entries import Attack
from cleardays.problems import BadInput, Problem, shown

_UTC = ZoneInfo("UTC")


class Medicine(NamedTuple):
    """One medicine as told, when it was taken (None not told), on which day, and with which episode it was told."""

    told: Any
    at: datetime | None
    on: date
    episode: Attack | None


class Medicines(NamedTuple):
    """All medicines told; `open_days` are days of which it was not answered, `open_attacks` episodes."""

    taken: tuple[Medicine, ...]
    open_days: frozenset[date]
    open_attacks: tuple[Attack, ...]
    attacks: tuple[Attack, ...]

    def on_day(self, day: date) -> list[Any] | None:
        """Those taken on a day, None where that was not answered."""
        return None if day in self.open_days else [medicine.told for medicine in self.taken if medicine.on == day]

    def of(self, attack: Attack) -> list[Any] | None:
        """Those taken for an episode: told with it, or of the day and not within another one."""
        if self.open_days or any(attack is each for each in self.open_attacks):
            return None
        return [medicine.told for medicine in self.taken if self._belongs(medicine, attack)]

    def _belongs(self, medicine: Medicine, attack: Attack) -> bool:
        if medicine.episode is not None:
            return medicine.episode is attack
        if medicine.at is None:
            return True
        during = [each for each in self.attacks if _within(medicine.at, each)]
        return not during or any(attack is each for each in during)


def _within(at: datetime, attack: Attack) -> bool:
    if attack.start is None:
        return False
    return attack.start.timestamp() <= at.timestamp() and (attack.end is None or at.timestamp() <= attack.end.timestamp())


def as_list(told: dict[str, Any], key: str, where: str) -> list[Any] | None:
    """A list of the compact form; None where it was not answered, empty where it is absent.

    Raises:
        BadInput: it is something else.
    """
    found = told.get(key, [])
    if found is None or isinstance(found, list):
        return found
    raise BadInput(Problem(f"{where}, {key}", f"{shown(str(found))} is no list.", "Give a list, or null."))


def told_medicines(
    day: date, zone: ZoneInfo | None, episodes: list[tuple[Attack, dict[str, Any]]], beside: dict[str, Any], where: str
) -> Medicines:
    """Read the medicines of the day and of each episode; raises `BadInput` for a list or time that is none."""
    taken: list[Medicine] = []
    open_days, open_attacks = set(), []
    of_day = as_list(beside, "meds", where)
    if of_day is None:
        open_days.add(day)
    for med in of_day or ():
        at = _time(med, datetime.combine(day, time(0)), zone, where)
        taken.append(Medicine(med, at, day if at is None else at.date(), None))
    for attack, told in episodes:
        of_attack = as_list(told, "meds", where)
        if of_attack is None:
            open_attacks.append(attack)
            open_days.add(attack.date)
        for med in of_attack or ():
            at = _time(med, None if attack.start is None else attack.start.replace(tzinfo=None), zone, where)
            taken.append(Medicine(med, at, attack.date if at is None else at.date(), attack))
    return Medicines(tuple(taken), frozenset(open_days & {day}), tuple(open_attacks), tuple(a for a, _ in episodes))


def _time(med: object, earliest: datetime | None, zone: ZoneInfo | None, where: str) -> datetime | None:
    """When a medicine was taken, in the zone; a bare time of day is the first one from `earliest` on."""
    told = med.get("time") if isinstance(med, dict) else None
    if told is None:
        return None
    text = str(told)
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", text, re.ASCII) and earliest is not None:
        stamp: datetime | None = datetime.combine(earliest.date(), time.fromisoformat(text))
        if stamp is not None and stamp < earliest:
            stamp += timedelta(days=1)
    else:
        stamp = parse_stamp(text)
    if stamp is None:
        raise BadInput(Problem(f"{where}, meds", f"{shown(text)} is no time.", "Write it as 2026-03-04T20:15, or 20:15."))
    if stamp.tzinfo is None:
        return stamp.replace(tzinfo=zone or _UTC)
    return stamp if zone is None else stamp.astimezone(zone)
