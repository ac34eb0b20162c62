"""Days as a payer counts them: what each was, whether it was written from memory or changed later, and how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.rules import day_rules
from cleardays.diary.windows import INSUFFICIENT, grade

Day = date  # a field is called date, so the type needs another name
States = NDArray[np.int8]  # 1 had, -1 not, 0 unknown; one a day
_STATE: dict[int, bool | None] = {1: True, -1: False, 0: None}
_WORD = {True: "had", False: "clear", None: "unknown"}
ONE = timedelta(days=1)


class DayMark(NamedTuple):
    """One day of a count: had, clear or unknown; written from memory; `edited` on a later day than it was first written."""

    date: Day
    state: bool | None
    recalled: bool
    edited: Day | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        changed = None if self.edited is None else self.edited.isoformat()
        return {"date": self.date.isoformat(), "state": _WORD[self.state], "recalled": self.recalled, "edited_on": changed}


class Count(NamedTuple):
    """One stretch of days counted for one metric; `events` is how many there were where they are no days (attacks)."""

    what: str
    metric: str
    days: tuple[DayMark, ...]
    events: int | None = None

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days[0].date

    @property
    def last(self) -> date:
        """Its last day, included."""
        return self.days[-1].date

    @property
    def had(self) -> int:
        """Days that had it, or how many there were."""
        return sum(day.state is True for day in self.days) if self.events is None else self.events

    @property
    def unknown(self) -> int:
        """Days of which nobody knows."""
        return sum(day.state is None for day in self.days)

    @property
    def known(self) -> int:
        """Days that are known."""
        return len(self.days) - self.unknown

    @property
    def recalled(self) -> int:
        """Known days that were written from memory."""
        return sum(day.recalled for day in self.days if day.state is not None)

    @property
    def edited(self) -> int:
        """Days that were changed on a later day."""
        return sum(day.edited is not None for day in self.days)

    @property
    def too_few(self) -> bool:
        """Whether so few days are known that nothing follows from them."""
        return grade(self.known, len(self.days), day_rules()) == INSUFFICIENT

    @property
    def per_28(self) -> Fraction | None:
        """28 x had / known days; None where too few are known."""
        return None if self.too_few else Fraction(day_rules().window_days * self.had, self.known)

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        rate = self.per_28
        return {
            "what": self.what,
            "metric": self.metric,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "n_days": len(self.days),
            "known": self.known,
            "had": self.had,
            "unknown": self.unknown,
            "recalled": self.recalled,
            "edited": self.edited,
            "per_28": None if rate is None else float(rate),
            "days": [day.document() for day in self.days],
        }


@dataclass(frozen=True, slots=True)
class Days:
    """A diary, day by day from `first_day` on, for each metric; days outside are unknown.

    `edits` are the days that were changed on a later day than they were first written, with the day of the last change;
    None where the diary is a file, which does not say. `began` counts the attacks that began each day, None without a
    table of attacks. `logged` marks the days of which the diary says anything, `dated`
    those of which it says when they were written.
    """

    first_day: date
    states: Mapping[str, States]
    logged: NDArray[np.bool_]
    recalled: NDArray[np.bool_]
    dated: NDArray[np.bool_]
    edits: Mapping[date, date] | None
    began: NDArray[np.int64] | None

    def mark(self, metric: str, day: date) -> DayMark:
        """One day."""
        at = (day - self.first_day).days
        inside = 0 <= at < len(self.logged)
        state = _STATE[int(self.states[metric][at])] if inside else None
        return DayMark(day, state, inside and bool(self.recalled[at]), (self.edits or {}).get(day))

    def count(self, metric: str, first: date, last: date, what: str) -> Count:
        """A stretch from its first to its last day."""
        return Count(what, metric, tuple(self.mark(metric, first + n * ONE) for n in range((last - first).days + 1)))

    def count_attacks(self, first: date, last: date, what: str) -> Count | None:
        """Attacks that began in a stretch, over the days of which the diary says anything; None without a table of them."""
        if self.began is None:
            return None
        found = self.count("logged", first, last, what)
        at = [(day.date - self.first_day).days for day in found.days]
        events = sum(int(self.began[n]) for n in at if 0 <= n < len(self.began))
        return found._replace(metric="attacks", events=events)
