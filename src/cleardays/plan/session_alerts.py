"""Alerts with the minute of a session to which they belong, and how the catalogue's rules are asked for one of its moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.alerts import Alert, grave
from cleardays.plan.person import Person
from cleardays.plan.screening import Question, screen
from cleardays.sources import source_keys

POLICY = ("catalogue-policy",)
REFUSES = "contraindicated"
STOPS = "critical"
_IN_THE_SESSION = "In the session:"
_MEDICINE = "medicines."


class SessionAlert(NamedTuple):
    """One concern at one minute: before the session, during it, or when the person leaves."""

    minute: float
    phase: str
    alert: Alert

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"minute": self.minute, "phase": self.phase, **self.alert.document()}

    @property
    def order(self) -> tuple[float, int, str, str, str]:
        """By minute, the gravest first."""
        return self.minute, grave(self.alert.severity), self.alert.code, self.alert.subject, self.phase

    @property
    def stops(self) -> bool:
        """Whether what is given must stop: every critical one does, unless it has words of its own for the session."""
        return self.alert.severity == STOPS and not self.alert.action.startswith(_IN_THE_SESSION)

    @property
    def forbids(self) -> bool:
        """Whether it is critical or contraindicated."""
        return grave(self.alert.severity) <= grave(REFUSES)


def own_alert(
    code: str,
    severity: str,
    subject: str,
    because: str,
    action: str,
    source: tuple[str, ...] = POLICY,
    confidence: str = "design",
) -> Alert:
    """A concern that no rule of the catalogue words: what is missing in a record, or was not done."""
    return Alert(f"session.{code}", severity, subject, because, action, source, confidence)


def by_row(row: Mapping[str, Any], code: str, severity: str, subject: str) -> Alert:
    """A concern in the words of a row of monitoring."""
    threshold = f" ({row['threshold']})" if "threshold" in row else ""
    because = f"{row['what'].capitalize()}, {row['at']}{threshold}."
    return own_alert(code, severity, subject, because, row["action"], source_keys(row), row["confidence"])


def asked(treatment: Treatment, person: Person) -> tuple[tuple[Alert, ...], tuple[Question, ...]]:
    """What the rules say of one moment, and what is open about the medicines named.

    Nothing but the moment is told, so that only the rules on it can hold. Lists that are
    not told here were told to the screen before.
    """
    told = person._replace(
        conditions=person.conditions or (),
        medicines=person.medicines or (),
        allergies=(),
        past_reactions=(),
        diary_flags=person.diary_flags or (),
    )
    found = screen(treatment.id, told)
    return found.alerts, tuple(_open_medicines(found.unknown))


def _open_medicines(unknown: tuple[Question, ...]) -> Iterator[Question]:
    for each in unknown:
        if each.name.startswith(_MEDICINE) and each.required:
            yield each
