"""How far a plan was followed, as far as anybody knows, and how long the longest gap between doses was.

A dose is held against the version of the plan that held on its day. A dose of which nothing is told is neither
taken nor missed: the share taken is over the doses that were told, with bounds for the others.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from cleardays.plan.dose_log import DoseLog, LoggedDose, Repeated
from cleardays.plan.intake import Intake, intakes
from cleardays.plan.intake_times import IntakeTimes, intake_times
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import planned
from cleardays.sources import Reason

_AHEAD = timedelta(days=400)  # how far the next dose is looked for; none is given less often
_HOUR_S = 3600.0


class Gap(NamedTuple):
    """From a dose that was taken to the next one: when, by the clock on the wall."""

    since: datetime
    until: datetime

    @property
    def hours(self) -> float:
        """How long."""
        return (self.until - self.since).total_seconds() / _HOUR_S

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        since, until = (each.isoformat(timespec="minutes") for each in self)
        return {"hours": round(self.hours, 2), "since": since, "until": until}


class GapRange(NamedTuple):
    """A gap where some doses are unknown: if all of those were taken, and if none was. Both the same where all are known."""

    at_least: Gap
    at_most: Gap

    @property
    def sure(self) -> bool:
        """Nothing unknown bears on it."""
        return self.at_least == self.at_most

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"at_least": self.at_least.document(), "at_most": self.at_most.document()}


class Adherence(NamedTuple):
    """Counts of planned doses up to a day. `taken` are those in time, `late` those after it.

    `other_amount` of the taken ones were of another amount than planned; `extra` were taken and not planned.
    `longest` is the longest gap from a dose taken to the next one taken, or, at the end, to the next one planned;
    `open` is that last one, which is not over yet. None before any dose is known to be taken.
    """

    until: date
    planned: int
    taken: int
    late: int
    skipped: int
    unlogged: int
    other_amount: int
    extra: tuple[LoggedDose, ...]
    repeated: tuple[Repeated, ...]
    longest: GapRange | None
    open: GapRange | None
    reasons: tuple[Reason, ...]

    @property
    def share(self) -> float | None:
        """The share taken of the doses that were told; None where nothing was."""
        told = self.planned - self.unlogged
        return (self.taken + self.late) / told if told else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The share taken of all planned doses, if none of the unknown ones was taken and if all were."""
        if not self.planned:
            return None
        taken = self.taken + self.late
        return taken / self.planned, (taken + self.unlogged) / self.planned

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        bounds = self.bounds
        counts = ("planned", "taken", "late", "skipped", "unlogged", "other_amount")
        return {
            "until": self.until.isoformat(),
            **{name: getattr(self, name) for name in counts},
            "share_taken": self.share,
            "share_bounds": None if bounds is None else {"lower": bounds[0], "upper": bounds[1]},
            "extra": [entry.document() for entry in self.extra],
            "repeated": [each.document() for each in self.repeated],
            "longest_gap": None if self.longest is None else self.longest.document(),
            "open_gap": None if self.open is None else self.open.document(),
            "reasons": [reason.document() for reason in self.reasons],
        }


def adherence(file: PlanFile, log: DoseLog, until: date) -> Adherence:
    """How far the plan was followed up to a day, that day included.

    Args:
        file: the plan with its versions.
        log: what was told.
        until: the last day that is counted; entries of later days are not read.

    Raises:
        BadInput: an amount in a unit that is none of the plan's, or a day that is too far off.
    """
    found, extra = intakes(file, log, until)
    times = intake_times(log)
    longest, open_ = _gaps(file, found, extra, times, until)
    late = sum(each.late for each in found)
    return Adherence(
        until=until,
        planned=len(found),
        taken=sum(each.taken for each in found) - late,
        late=late,
        skipped=sum(each.skipped for each in found),
        unlogged=sum(each.unlogged for each in found),
        other_amount=sum(each.differs for each in found),
        extra=extra,
        repeated=log.repeated(),
        longest=longest,
        open=open_,
        reasons=tuple(_reasons(file, log, times, found)),
    )


def _gaps(
    file: PlanFile, found: tuple[Intake, ...], extra: tuple[LoggedDose, ...], times: IntakeTimes, until: date
) -> tuple[GapRange | None, GapRange | None]:
    """The longest and the last gap, counted from the first dose that is known to be taken."""
    known = sorted([*(times.taken(each.dose, each.entry) for each in found if each.taken), *_extra_times(extra)])
    if not known:
        return None, None
    unknown = [at for at in (times.due(each.dose) for each in found if each.unlogged) if at > known[0]]
    coming = next(iter(planned(file, until + timedelta(days=1), until + _AHEAD)), None) if until >= file.plan.start else None
    end = None if coming is None else times.due(coming)
    most, least = (_between(sorted(taken), end) for taken in (known, [*known, *unknown]))
    longest = None
    if most and least:
        longest = GapRange(max(least, key=_length), max(most, key=_length))
    open_ = None if end is None else GapRange(least[-1], most[-1])
    return longest, open_


def _length(gap: Gap) -> timedelta:
    return gap.until - gap.since


def _between(taken: list[datetime], end: datetime | None) -> list[Gap]:
    points = taken if end is None else [*taken, max(end, taken[-1])]
    return [Gap(since, until) for since, until in pairwise(points)]


def _extra_times(extra: tuple[LoggedDose, ...]) -> list[datetime]:
    return [entry.local for entry in extra if entry.local is not None]


def _reasons(file: PlanFile, log: DoseLog, times: IntakeTimes, found: tuple[Intake, ...]) -> list[Reason]:
    said = []
    if file.confirmation is None:
        said.append(Reason("plan.unconfirmed", "Nobody confirmed the plan as it stands now."))
    unlogged = sum(each.unlogged for each in found)
    if unlogged:
        because = f"Of {unlogged} of {len(found)} planned doses nothing is told. They count as neither taken nor missed."
        said.append(Reason("adherence.unlogged", because))
    repeated = log.repeated()
    if repeated:
        days = ", ".join(dict.fromkeys(each.counts.day.isoformat() for each in repeated))
        because = f"Doses of {days} were told more than once. The later entry counts; the earlier ones are kept."
        said.append(Reason("adherence.repeated", because))
    if not times.told:
        because = (
            "No time of intake is told, so that gaps are known by days only: doses are taken as evenly spread over the day."
        )
        said.append(Reason("adherence.times", because))
    return said
