"""A running plan against its diary on one day: what is taken, what holds a step back, what was attended, what lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.diary.entries import Event
from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag, red_flags
from cleardays.plan.alerts import grave
from cleardays.plan.care import Attendance, Part, attendance
from cleardays.plan.day_of_plan import ASK, CURRENT, EARLIER, Standing, Today, in_order, standing, today
from cleardays.plan.journal import Entry, PlanFile
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import PlanAlert
from cleardays.plan.step_gate import StepGate, step_gate
from cleardays.plan.told_findings import Findings, findings
from cleardays.sources import source_keys

_EFFECT, _CARE = "side_effect", "care"
_GRAVE = "major"
_SHOWN = ("emergency", "soon")
_SOON = timedelta(days=7)


class Overdue(NamedTuple):
    """An effect that nobody said has ended, though it should have by now."""

    event: Event
    days: int
    expected_days: int
    says: str
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "effect": self.event.term,
            "since": (self.event.since or self.event.date).isoformat(),
            "days": self.days,
            "expected_days": self.expected_days,
            "says": self.says,
            "source": list(self.source),
            "confidence": self.confidence,
        }


class FollowUp(NamedTuple):
    """What is due and what is open on one day. `unanswered` are actions of which nobody said whether they helped.

    `alerts` are the grave ones of the plan, `findings` what the diary tells and the treatment says of it, `seen` what
    the diary shows by itself: it holds no step back, and is to be told.
    """

    on: date
    checks: tuple[Check, ...]
    overdue: tuple[Overdue, ...]
    unanswered: tuple[Event, ...]
    answered: tuple[Event, ...]
    care: tuple[Attendance, ...]
    next_step: StepGate | None
    status: str
    alerts: tuple[PlanAlert, ...]
    findings: Findings
    seen: tuple[RedFlag, ...]
    standing: Standing
    today: Today

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        step = self.today.released.step
        return {
            "on": self.on.isoformat(),
            "status": self.status,
            "alerts": [each.document() for each in self.alerts],
            "told": [each.document() for each in self.findings.told],
            "told_alerts": [each.document() for each in self.findings.alerts],
            "asked": [each.document() for each in self.findings.asked],
            "diary_shows": [_seen(each) for each in self.seen],
            "step": None if step is None else step.document(),
            "today": self.today.document(),
            "confirmed_version": self._confirmed(),
            "unconfirmed_changes": [_waiting(each) for each in self.standing.waiting],
            "checks": [check.document() for check in self.checks],
            "overdue_effects": [each.document() for each in self.overdue],
            "actions_without_a_result": [_action(event) for event in self.unanswered],
            "actions": [{**_action(event), "helped": event.helped} for event in self.answered],
            "care": [_care(each) for each in self.care],
            "next_step": None if self.next_step is None else self.next_step.document(),
        }

    def _confirmed(self) -> dict[str, object] | None:
        """The last confirmation, and what it has for the day where it is not the version of now."""
        said = self.standing.confirmed
        if said is None:
            return None
        step = self.today.released.step if self.standing.kind in (CURRENT, EARLIER, ASK) else None
        at = str(said.data["at"])
        return {"version": said.version, "by": said.by, "at": at, "step": None if step is None else step.document()}


def follow_up(file: PlanFile, diary: Diary, on: date) -> FollowUp:
    """Look at a plan and its diary on one day.

    Args:
        file: the plan.
        diary: with its events (effects, care).
        on: the day; what the diary tells of later days is not looked at.
    """
    plan = file.plan
    events = [event for event in diary.beside.events if event.date <= on]
    acted = [event for event in events if event.action]
    checks = [check for check in plan.monitoring if check.on <= on + _SOON and (check.until is None or check.until >= on)]
    found, holds = findings(file, diary, on), standing(file, on)
    held = in_order((*found.held, *holds.held))
    return FollowUp(
        on,
        tuple(checks),
        tuple(_overdue(plan.treatment, events, plan.start, on)),
        tuple(event for event in acted if event.helped is None),
        tuple(event for event in acted if event.helped is not None),
        tuple(attendance(part, _logged(part, events), on) for part in plan.parts),
        step_gate(holds.steps, plan.monitoring, held, on),
        plan.status,
        tuple(each for each in plan.alerts if grave(each.alert.severity) <= grave(_GRAVE)),
        found,
        tuple(_of_itself(diary, plan.start, on)),
        holds,
        today(holds, found, on),
    )


def _of_itself(diary: Diary, start: date, on: date) -> Iterator[RedFlag]:
    """What the diary shows since the first day; what was told is read by what the treatment says of it."""
    beside = diary.beside
    attacks = tuple(attack for attack in beside.attacks if attack.date <= on)
    auras = tuple(aura for aura in beside.auras if aura.date <= on)
    records = tuple(record for record in diary.records if record.date <= on)
    if not records and not attacks:
        return
    until = replace(diary, records=records, beside=replace(beside, attacks=attacks, auras=auras, events=()))
    for flag in red_flags(until):
        if flag.tier in _SHOWN and start <= flag.on:
            yield flag


def _overdue(treatment: str, events: list[Event], start: date, on: date) -> Iterator[Overdue]:
    for event in events:
        since = event.since or event.date
        if event.kind != _EFFECT or since < start or (event.until is not None and event.until <= on):
            continue
        row = next(row for row in policy().effects_gone if _fits(row, treatment, event.term))
        days = (on - since).days
        if days > row["days"]:
            yield Overdue(event, days, int(row["days"]), row["says"], source_keys(row), row["confidence"])


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


def _seen(flag: RedFlag) -> dict[str, object]:
    said = {"on": flag.on.isoformat(), "code": flag.code, "tier": flag.tier, "shown": flag.shown}
    return {**said, "because": flag.because, "do": flag.do, "source": list(flag.source)}


def _waiting(entry: Entry) -> dict[str, object]:
    return {"version": entry.version, "kind": entry.kind, "on": entry.on.isoformat(), "why": entry.why}


def _action(event: Event) -> dict[str, object]:
    return {"on": event.date.isoformat(), "about": event.term, "action": event.action}


def _care(each: Attendance) -> dict[str, object]:
    return {"what": each.part.what, "due": each.due, "came": each.came, "missed": each.missed, "unlogged": each.unlogged}
