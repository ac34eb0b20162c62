"""Whose page it is, as far as it was told, and how much of the diary is known."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Who(NamedTuple):
    """The person as they want to be named on a page; nothing here is ever made up. `code` is what the diary calls them."""

    name: str | None = None
    birth_year: int | None = None
    code: str | None = None


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
