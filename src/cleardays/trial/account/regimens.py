"""The ledger of the page: each treatment, how much, from when to when, whether it was a fair trial, what came of it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Fair(NamedTuple):
    """Whether it was tried for long enough by a rule: "yes", "no" or "cannot tell", and why."""

    meets: str
    rule: str
    because: str
    source: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "source": list(self.source)}


class Regimen(NamedTuple):
    """One treatment that was or is taken; None was not told and is never 0. `judged`: it is the one of this page.

    `dose` is the greatest a day, `evidence` how it is known (diary, pharmacy, recall, chart), `trial` the one it was in.
    """

    treatment: str
    classes: tuple[str, ...]
    dose: str | None
    first: date | None
    last: date | None
    ongoing: bool
    weeks_at_target: float | None
    outcome: str | None
    reason_stopped: str | None
    evidence: str | None
    fair: Fair | None = None
    judged: bool = False
    trial: str | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            **self._asdict(),
            "classes": list(self.classes),
            "first": None if self.first is None else self.first.isoformat(),
            "last": None if self.last is None else self.last.isoformat(),
            "fair": None if self.fair is None else self.fair.document(),
        }
