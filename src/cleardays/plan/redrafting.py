"""Would the catalogue of today make the same plan? Asked by making it anew from its versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleardays.catalogue.treatments import catalogue_version
from cleardays.plan.changes import replay
from cleardays.plan.journal import CONFIRMED, PlanFile
from cleardays.plan.plan import Plan
from cleardays.plan.steps import Step
from cleardays.problems import BadInput
from cleardays.sources import Reason

# Why a plan made anew is another one: the catalogue has changed, or the file was.
CATALOGUE, HAND = "catalogue", "hand"
# Figures that somebody wrote into a history can be any; making a plan from them may stop anywhere.
_CANNOT_BE_MADE = (BadInput, ArithmeticError, AssertionError, LookupError, StopIteration, ValueError)


def difference(file: PlanFile) -> str | None:
    """Why the plan made anew differs from the file; None where it is the same.

    Under another catalogue doses, sessions, review, restart gap and alerts of now are compared. Under the
    one of the file nothing but wording may differ, in any version: a plan that does was changed by hand.
    """
    made_by = {file.plan.catalogue_version, *(entry.after.get("catalogue_version") for entry in file.entries)}
    same_catalogue = made_by == {catalogue_version()}
    try:
        again = replay(file)
        same_past = not same_catalogue or _same_past(again, file)
    except _CANNOT_BE_MADE:  # what the plan rests on is not there any more
        return HAND if same_catalogue else CATALOGUE
    if same_catalogue:
        return None if same_past and _everything(again.plan) == _everything(file.plan) else HAND
    return None if _said(again.plan) == _said(file.plan) else CATALOGUE


def _same_past(again: PlanFile, file: PlanFile) -> bool:
    """Whether each version said what the versions up to it make; a confirmation says what the version before it does."""
    return all(
        _figures(made.after) == _figures(entry.after)
        for made, entry in zip(again.entries, file.entries, strict=True)
        if entry.kind != CONFIRMED
    )


def _figures(after: Mapping[str, Any]) -> dict[str, Any]:
    """What a version said, without the wording."""
    rows = {key: [{**row, "reason": _unworded(row["reason"])} for row in after[key]] for key in ("steps", "sessions")}
    return {**after, **rows}


def _unworded(reason: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reason.items() if key not in ("rule", "because")}


def _said(plan: Plan) -> tuple[object, ...]:
    steps = tuple((step.first, step.last, step.amounts, step.every_days, step.unit) for step in plan.steps)
    sessions = tuple((session.on, session.amount, session.unit, session.sites) for session in plan.sessions)
    alerts = frozenset((found.alert.code, found.alert.severity, found.answered) for found in plan.alerts)
    return steps, sessions, alerts, plan.status, plan.restart_after_gap_h, None if plan.review is None else plan.review.on


def _everything(plan: Plan) -> tuple[object, ...]:
    """All but what cleardays itself words, which may be another text in another version of it.

    Where a reason comes from and how sure it is, is no wording.
    """
    head = (plan.protocol, plan.confidence, plan.variant, plan.others, plan.target, plan.target_from, plan.parts)
    sessions = tuple(
        (session.route, session.observe_min, session.prepare, _rests_on(session.reason)) for session in plan.sessions
    )
    alerts = tuple((found.alert.action, found.alert.source, found.alert.confidence) for found in plan.alerts)
    reasons = tuple(_rests_on(reason) for reason in plan.reasons if reason.source)
    from_the_catalogue = (plan.monitoring, plan.restart, plan.review, plan.stop_rule, plan.unknown, alerts, reasons)
    return *_said(plan), *head, _days(plan.steps), _days(plan.taper), _days(plan.waiting), sessions, *from_the_catalogue


def _rests_on(reason: Reason) -> tuple[object, ...]:
    return reason.source, reason.confidence


def _days(steps: Iterable[Step]) -> tuple[object, ...]:
    return tuple(
        (step.first, step.last, step.counted_from or step.first, step.amounts, step.every_days, step.unit, step.if_needed,
         step.when, _rests_on(step.reason))
        for step in steps
    )  # fmt: skip
