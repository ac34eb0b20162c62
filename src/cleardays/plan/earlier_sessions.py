"""The sessions of a plan before a day, each with its review where one was entered."""

from __future__ import annotations

from datetime import date

from cleardays.plan.journal import REVIEW, PlanFile
from cleardays.plan.session_gate import Earlier, Review


def earlier_sessions(file: PlanFile, on: date) -> tuple[Earlier, ...]:
    """Sessions of the plan before a day. A review counts for the last one before it, and only with the name of who held it."""
    found = []
    sessions = [session.on for session in file.plan.sessions if session.on < on]
    for number, day in enumerate(sessions):
        later = [*sessions[number + 1 :], on]
        reviews = [
            Review(entry.on, entry.by, entry.data.get("decision") == "another")
            for entry in file.entries
            if entry.kind == REVIEW and entry.by is not None and day < entry.on <= later[0]
        ]
        found.append(Earlier(day, file.plan.treatment, reviews[-1] if reviews else None))
    return tuple(found)
