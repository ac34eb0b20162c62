"""What stands in the calendar of a plan: doses, sessions, checks, parts of care, the diary, the review.

What is watched all the time or at every contact has no day, and stays in the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from cleardays.plan.care import Part
from cleardays.plan.monitoring import Check
from cleardays.plan.plan_reading import read_step
from cleardays.plan.steps import Step, plain
from cleardays.report.feed_times import Times
from cleardays.report.treatment_page_words import own_words

_DAY = timedelta(days=1)
# How long a dose without an end goes on where the review lies behind it: the plan is looked at before.
_YEAR = timedelta(days=364)


class Event(NamedTuple):
    """Something on one day, or every so many days up to a last one; `at` None is all day.

    `key` names it for good. `neutral` and `full` are its titles; `more` is told beside the full one only.
    `ahead` asks for a reminder the day before.
    """

    key: str
    first: date
    last: date
    neutral: str
    full: str
    more: str = ""
    every_days: int = 1
    at: time | None = None
    ahead: bool = False

    def days(self) -> Iterator[date]:
        """Each day of it."""
        for number in range((self.last - self.first).days // self.every_days + 1):
            yield self.first + timedelta(days=number * self.every_days)

    def up_to(self, day: date) -> Event:
        """The same, with nothing after a day; the last day is one on which it happens."""
        kept = (min(day, self.last) - self.first).days // self.every_days
        return self._replace(last=self.first + timedelta(days=kept * self.every_days))


class Said(NamedTuple):
    """What a version of a plan says of days. `ended` is the first day on which the plan is over."""

    treatment: str
    start: date
    steps: tuple[Step, ...]
    sessions: tuple[Mapping[str, Any], ...]
    review: date | None
    checks: tuple[Check, ...]
    parts: tuple[Part, ...]
    ended: date | None = None

    @property
    def name(self) -> str:
        """How a person calls the treatment."""
        return own_words(self.treatment)["name"]

    @property
    def doses(self) -> tuple[Step, ...]:
        """The steps to remind of. What is taken only if needed is not; then the dose before it goes on."""
        kept = list[Step]()
        for step in self.steps:
            if not step.if_needed:
                kept.append(step)
            elif kept:
                kept[-1] = kept[-1]._replace(last=step.last)
        return tuple(step for step in kept if any(step.amounts))

    @property
    def session_days(self) -> tuple[date, ...]:
        """The days of the sessions."""
        return tuple(date.fromisoformat(session["on"]) for session in self.sessions)

    @property
    def end(self) -> date | None:
        """The last day of the calendar: the review, or what is planned beyond it; None where nothing is planned."""
        if self.ended is not None:
            return self.ended - _DAY
        ends = [step.last for step in self.doses if step.last is not None]
        found = max((*ends, *self.session_days, *(() if self.review is None else (self.review,))), default=None)
        open_ = [step.first for step in self.doses if step.last is None and (found is None or step.first > found)]
        return max(open_) + _YEAR if open_ else found


def said_by(treatment: str, start: date, after: Mapping[str, Any], checks: Sequence[Check], parts: Sequence[Part]) -> Said:
    """What a version said of days, as the plan keeps it."""
    steps = tuple(read_step(row) for row in after["steps"])
    review = None if after["review_on"] is None else date.fromisoformat(after["review_on"])
    over = steps[-1].first if steps and not any(steps[-1].amounts) else None
    return Said(treatment, start, steps, tuple(after["sessions"]), review, tuple(checks), tuple(parts), over)


def events_of(said: Said, times: Times, diary: time | None) -> dict[str, Event]:
    """Everything in the calendar, by its name. Nothing lies behind the end of the plan."""
    end = said.end
    if end is None:
        return {}
    found = [*_doses(said, times, end), *_sessions(said), *_checks(said), *_parts(said.parts), *_review(said)]
    if diary is not None:
        found.append(Event("y", said.start, end, "Diary", "Diary", at=diary))
    return {event.key: event.up_to(end) for event in found if event.first <= end}


def _doses(said: Said, times: Times, end: date) -> Iterator[Event]:
    """One series for each step and portion. What is given in sessions has its days there."""
    for step in () if said.sessions else said.doses:
        many = len(step.amounts)
        last = end if step.last is None else step.last
        if _first_dose(step) > last:
            continue  # a step so short that its day of a dose does not come
        for slot, (amount, at) in enumerate(zip(step.amounts, times.of(step), strict=True), 1):
            more = f"Portion {slot} of {many}." if many > 1 else ""
            full = f"{said.name} {plain(amount)} {step.unit}"
            key = f"d{step.first:%Y%m%d}-{slot}"
            yield Event(key, _first_dose(step), last, f"Reminder {slot}", full, more, step.every_days, at)


def _first_dose(step: Step) -> date:
    days = (step.first + number * _DAY for number in range(step.every_days))
    return next(day for day in days if step.planned_on(day))


def _sessions(said: Said) -> Iterator[Event]:
    for session, on in zip(said.sessions, said.session_days, strict=True):
        amount = "" if session["amount"] is None else f" {session['amount']} {session['unit']}"
        more = "\n".join(_told(check for check in said.checks if check.on == check.until == on))
        yield Event(f"s{on:%Y%m%d}", on, on, "Appointment", f"Session: {said.name}{amount}", more, ahead=True)


def _checks(said: Said) -> Iterator[Event]:
    """All that falls on the same days is one event, so that nobody is reminded five times of one morning."""
    groups: dict[tuple[date, date | None, int | None], list[Check]] = {}
    for check in said.checks:
        of_session = check.on == check.until and check.on in said.session_days
        has_days = check.until is not None or check.every_days is not None
        if has_days and not of_session:
            groups.setdefault((check.on, check.until, check.every_days), []).append(check)
    keys = list[str]()
    for on, until, every in sorted(groups, key=lambda group: (group[0], group[2] or 0, group[1] or date.max)):
        checks = groups[on, until, every]
        what = "; ".join(dict.fromkeys(check.what for check in checks))
        head = f"Watch until {until}" if every is None and until != on else "Check"
        keys.append(f"c{on:%Y%m%d}-{every or 0}")
        last = on if every is None else until or date.max
        key = f"{keys[-1]}-{keys.count(keys[-1])}"
        yield Event(key, on, last, "Check", f"{head}: {what}", "\n".join(_told(checks)), every or 1)


def _told(checks: Iterable[Check]) -> list[str]:
    """What to look for and what to do, each once."""
    lines = (
        f"{check.what}{f' ({check.threshold})' if check.threshold else ''}, {check.at}. {check.action}" for check in checks
    )
    return list(dict.fromkeys(lines))


def _parts(parts: Sequence[Part]) -> Iterator[Event]:
    keys = list[str]()
    for part in parts:
        key = f"p{part.on:%Y%m%d}-{part.every_days}"
        keys.append(key)
        last = part.until or date.max
        yield Event(f"{key}-{keys.count(key)}", part.on, last, "Time set aside", part.what, "", part.every_days)


def _review(said: Said) -> Iterator[Event]:
    if said.review is not None:
        yield Event("r", said.review, said.review, "Appointment", f"Review: {said.name}", ahead=True)
