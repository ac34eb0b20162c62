"""A plan with its versions in words: what it is now, then the plan."""

from __future__ import annotations

from collections.abc import Iterator

from cleardays.cli.commands.plan_words import STATUS, about, body
from cleardays.plan.day_of_plan import stop_entered
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan import PROPOSAL

_RUNNING = {
    "refused": "REFUSED: what was told stands against it. Nothing more is planned; call the clinician before the next dose.",
    "incomplete": "INCOMPLETE: call the clinician before the next dose; the questions below are open.",
}


def running_lines(file: PlanFile) -> Iterator[str]:
    """Line by line, under what it is now: confirmed, stopped, refused, or waiting for a clinician."""
    yield f"{about(file.plan)}: {standing_in_words(file)}"
    yield from body(file.plan)


def standing_in_words(file: PlanFile) -> str:
    """Whether the version of now may be followed, in one sentence; a stop never waits."""
    said, stopped = file.confirmation, stop_entered(file)
    if said is not None:
        return f"CONFIRMED by {said.by}, {said.at:%Y-%m-%d %H:%M}."
    if stopped is not None:
        return f"STOPPED from {stopped.on} on. That holds at once; a clinician still has to confirm it."
    if len(file.entries) > 1 and file.plan.status in _RUNNING:
        return _RUNNING[file.plan.status]
    return "Not confirmed, not to be followed yet." if file.plan.status == PROPOSAL else STATUS[file.plan.status]
