"""Does the effect wear off? Headache days by week since the session, over all cycles of injections.

Unlogged days are missing, never clear: each rate is over the known days of its week and
stands beside their number. Whether the last weeks of a cycle differ from its middle is
asked within each cycle, so that a level that changes from cycle to cycle does not count,
and the interval is that of the cycles' own differences. With few cycles it is wide, and
the answer is that the diary cannot tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.diary.rules import day_rules
from cleardays.diary.series import DaySeries
from cleardays.diary.windows import INSUFFICIENT, grade
from cleardays.plan.injection_checks import shortest_interval_days
from cleardays.problems import BadInput, Problem
from cleardays.quantities import percent
from cleardays.sources import Reason, Row

MORE, FEWER, CANNOT_TELL = "more", "fewer", "cannot_tell"
LEVEL = 0.90
# Statistics, and no rule on treatment: the spread of two differences has one degree of freedom, whose interval says nothing.
LEAST_CYCLES = 3
_WEEK = 7
# Student's t at 0.95 for 1, 2, 3 ... degrees of freedom; the last serves for more, which is a little wide.
_T = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.740,
      1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697)  # fmt: skip


class Count(NamedTuple):
    """Days of a stretch: with the outcome, known, told later (of the known ones), and all."""

    had: int
    known: int
    recalled: int
    days: int

    @property
    def share(self) -> float | None:
        """Of the known days; None without any."""
        return self.had / self.known if self.known else None

    def document(self, per_days: int) -> dict[str, object]:
        """As it stands in JSON output, with the rate in so many days."""
        rate = None if self.share is None else per_days * self.share
        return {**self._asdict(), f"per_{per_days}": rate}


class Cycle(NamedTuple):
    """One cycle: its session, its middle and its last weeks; `counted`: enough days of both are known."""

    session: date
    middle: Count
    last: Count
    counted: bool

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        month = day_rules().window_days
        return {
            "session": self.session.isoformat(),
            "middle": self.middle.document(month),
            "last": self.last.document(month),
            "counted": self.counted,
        }


class Difference(NamedTuple):
    """Last weeks less middle, in days per 28: mean over the cycles and its interval."""

    estimate: float
    lower: float
    upper: float


class WearingOff(NamedTuple):
    """The view. `weeks` are those of a cycle in order, `late` the days after it until the next session."""

    outcome: str
    middle_weeks: tuple[int, int]
    last_weeks: tuple[int, int]
    weeks: tuple[Count, ...]
    late: Count
    cycles: tuple[Cycle, ...]
    difference: Difference | None
    answer: str
    says: str
    reasons: tuple[Reason, ...]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "outcome": self.outcome,
            "weeks": [{"week": at, **week.document(_WEEK)} for at, week in enumerate(self.weeks, 1)],
            "late": self.late.document(_WEEK),
            "middle_weeks": list(self.middle_weeks),
            "last_weeks": list(self.last_weeks),
            "cycles": [cycle.document() for cycle in self.cycles],
            "difference_per_28": None if self.difference is None else {**self.difference._asdict(), "level": LEVEL},
            "answer": self.answer,
            "says": self.says,
            "reasons": [reason.document() for reason in self.reasons],
        }


def wearing_off(treatment: Treatment, days: DaySeries, sessions: Iterable[date]) -> WearingOff:
    """Headache days by week since the session, and whether the last weeks of a cycle differ from its middle.

    Args:
        treatment: given in sessions; its interval and the weeks of its effect are those of the catalogue.
        days: the outcome day by day; what happened after its last day is not looked at.
        sessions: the days on which sessions took place, in any order.

    Raises:
        BadInput: no session lies within the diary, or the catalogue holds no course of the effect.
    """
    begun = sorted({session for session in sessions if session <= days.last_day})
    ends = [until - timedelta(days=1) for _, until in pairwise(begun)] + [days.last_day]
    if not begun or begun[0] > days.last_day or ends[-1] < days.first_day:
        what = f"none took place between {days.first_day} and {days.last_day}, the days of the diary."
        raise BadInput(Problem("sessions", what, "Give the days on which sessions took place."))
    length = shortest_interval_days(treatment) // _WEEK
    rows = _course(treatment)
    middle, last = _parts(*rows, length)
    stretches = [days.between(on, until) for on, until in zip(begun, ends, strict=True)]
    cycles = tuple(_cycle(stretch, middle, last) for stretch in stretches)
    difference = _difference([cycle for cycle in cycles if cycle.counted])
    answer = _answer(difference)
    return WearingOff(
        days.outcome,
        middle,
        last,
        tuple(_sum(_count(stretch, week, week) for stretch in stretches) for week in range(1, length + 1)),
        _sum(_count(stretch, length + 1, None) for stretch in stretches),
        cycles,
        difference,
        answer,
        _says(answer, difference, cycles, middle, last),
        _reasons(treatment, rows, middle, last, length),
    )


def _course(treatment: Treatment) -> tuple[Row, Row]:
    """What the catalogue says of the height of the effect, and of its wearing off.

    Raises:
        BadInput: it says nothing.
    """
    course = {row["what"]: row for row in treatment.facts("effect")}
    if "peak" not in course or "wearing-off" not in course:
        what = f"the catalogue holds no course of the effect of {treatment.id} over a cycle."
        raise BadInput(Problem("treatment", what, "Choose a treatment that wears off between sessions."))
    return course["peak"], course["wearing-off"]


def _parts(peak: Row, fading: Row, length: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and last week of the middle and of the end of a cycle; week 1 begins with the session."""
    ending = int(fading["high"])
    return (int(peak["low"]) + 1, min(int(peak["high"]), length - ending)), (length - ending + 1, length)


