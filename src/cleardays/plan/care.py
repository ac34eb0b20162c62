"""What a plan holds beside the medicine: therapy, counselling, groups, sleep and exercise, with how often and who came.

A medicine in recovery is an adjunct. A recovery plan that names no other care is not complete, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.sources import Reason

KINDS = ("therapy", "counselling", "support-group", "sleep", "exercise", "complementary", "other")
# What counts as other care in recovery: with people.
_WITH_PEOPLE = ("therapy", "counselling", "support-group")
_RECOVERY = "recovery"
ASKED = "What other care goes with it: therapy, counselling, a support group?"


class Part(NamedTuple):
    """One part of care, every so many days from one day to another; `until` None has no end."""

    kind: str
    what: str
    on: date
    every_days: int
    until: date | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        until = None if self.until is None else self.until.isoformat()
        return {**self._asdict(), "on": self.on.isoformat(), "until": until}

    def days(self, until: date) -> tuple[date, ...]:
        """The days on which it is due, up to one of them."""
        last = until if self.until is None else min(self.until, until)
        many = (last - self.on).days // self.every_days + 1 if last >= self.on else 0
        return tuple(self.on + timedelta(days=self.every_days * number) for number in range(many))


class Attendance(NamedTuple):
    """How often a part was due, and of those days how often somebody came, did not come, or nobody wrote it down."""

    part: Part
    due: int
    came: int
    missed: int

    @property
    def unlogged(self) -> int:
        """Days of which nothing is known; they are neither."""
        return self.due - self.came - self.missed


def attendance(part: Part, logged: dict[date, bool], until: date) -> Attendance:
    """Count the due days up to one of them; a day that nobody logged counts as neither."""
    days = part.days(until)
    told = [logged[day] for day in days if day in logged]
    return Attendance(part, len(days), sum(told), len(told) - sum(told))


def is_lacking(indication: str, parts: Sequence[Part]) -> bool:
    """Whether a recovery plan names no care with people."""
    return _RECOVERY in indication and not any(part.kind in _WITH_PEOPLE for part in parts)


def lack() -> Reason:
    """The flag on such a plan."""
    because = "This recovery plan is incomplete: it names no therapy, counselling or group; the medicine is an adjunct."
    return Reason("care.lacking", because, ("catalogue-policy",), "design")
