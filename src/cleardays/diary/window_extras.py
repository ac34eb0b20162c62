"""What else a window of a diary holds: severity, hours, pain burden, medicines by class, attacks, clear runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.attack_times import ached, attack_minutes, minutes_together
from cleardays.diary.classified import ClassifiedDays
from cleardays.diary.entries import RELIEFS
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.tallies import Tallies
from cleardays.diary.told import Told, severity

_GRADES = {"none": 0.0, "mild": 1.0, "moderate": 2.0, "severe": 3.0}
_NAN = float("nan")
_DAY_HOURS = 24.0


class AttackTimes(NamedTuple):
    """Attacks in the order in which they began: on which day, and how many hours (NaN for an open one)."""

    at: NDArray[np.int64]
    hours: NDArray[np.float64]

    def median_hours(self, part: slice) -> float | None:
        """The median over the closed attacks that began in a stretch; None without any."""
        first, end = np.searchsorted(self.at, (part.start, part.stop))
        closed = self.hours[first:end][~np.isnan(self.hours[first:end])]
        return float(np.median(closed)) if len(closed) else None


class Extras(NamedTuple):
    """Day by day: severity 0-3 and hours of headache (NaN not told), lost function, attacks that began."""

    found: ClassifiedDays
    grade: NDArray[np.float64]
    hours: NDArray[np.float64]
    lost_function: NDArray[np.int8]
    began: NDArray[np.int64]
    attacks: AttackTimes | None
    relief: dict[str, NDArray[np.int64]]
    tallies: Tallies

    def document(self, part: slice) -> dict[str, object]:
        """The keys of one window beside its counts. Hours and burden are lower bounds where `hours_known` is short."""
        found, n_days = self.found, part.stop - part.start
        told, timed = self._sum("told", part), self._sum("timed", part)
        intake = {kind: found.taken((kind,), part)[0] for kind in sorted(found.intake)}
        return {
            "mean_severity": self._sum("severity", part) / told if told else None,
            "max_severity": float(np.nanmax(self.grade[part][self._headache()[part]])) if told else None,
            "headache_hours": self._sum("hours", part) if timed else None,
            "moderate_hours": self._sum("moderate_hours", part) if timed else None,
            "hours_known": timed,
            "total_pain_burden": self._sum("burden", part) if self._sum("told_timed", part) else None,
            "acute_days": {"any": found.had("acute_med_day", part), **{kind: n for kind, n in intake.items() if n}},
            "acute_known": n_days - found.open("acute_med_day", part),
            "aura_days": found.had("aura_day", part),
            "aura_known": n_days - found.open("aura_day", part),
            "crystal_clear_days": found.had("crystal_clear_day", part),
            "attacks": None if self.attacks is None else self._sum("began", part),
            "median_attack_hours": None if self.attacks is None else self.attacks.median_hours(part),
            "relief_2h": {word: self._relieved(word, part) for word in self.relief},
            "lost_function_days": self._sum("lost", part),
            "longest_clear_run": longest_run(found.flags["headache_day"][part] == -1),
            "late_days": found.had("late", part),
        }

    def _relieved(self, word: str, part: slice) -> int:
        count: int = self.tallies.of(("relief", word), part, lambda: self.relief[word])
        return count

    def _headache(self) -> NDArray[np.bool_]:
        days: NDArray[np.bool_] = self.found.flags["headache_day"] == 1
        return days

    def _sum(self, name: str, part: slice) -> Any:  # noqa: ANN401  # a whole number of days, else hours or their product
        return self.tallies.of((name,), part, lambda: _COLUMNS[name](self))

    def where(self, days: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values of headache days that also hold `days`, 0 elsewhere."""
        return np.where(days & self._headache(), values, 0.0)

    def told(self) -> NDArray[np.bool_]:
        """Headache days whose strength is known."""
        return self._headache() & ~np.isnan(self.grade)

    def timed(self) -> NDArray[np.bool_]:
        """Headache days whose hours are known."""
        return self._headache() & ~np.isnan(self.hours)


def _moderate(extras: Extras) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return extras.timed() & (extras.grade >= _GRADES["moderate"])


