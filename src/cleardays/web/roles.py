"""Who looks, at what, and what for: roles, families of data, acts, and the one rule that joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PERSON, HELPER, CLINICIAN, NURSE, RESEARCHER, KEEPER, NOBODY = (
    "person", "helper", "clinician", "nurse", "researcher", "keeper", "nobody",
)  # fmt: skip
ROLES = (PERSON, HELPER, CLINICIAN, NURSE, RESEARCHER, KEEPER, NOBODY)

# Families of data, each shown by a consent of its own.
DIARY, RECOVERY, PLAN, ANSWER, HISTORY = "diary", "recovery", "plan", "answer", "history"
FAMILIES = (DIARY, RECOVERY, PLAN, ANSWER, HISTORY)
# What is not of a person's health: own settings, the list of people, accounts, what anybody may read.
OPEN, OWN, LIST, COHORT, HOUSE = "open", "own", "list", "cohort", "house"
# Any family of a person's data, whichever they show: the page that leads to each of them.
SOME = "some"

# ADD tells something without seeing what stands there, as a device in an attack does; WRITE tells it where the diary is seen.
READ, ADD, WRITE, CHANGE, CONFIRM = "read", "add", "write", "change", "confirm"
ACTS = (READ, ADD, WRITE, CHANGE, CONFIRM)

# What a role may do with a family once the person has consented to it. A person needs no consent to what is theirs.
_WITH_CONSENT: Mapping[str, tuple[str, ...]] = {
    HELPER: (READ, ADD, WRITE),
    NURSE: (READ, ADD, WRITE),
    CLINICIAN: (READ, ADD, WRITE, CHANGE, CONFIRM),
}


class Need(NamedTuple):
    """What an endpoint is about and what is done with it."""

    about: str
    act: str = READ


class Viewer(NamedTuple):
    """Who asks.

    `person` is whose story is theirs (a person), `account` the row that they signed in with, both None where there is
    none. `shown` tells for each person who consented which families this viewer may see. `may_add` is a device that was
    let to add entries for one person without signing in, and to read nothing.
    """

    role: str
    name: str = ""
    account: str | None = None
    person: str | None = None
    shown: Mapping[str, frozenset[str]] = {}  # never changed
    may_add: str | None = None


def allowed(viewer: Viewer, need: Need, person: str | None = None) -> bool:
    """Whether a viewer may do what an endpoint needs; the only place that decides it.

    Args:
        viewer: who asks.
        need: what for.
        person: whose data it is; None where it is nobody's.

    >>> allowed(Viewer(PERSON, person="ada"), Need(DIARY, CHANGE), "ada")
    True
    >>> allowed(Viewer(PERSON, person="ada"), Need(DIARY), "bob")
    False
    >>> allowed(Viewer(NURSE, shown={"ada": frozenset({DIARY})}), Need(RECOVERY), "ada")
    False
    """
    if need.about == OPEN:
        return True
    if need.about == OWN:
        return viewer.account is not None or viewer.role == PERSON
    if need.about == LIST:
        return viewer.role in (CLINICIAN, NURSE)
    if need.about == COHORT:
        return viewer.role in (RESEARCHER, CLINICIAN)
    if need.about == HOUSE:
        return viewer.role == KEEPER
    if person is None:
        return False
    if need.act == ADD and viewer.may_add == person and need.about in (DIARY, RECOVERY):
        return True
    if viewer.role == PERSON:
        return viewer.person == person and need.act != CONFIRM
    shown = viewer.shown.get(person, frozenset())
    return need.act in _WITH_CONSENT.get(viewer.role, ()) and bool(shown if need.about == SOME else need.about in shown)


def only_one(viewer: Viewer) -> str | None:
    """Whom a helper means who names nobody: the only one who lets them help."""
    return next(iter(viewer.shown)) if viewer.role == HELPER and len(viewer.shown) == 1 else None
