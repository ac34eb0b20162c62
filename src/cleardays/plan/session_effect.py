"""How the effect of a session comes and goes, from the sourced figures, with what is not known about it as a band.

Drawn with straight lines between the figures, which is a choice of ours: the sources say when, not how. The
upper bound sets in as early, is full as early and lasts as long as they say; the lower one as late, and as
short. The level is their middle. The effects of two sessions do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.sources import Reason

_DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12}
_NEEDED = ("onset", "peak", "wearing-off", "duration")


class Onset(NamedTuple):
    """After how many days the effect sets in, and who says so."""

    low_days: float
    high_days: float
    reason: Reason

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {**self._asdict(), "reason": self.reason.document()}


class Window(NamedTuple):
    """The effect of the sessions on a day: 0 none, 1 full."""

    level: float
    lower: float
    upper: float


class Course(NamedTuple):
    """The figures of a course in days since a session; `cycle` is from one session to the next, `fading` before its end."""

    onset: tuple[float, float]
    peak: tuple[float, float]
    fading: tuple[float, float]
    lasts: tuple[float, float]
    cycle: float
    reasons: tuple[Reason, ...]

    def window(self, since: float) -> Window:
        """The effect so many days after one session."""
        upper = _rise(since, self.onset[0], self.peak[0]) * self.held(since)
        lower = _rise(since, self.onset[1], self.peak[1]) * _fall(since, self.cycle - self.fading[1], self.cycle)
        lower = min(lower, upper)
        return Window((lower + upper) / 2, lower, upper)

    def held(self, since: float) -> float:
        """How much of an effect that is there is left: all of it as long as it lasts, then it fades."""
        return _fall(since, self.lasts[1], self.lasts[1] + self.fading[1]) if since >= 0 else 0.0


def _rise(at: float, first: float, full: float) -> float:
    return 1.0 if at >= full else max(0.0, (at - first) / (full - first)) if full > first else 0.0


def _fall(at: float, first: float, gone: float) -> float:
    return 1.0 - _rise(at, first, gone)


def course_of(treatment: Treatment) -> Course | None:
    """The course of the effect of a session; None where the sources do not tell all of it."""
    rows = {row["what"]: row for row in treatment.facts("effect")}
    weeks = [float(row["weeks"]) for row in treatment.facts("interval")]
    if not weeks or any(each not in rows for each in _NEEDED):
        return None
    onset, peak, fading, lasts = (_in_days(rows[each]) for each in _NEEDED)
    reasons = tuple(_reason(rows[each]) for each in _NEEDED)
    return Course(onset, peak, fading, lasts, max(weeks) * _DAYS["weeks"], reasons)


def onset_of(treatment: Treatment) -> Onset | None:
    """When the effect sets in; None where the sources do not tell."""
    row = next((row for row in treatment.facts("effect") if row["what"] == "onset"), None)
    if row is None:
        return None
    low, high = _in_days(row)
    return Onset(low, high, _reason(row))


def windows(course: Course, sessions: Iterable[date], days: Sequence[date]) -> tuple[Window, ...]:
    """The effect of all sessions on each day: of each bound the highest that any of them gives."""
    held = tuple(sessions)
    found = []
    for day in days:
        each = [course.window((day - on).days) for on in held if on <= day]
        lower, upper = (max((getattr(window, name) for window in each), default=0.0) for name in ("lower", "upper"))
        found.append(Window((lower + upper) / 2, lower, upper))
    return tuple(found)


def _in_days(row: Mapping[str, Any]) -> tuple[float, float]:
    per = _DAYS[row["unit"].partition(" ")[0]]
    return per * float(row["low"]), per * float(row["high"])


def _reason(row: Mapping[str, Any]) -> Reason:
    memory = " (This is from memory; no source was read.)" if row["confidence"] == "unconfirmed" else ""
    return Reason.of(f"effect.{row['what']}", f"{row['says']}{memory}", row)