def _count(stretch: DaySeries, first_week: int, last_week: int | None) -> Count:
    part = slice(_WEEK * (first_week - 1), None if last_week is None else _WEEK * last_week)
    states, recalled = stretch.states[part], stretch.recalled[part]
    known = [state for state in states if state is not None]
    return Count(sum(known), len(known), sum(recalled), len(states))


def _sum(counts: Iterable[Count]) -> Count:
    return Count(*map(sum, zip(*counts, strict=True)))


def _cycle(stretch: DaySeries, middle: tuple[int, int], last: tuple[int, int]) -> Cycle:
    """A part of which too few of its days are known, or have passed, says nothing."""
    parts = _count(stretch, *middle), _count(stretch, *last)
    weeks = (middle, last)
    whole = [_WEEK * (until - since + 1) for since, until in weeks]
    enough = all(grade(part.known, n, day_rules()) != INSUFFICIENT for part, n in zip(parts, whole, strict=True))
    return Cycle(stretch.first_day, *parts, enough)


def _difference(counted: Sequence[Cycle]) -> Difference | None:
    """Mean of the cycles' differences; never surer than so many single days could be."""
    if len(counted) < LEAST_CYCLES:
        return None
    month = day_rules().window_days
    each = [month * ((cycle.last.share or 0.0) - (cycle.middle.share or 0.0)) for cycle in counted]
    mean = sum(each) / len(each)
    between = sum((value - mean) ** 2 for value in each) / (len(each) - 1) / len(each)
    parts = _sum(cycle.middle for cycle in counted), _sum(cycle.last for cycle in counted)
    within = month**2 * sum(_variance(part) for part in parts)
    half = _T[min(len(each) - 1, len(_T)) - 1] * math.sqrt(max(between, within))
    return Difference(mean, max(mean - half, -month), min(mean + half, month))


def _variance(part: Count) -> float:
    share = (part.had + 1) / (part.known + 2)
    return share * (1 - share) / part.known


def _answer(difference: Difference | None) -> str:
    if difference is None or difference.lower <= 0 <= difference.upper:
        return CANNOT_TELL
    return MORE if difference.lower > 0 else FEWER


def _says(
    answer: str, difference: Difference | None, cycles: Sequence[Cycle], middle: tuple[int, int], last: tuple[int, int]
) -> str:
    if difference is None:
        counted, of_all = sum(cycle.counted for cycle in cycles), "cycle" if len(cycles) == 1 else "cycles"
        return f"The diary cannot tell yet: {counted} of {len(cycles)} {of_all} can be counted, and {LEAST_CYCLES} are needed."
    weeks = f"weeks {last[0]} to {last[1]} than in weeks {middle[0]} to {middle[1]}"
    interval = f"90 % interval {difference.lower:+.1f} to {difference.upper:+.1f}"
    if answer == CANNOT_TELL:
        return f"The diary cannot tell: {difference.estimate:+.1f} days in 28 in {weeks}, {interval}."
    return f"{abs(difference.estimate):.1f} {answer} days in 28 in {weeks} ({interval})."


def _reasons(
    treatment: Treatment, course: tuple[Row, Row], middle: tuple[int, int], last: tuple[int, int], length: int
) -> tuple[Reason, ...]:
    said = " ".join(row["says"] for row in course)
    weeks = f"Middle: weeks {middle[0]}-{middle[1]}; last: weeks {last[0]}-{last[1]}."
    cycle = f"A cycle has {length} weeks; week 1 begins with the session. Later days stand apart."
    share = day_rules().usable_share
    return (
        Reason.of("wearing-off.course", f"{said} {weeks}", *course),
        Reason.of("wearing-off.cycle", cycle, *treatment.facts("interval")),
        Reason(
            "wearing-off.known-days",
            "Rates are over known days; an unknown day is never clear. "
            f"A cycle is counted where {percent(share)} or more of both parts are known.",
        ),
        Reason(
            "wearing-off.interval",
            f"Cycles are compared with themselves; at least {LEAST_CYCLES} are needed for an interval.",
        ),
        Reason(
            "wearing-off.not-the-cause",
            "A difference need not come from the injections: headaches that get better or worse over months also show as one.",
        ),
    )
