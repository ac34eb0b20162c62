"""The sheet for one supervised session: what is checked, read, stopped for and reviewed. Everything on it is the catalogue's.

Amount and rate stay empty and are marked as the clinician's. What was studied stands
beside them with what came of it, never in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from cleardays.catalogue.screening_rules import Rule, leaves_of
from cleardays.catalogue.treatments import Treatment, catalogue_version
from cleardays.clock import say_day
from cleardays.plan.results import results_of
from cleardays.plan.session_rules import (
    BEFORE,
    DISCHARGE,
    DURING,
    MEASURES,
    Limit,
    Times,
    limits_of,
    review_day,
    review_row,
    session_row,
    supervised_treatment,
    times_of,
    to_do,
    watched,
)
from cleardays.plan.session_studied import NOT_A_DOSE, Studied, studied
from cleardays.sources import Reason, source_keys

CLINICIAN = "clinician"
_REFUSES = "contraindicated"
_STOPS = "critical"
_AFTER = "after-dose"
_BLOCKS = ("action.unsupervised", "session.too-early")


class Check(NamedTuple):
    """One thing to see to: what, when, from what on, why, what to do (`do`: stop, call, hold or None), from which source."""

    what: str
    at: str
    threshold: str | None
    because: str | None
    action: str
    do: str | None
    severity: str | None
    source: tuple[str, ...]
    confidence: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "source": list(self.source)}


class SessionSheet(NamedTuple):
    """One supervised session, drafted. Amount, rate and unit are None until the clinician writes them."""

    treatment: str
    catalogue_version: str
    on: date
    route: str
    amount: None
    rate: None
    unit: None
    needs: str
    says: str
    observe_min: float
    conditions: tuple[str, ...]
    before: tuple[Check, ...]
    medicines_that_day: tuple[Check, ...]
    blocks: tuple[Check, ...]
    times: Times
    due: tuple[float, ...]
    limits: tuple[Limit, ...]
    during: tuple[Check, ...]
    findings: tuple[Check, ...]
    discharge: tuple[Check, ...]
    after: tuple[Check, ...]
    review_on: date
    review: Check
    studied: tuple[Studied, ...]
    evidence: tuple[Mapping[str, Any], ...]
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        checks = {name: [each.document() for each in getattr(self, name)] for name in _LISTS}
        return {
            **self._asdict(),
            **checks,
            "on": self.on.isoformat(),
            "conditions": list(self.conditions),
            "times": self.times.document(),
            "due": list(self.due),
            "review_on": self.review_on.isoformat(),
            "review": self.review.document(),
            "studied_is": NOT_A_DOSE,
            "evidence": [dict(row) for row in self.evidence],
        }

    def session(self) -> dict[str, object]:
        """The session as the plan lists it."""
        return {
            "on": self.on.isoformat(),
            "route": self.route,
            "amount": None,
            "rate": None,
            "unit": None,
            "sites": [],
            "observe_min": self.observe_min,
            "needs": self.needs,
        }


_LISTS = (
    "before", "medicines_that_day", "blocks", "limits", "during", "findings", "discharge", "after", "studied", "reasons",
)  # fmt: skip


def session_sheet(treatment: str, on: date) -> SessionSheet:
    """The sheet of one session on one day.

    Args:
        treatment: any name of a treatment that is given as one supervised session.
        on: local calendar day of the session.

    Raises:
        BadInput: the treatment is not known, or is not given so.
    """
    found = supervised_treatment(treatment)
    row, times, limits = session_row(found), times_of(found), limits_of(found)
    return SessionSheet(
        treatment=found.id,
        catalogue_version=catalogue_version(),
        on=on,
        route=row["route"],
        amount=None,
        rate=None,
        unit=None,
        needs=CLINICIAN,
        says=row["says"],
        observe_min=row["observe_min"],
        conditions=tuple(row["needs"]),
        before=tuple(map(_check, watched(found, BEFORE))),
        medicines_that_day=tuple(_medicines_that_day(found)),
        blocks=tuple(_blocks(found)),
        times=times,
        due=times.due(row["observe_min"]),
        limits=limits,
        during=tuple(_check(each) for each in watched(found, DURING) if each.get("number") not in MEASURES),
        findings=tuple(_findings(found)),
        discharge=tuple(map(_check, watched(found, DISCHARGE))),
        after=tuple(map(_check, watched(found, _AFTER))),
        review_on=review_day(found, on),
        review=_check(review_row(found)),
        studied=studied(found),
        evidence=results_of(found),
        reasons=tuple(_reasons(found, on)),
    )


def _check(row: Mapping[str, Any]) -> Check:
    said = (row["what"], row["at"], row.get("threshold"), None, row["action"], to_do(row["action"]), None)
    return Check(*said, source_keys(row), row["confidence"])


def _of_rule(rule: Rule) -> Check:
    said = (rule["subject"], "before the session", None, rule["because"], rule["action"], to_do(rule["action"]))
    return Check(*said, rule["severity"], source_keys(rule), rule["confidence"])


def _medicines_that_day(treatment: Treatment) -> Iterable[Check]:
    """What must not have been taken that day, or is to be told."""
    for rule in treatment.facts("rule"):
        if any("within_hours" in leaf for leaf in leaves_of(rule["when"])):
            yield _of_rule(rule)


def _blocks(treatment: Treatment) -> Iterable[Check]:
    """What besides keeps the session from being given."""
    for rule in treatment.facts("rule"):
        if rule["severity"] == _REFUSES and rule["code"] in _BLOCKS:
            yield _of_rule(rule)


def _findings(treatment: Treatment) -> Iterable[Check]:
    """Findings that no number tells and that need help at once."""
    for row in treatment.facts("red_flag"):
        if row["severity"] == _STOPS:
            said = (row["says"], "at any time", None, None, row["action"], to_do(row["action"]), row["severity"])
            yield Check(*said, source_keys(row), row["confidence"])


def _reasons(treatment: Treatment, on: date) -> Iterable[Reason]:
    row, review = session_row(treatment), review_row(treatment)
    yield Reason.of("session.one-at-a-time", row["says"], row)
    yield Reason.of("session.amount-from-clinician", f"No amount and no rate is drafted. {NOT_A_DOSE}", row)
    until = f"No second session before the review on {say_day(review_day(treatment, on))}. {review['action']}"
    yield Reason.of("session.review", until, review)
    for stopping in treatment.facts("stopping"):
        yield Reason.of("session.going-on", stopping["says"], stopping)
