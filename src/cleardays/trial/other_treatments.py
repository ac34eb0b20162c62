"""Which other treatments are told apart from the judged one: those that the diary tells of, and those that the caller names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from cleardays.clock import say_day
from cleardays.diary.records import Diary
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.design import Circumstances
from cleardays.response.onset import delayed_exposure
from cleardays.sources import Reason
from cleardays.trial.also import Also
from cleardays.trial.day_to_day import Rescue
from cleardays.trial.told_treatments import PART, TreatmentRules, key, told_treatments

# An exposure that moves less than this over the whole diary is part of the usual level: nothing of it can be seen.
_LEAST_MOVE = 0.05
_MODEL = ("response-model",)


class Others(NamedTuple):
    """The other treatments over time, what is to be said of them, and the rescue treatments."""

    kept: tuple[ExposureSeries, ...] = ()
    notes: tuple[Reason, ...] = ()
    rescues: tuple[Rescue, ...] = ()


def other_treatments(
    diary: Diary,
    treatment: str,
    start: date,
    days: tuple[date, date],
    also: Sequence[Also],
    rules: Mapping[str, Any],
) -> Others:
    """The treatments that changed within the diary, beside the judged one.

    Args:
        diary: its tables.
        treatment: the judged one; it is never among the others.
        start: its first day; where there are too many others, the nearest to it are kept.
        days: the first day of the diary and the last one that is read: what was told or began later, and an end that
            lies later, is not.
        also: other treatments named by the caller; what the diary tells of the same ones is then passed over.
        rules: the tables of `circumstances.toml`.

    Raises:
        BadInput: one of `also` is the judged treatment, or is given twice for the same days.
    """
    first_day, as_of = days
    named = _named(also, treatment)
    told, rescues = told_treatments(diary, treatment, first_day, as_of, TreatmentRules.of(rules))
    found = [each.series() for at, each in told.items() if at.partition(PART)[0] not in named]
    begun = {at: _known(each, as_of) for at, each in named.items()}
    of_diary, of_caller = (
        [series for each in some if (series := _within(each, first_day, as_of)) is not None] for some in (found, begun.values())
    )
    kept, left_out = _nearest([*of_caller, *of_diary], start, rules["most"]["others"])
    notes = (*_unseen(named, begun, of_caller, as_of), *_said(kept, left_out, first_day, rules["most"]))
    return Others(tuple(kept), notes, rescues)


def _named(also: Iterable[Also], treatment: str) -> dict[str, list[Also]]:
    """The caller's treatments by key, each in the order of its days."""
    found: dict[str, list[Also]] = {}
    problems = []
    for each in sorted(also, key=lambda each: (each.first, each.last or date.max, each.name)):
        found.setdefault(key(each.name), []).append(each)
    for each in found.pop(key(treatment), ()) if found else ():
        what = f"{shown(each.name)} is the treatment that is judged."
        problems.append(Problem("--also", what, "Leave it out; pauses of it and its doses belong to --plan."))
    for of_one in found.values():
        for one, after in pairwise(of_one):
            if one.last is None or one.last >= after.first:
                what = f"{shown(one.name)} is there twice from {after.first} on."
                problems.append(Problem("--also", what, "Give each stretch of it once, the earlier ones with their last day."))
    if problems:
        raise BadInput(problems)
    return found


def _known(stretches: Sequence[Also], as_of: date) -> ExposureSeries | None:
    """The stretches as far as they are known on a day; None where none has begun."""
    steps: list[ExposureStep] = []
    for each in stretches:
        if each.first > as_of:
            continue
        if steps and steps[-1].from_day == each.first:
            steps.pop()
        else:
            steps.append(ExposureStep(each.first, 1.0))
        if each.last is not None and each.last < as_of:
            steps.append(ExposureStep(each.last + timedelta(days=1), 0.0))
    return ExposureSeries(min(each.name for each in stretches), tuple(steps)) if steps else None


