"""What was revised in the plans of a person, when, why and by whom: every version, with the dose before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from cleardays.plan.journal import CONFIRMED, DRAFTED, PlanFile
from cleardays.plan.planned_doses import Version, versions
from cleardays.texts import clean
from cleardays.trial.dose_levels import DOSE, NOTHING, SESSION, Amount
from cleardays.trial.story.trial_record import Trial

DECIDED, ENDED = "decided", "ended"
_LONGEST = 10_000


class Revision(NamedTuple):
    """One thing that was revised: of which trial, the first day on which it counts, its kind, why, and who said so.

    `was` and `now` are what the plan had for that day before and after; None where it is no version of a plan.
    """

    trial: str
    treatment: str
    on: date
    kind: str
    why: str
    by: str | None
    version: int | None = None
    was: Amount | None = None
    now: Amount | None = None

    @property
    def moves_the_dose(self) -> bool:
        """Whether the dose of its day is another one."""
        return self.was != self.now

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        doses = {name: None if (dose := getattr(self, name)) is None else dose.document() for name in ("was", "now")}
        return {**self._asdict(), "on": self.on.isoformat(), **doses}


def revisions(of: Trial, file: PlanFile | None) -> tuple[Revision, ...]:
    """Every version of the plan of a trial after the draft, every decision, and its end, in the order of their days."""
    found = [*_decisions(of)]
    if file is not None:
        known = versions(file)
        found += [_of_version(of, before, after) for before, after in pairwise(known)]
    if of.ended_on is not None:
        why = of.reason_ended or "No reason was written down."
        found.append(Revision(of.id, of.treatment, of.ended_on, ENDED, clean(why, _LONGEST), None))
    return tuple(sorted(found, key=lambda each: (each.on, each.version or 0)))


def _decisions(trial: Trial) -> Iterator[Revision]:
    for each in trial.decisions:
        why = f"{each.decision}: {'; '.join(reason.rstrip('.') for reason in each.reasons)}."
        yield Revision(trial.id, trial.treatment, each.on, DECIDED, clean(why, _LONGEST), each.by)


def _of_version(trial: Trial, before: Version, after: Version) -> Revision:
    entry = after.entry
    was, now = (_due(version, entry.on) for version in (before, after))
    why = clean(entry.why, _LONGEST)
    return Revision(trial.id, trial.treatment, entry.on, entry.kind, why, entry.by, entry.version, was, now)


def _due(version: Version, day: date) -> Amount:
    """What a version has for a day: its dose, or the next session."""
    if version.steps:
        step = version.due_step(day)
        return (
            Amount(NOTHING, None, None)
            if step is None
            else Amount(DOSE, sum(step.amounts, Decimal(0)), step.unit, step.every_days)
        )
    coming = [each for each in version.sessions if each.on >= day]
    return Amount(SESSION, coming[0].amount, coming[0].unit) if coming else Amount(NOTHING, None, None)


def is_of_note(revision: Revision) -> bool:
    """Whether it is more than a draft or its confirmation."""
    return revision.kind not in (DRAFTED, CONFIRMED) or revision.moves_the_dose
