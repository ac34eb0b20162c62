"""What a plan brings to a review: the exposure, the day of judging and the threshold, as they stood on that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cleardays.catalogue.names import find_medicine
from cleardays.clock import say_day, zone_named
from cleardays.diary.conditions import condition_of
from cleardays.diary.outcomes import OUTCOMES
from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.plan.dose_table import log_of_diary
from cleardays.plan.exposure import exposure
from cleardays.plan.journal import PlanFile
from cleardays.plan.judging import Review, StopRule
from cleardays.plan.plan import PROPOSAL
from cleardays.plan.planned_doses import Version, full_dose, versions
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import ExposureSeries, percent
from cleardays.response.design import HORIZON_DAYS
from cleardays.response.verdict import Agreed
from cleardays.sources import Reason
from cleardays.trial.sessions_held import told_sessions


class Planned(NamedTuple):
    """For the model and the verdict; `document` says in the answer which plan it was."""

    series: ExposureSeries
    agreed: Agreed
    notes: tuple[Reason, ...]
    document: Mapping[str, object]


def require_same_trial(file: PlanFile, treatment: str, start: date) -> None:
    """Refuse a plan of another treatment, of another start, or one that never was a proposal.

    Raises:
        BadInput: with everything that does not fit.
    """
    plan, problems = file.plan, []
    medicine = find_medicine(treatment)
    if (treatment.strip().lower() if medicine is None else medicine.id) != plan.treatment:
        what = f"the plan is for {plan.treatment}, not for {shown(treatment)}."
        problems.append(Problem("--plan", what, f"Give the plan of that treatment, or --treatment {plan.treatment}."))
    if start != plan.start:
        what = f"the plan begins on {plan.start}, not on {start}."
        problems.append(Problem("--start", what, f"Write --start {plan.start}, or give the plan that begins on that day."))
    if not any(each.entry.after["status"] == PROPOSAL for each in versions(file)):
        what = f"the plan is {plan.status}: there is nothing in it that could have been followed."
        problems.append(Problem("--plan", what, "Give a proposal or a confirmed plan, or leave --plan out."))
    if problems:
        raise BadInput(problems)


def planned_outcome(file: PlanFile) -> str:
    """What the plan is judged by first.

    Raises:
        BadInput: this version does not count it.
    """
    rule = file.plan.stop_rule
    if rule is None:
        what = f"the plan is {file.plan.status}, and says not what it is judged by."
        raise BadInput(Problem("--plan", what, "Give a proposal or a confirmed plan, or leave --plan out."))
    outcomes = rule.outcomes
    if outcomes[0] in OUTCOMES:
        return outcomes[0]
    what = f"the plan is judged by {outcomes[0]}, which is not counted by this version yet."
    raise BadInput(Problem("--plan", what, f"Choose what is: --outcome with one of {', '.join(OUTCOMES)}."))


def by_plan(file: PlanFile, diary: Diary, treatment: str, as_of: date) -> Planned:
    """The plan as it was known on a day, with what the diary tells of its doses.

    Args:
        file: the plan; versions of later days are not read.
        diary: its table of doses, if it has one, says what was taken.
        treatment: as the reader calls it.
        as_of: the last day that is read.

    Raises:
        BadInput: the doses of the diary do not fit the plan.
    """
    log = log_of_diary(diary.beside.doses, file.plan.treatment, zone_named(diary.about.get("zone", "")))
    held = sorted(told_sessions(diary, file.plan.treatment, as_of))
    found = exposure(file, log, held, until=as_of, ahead=HORIZON_DAYS)
    agreed = _agreed(file, as_of, headache=condition_of({"condition": file.plan.indication}).headache)
    notes = found.reasons if file.confirmation is not None else (_unconfirmed(file), *found.reasons)
    document = {
        "version": versions(file, as_of)[-1].entry.version,
        "catalogue_version": file.plan.catalogue_version,
        "confirmed": file.confirmation is not None,
        "doses": found.doses,
        "assumed": found.assumed,
    }
    return Planned(found.series._replace(treatment=treatment), agreed, notes, document)


def _unconfirmed(file: PlanFile) -> Reason:
    because = "Nobody confirmed this plan: it is a proposal."
    if any(each.entry.kind == "confirmed" for each in versions(file)):
        because = "Nobody confirmed this version of the plan: it was changed since its confirmation."
    return Reason("plan.unconfirmed", because)


def _agreed(file: PlanFile, as_of: date, *, headache: bool) -> Agreed:
    rule, review = _stop_rule(file), _review(file)
    judge_on, why = _judge_on(file, as_of, review, headache=headache)
    so_much = f"The plan counts a reduction of at least {percent(rule.threshold)} as a response. {rule.says}"
    return Agreed(judge_on, why, rule.threshold, Reason("judge.threshold-plan", so_much, rule.source))


def _judge_on(file: PlanFile, as_of: date, review: Review, *, headache: bool) -> tuple[date, Reason]:
    """The review of the plan; with doses never before the days that the rules ask for at the target."""
    known = versions(file, as_of)
    day = _reviewed_on(known, review.on)
    full = full_dose(file, as_of)
    if full is None:
        return day, review.reason
    first = next(each for version in reversed(known) if (each := _at_target_from(version, full.daily)) is not None)
    rule = read_rules("judging_rules")["too-early"]
    rule = rule if headache else rule | rule["elsewhere"]
    least = first + timedelta(days=rule["after_days"])
    if least <= day:
        return day, review.reason
    because = f"The target is planned from {say_day(first)} on, and it takes {rule['after_days']} days at it."
    return least, Reason("judge.too-early", because, tuple(rule["source"]))


def _at_target_from(version: Version, daily: Decimal) -> date | None:
    """The first day of the last stretch at the target; None where the version had none."""
    return next((step.first for step in reversed(version.steps) if step.daily == daily and not step.if_needed), None)


def _reviewed_on(known: tuple[Version, ...], otherwise: date) -> date:
    """The day of the review as it stood; that it was held and moved on does not make it too early again."""
    day, moved = otherwise, None
    for version in known:
        entry = version.entry
        told = None if entry.after["review_on"] is None else date.fromisoformat(entry.after["review_on"])
        if entry.data.get("decision") == "continue":
            moved = told
        elif told is not None and told != moved:
            day = told
    return day


def _stop_rule(file: PlanFile) -> StopRule:
    assert file.plan.stop_rule is not None  # what was a proposal once has one
    return file.plan.stop_rule


def _review(file: PlanFile) -> Review:
    assert file.plan.review is not None  # as above
    return file.plan.review
