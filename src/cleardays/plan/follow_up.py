"""A running plan against its diary: care that was attended, effects that should have gone, actions without a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.diary.entries import Event
from cleardays.diary.records import Diary
from cleardays.plan.care import Attendance, Part, attendance
from cleardays.plan.journal import PlanFile
from cleardays.plan.monitoring import Check
from cleardays.plan.step_gate import StepGate, step_gate

_EFFECT, _CARE = "side_effect", "care"
_SOON = timedelta(days=7)


class Overdue(NamedTuple):
    """An effect that nobody said has ended, though it should have by now."""

    event: Event
    days: int
    expected_days: int
    says: str
    source: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "effect": self.event.term,
            "since": (self.event.since or self.event.date).isoformat(),
            "days": self.days,
            "expected_days": self.expected_days,
            "says": self.says,
            "source": list(self.source),
        }


class FollowUp(NamedTuple):
    """What is due and what is open on one day. `unanswered` are actions of which nobody said whether they helped."""

    on: date
    checks: tuple[Check, ...]
    overdue: tuple[Overdue, ...]
    unanswered: tuple[Event, ...]
    answered: tuple[Event, ...]
    care: tuple[Attendance, ...]
    next_step: StepGate | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "on": self.on.isoformat(),
            "checks": [check.document() for check in self.checks],
            "overdue_effects": [each.document() for each in self.overdue],
            "actions_without_a_result": [_action(event) for event in self.unanswered],
            "actions": [{**_action(event), "helped": event.helped} for event in self.answered],
            "care": [_care(each) for each in self.care],
            "next_step": None if self.next_step is None else self.next_step.document(),
        }


def follow_up(file: PlanFile, diary: Diary, on: date) -> FollowUp:
    """Look at a plan and its diary on one day.

    Args:
        file: the plan.
        diary: with its events (effects, care).
        on: the day; what the diary tells of later days is not looked at.
    """
    events = [event for event in diary.beside.events if event.date <= on]
    acted = [event for event in events if event.action]
    checks = [check for check in file.plan.monitoring if check.on <= on + _SOON and (check.until is None or check.until >= on)]
    return FollowUp(
        on,
        tuple(checks),
        tuple(_overdue(file.plan.treatment, events, file.plan.start, on)),
        tuple(event for event in acted if event.helped is None),
        tuple(event for event in acted if event.helped is not None),
        tuple(attendance(part, _logged(part, events), on) for part in file.plan.parts),
        step_gate(file.plan, diary, on),
    )


def _overdue(treatment: str, events: list[Event], start: date, on: date) -> Iterator[Overdue]:
    for event in events:
        since = event.since or event.date
        if event.kind != _EFFECT or since < start or (event.until is not None and event.until <= on):
            continue
        row = next(row for row in policy().effects_gone if _fits(row, treatment, event.term))
        days = (on - since).days
        if days > row["days"]:
            source = tuple(key.partition(" ")[0] for key in row["source"])
            yield Overdue(event, days, int(row["days"]), row["says"], source)


def _fits(row: Mapping[str, Any], treatment: str, term: str) -> bool:
    terms = row.get("terms", ("",))
    return treatment in row.get("treatments", (treatment,)) and any(each in term.casefold() for each in terms)


def _logged(part: Part, events: list[Event]) -> dict[date, bool]:
    """Days of care that were logged under the name or the kind of a part; coming once on a day is coming."""
    names, found = {part.what.casefold(), part.kind, part.kind.replace("-", " ")}, dict[date, bool]()
    for event in events:
        if event.kind == _CARE and event.attended is not None and event.term.casefold() in names:
            found[event.date] = found.get(event.date, False) or event.attended
    return found


def _action(event: Event) -> dict[str, object]:
    return {"on": event.date.isoformat(), "about": event.term, "action": event.action}


def _care(each: Attendance) -> dict[str, object]:
    return {"what": each.part.what, "due": each.due, "came": each.came, "missed": each.missed, "unlogged": each.unlogged}
