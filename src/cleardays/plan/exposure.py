"""What was taken over time, day by day, and as the series that the response model reads.

1 is the target. While the dose rises, the level of a day is its planned dose as a share of the target's. Where a
dose was skipped or another amount taken, it is lowered by what that does to the level in the body, as far as the
kinetics are known, else to the dose itself. A dose of which nobody told counts as taken, and how many those are is
said. What comes between taking and effect is not in here: the model adds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cleardays.plan.dose_log import DoseLog
from cleardays.plan.intake import Intake
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import require_span, versions
from cleardays.plan.session_effect import Onset, Window, onset_of, windows
from cleardays.plan.steps import plain
from cleardays.plan.taken_days import TakenDays, taken_days
from cleardays.problems import BadInput, Problem
from cleardays.quantities import ExposureSeries, ExposureStep, percent
from cleardays.sources import Reason

_DIGITS = 3  # of a level in the series; finer steps than that are not known


class ExposureDay(NamedTuple):
    """One day. `planned` and `taken` are what was due and what was taken that day, in `unit`.

    `taken` None: of some dose of the day nothing is told; where a dose has no amount, both are None. `level` is the
    one of the series, `relative_concentration` the mean level in the body relative to the steady one at the target
    (None where the sources hold no kinetics), `effect` that of sessions (None where no course is sourced).
    """

    day: date
    planned: Decimal | None
    taken: Decimal | None
    unit: str | None
    days_at_target: int
    level: float
    relative_concentration: float | None
    effect: Window | None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        amounts = {name: None if (value := getattr(self, name)) is None else plain(value) for name in ("planned", "taken")}
        effect = None if self.effect is None else self.effect._asdict()
        return {**self._asdict(), "day": self.day.isoformat(), **amounts, "effect": effect}


class Exposure(NamedTuple):
    """The days up to `until`, and the series. `assumed` of the `doses` that were due are not told, and taken as planned.

    `onset`: after how many days the effect sets in, where a source says so; None leaves it to the response model.
    """

    treatment: str
    until: date
    days: tuple[ExposureDay, ...]
    series: ExposureSeries
    onset: Onset | None
    doses: int
    assumed: int
    reasons: tuple[Reason, ...]

    @property
    def assumed_share(self) -> float | None:
        """The share of doses that nobody told of; None where none was due."""
        return self.assumed / self.doses if self.doses else None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "treatment": self.treatment,
            "until": self.until.isoformat(),
            "days": [day.document() for day in self.days],
            "series": [{"from": step.from_day.isoformat(), "level": step.level} for step in self.series.steps],
            "onset": None if self.onset is None else self.onset.document(),
            "doses": self.doses,
            "assumed": self.assumed,
            "assumed_share": self.assumed_share,
            "reasons": [reason.document() for reason in self.reasons],
        }


def exposure(
    file: PlanFile, log: DoseLog | None = None, sessions: Sequence[date] = (), *, until: date, ahead: int = 0
) -> Exposure:
    """What was taken under a plan up to a day, and the series for the response model.

    Args:
        file: the plan with its versions; later ones than `until` are not read.
        log: what was told of doses; None is nothing.
        sessions: days on which sessions were really held, where it is given in sessions. A planned one without
            a day near it counts as held as planned, unless the log says that it was skipped.
        until: the last day that is looked at.
        ahead: for so many days more the series goes on as planned, for a forecast.

    Raises:
        BadInput: the plan has neither doses nor sessions, or the log does not fit it.
    """
    if not any(each.steps or each.sessions for each in versions(file)):
        what = f"the plan is {file.plan.status} and holds neither doses nor sessions."
        raise BadInput(Problem("PLAN", what, "Answer what it asks, and draft it anew."))
    require_span(file, until)
    found = taken_days(file, log or DoseLog(), sessions, until, max(until + timedelta(days=ahead), file.plan.start))
    levels = [round(level, _DIGITS) for level in found.levels()]
    due = [each for each in found.intakes if each.dose.day <= until]
    assumed = sum(_is_assumed(found, each, sessions) for each in due)
    onset = onset_of(found.treatment)
    return Exposure(
        treatment=file.plan.treatment,
        until=until,
        days=tuple(_days(found, levels, until)),
        series=_series(file.plan.treatment, found.days, levels),
        onset=onset,
        doses=len(due),
        assumed=assumed,
        reasons=tuple(_reasons(found, onset, len(due), assumed)),
    )


def _is_assumed(found: TakenDays, each: Intake, sessions: Sequence[date]) -> bool:
    """Nothing is told of a dose; a planned session for which another day is told is known."""
    if found.full is not None or not each.unlogged:
        return each.unlogged
    return each.dose.day in found.sessions and each.dose.day not in sessions


def _series(treatment: str, every: Sequence[date], levels: Sequence[float]) -> ExposureSeries:
    """One step for each stretch of one level."""
    steps = list[ExposureStep]()
    for day, level in zip(every, levels, strict=True):
        if not steps or steps[-1].level != level:
            steps.append(ExposureStep(day, level))
    return ExposureSeries(treatment, tuple(steps))


def _days(found: TakenDays, levels: Sequence[float], until: date) -> Iterator[ExposureDay]:
    effects = None if found.course is None else windows(found.course, found.sessions, found.days)
    at_target = 0
    for number, day in enumerate(found.days):
        if day > until:
            break
        at_target += found.at_target[number]
        here = found.by_day.get(day, ())
        unit = next((each.dose.unit for each in here), None if found.full is None else found.full.unit)
        planned, taken = _sum([each.dose.amount for each in here]), _sum([each.amount for each in here])
        level = None if found.relative is None else float(found.relative.taken[number])
        effect = None if effects is None else effects[number]
        yield ExposureDay(day, planned, taken, unit, at_target, levels[number], level, effect)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [each for each in amounts if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _reasons(found: TakenDays, onset: Onset | None, doses: int, assumed: int) -> Iterator[Reason]:
    if assumed:
        share = percent(assumed / doses)
        because = f"Of {assumed} of {doses} doses that were due ({share}) nothing is told. They count as taken as planned."
        yield Reason("exposure.assumed", because)
    yield from _of_sessions(found) if found.full is None else _of_doses(found)
    if onset is None:
        because = "No source says after how many days the effect sets in: the usual assumption of the model holds."
        yield Reason("exposure.onset", because)


def _of_doses(found: TakenDays) -> Iterator[Reason]:
    assert found.full is not None
    because = f"The level of a day is its planned dose as a share of {plain(found.full.daily)} {found.full.unit} a day."
    yield Reason("exposure.dose", because)
    if found.relative is not None:
        yield from found.relative.reasons
    else:
        because = "The sources hold no clearance, so that a dose that was left out counts until the next one and no longer."
        yield Reason("exposure.concentration", because)


def _of_sessions(found: TakenDays) -> Iterator[Reason]:
    if found.course is None:
        because = "No source says how long the effect of a session lasts: from the first one on it counts without an end."
        yield Reason("exposure.session", because)
        return
    because = (
        "A session counts in full for as long as its effect lasts. That it wears off before the end of a cycle is told of "
        "some people only, and is not assumed."
    )
    yield Reason("exposure.session", because)
    yield from found.course.reasons
