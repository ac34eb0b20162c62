"""Who confirmed a plan and when: a pair that is never apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from cleardays.plan.alerts import grave
from cleardays.plan.plan import Plan

_GRAVE = "major"


class Confirmation(NamedTuple):
    """A clinician's word for one version of a plan.

    `by` is a name, `at` a time with its zone. `accepted` holds, by the code of an alert that the
    plan does not answer, why the clinician goes on in spite of it. `diary_until` is the last
    day of the diary that was looked at.
    """

    by: str
    at: datetime
    version: int
    catalogue_version: str
    accepted: Mapping[str, str]
    diary_until: date | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        until = None if self.diary_until is None else self.diary_until.isoformat()
        return {**self._asdict(), "at": self.at.isoformat(), "accepted": dict(self.accepted), "diary_until": until}


def read_confirmation(row: Mapping[str, Any]) -> Confirmation:
    """As a document has it."""
    until = None if row["diary_until"] is None else date.fromisoformat(row["diary_until"])
    said = (row["version"], row["catalogue_version"], row["accepted"], until)
    return Confirmation(row["by"], datetime.fromisoformat(row["at"]), *said)


def to_answer_for(plan: Plan) -> frozenset[str]:
    """The codes of the alerts that a confirmation has to answer for: grave, and not answered by the plan itself."""
    return frozenset(
        found.alert.code for found in plan.alerts if grave(found.alert.severity) <= grave(_GRAVE) and not found.answered
    )