def _burden(extras: Extras) -> NDArray[np.float64]:
    migraine = extras.found.flags["migraine_day.leiden"] == 1
    return extras.where(migraine & extras.timed() & extras.told(), extras.hours * extras.grade)


_COLUMNS: dict[str, Callable[[Extras], NDArray[Any]]] = {
    "told": Extras.told,
    "timed": Extras.timed,
    "told_timed": lambda extras: extras.told() & extras.timed(),
    "severity": lambda extras: extras.where(extras.told(), extras.grade),
    "hours": lambda extras: extras.where(extras.timed(), extras.hours),
    "moderate_hours": lambda extras: extras.where(_moderate(extras), extras.hours),
    "burden": _burden,
    "began": lambda extras: extras.began,
    "lost": lambda extras: extras.lost_function == 1,
}


def longest_run(days: NDArray[np.bool_]) -> int:
    """The most consecutive days that hold.

    >>> longest_run(np.array([True, False, True, True]))
    2
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], days.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def extras_of(diary: Diary, found: ClassifiedDays, of: Told) -> Extras:
    """Draw them from a diary that was classified."""
    length = len(found.logged)
    extras = Extras(
        found,
        np.full(length, _NAN),
        np.full(length, _NAN),
        np.zeros(length, dtype=np.int8),
        np.zeros(length, dtype=np.int64),
        _attack_times(diary, found),
        _relief(diary, found),
        Tallies(),
    )
    lost_from = day_rules().lost_function_from
    for record in diary.records:
        at = (record.date - found.first_day).days
        extras.grade[at] = _grade(record.headache, record.pain_max)
        if record.hours is not None:
            extras.hours[at] = float(record.hours)
        if record.function is not None:
            extras.lost_function[at] = 1 if record.function >= lost_from else -1
    _add_attacks(extras, of)
    return extras


@cache
def _grade(word: str | None, pain: int | None) -> float:
    strength = severity(word, pain)
    return _NAN if strength is None else _GRADES[strength]


def _attack_times(diary: Diary, found: ClassifiedDays) -> AttackTimes | None:
    if not diary.beside.attacks:
        return None
    told = sorted(((a.date - found.first_day).days, attack_minutes(a) or _NAN) for a in diary.beside.attacks)
    return AttackTimes(np.array([at for at, _ in told]), np.array([minutes / 60 for _, minutes in told]))


def _relief(diary: Diary, found: ClassifiedDays) -> dict[str, NDArray[np.int64]]:
    """Acute doses by the relief told at two hours: the other time scale, apart from prevention."""
    counts = {word: np.zeros(len(found.logged), dtype=np.int64) for word in RELIEFS}
    for dose in diary.beside.doses:
        at = (dose.date - found.first_day).days
        if dose.relief_2h is not None and dose.kind != "preventive" and 0 <= at < len(found.logged):
            counts[dose.relief_2h][at] += 1
    return counts if diary.beside.doses else {}


def _add_attacks(extras: Extras, of: Told) -> None:
    """Attacks stand in where the record of a day says nothing of strength or hours."""
    for day, attacks in of.attacks.items():
        at = (day - extras.found.first_day).days
        extras.began[at] += sum(1 for attack in attacks if attack.date == day)
        painful = [attack for attack in attacks if ached(attack)]
        grades = [_grade(attack.headache, attack.pain_max) for attack in painful]
        if np.isnan(extras.grade[at]) and not np.isnan(grades).all():
            extras.grade[at] = np.nanmax(grades)
        minutes = minutes_together(painful, day, of.zone)
        if np.isnan(extras.hours[at]) and painful and minutes is not None:
            extras.hours[at] = min(minutes / 60, _DAY_HOURS)


def moderate_days(diary: Diary, found: ClassifiedDays, of: Told) -> NDArray[np.int8]:
    """Days of moderate or severe headache: 1 had, -1 not, 0 where the strength was not told."""
    grade = extras_of(diary, found, of).grade
    answers = np.where(np.isnan(grade), 0, np.where(grade >= _GRADES["moderate"], 1, -1)).astype(np.int8)
    answers[found.flags["headache_day"] == -1] = -1
    return answers
