"""Whose page it is, as far as it was told, and how much of the diary is known."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Who(NamedTuple):
    """The person as they want to be named on a page; nothing here is ever made up. `code` is what the diary calls them."""

    name: str | None = None
    birth_year: int | None = None
    code: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return self._asdict()


class Goal(NamedTuple):
    """What the person wants of it, in their own words, and what they said of it last; `reached` None: not answered."""

    text: str
    set_on: date | None = None
    reached: str | None = None
    answered_on: date | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        days = {key: None if (day := getattr(self, key)) is None else day.isoformat() for key in ("set_on", "answered_on")}
        return {**self._asdict(), **days}


class Own(NamedTuple):
    """The person's own sentence for this visit, and their goals."""

    sentence: str | None = None
    goals: tuple[Goal, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"sentence": self.sentence, "goals": [goal.document() for goal in self.goals]}


class Coverage(NamedTuple):
    """The days of the diary that were read: how many are known, and how many of these were written down from memory."""

    first: date
    last: date
    known: int
    recalled: int

    @property
    def days(self) -> int:
        """From the first to the last, both included."""
        return (self.last - self.first).days + 1

    @property
    def live(self) -> int:
        """Known days that were written down by the end of the next day, or of which nothing else is known."""
        return self.known - self.recalled

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
            "known": self.known,
            "live": self.live,
            "recalled": self.recalled,
        }
