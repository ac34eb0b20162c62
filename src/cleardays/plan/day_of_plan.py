"""What a plan says of one day: which of its versions holds, what is taken, which session is given.

A version that nobody confirmed is not followed: the last one that somebody did confirm stands until then, without its
steps up. A stop holds at once, and so does whatever has to be asked before the next dose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.plan.journal import CONFIRMED, DRAFTED, REVIEW, STOP, Entry, PlanFile
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.plan_reading import read_step
from cleardays.plan.session_rules import to_do
from cleardays.plan.step_gate import Released, released
from cleardays.plan.steps import Step, plain, step_on
from cleardays.plan.told_findings import Findings, Held
from cleardays.sources import Reason

# Whose word holds: the version of now, the last confirmed one, a stop, nobody's before somebody was asked, nobody's yet.
CURRENT, EARLIER, STOPPED, ASK, DRAFT = "confirmed", "confirmed-before", "stopped", "ask", "draft"
_TO_STOP = "stop"  # what a warning sign asks for, in one word
_DAY = timedelta(days=1)
_AHEAD = 400  # days in which the next dose is looked for; the longest interval is a quarter
_WAITS = "Until a clinician has confirmed it, no step up is taken."


class Visit(NamedTuple):
    """A session as a version names it."""

    on: date
    route: str
    amount: float | None
    unit: str | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "on": self.on.isoformat()}


class Standing(NamedTuple):
    """Which version holds on a day, with what it has planned.

    `confirmed` is the last confirmation, `waiting` the changes that nobody confirmed, `until` the first day on
    which an entered stop holds.
    """

    kind: str
    steps: tuple[Step, ...]
    visits: tuple[Visit, ...]
    confirmed: Entry | None
    waiting: tuple[Entry, ...]
    until: date | None = None

    @property
    def held(self) -> tuple[Held, ...]:
        """Nothing rises from the first change on that waits for a clinician."""
        if self.kind in (CURRENT, DRAFT) or not self.waiting:
            return ()
        first = min(self.waiting, key=lambda entry: entry.on)
        because = f"A change from {first.on} on waits for a clinician: {first.why.rstrip('.')}. {_WAITS}"
        return (Held(first.on, None, Reason("gate.change-waits", because)),)


class Today(NamedTuple):
    """What is taken on a day, or that nothing is: `due` None where a clinician has to be asked before, or none was yet.

    `amounts` is what the version has for the day, time by time. `visit` is the session of the day or the next one.
    """

    on: date
    kind: str
    due: bool | None
    released: Released
    amounts: tuple[Decimal, ...]
    next_on: date | None
    visit: Visit | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        step = self.released.step
        return {
            "by": self.kind,
            "due": self.due,
            "amounts": [plain(each) for each in self.amounts],
            "unit": None if step is None else step.unit,
            "when": None if step is None else step.when,
            "if_needed": None if step is None else step.if_needed,
            "next_on": None if self.next_on is None else self.next_on.isoformat(),
            "held_back": None if self.released.waits is None else self.released.waits.document(),
            "held_until": None if self.released.due is None else self.released.due.isoformat(),
            "session": None if self.visit is None else self.visit.document(),
        }


def standing(file: PlanFile, on: date) -> Standing:
    """Which version of a plan holds on a day."""
    plan = file.plan
    confirmed = next((entry for entry in reversed(file.entries) if entry.kind == CONFIRMED), None)
    if file.confirmation is not None:
        return Standing(CURRENT, plan.steps, _visits(plan.document()), confirmed, ())
    waiting, first = _waiting(file), stop_entered(file)
    if first is not None and first.on <= on:
        return Standing(STOPPED, _steps(first.after), (), confirmed, waiting, first.on)
    if confirmed is None:
        kind = DRAFT if plan.status == PROPOSAL else ASK
        return Standing(kind, plan.steps, _visits(plan.document()), None, waiting)
    until = None if first is None else first.on
    steps, visits = _steps(confirmed.after), _visits(confirmed.after)
    kept = tuple(each for each in visits if until is None or each.on < until)
    found = Standing(EARLIER, _before(steps, until), kept, confirmed, waiting, until)
    return found._replace(kind=ASK) if _less(file, found, on) else found


def stop_entered(file: PlanFile) -> Entry | None:
    """The first stop among the changes that nobody confirmed."""
    return min((entry for entry in _waiting(file) if _stops(entry)), key=lambda entry: entry.on, default=None)


def _waiting(file: PlanFile) -> tuple[Entry, ...]:
    """The changes since the last confirmation, or since the draft."""
    found = list[Entry]()
    for entry in file.entries:
        found = [] if entry.kind in (CONFIRMED, DRAFTED) else [*found, entry]
    return tuple(found)


def today(standing: Standing, found: Findings, on: date) -> Today:
    """What is due on a day.

    Args:
        standing: the version that holds.
        found: what the diary tells since the plan began.
        on: the day.
    """
    both = in_order((*found.held, *standing.held))
    now = released(standing.steps, both, on)
    amounts = () if now.step is None else tuple(each for each in now.step.planned_on(on) if each)
    stops = any(to_do(alert.action) == _TO_STOP for alert in found.alerts)
    asked = standing.kind in (DRAFT, ASK) or (stops and standing.kind != STOPPED)
    due = None if asked else bool(amounts)
    visit = next((each for each in sorted(standing.visits) if each.on >= on), None)
    return Today(on, standing.kind, due, now, amounts, _next(standing, both, on), visit)


def in_order(held: Sequence[Held]) -> tuple[Held, ...]:
    """Stretches by their first day."""
    return tuple(sorted(held, key=lambda each: (each.first, each.until or date.max)))


def _next(standing: Standing, held: Sequence[Held], on: date) -> date | None:
    """The next day after this one with a dose."""
    if not any(any(step.amounts) for step in standing.steps if step.last is None or step.last > on or held):
        return None
    for days in range(1, _AHEAD):
        day = on + days * _DAY
        if standing.until is not None and day >= standing.until:
            return None
        step = released(standing.steps, held, day).step
        if step is not None and any(step.planned_on(day)):
            return day
    return None


def _stops(entry: Entry) -> bool:
    """Whether a change leaves nothing from its day on because somebody decided so."""
    if entry.kind == STOP:
        return True
    if entry.kind != REVIEW or entry.data.get("decision") != "stop":
        return False
    step = step_on(_steps(entry.after), entry.on)
    return (step is None or not any(step.amounts)) and not any(each.on >= entry.on for each in _visits(entry.after))


def _less(file: PlanFile, earlier: Standing, on: date) -> bool:
    """Whether the version that waits has less for a day than the confirmed one, or stands against it."""
    changed = [entry for entry in earlier.waiting if entry.on <= on]
    if not changed:
        return False
    if file.plan.status != PROPOSAL:
        return True
    was, will = released(earlier.steps, earlier.held, on).step, step_on(file.plan.steps, on)
    lower = was is not None and was.daily > (0 if will is None else will.daily)
    given = {each.on for each in _visits(file.plan.document())}
    return lower or any(each.on == on and on not in given for each in earlier.visits)


def _steps(said: Mapping[str, Any]) -> tuple[Step, ...]:
    return tuple(read_step(row) for row in said["steps"])


def _visits(said: Mapping[str, Any]) -> tuple[Visit, ...]:
    return tuple(Visit(date.fromisoformat(row["on"]), row["route"], row["amount"], row["unit"]) for row in said["sessions"])


def _before(steps: Sequence[Step], day: date | None) -> tuple[Step, ...]:
    if day is None:
        return tuple(steps)
    cut = day - _DAY
    return tuple(
        step if step.last is not None and step.last < day else step._replace(last=cut) for step in steps if step.first < day
    )
