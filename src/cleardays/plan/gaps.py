"""After days without a dose: go on, begin anew, or ask first. A longer gap never leads to a higher dose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.plan.course import ALTERNATE, Steps, current, ended, left, planned_dose, put_off, shifted, then
from cleardays.plan.draft import Known
from cleardays.plan.plan import Plan
from cleardays.sources import Reason

_HOUR = timedelta(hours=1)
_ASK = "ask"


class AfterGap(NamedTuple):
    """The steps from the day on which a dose is due again, and whether the schedule begins anew with it.

    Where it has to be asked first the steps end, and `ask` says what.
    """

    steps: Steps
    anew: bool
    reason: Reason
    ask: str | None = None


def after_gap(known: Known, plan: Plan, fresh: Plan, missed_from: date, on: date, gap_h: float) -> AfterGap:
    """What holds after a gap.

    Args:
        known: the person and the treatment.
        plan: as it runs.
        fresh: the schedule as it would be drafted from `on`, for the person as known now.
        missed_from: the first day without its dose.
        on: the day of the next dose that is planned.
        gap_h: hours from the last dose taken to that one.
    """
    here, limit, (says, source) = current(plan.steps, missed_from), plan.restart_after_gap_h, _missed(known)
    titrated = len([step for step in fresh.steps if not step.if_needed]) > 1
    without = f"{gap_h:g} hours without a dose"
    if limit is not None and gap_h > limit:
        if any(row.get("then") == _ASK for row in known.treatment.facts("restart")):
            reason = Reason("gap.ask", f"{without}, more than {limit:g}: call before the next dose. {says}", source)
            question = f"After {without} of {known.treatment.id}: with which dose does it go on?"
            return AfterGap(ended(plan.steps, on, reason), anew=False, reason=reason, ask=question)
        because = f"{without}, more than {limit:g}: it begins anew from its first step. {says}"
    elif limit is None and titrated and gap_h * _HOUR > policy().gap:
        because = f"{without}. The sources have no rule for it; it begins anew from its first step, which is never higher."
        source = ("catalogue-policy",)
    else:
        said = Reason("gap.go-on", f"{without}: it goes on with the same dose, and none is made up for. {says}", source)
        return AfterGap(_go_on(plan, missed_from, on), anew=False, reason=said)
    said = Reason("gap.anew", because, source)
    if fresh.steps[0].daily > here.daily:  # lowered further than any first step; that stays
        return AfterGap(_go_on(plan, missed_from, on), anew=False, reason=said)
    rungs = [rung._replace(because=f"Begun anew. {rung.because}") for rung in left(fresh.steps, fresh.start)]
    return AfterGap(then(plan.steps, rungs, on, here.unit), anew=True, reason=said)


def _go_on(plan: Plan, missed_from: date, on: date) -> Steps:
    """Days missed are days later. A last dose that is taken every day stays as it is."""
    here = current(plan.steps, missed_from)
    if here.every_days > ALTERNATE:
        return put_off(plan.steps, planned_dose(plan.steps, missed_from), on)
    return plan.steps if here.last is None and here.every_days == 1 else shifted(plan.steps, missed_from, on)


def _missed(known: Known) -> tuple[str, tuple[str, ...]]:
    """What the catalogue says of missed doses and of a gap, with its sources."""
    rows = [*known.treatment.facts("missed"), *known.treatment.facts("restart")]
    own = [row for row in rows if "half_lives" not in row]
    source = dict.fromkeys(key.partition(" ")[0] for row in own for key in row["source"])
    return " ".join(row["says"] for row in own), tuple(source)
