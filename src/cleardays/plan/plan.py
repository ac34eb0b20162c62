"""A plan of a treatment trial: what was drafted, for whom, by which facts."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cleardays.plan.alerts import Alert
from cleardays.plan.care import Part
from cleardays.plan.judging import Review, StopRule
from cleardays.plan.monitoring import Check
from cleardays.plan.screening import Question
from cleardays.plan.sessions import Session
from cleardays.plan.steps import Step
from cleardays.quantities import Dose
from cleardays.sources import Reason

PROPOSAL, REFUSED, INCOMPLETE = "proposal", "refused", "incomplete"


class PlanAlert(NamedTuple):
    """An alert of the screen, and whether the plan itself answers it (by its schedule, its dose or its ceiling)."""

    alert: Alert
    answered: bool

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self.alert.document(), "answered": self.answered}


class Plan(NamedTuple):
    """A draft. `status` says whether it may be confirmed; what is empty or None was not drafted.

    `waiting` are the doses that were still to come when it came to rest, dated from that day.

    `protocol` is the schedule by its name, `confidence` how sure it is, `others` those that could be chosen instead.
    `restart` says where the longest gap comes from after which a dose is simply taken up again.
    """

    status: str
    treatment: str
    indication: str
    jurisdiction: str
    start: date
    catalogue_version: str
    alerts: tuple[PlanAlert, ...]
    unknown: tuple[Question, ...]
    protocol: str | None = None
    confidence: str | None = None
    variant: str | None = None
    others: tuple[str, ...] = ()
    target: Dose | None = None
    target_from: date | None = None
    steps: tuple[Step, ...] = ()
    sessions: tuple[Session, ...] = ()
    monitoring: tuple[Check, ...] = ()
    restart_after_gap_h: float | None = None
    restart: Reason | None = None
    taper: tuple[Step, ...] = ()
    review: Review | None = None
    stop_rule: StopRule | None = None
    parts: tuple[Part, ...] = ()
    waiting: tuple[Step, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "status": self.status,
            "treatment": self.treatment,
            "indication": self.indication,
            "jurisdiction": self.jurisdiction,
            "start": self.start.isoformat(),
            "protocol": self.protocol,
            "protocol_confidence": self.confidence,
            "variant": self.variant,
            "other_protocols": list(self.others),
            "catalogue_version": self.catalogue_version,
            "target": None if self.target is None else str(self.target),
            "target_from": None if self.target_from is None else self.target_from.isoformat(),
            "steps": [step.document() for step in self.steps],
            "sessions": [session.document() for session in self.sessions],
            "monitoring": [check.document() for check in self.monitoring],
            "restart_after_gap_h": self.restart_after_gap_h,
            "restart": None if self.restart is None else self.restart.document(),
            "taper": [step.document() for step in self.taper],
            "review_on": None if self.review is None else self.review.on.isoformat(),
            "review": None if self.review is None else self.review.reason.document(),
            "stop_rule": None if self.stop_rule is None else self.stop_rule.document(),
            "waiting": [step.document() for step in self.waiting],
            "parts": [part.document() for part in self.parts],
            "alerts": [alert.document() for alert in self.alerts],
            "unknown": [question.document() for question in self.unknown],
            "reasons": [reason.document() for reason in self.reasons],
        }
