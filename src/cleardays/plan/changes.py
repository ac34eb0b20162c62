"""Life happens: each change of a running plan is a new version with its reason, and the past stays as it was.

A change is data, so that a plan can be replayed from its versions. None of them is followed before
a clinician has confirmed it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from cleardays.plan.asked import read_asked
from cleardays.plan.change_data import ALLOWED
from cleardays.plan.change_kinds import KINDS
from cleardays.plan.change_state import REFUSED_NOW, RUNNING, STOPPED, TAPERING, Change, State
from cleardays.plan.draft import draft
from cleardays.plan.journal import CONFIRMED, REVIEW, STOP, TOLD, Entry, PlanFile, begin
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan import REFUSED
from cleardays.plan.plan_reading import read_step
from cleardays.plan.spoken import clean_name, clean_reason
from cleardays.plan.steps import Step
from cleardays.problems import BadInput, Problem

_TAPER, _GO_ON, _GAP = "taper", "go-on", "gap"


def change(file: PlanFile, what: Change) -> PlanFile:
    """The next version of a plan.

    Raises:
        BadInput: no such kind, a day that lies before the last change or outside the plan, or nothing that can be changed.
    """
    what = _said_well(what)
    _require_room(file, what)
    return _changed(file, what)


def _changed(file: PlanFile, what: Change) -> PlanFile:
    found = KINDS[what.kind](state_of(file), what)
    return file.with_entry(found.plan, what.kind, what.on, what.why, what.by, dict(what.data))


def state_of(file: PlanFile) -> State:
    """A plan with what it was drafted for, the persons as told, and what its versions make of it."""
    wish, person = read_asked(file.entries[0].data)
    told, gaps = [(file.entries[0].on, person)], list[tuple[date, date]]()
    mode = RUNNING
    for entry in file.entries[1:]:
        if entry.kind == TOLD:
            told.append((entry.on, read_person(entry.data["person"])))
        if entry.kind == _GAP:
            gaps.append((date.fromisoformat(entry.data["missed_from"]), entry.on))
        mode = _mode(mode, entry)
    return State(wish, tuple(told), file.plan, mode, tuple(gaps))


def _mode(mode: str, entry: Entry) -> str:
    """What the plan is doing after a version."""
    ends = entry.kind in (STOP, _TAPER) or (entry.kind == REVIEW and entry.data.get("decision") == "stop")
    steps = _steps(entry)
    gone = bool(steps) and not any(steps[-1].amounts) and steps[-1].first == entry.on
    if entry.kind == _GAP and gone and mode != STOPPED and entry.after["status"] != "incomplete":
        return STOPPED
    if ends:
        return TAPERING if steps and not gone and entry.kind != STOP else STOPPED
    if entry.kind == TOLD and entry.after["status"] == REFUSED:
        return REFUSED_NOW
    if entry.kind == _GO_ON or (entry.kind == TOLD and mode == REFUSED_NOW):
        return RUNNING
    return mode


def _steps(entry: Entry) -> tuple[Step, ...]:
    return tuple(read_step(row) for row in entry.after["steps"])


def replayed(file: PlanFile) -> State:
    """The state made anew from the versions alone."""
    return state_of(replay(file))


def replay(file: PlanFile) -> PlanFile:
    """The file made anew from the versions alone: what each of its versions says is what those up to it make."""
    wish, person = read_asked(file.entries[0].data)
    found = begin(wish, person, draft(wish, person))
    for entry in file.entries[1:]:
        if entry.kind == CONFIRMED:
            again = found.with_entry(found.plan, entry.kind, entry.on, entry.why, entry.by, entry.data)
        else:
            again = _changed(found, Change(entry.kind, entry.on, entry.why, entry.by, entry.data))
        found = again
    return found


def _said_well(what: Change) -> Change:
    """Its words cleaned, its kind known, and nothing told that does not belong to it."""
    if what.kind not in KINDS:
        raise BadInput(Problem("KIND", f"{what.kind!r} is no change.", f"Write one of {', '.join(KINDS)}."))
    surplus = sorted(set(what.data) - ALLOWED[what.kind].keys())
    if surplus:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in surplus)
        raise BadInput(Problem(names, f"it does not belong to {what.kind}.", "Leave it out."))
    by = None if what.by is None else clean_name(what.by)
    data: dict[str, Any] = dict(what.data)
    return what._replace(why=clean_reason(what.why), by=by, data=data)


def _require_room(file: PlanFile, what: Change) -> None:
    if what.on < file.last_change_on and file.version > 1 and what.kind != STOP:
        because = f"version {file.version} holds from {file.last_change_on} on; the past is not rewritten."
        raise BadInput(Problem("--on", because, f"Choose {file.last_change_on} or later; only a stop may come before it."))
    if what.on < file.plan.start:
        raise BadInput(Problem("--on", f"the plan begins on {file.plan.start}.", "Draft it anew instead."))
    if not file.plan.steps and not file.plan.sessions and len(file.entries) == 1:
        raise BadInput(Problem("PLAN", f"the plan is {file.plan.status} and has nothing to change.", "Draft it anew."))
