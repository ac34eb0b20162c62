"""Everything that a page counts, read of the diary once: one answer a day for each item, intake by class, severity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleardays.diary.answers import recalled
from cleardays.diary.conditions import condition_of
from cleardays.diary.known import Known
from cleardays.diary.records import Diary
from cleardays.diary.series import DaySeries
from cleardays.trial.account.stretches import States, Stretch, stretch_of

if TYPE_CHECKING:
    from cleardays.diary.classified import ClassifiedDays

HEADACHE, MIGRAINE, MODERATE, ACUTE, FUNCTION = (
    "headache_day", "migraine_day", "moderate_or_severe", "acute_med_day", "lost_function",
)  # fmt: skip
FIVE = (HEADACHE, MIGRAINE, MODERATE, ACUTE, FUNCTION)
_GRADES = ("clear", "mild", "moderate", "severe")


class Read(NamedTuple):
    """The diary up to a day. `items` has one answer a day for each item (1 had, -1 not, 0 unknown) from `first_day` on.

    `intake` marks the days on which an acute medicine of a class was taken, `intake_known` those whose classes are
    all known; `grade` is the strength of each day's headache (0 to 3, NaN where it was not told); `recalled` marks
    days that were written down from memory. All of them are empty where no day was told.
    """

    diary: Diary
    first_day: date
    as_of: date
    headache: bool  # whether it is a diary of headaches
    items: dict[str, States]
    intake: dict[str, np.ndarray]
    intake_known: np.ndarray
    grade: np.ndarray
    recalled: np.ndarray
    classified: ClassifiedDays | None  # None where no day was told

    @property
    def days(self) -> int:
        """From the first day to the last one that is read."""
        return (self.as_of - self.first_day).days + 1

    def stretch(self, item: str, first: date, last: date) -> Stretch:
        """An item counted from one day to another; what the diary reports of these days is the sample it is part of."""
        reported = stretch_of(self.items[HEADACHE], self.first_day, first, last).known
        return stretch_of(self.items[item], self.first_day, first, last, reported=reported)

    def is_recorded(self, item: str) -> bool:
        """Whether it is answered on some day with headache (on some day, where there was none)."""
        ached = self.items[HEADACHE] == 1
        asked = self.items[item][self.items[HEADACHE] != -1] if ached.any() else self.items[item]
        return bool((asked != 0).any())


def read(diary: Diary, as_of: date) -> Read:
    """Read a diary for a page.

    Args:
        diary: the diary; it may hold no day at all.
        as_of: the last day that is read; later days, and entries reported later, are not.
    """
    until = Known(diary, as_of)
    known = until.diary
    headache = condition_of(known.about).headache
    if not known.records and not known.beside.attacks:
        nothing = np.zeros(1, dtype=np.int8)
        none = nothing.astype(bool)
        return Read(known, as_of, as_of, headache, dict.fromkeys(FIVE, nothing), {}, none, np.full(1, np.nan), none, None)
    from cleardays.diary.window_extras import extras_of

    found = until.days
    extras = extras_of(known, found, until.told)
    moderate = np.where(np.isnan(extras.grade), 0, np.where(extras.grade >= _GRADES.index("moderate"), 1, -1)).astype(np.int8)
    moderate[found.flags[HEADACHE] == -1] = -1
    flags = (found.flags[HEADACHE], found.flags["migraine_day.leiden"], moderate, found.flags[ACUTE], extras.lost_function)
    length = max(1, (as_of - found.first_day).days + 1)
    late = np.zeros(length, dtype=bool)
    for record in known.records:
        late[(record.date - found.first_day).days] = recalled(record, record.tz or known.about.get("zone"))
    return Read(
        known,
        found.first_day,
        as_of,
        headache,
        {item: _fit(states, length) for item, states in zip(FIVE, flags, strict=True)},
        {kind: _fit(days, length) for kind, days in found.intake.items()},
        _fit(found.intake_known, length),
        _fit(extras.grade, length, np.nan),
        late,
        found,
    )


def _fit(values: np.ndarray, length: int, rest: float = 0) -> np.ndarray:
    """The values of so many days; days beyond are unknown, an attack that touches a later one is cut there."""
    if len(values) >= length:
        return values[:length]
    return np.concatenate((values, np.full(length - len(values), rest, dtype=values.dtype)))


def states_of(days: DaySeries) -> States:
    """A series as states."""
    return np.array([0 if state is None else 1 if state else -1 for state in days.states], dtype=np.int8)


class DayMark(NamedTuple):
    """One day as a chart shows it.

    `level` is unknown, clear, mild, moderate, severe, or some (had, strength not told); of what comes in amounts
    `amount` is how much, None where that is not known.
    """

    date: date
    level: str
    recalled: bool = False
    amount: float | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "date": self.date.isoformat()}


def marks_of(found: Read, series: DaySeries | None, first: date, last: date, amounts: dict[date, float]) -> tuple[DayMark, ...]:
    """The days of a chart: of a diary of headaches by the strength of the headache, of another by what is judged.

    Args:
        found: the diary.
        series: what is judged, day by day; None where no day is known.
        first: of the chart.
        last: of the chart, included.
        amounts: how much, by day, of what comes in amounts.
    """
    graded = found.headache
    states = found.items[HEADACHE] if graded or series is None else states_of(series)
    begin = found.first_day if graded or series is None else series.first_day
    marks = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        at, here = (day - begin).days, (day - found.first_day).days
        state = int(states[at]) if 0 <= at < len(states) else 0
        late = bool(found.recalled[here]) if 0 <= here < len(found.recalled) else False
        level = {0: "unknown", -1: "clear"}.get(state) or (_level(found.grade[here]) if graded else "some")
        marks.append(DayMark(day, level, late and bool(state), amounts.get(day)))
    return tuple(marks)


def _level(grade: float) -> str:
    return "some" if np.isnan(grade) or not grade else _GRADES[int(grade)]
