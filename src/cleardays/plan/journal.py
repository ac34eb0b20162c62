"""A plan with everything that happened to it: each change is a new version, and the past is never rewritten.

The first entry is the draft with what it was drafted from. What a plan says on a day that lies
behind a change is what it said then, so that a dose log can always be read against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cleardays.plan.confirmed import Confirmation
from cleardays.plan.draft import Wish
from cleardays.plan.parts_reading import part_document
from cleardays.plan.person import Person
from cleardays.plan.person_document import person_document
from cleardays.plan.plan import Plan

FORMAT, FORMAT_VERSION = "cleardays-plan", 1
# Kinds of versions that others ask for by name.
DRAFTED, CONFIRMED, TOLD, STOP, REVIEW = "drafted", "confirmed", "told", "stop", "review"


class Entry(NamedTuple):
    """One version: from which day it holds, why, by whom, and what it is made from.

    `after` is what the plan said from then on: its steps, sessions and review.
    """

    version: int
    kind: str
    on: date
    why: str
    by: str | None
    data: Mapping[str, Any]
    after: Mapping[str, Any]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "on": self.on.isoformat()}


class PlanFile(NamedTuple):
    """A plan as it is now, its versions, and its confirmation (None: nobody confirmed this version).

    `calendar_id` names it in calendars, from its first confirmation on. `simulated`: it is of nobody real.
    """

    plan: Plan
    entries: tuple[Entry, ...]
    confirmation: Confirmation | None = None
    calendar_id: str | None = None
    simulated: bool = False

    @property
    def version(self) -> int:
        """Counts from 1."""
        return self.entries[-1].version

    @property
    def last_change_on(self) -> date:
        """The first day that may still be changed."""
        return self.entries[-1].on

    def document(self) -> dict[str, object]:
        """As it stands in JSON output and in files."""
        return {
            **self.plan.document(),
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "version": self.version,
            "calendar_id": self.calendar_id,
            "confirmed": None if self.confirmation is None else self.confirmation.document(),
            "history": [entry.document() for entry in self.entries],
            **({"simulated": True} if self.simulated else {}),
        }

    def with_entry(self, plan: Plan, kind: str, on: date, why: str, by: str | None, data: Mapping[str, Any]) -> PlanFile:
        """One version more; what nobody confirmed yet is not to be followed."""
        entry = Entry(self.version + 1, kind, on, why, by, data, said_by(plan))
        return self._replace(plan=plan, entries=(*self.entries, entry), confirmation=None)


def begin(wish: Wish, person: Person, plan: Plan) -> PlanFile:
    """The first version."""
    entry = Entry(1, DRAFTED, wish.start, "First draft.", None, asked(wish, person), said_by(plan))
    return PlanFile(plan, (entry,))


def said_by(plan: Plan) -> dict[str, Any]:
    """What a version says that a later one may change."""
    document = plan.document()
    return {key: document[key] for key in ("status", "catalogue_version", "protocol", "steps", "sessions", "review_on")}


def asked(wish: Wish, person: Person) -> dict[str, Any]:
    """What a draft is made from."""
    return {
        "treatment": wish.treatment,
        "indication": wish.indication,
        "start": wish.start.isoformat(),
        "target": None if wish.target is None else str(wish.target),
        "at_most": None if wish.at_most is None else str(wish.at_most),
        "protocol": wish.protocol,
        "jurisdiction": wish.jurisdiction,
        "parts": [part_document(part) for part in wish.parts],
        "person": person_document(person),
    }