def _within(series: ExposureSeries | None, first_day: date, as_of: date) -> ExposureSeries | None:
    """What a treatment adds to, or takes from, how it was on the diary's first day; None where its effect stays the same.

    What was there before, and had its full effect by then, is part of the usual level that the diary began with. So the
    levels are counted from it: -1 is the end of what was there before. Otherwise the usual level without
    it would have to be guessed, and that guess, not the diary, would tell its effect from that of another treatment.
    """
    if series is None:
        return None
    days = np.arange((as_of - first_day).days + 1)
    exposure = delayed_exposure(series, first_day, days, Circumstances().onset_days)
    if exposure.max() - exposure.min() < _LEAST_MOVE:
        return None
    before = [step.level for step in series.steps if step.from_day <= first_day]
    base = before[-1] if before else 0.0
    if not base or abs(base - exposure[0]) >= _LEAST_MOVE:
        return series
    return series._replace(
        steps=tuple(step._replace(level=step.level - base) for step in series.steps if step.from_day > first_day)
    )


def _nearest(found: list[ExposureSeries], start: date, most: int) -> tuple[list[ExposureSeries], list[ExposureSeries]]:
    """Those that are kept, in an order that depends on nothing else than what they are, and those that are too many."""

    def away(series: ExposureSeries) -> int:
        return min(abs((step.from_day - start).days) for step in series.steps)

    ordered = sorted(found, key=lambda series: (away(series), series.steps, series.treatment))
    by_start = sorted(ordered[:most], key=lambda series: (series.steps, series.treatment))
    return by_start, ordered[most:]


def _unseen(
    named: Mapping[str, list[Also]], begun: Mapping[str, ExposureSeries | None], kept: Sequence[ExposureSeries], as_of: date
) -> list[Reason]:
    """What the caller named and nothing can be made of."""
    said = []
    for at in sorted(named):
        series, name = begun[at], named[at][0].name
        if series is None:
            because = f"{name} begins after {say_day(as_of)}, the last day that was read: it is not counted."
            said.append(Reason("beside.later", because, _MODEL))
        elif all(series.treatment != each.treatment for each in kept):
            because = f"{name} did not change within the diary, as far as its effect goes: it is part of the usual level."
            said.append(Reason("beside.constant", because, _MODEL))
    return said


def _said(
    kept: Sequence[ExposureSeries], left_out: Sequence[ExposureSeries], first_day: date, most: Mapping[str, Any]
) -> list[Reason]:
    said = []
    if kept:
        listed = "; ".join(_course(series, first_day) for series in kept)
        because = f"Fitted with an effect of their own: {listed}. Where nothing more is told, they count as going on."
        said.append(Reason("beside.others", because, _MODEL))
    if left_out:
        names = ", ".join(sorted(series.treatment for series in left_out))
        because = f"More than {most['others']} treatments changed. Not told apart are those farthest from the start: {names}."
        said.append(Reason("beside.left-out", because, tuple(most["source"])))
    return said


def _course(series: ExposureSeries, first_day: date) -> str:
    """Since when, and until when, in words.

    >>> steps = (ExposureStep(date(2026, 3, 4), 1.0), ExposureStep(date(2026, 5, 1), 0.0))
    >>> _course(ExposureSeries("biofeedback", steps), date(2026, 1, 1))
    'biofeedback from 4 Mar 2026 to 30 Apr 2026'
    """
    first, *later = series.steps
    if first.level < 0:
        return f"{series.treatment} from before the diary to {say_day(first.from_day - timedelta(days=1))}"
    begins = f" from {say_day(first.from_day)}" if first.from_day >= first_day else " from before the diary"
    if not later:
        return f"{series.treatment}{begins} on"
    if len(later) == 1 and not later[0].level:
        return f"{series.treatment}{begins} to {say_day(later[0].from_day - timedelta(days=1))}"
    return f"{series.treatment}{begins}, with {len(later)} changes"
