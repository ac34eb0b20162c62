"""What is watched and when: the monitoring facts of a treatment as entries of a calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.case import Case
from cleardays.plan.holds import ALWAYS, no_surer
from cleardays.plan.protocol_choice import conditions_of
from cleardays.plan.when import holds
from cleardays.sources import Row, source_keys

_CYCLE_LAST = timedelta(days=-1)


class Check(NamedTuple):
    """Something to watch from one day to another, both included; `until` None has no end.

    `every_days` is how often within that; None is at every contact or all the time, as `at` says.
    """

    on: date
    until: date | None
    what: str
    at: str
    threshold: str | None
    action: str
    source: tuple[str, ...]
    confidence: str
    every_days: int | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        until = None if self.until is None else self.until.isoformat()
        return {**self._asdict(), "on": self.on.isoformat(), "until": until, "source": list(self.source)}


class Course(NamedTuple):
    """The days of a plan on which something is watched: the first one, new doses, sessions, the taper."""

    start: date
    rises: tuple[date, ...] = ()
    sessions: tuple[date, ...] = ()
    reductions: tuple[date, ...] = ()
    dose_days: tuple[date, ...] = ()


def monitoring(treatment: Treatment, case: Case, where: str, course: Course) -> tuple[Check, ...]:
    """Every entry, by day; a fact that is for certain people only is left out where it is certainly not for this one."""
    found = [
        check
        for row in conditions_of(treatment, "monitor", where)
        if (answer := holds(row["when"], case) if "when" in row else ALWAYS).value is not False
        for timing in row["timing"]
        for check in _WHEN[timing](no_surer(row, answer), course)
    ]
    return tuple(sorted(found, key=lambda check: (check.on, check.what, check.action)))


def _entry(row: Row, on: date, until: date | None, every_days: int | None = None) -> Check:
    said = (row["what"], row["at"], row.get("threshold"), row["action"], source_keys(row), row["confidence"])
    return Check(on, until, *said, every_days)


def _before(row: Row, course: Course) -> Iterator[Check]:
    days = course.sessions or (course.start,)
    yield from (_entry(row, day, day) for day in days)


def _at_each(days: Callable[[Course], Sequence[date]]) -> Callable[[Row, Course], Iterator[Check]]:
    def entries(row: Row, course: Course) -> Iterator[Check]:
        yield from (_entry(row, day, day) for day in days(course))

    return entries


def _throughout(row: Row, course: Course) -> Iterator[Check]:
    yield _entry(row, course.start, None)


def _days(row: Row, course: Course) -> Iterator[Check]:
    """Days of the treatment, where 1 is the first; negative ones lie before it."""
    first = _day(course.start, row["from_day"])
    last = _day(course.start, row["to_day"]) if "to_day" in row else None
    every = int(row["every_days"]) if "every_days" in row else None
    yield _entry(row, first, last, every)


def _day(start: date, day: float) -> date:
    return start + timedelta(days=int(day) - 1 if day > 0 else int(day))


def _after_dose(row: Row, course: Course) -> Iterator[Check]:
    first, last = int(row.get("from_day", 0)), int(row.get("to_day", row.get("from_day", 1)))
    for day in course.sessions or course.dose_days:
        yield _entry(row, day + timedelta(days=first), day + timedelta(days=last))


def _cycle(row: Row, course: Course) -> Iterator[Check]:
    """Once at the end of each cycle, on the day before the next session is due."""
    for day in course.sessions:
        on = day + timedelta(days=int(row["every_days"])) + _CYCLE_LAST
        yield _entry(row, on, on)


_WHEN: Mapping[str, Callable[[Row, Course], Iterator[Check]]] = {
    "before": _before,
    "step": _at_each(lambda course: course.rises),
    "reduction": _at_each(lambda course: course.reductions),
    "contact": _throughout,
    "throughout": _throughout,
    "days": _days,
    "during": _at_each(lambda course: course.sessions),
    "discharge": _at_each(lambda course: course.sessions),
    "after-dose": _after_dose,
    "cycle": _cycle,
}
