"""Days with medicines for attacks in the last month, by class, beside the limits; unknown days leave it open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from cleardays.catalogue.names import find_medicine
from cleardays.diary.beside import Beside
from cleardays.diary.entries import TAKEN, DoseEntry
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import reaches
from cleardays.diary.known import entries_read
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import WORDS
from cleardays.trial.account.read import ACUTE, Read, read

_OTHER = "other"
_DAY = timedelta(days=1)


class Limit(NamedTuple):
    """The limit of some classes: so many days a month (ICHD-3 `code`), days told in the window, whether it is reached.

    `reached` is "yes", "no" or "indeterminate": days of which nothing is known could go either way.
    """

    code: str
    classes: tuple[str, ...]
    days: int
    told: int
    reached: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "classes": list(self.classes)}


class AcuteUse(NamedTuple):
    """The window with its known days, the days with any such medicine, and each limit."""

    first: date
    last: date
    known: int
    any_days: int
    limits: tuple[Limit, ...]
    source: tuple[str, ...]

    @property
    def days(self) -> int:
        """Of the window."""
        return (self.last - self.first).days + 1

    def limit_of(self, acute_class: str | None) -> Limit | None:
        """The limit under which a class is counted; None where it has none."""
        return next((each for each in self.limits if acute_class in _own(each.classes)), None)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "limits": [each.document() for each in self.limits],
            "source": list(self.source),
        }


def acute_use(diary: Diary, on: date) -> AcuteUse:
    """The last 30 days up to a day, as far as they were told by then.

    A day with a dose is known to have had one, also where nothing else was told of it.
    """
    rules, first = headache_rules(), on - (day_rules().month_days - 1) * _DAY
    inside = _between(diary, first, on)
    found, alone = read(inside, on), _doses_alone(inside)
    any_days = {*_days(found, found.items[ACUTE] == 1), *(day for days in alone.values() for day in days)}
    known = any_days | set(_days(found, found.items[ACUTE] != 0))
    limits = tuple(_limit(found, alone, code, row) for code, row in rules.overuse["days"].items())
    return AcuteUse(first, on, len(known), len(any_days), limits, rules.source["overuse"])


def _between(diary: Diary, first: date, on: date) -> Diary:
    """What was told of the days of the window by its last day."""
    beside = diary.beside
    inside: dict[str, Any] = {
        name: tuple(each for each in getattr(beside, name) if first <= each.date <= on)
        for name in ("doses", "attacks", "auras")
    }
    records = tuple(record for record in entries_read(diary, on) if record.date >= first)
    return replace(diary, records=records, beside=Beside(**inside))


def _doses_alone(inside: Diary) -> Mapping[str, set[date]]:
    """Days of which nothing but a medicine for attacks was told, by its class."""
    logged, found = {record.date for record in inside.records}, dict[str, set[date]]()
    for dose in inside.beside.doses:
        kind = _class_of(dose)
        if kind is not None and dose.date not in logged:
            found.setdefault(kind, set()).add(dose.date)
    return found


def _class_of(dose: DoseEntry) -> str | None:
    """The class under which an intake counts; None where it counts under none."""
    if dose.state not in (None, *TAKEN) or dose.kind not in (None, "acute") or dose.reason == "preventive":
        return None
    medicine = find_medicine(dose.drug or dose.name or "")
    kind = dose.acute_class or (None if medicine is None else medicine.acute_class)
    if kind is None and dose.kind == "acute":
        return _OTHER
    return None if kind in headache_rules().not_acute else kind


def _limit(found: Read, alone: Mapping[str, set[date]], code: str, row: Mapping[str, Any]) -> Limit:
    taken, own = np.zeros(len(found.intake_known), dtype=bool), _own(row["classes"])
    for kind in own:
        taken |= found.intake.get(kind, False)
    had = {*_days(found, taken), *(day for kind in own for day in alone.get(kind, ()))}
    known = had | set(_days(found, found.intake_known))
    reached = WORDS[reaches(len(had), day_rules().month_days - len(known), row["days"])]
    return Limit(code, tuple(row["classes"]), row["days"], len(had), reached)


def _own(classes: Collection[str]) -> tuple[str, ...]:
    """The classes under every name."""
    same = headache_rules().same_as
    return (*classes, *(name for name, counts_as in same.items() if counts_as in classes))


def _days(found: Read, which: np.ndarray) -> tuple[date, ...]:
    return tuple(found.first_day + timedelta(days=int(at)) for at in np.flatnonzero(which))
