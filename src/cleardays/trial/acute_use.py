"""Days with medicines for attacks in the last four weeks, by class, beside the limits; unknown days leave it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.diary.beside import Beside
from cleardays.diary.entries import TAKEN, DoseEntry
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.measures import measure_windows
from cleardays.diary.outcomes import entries_read
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.windows import WORDS, threshold

_ANY, _OTHER = "any", "other"
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
    warn_from: int
    source: tuple[str, ...]

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
    """The last 28 days up to a day, as far as they were told by then.

    A day with a dose is known to have had one, also where nothing else was told of it.
    """
    rules, days = headache_rules(), day_rules().window_days
    first = on - (days - 1) * _DAY
    inside = _between(diary, first, on)
    window: Mapping[str, Any] = measure_windows(inside, anchor=on + _DAY)[-1] if inside.records else {}
    alone = _doses_alone(inside)
    counted = {name: int(found) for name, found in window.get("acute_days", {}).items()}
    told = {name: counted.get(name, 0) + len(alone.get(name, ())) for name in {_ANY, *counted, *alone}}
    known = int(window.get("acute_known", 0)) + len(alone.get(_ANY, ()))
    reached: Mapping[str, str] = window.get("overuse_month", {})
    limits = tuple(
        _limit(code, row, _most(told, row["classes"]), reached.get(code), days - known)
        for code, row in rules.overuse["days"].items()
    )
    warn_from = int(rules.overuse["warning"]["days_per_28"])
    return AcuteUse(first, on, known, told[_ANY], limits, warn_from, rules.source["overuse"])


def _between(diary: Diary, first: date, on: date) -> Diary:
    """What was told of the days of the window by its last day."""
    beside = diary.beside
    inside: dict[str, Any] = {
        name: tuple(each for each in getattr(beside, name) if first <= each.date <= on)
        for name in ("doses", "attacks", "auras")
    }
    records = tuple(record for record in entries_read(diary, on) if record.date >= first)
    return replace(diary, records=records, beside=Beside(**inside))


def _doses_alone(inside: Diary) -> dict[str, set[date]]:
    """Days of which nothing but a medicine for attacks was told, by its class, and with any."""
    logged, found = {record.date for record in inside.records}, dict[str, set[date]]()
    for dose in inside.beside.doses:
        kind = _class_of(dose)
        if kind is not None and dose.date not in logged:
            found.setdefault(kind, set()).add(dose.date)
            found.setdefault(_ANY, set()).add(dose.date)
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


def _most(told: Mapping[str, int], classes: list[str]) -> int:
    """Days with any of some classes at least, as they are told; the greatest of them, where days may be the same ones."""
    same = headache_rules().same_as
    own = [*classes, *(name for name, counts_as in same.items() if counts_as in classes)]
    return max((told.get(each, 0) for each in own), default=0)


def _limit(code: str, row: Mapping[str, Any], told: int, counted: str | None, unknown: int) -> Limit:
    """As it was counted over the days that are told; the others could go either way too."""
    reached = counted if counted == WORDS[True] else threshold(told, unknown, row["days"])
    return Limit(code, tuple(row["classes"]), row["days"], told, reached)
