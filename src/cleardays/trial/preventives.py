"""The ledger of preventives of one person: those that were told, and those that follow from the person's own trials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.plan.dose_log import DoseLog
from cleardays.plan.dose_table import log_of_diary
from cleardays.plan.intake import Intake, intakes
from cleardays.plan.journal import STOP, PlanFile
from cleardays.plan.planned_doses import days, full_dose, held_on, versions
from cleardays.plan.units import unit_of
from cleardays.quantities import Dose
from cleardays.trial.ledger.tried import (
    CONTRAINDICATED,
    DOSE_CONFIRMED,
    DOSE_TAKEN,
    FROM_DIARY,
    GOOD,
    NO_EFFECT,
    ONGOING,
    PARTIAL,
    Tried,
    known_as,
)
from cleardays.trial.sessions_held import sessions_held
from cleardays.trial.sessions_of_story import diary_with_sessions
from cleardays.trial.story import phases
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial
from cleardays.trial.story.versions import standing

_DAYS_OF_WEEK = 7


def ledger_of(story: Story, *, as_of: date) -> tuple[Tried, ...]:
    """Every preventive that was tried, those that go on first, then the others, the latest first.

    Args:
        story: everything that was told.
        as_of: the last day that is looked at.

    Raises:
        BadInput: the doses of the diary do not fit a plan.
    """
    found = [*standing(story.told.tried).values(), *_own(story, as_of)]
    found = [each for each in found if each.first is None or each.first <= as_of]
    ongoing = [each for each in found if each.outcome == ONGOING]
    past = [each for each in found if each.outcome != ONGOING]
    return (*sorted(ongoing, key=_by_day), *sorted(past, key=_by_day))


def _by_day(tried: Tried) -> tuple[int, int, str, str]:
    """The latest first; without a day last, and then by name, so that the order is always the same."""
    end, begin = (0 if day is None else -day.toordinal() for day in (tried.last, tried.first))
    return end, begin, tried.treatment, tried.trial or ""


def _own(story: Story, as_of: date) -> Iterator[Tried]:
    for trial in story.trials.values():
        if trial.begun_on is not None and trial.begun_on <= as_of:
            yield _begun(story, trial, trial.begun_on, as_of)
        elif trial.phase == phases.ENDED and trial.screened and trial.screened[-1].verdict == "refuse":
            why = trial.reason_ended
            treatment, classes = known_as(trial.treatment)
            yield Tried(treatment, classes, None, None, None, None, CONTRAINDICATED, why, FROM_DIARY, trial.id)


def followed(trial: Trial) -> PlanFile | None:
    """The plan that was followed: the last version that a clinician confirmed, or a later one that only stops it."""
    last, confirmed = trial.plan, trial.confirmed
    if last is not None and last.document["history"][-1]["kind"] == STOP:
        return last.file
    return None if confirmed is None else confirmed.file


def _begun(story: Story, trial: Trial, first: date, as_of: date) -> Tried:
    ended = trial.ended_on is not None and trial.ended_on <= as_of
    until = min(as_of, trial.ended_on) if trial.ended_on is not None else as_of
    file = followed(trial)
    assert file is not None  # nothing is begun without a confirmed plan
    diary = diary_with_sessions(story, trial)
    log = log_of_diary(diary.beside.doses, trial.treatment)
    log = DoseLog(tuple(entry for entry in log.entries if entry.day <= until))
    found, _ = intakes(file, log, until, as_of=until)
    dose, dose_is = greatest_dose(found)
    outcome, why = (_outcome(trial), _why(trial)) if ended else (ONGOING, None)
    treatment, classes = known_as(trial.treatment)
    unknown, (weeks, weeks_told) = sum(each.unlogged for each in found), _weeks_at_target(diary, file, found, until)
    return Tried(
        treatment, classes, None if dose is None else str(dose), weeks,
        first, until if ended else None, outcome, why, FROM_DIARY, trial.id,
        dose_is=dose_is, assumed=unknown / len(found) if found else None, weeks_told=weeks_told,
    )  # fmt: skip


def greatest_dose(found: tuple[Intake, ...]) -> tuple[Dose | None, str | None]:
    """The greatest dose of one day that is told to have been taken, else the greatest one that was due.

    Of what is taken at longer intervals, or given in sessions, it is the amount of one day on which it is.
    """
    by_day: dict[date, list[Intake]] = {}
    for each in found:
        by_day.setdefault(each.dose.day, []).append(each)
    taken = [sum_of_day(of) for of in by_day.values() if any(each.taken for each in of)]
    told = [dose for dose in taken if dose is not None and dose.amount]
    if told:
        return max(told, key=lambda dose: dose.amount), DOSE_TAKEN
    due = [dose for of in by_day.values() if (dose := sum_of_day(of, planned=True)) is not None]
    return (max(due, key=lambda dose: dose.amount), DOSE_CONFIRMED) if due else (None, None)


def sum_of_day(of: list[Intake], *, planned: bool = False) -> Dose | None:
    """What was taken (or due) on one day; None where an amount or a unit is not known."""
    counted = of if planned else [each for each in of if each.taken]
    amounts = [amount for each in counted if (amount := each.dose.amount if planned else each.amount) is not None]
    units = {unit_of(each.dose.unit) for each in counted if each.dose.unit is not None}
    if len(amounts) < len(counted) or len(units) != 1:
        return None
    return Dose(sum(amounts, Decimal(0)), next(each.dose.unit for each in counted if each.dose.unit is not None))


def _weeks_at_target(diary: Diary, file: PlanFile, found: tuple[Intake, ...], until: date) -> tuple[float | None, float | None]:
    """Weeks on which the target was due and nothing of it is told to have been left out, and those on which it was told.

    Of what is given in sessions: since the first one, and since the first one that was told.
    """
    full = full_dose(file, until)
    if full is None:
        held = sessions_held(diary, file.plan.treatment, file.plan.start, until, plan=file)
        told = [each for each in held if each.told]
        return _weeks_since(held[0].on, until) if held else None, _weeks_since(told[0].on, until) if told else 0.0
    known, left_out = versions(file, until), {each.dose.day for each in found if each.assumed < (each.dose.amount or 0)}
    untold = {each.dose.day for each in found if each.unlogged}
    at_target, at_target_told, spoiled, silent = 0, 0, False, False
    due = {each.dose.day for each in found}
    for day in days(file.plan.start, until):
        if day in due:
            spoiled, silent = day in left_out, day in untold
        step = held_on(known, day).due_step(day)
        counts = step is not None and step.daily >= full.daily and not spoiled
        at_target += counts
        at_target_told += counts and not silent
    return at_target / _DAYS_OF_WEEK, at_target_told / _DAYS_OF_WEEK


def _weeks_since(first: date, until: date) -> float:
    return ((until - first).days + 1) / _DAYS_OF_WEEK


def _outcome(trial: Trial) -> str | None:
    """How it ended: as it was told with the decision or the end, else as the last answer has it; None is not known."""
    if trial.outcome_told is not None:
        return trial.outcome_told
    answered = [decision.answered for decision in trial.decisions if decision.answered is not None]
    last = answered[-1] if answered else trial.answers[-1] if trial.answers else None
    return None if last is None else outcome_of_answer(dict(last.answer))


def outcome_of_answer(answer: dict[str, object]) -> str | None:
    """What an answer says of the outcome: good, partial or no effect; None where it settles neither."""
    rules, chances = read_rules("judging_rules"), answer.get("probability")
    if answer.get("verdict") == "responding":
        return GOOD
    some = chances.get("reduction_ge_30") if isinstance(chances, dict) else None
    if answer.get("verdict") != "not_responding" or some is None:
        return None
    if some >= rules["responding"]["probability"]:
        return PARTIAL
    return NO_EFFECT if some <= rules["not-responding"]["probability"] else None


def _why(trial: Trial) -> str | None:
    """Why it ended, in the words of the decision, else of whoever ended it."""
    stopped = [decision for decision in trial.decisions if decision.decision == phases.STOP]
    return "; ".join(stopped[-1].reasons) if stopped else trial.reason_ended
