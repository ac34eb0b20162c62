"""Why a dose was left: a change of the plan with its reason, the next step of the plan, or what the diary tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cleardays.plan.planned_doses import Version, held_on
from cleardays.trial.dose_levels import NOTHING, SESSION, Stretch
from cleardays.trial.story import phases
from cleardays.trial.story.trial_record import Trial

CHANGED, AS_PLANNED, AS_TOLD, ENDED = "plan changed", "next step of the plan", "told otherwise", "trial ended"


class Left(NamedTuple):
    """On which day, in which way, why in words, and who said so; `version` is the one of the plan that made it so."""

    on: date
    how: str
    because: str
    by: str | None = None
    version: int | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "on": self.on.isoformat()}


def why_left(trial: Trial, known: Sequence[Version], of: Stretch, following: Stretch | None, as_of: date) -> Left | None:
    """Why the dose of a level was left; None where it goes on on the last day that was read.

    Args:
        trial: whose decisions and end are read.
        known: the versions of the plan that was followed.
        of: the level.
        following: the next one; None is the last.
        as_of: the last day that is read.
    """
    if following is None:
        ended = trial.ended_on
        if ended is None or ended > as_of:
            return None
        return Left(ended, ENDED, trial.reason_ended or "No reason was written down.")
    on = following.first
    cause = _cause(known, of, on)
    if cause is not None:
        entry = cause.entry
        return Left(on, CHANGED, f"{entry.why}{_decided(trial, of.first, on)}", entry.by, entry.version)
    if following.by_diary and following.dose.kind != SESSION:
        what = "that nothing was taken" if following.dose.kind == NOTHING else "another dose than the planned one"
        return Left(on, AS_TOLD, f"The diary tells {what} from this day on; no reason was written down.")
    if of.by_diary:
        return Left(on, AS_TOLD, "From this day on it was taken as planned again.")
    return Left(on, AS_PLANNED, "It was the day of the next step.", None, held_on(known, on).entry.version)


def _cause(known: Sequence[Version], of: Stretch, on: date) -> Version | None:
    """The version, told while this dose was taken, by which something else was due on a day than by the one before it."""
    for number in range(len(known) - 1, 0, -1):
        entry = known[number].entry
        if of.first < entry.on <= on and _due(known[number - 1], on) != _due(known[number], on):
            return known[number]
    return None


def _due(version: Version, day: date) -> object:
    step = version.due_step(day)
    if step is not None:
        return step.amounts, step.every_days
    return tuple(each.amount for each in version.sessions if each.on == day)


def _decided(trial: Trial, first: date, on: date) -> str:
    """The decision that stands behind a change, where one was made while the dose was taken."""
    made = [each for each in trial.decisions if first < each.on <= on and each.decision in (phases.ADJUST, phases.STOP)]
    if not made:
        return ""
    last = made[-1]
    return f" Decided on {last.on} by {last.by}: {last.decision} ({'; '.join(reason.rstrip('.') for reason in last.reasons)})."
