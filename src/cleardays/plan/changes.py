"""Life happens: each change of a running plan is a new version with its reason, and the past stays as it was.

A change is data, so that a plan can be replayed from its versions. None of them is followed before
a clinician has confirmed it.
"""

from __future__ import annotations

from cleardays.plan.asked import read_asked
from cleardays.plan.change_kinds import KINDS
from cleardays.plan.change_state import Change, State
from cleardays.plan.draft import draft
from cleardays.plan.journal import CONFIRMED, TOLD, PlanFile
from cleardays.plan.person_reading import read_person
from cleardays.problems import BadInput, Problem


def change(file: PlanFile, what: Change) -> PlanFile:
    """The next version of a plan.

    Raises:
        BadInput: no such kind, a day that lies before the last change or outside the plan, or nothing that can be changed.
    """
    _require_room(file, what)
    found = applied(state_of(file), what)
    return file.with_entry(found.plan, what.kind, what.on, what.why, what.by, dict(what.data))


def applied(state: State, what: Change) -> State:
    """The state after a change."""
    if what.kind not in KINDS:
        raise BadInput(Problem("KIND", f"{what.kind!r} is no change.", f"Write one of {', '.join(KINDS)}."))
    return KINDS[what.kind](state, what)


def state_of(file: PlanFile) -> State:
    """A plan with what it was drafted for, and the person with all that was told since."""
    wish, person = read_asked(file.entries[0].data)
    for entry in file.entries:
        if entry.kind == TOLD:
            person = read_person(entry.data["person"])
    return State(wish, person, file.plan)


def replayed(file: PlanFile) -> State:
    """The state made anew from the versions alone."""
    wish, person = read_asked(file.entries[0].data)
    state = State(wish, person, draft(wish, person))
    for entry in file.entries[1:]:
        if entry.kind != CONFIRMED:
            state = applied(state, Change(entry.kind, entry.on, entry.why, entry.by, entry.data))
    return state


def _require_room(file: PlanFile, what: Change) -> None:
    if not any(letter.isalpha() for letter in what.why):
        raise BadInput(Problem("--why", "a change needs its reason.", 'Write it, for example --why "rash on the arms".'))
    if what.on < file.last_change_on and file.version > 1:
        because = f"version {file.version} holds from {file.last_change_on} on; the past is not rewritten."
        raise BadInput(Problem("--on", because, f"Choose {file.last_change_on} or later."))
    if what.on < file.plan.start:
        raise BadInput(Problem("--on", f"the plan begins on {file.plan.start}.", "Draft it anew instead."))
    if not file.plan.steps and not file.plan.sessions:
        raise BadInput(Problem("PLAN", f"the plan is {file.plan.status} and has nothing to change.", "Draft it anew."))
