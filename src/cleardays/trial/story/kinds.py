"""Every kind of event, and who may tell it. What a person lets a helper tell stands in the consent (`helpers_told`)."""

from __future__ import annotations

from collections.abc import Mapping

from cleardays.problems import BadInput, Problem
from cleardays.trial.story import phases
from cleardays.trial.story.diary_told import DIARY_KINDS
from cleardays.trial.story.events import CLINICIAN, HELPER, NURSE, PERSON, SOFTWARE, Event

BASELINE_FIXED = "baseline.fixed"
TRIED, INTAKE, GOAL = "tried.told", "intake.told", "goal.told"
CONSENTED, CONSENT_WITHDRAWN = "helper.consented", "helper.withdrawn"
FLAG_SHOWN, FLAG_ANSWERED = "flag.shown", "flag.answered"
SESSION_HELD = "session.held"

_PEOPLE = (PERSON, HELPER, CLINICIAN, NURSE)
_ANYBODY = (*_PEOPLE, SOFTWARE)
_OF_THE_PERSON: Mapping[str, tuple[str, ...]] = {
    BASELINE_FIXED: _ANYBODY,
    TRIED: _PEOPLE,
    INTAKE: _PEOPLE,
    GOAL: _PEOPLE,
    CONSENTED: (PERSON,),
    CONSENT_WITHDRAWN: (PERSON, HELPER),  # a helper may step down
    FLAG_SHOWN: _ANYBODY,
    FLAG_ANSWERED: _PEOPLE,
    SESSION_HELD: (CLINICIAN, NURSE),  # qualified practitioners only
}
PERSON_KINDS = tuple(_OF_THE_PERSON)
WHO: Mapping[str, tuple[str, ...]] = {**dict.fromkeys(DIARY_KINDS, _ANYBODY), **phases.WHO, **_OF_THE_PERSON}
KINDS = tuple(WHO)
# What a person may let a helper tell: everything but consent itself, which stays the person's.
FOR_HELPERS = tuple(kind for kind, roles in WHO.items() if HELPER in roles and kind != CONSENT_WITHDRAWN)


def require_role(event: Event, where: str) -> None:
    """Refuse what is not for this role.

    Raises:
        BadInput: says for whom it is.
    """
    if event.by.role not in WHO[event.kind]:
        who = " or ".join(WHO[event.kind])
        what = f"{event.kind} is for a {who}, and {event.by.name} told it as {event.by.role}."
        raise BadInput(Problem(f"{where}, by.role", what, f"Have a {who} do it."))
