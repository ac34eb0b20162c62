"""When a trial of a treatment is judged, and the rule to stop it, both written before the first day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from cleardays.catalogue.planning import policy
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.person import Person
from cleardays.plan.protocol_choice import conditions_of
from cleardays.sources import Reason, source_keys

_WEEK = 7


class Review(NamedTuple):
    """The day on which it is judged, and why not sooner."""

    on: date
    reason: Reason


class StopRule(NamedTuple):
    """When to give up: the first outcome has to fall by at least this share of the baseline, in the window before the review.

    `payer` is who asks for it, where one does; `outcomes` are measured each by itself.
    """

    outcomes: tuple[str, ...]
    threshold: float
    window: tuple[date, date]
    says: str
    source: tuple[str, ...]
    confidence: str
    payer: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        first, last = self.window
        return {
            "outcome": self.outcomes[0],
            "outcomes": list(self.outcomes),
            "threshold": self.threshold,
            "window": {"from": first.isoformat(), "to": last.isoformat(), "days": (last - first).days + 1},
            "payer": self.payer,
            "says": self.says,
            "source": list(self.source),
            "confidence": self.confidence,
        }


def review_of(treatment: Treatment, variant: str | None, where: str, start: date, at_target: date) -> Review:
    """Weeks at the target dose where the sources count those, else weeks from the start; the latest of them.

    Args:
        treatment: of the catalogue.
        variant: of the protocol.
        where: a jurisdiction or "any".
        start: the first dose or session.
        at_target: the first day at the target dose.
    """
    rows = [row for row in conditions_of(treatment, "judge", where) if row.get("variant") in (None, variant)]
    counted = [row for row in rows if "weeks_at_target" in row]
    key, from_day = ("weeks_at_target", at_target) if counted else ("weeks_from_start", start)
    rows = counted or [row for row in rows if "weeks_from_start" in row]
    weeks = max(float(row[key]) for row in rows)
    longest = [row for row in rows if float(row[key]) == weeks]
    because = " ".join(dict.fromkeys(row["says"] for row in longest))
    return Review(from_day + timedelta(days=round(weeks * _WEEK)), Reason.of("review", because, *longest))


def stop_rule_of(treatment: Treatment, indication: str, person: Person, where: str, review: date) -> StopRule:
    """The first rule of the policy that fits: what must have fallen, by how much, in which days, and who asks for it."""
    row = next(row for row in policy().stop_rules if _fits(row, treatment, indication, person, where))
    last = review - timedelta(days=1)
    window = (review - policy().window, last)
    said = (row["says"], source_keys(row), row["confidence"], row.get("payer"))
    return StopRule(policy().outcomes[indication], float(row["threshold"]), window, *said)


def _fits(row: Mapping[str, Any], treatment: Treatment, indication: str, person: Person, where: str) -> bool:
    days = person.headache_days_per_28
    return (
        treatment.id in row.get("treatments", (treatment.id,))
        and where in row.get("jurisdiction", (where,))
        and indication in row.get("indications", (indication,))
        and ("headache_days_at_least" not in row or (days is not None and days >= row["headache_days_at_least"]))
    )
