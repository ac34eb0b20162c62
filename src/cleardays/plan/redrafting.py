"""Would the catalogue of today draft the same plan? Asked by making it anew from its versions."""

from __future__ import annotations

from cleardays.catalogue.treatments import catalogue_version
from cleardays.plan.changes import replayed
from cleardays.plan.journal import PlanFile
from cleardays.plan.plan import Plan
from cleardays.problems import BadInput


def drafts_the_same(file: PlanFile) -> bool:
    """Whether doses, sessions, review, restart gap and alerts come out as they stand in the file.

    Where the catalogue is the one of the file they do by themselves.
    """
    if file.plan.catalogue_version == catalogue_version():
        return True
    try:
        return _said(replayed(file).plan) == _said(file.plan)
    except BadInput:  # what the plan rests on is not there any more
        return False


def _said(plan: Plan) -> tuple[object, ...]:
    steps = tuple((step.first, step.last, step.amounts, step.every_days, step.unit) for step in plan.steps)
    sessions = tuple((session.on, session.amount, session.unit, session.sites) for session in plan.sessions)
    alerts = frozenset((found.alert.code, found.alert.severity, found.answered) for found in plan.alerts)
    return steps, sessions, alerts, plan.status, plan.restart_after_gap_h, None if plan.review is None else plan.review.on
