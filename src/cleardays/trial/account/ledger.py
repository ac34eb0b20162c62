"""The rows of the ledger: from a person's story, or from a plan and what a diary tells of other treatments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cleardays.diary.records import Diary
from cleardays.diary.rules import read_rules
from cleardays.plan.journal import PlanFile
from cleardays.quantities import Dose
from cleardays.trial.account.course import Course
from cleardays.trial.account.regimens import Fair, Regimen
from cleardays.trial.account.rules import page_rules
from cleardays.trial.also import Also
from cleardays.trial.ledger.adequacy import judge
from cleardays.trial.ledger.tried import CONTRAINDICATED, FROM_DIARY, ONGOING, Tried, known_as
from cleardays.trial.preventives import ledger_of
from cleardays.trial.story import phases
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import PlanTold, Trial
from cleardays.trial.told_treatments import TreatmentRules, key, told_treatments

_DAY = timedelta(days=1)
_ALONE = "this"  # the one trial of a diary that comes without a story


def regimens_of(ledger: Iterable[Tried], as_of: date, treatment: str, trial: str | None) -> tuple[Regimen, ...]:
    """A ledger as rows of the page, the judged one first.

    Args:
        ledger: every preventive that was tried.
        as_of: up to which day those that go on are counted.
        treatment: the judged one.
        trial: the judged one of a story.
    """
    rows = [_row(tried, as_of, treatment, trial) for tried in ledger]
    return tuple(sorted(rows, key=lambda row: not row.judged))


def told_beside(
    diary: Diary, treatment: str, start: date | None, as_of: date, plan: PlanFile | None, course: Course, also: Sequence[Also]
) -> tuple[Tried, ...]:
    """The ledger of a diary without a story: the judged treatment, and what the diary or the caller tells of others.

    Args:
        diary: the diary up to that day.
        treatment: the judged one.
        start: its first day; None where it has not begun.
        as_of: the day.
        plan: by which it is taken.
        course: of the treatment, by the plan.
        also: other treatments that the caller names.
    """
    named = {key(each.name) for each in also}
    others = [each for each in _others(diary, treatment, as_of) if key(each.told_as or each.treatment) not in named]
    of_caller = [_tried(each.name, each.first, each.last, None, as_of) for each in also if each.first <= as_of]
    judged = [] if start is None or start > as_of else [_judged(diary, treatment, start, as_of, plan, course)]
    return (*judged, *sorted((*of_caller, *others), key=_latest_first))


def _latest_first(tried: Tried) -> tuple[bool, int, int, str]:
    last, first = (0 if day is None else -day.toordinal() for day in (tried.last, tried.first))
    return tried.outcome != ONGOING, last, first, tried.treatment


def _judged(diary: Diary, treatment: str, start: date, as_of: date, plan: PlanFile | None, course: Course) -> Tried:
    """By its plan, where a clinician confirmed one: the doses that were told count."""
    if plan is not None and plan.confirmation is not None:
        told = PlanTold(plan.document(), plan.plan.treatment, plan.plan.start, None, plan.confirmation.by)
        trial = Trial(
            _ALONE, plan.plan.treatment, plan.plan.indication, "", start, phases.TITRATION, plans=(told,), begun_on=start
        )
        (found,) = ledger_of(Story(_ALONE, trials={_ALONE: trial}, diary=diary), as_of=as_of)
        return found._replace(trial=None)
    bare = _tried(treatment, start, None, None if course.greatest is None else str(course.greatest), as_of)
    return bare if course.greatest is None else bare._replace(dose_is="planned")


def _others(diary: Diary, treatment: str, as_of: date) -> Iterator[Tried]:
    if not (diary.beside.doses or diary.beside.plan or diary.beside.events):
        return
    rules = TreatmentRules.of(read_rules("circumstances"))
    first_day = diary.records[0].date if diary.records else as_of
    told, _ = told_treatments(diary, treatment, first_day, as_of, rules)
    doses = _greatest(diary)
    for name, each in told.items():
        series = each.series()
        if series is None or "|" in name:
            continue  # a part of care, no preventive
        taken = [step.from_day for step in series.steps if step.level > 0]
        ended = series.steps[-1].from_day - _DAY if series.steps[-1].level <= 0 else None
        known_first = taken[0] if taken and taken[0] >= first_day else None
        if taken:
            yield _tried(each.name, known_first, ended, doses.get(name), as_of)


def _greatest(diary: Diary) -> dict[str, str]:
    """The greatest dose a day that the diary's own plan tells of each treatment."""
    found = dict[str, Dose]()
    for step in diary.beside.plan:
        if step.drug and step.amount is not None and step.unit:
            dose, of = Dose(step.amount * Decimal(step.times or 1), step.unit), key(step.drug)
            known = found.get(of)
            if known is None or (known.unit == dose.unit and known < dose):
                found[of] = dose
    return {of: str(dose) for of, dose in found.items()}


def _tried(name: str, first: date | None, last: date | None, dose: str | None, as_of: date) -> Tried:
    treatment, classes = known_as(name)
    outcome = None if last is not None and last <= as_of else ONGOING
    ended = last if outcome is None else None
    return Tried(treatment, classes, dose, None, first, ended, outcome, None, FROM_DIARY, None, told_as=name)


def _row(tried: Tried, as_of: date, treatment: str, trial: str | None) -> Regimen:
    found = judge(tried, page_rules()["ledger"]["rule"], as_of=as_of)
    fair = None if tried.outcome == CONTRAINDICATED else Fair(found.meets, found.rule, found.because, found.source)
    judged = tried.trial == trial if trial is not None else tried.treatment == known_as(treatment)[0]
    ongoing = tried.outcome == ONGOING
    return Regimen(
        tried.treatment, tried.classes, tried.max_dose, tried.first, tried.last, ongoing, tried.weeks_at_target,
        None if ongoing else tried.outcome, tried.reason_stopped, tried.evidence, fair, judged, tried.trial,
    )  # fmt: skip
