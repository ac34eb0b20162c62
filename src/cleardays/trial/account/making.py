"""Make the account of a trial from a diary and, where there are any, a plan and what was told beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from cleardays import __version__
from cleardays.catalogue.treatments import catalogue_version
from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag
from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries
from cleardays.plan.journal import PlanFile
from cleardays.problems import Problem
from cleardays.response.fit import BASELINE_DAYS
from cleardays.sources import Reason
from cleardays.trial.account.account import Account
from cleardays.trial.account.acute import acute_use, overuse, residual
from cleardays.trial.account.course import course_of
from cleardays.trial.account.ledger import regimens_of, told_beside
from cleardays.trial.account.numbers import Fixed, Number, Span, numbers_of
from cleardays.trial.account.provenance import Origin, told_days
from cleardays.trial.account.questions import questions_of
from cleardays.trial.account.read import HEADACHE, DayMark, Read, marks_of, read
from cleardays.trial.account.safety import safety_of
from cleardays.trial.account.scales import scales_of
from cleardays.trial.account.standing import is_silent
from cleardays.trial.account.who import Coverage, Own, Who
from cleardays.trial.also import Also
from cleardays.trial.ledger.tried import Tried
from cleardays.trial.review import NothingKnown, Review
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.diary_told import Cells, Key
from cleardays.trial.story.trial_record import Decision

_DAY = timedelta(days=1)
_PERSON = "person"


def account(
    diary: Diary,
    treatment: str,
    start: date | None,
    as_of: date,
    *,
    review: Review | None,
    nothing_known: Problem | None = None,
    plan: PlanFile | None = None,
    indication: str | None = None,
    also: Sequence[Also] = (),
    who: Who | None = None,
    own: Own | None = None,
    ledger: tuple[Tried, ...] | None = None,
    trial: str | None = None,
    baseline: Baseline | None = None,
    decisions: tuple[Decision, ...] = (),
    review_on: date | None = None,
    why: str | None = None,
    entries: Mapping[Key, Cells] | None = None,
    origin: Origin | None = None,
    flags: Sequence[RedFlag] = (),
    pregnancy: str | None = None,
) -> Account:
    """The account of one trial on one day.

    Args:
        diary: the diary; it may hold no day at all.
        treatment: the judged one, as the reader calls it.
        start: its first day; None where it has not begun.
        as_of: the last day that is read: nothing about, or reported after, a later one.
        review: the answer as of that day; None where there is none.
        nothing_known: why there is none.
        plan: by which it is taken.
        indication: what it is taken for; None takes the plan's.
        also: other treatments that the caller names.
        who: as the person wants to be named; None, only the code of the diary.
        own: the person's own sentence and goals.
        ledger: every preventive that was tried; None, those that diary, plan and caller tell of.
        trial: the judged one in the ledger.
        baseline: as it was fixed before the treatment.
        decisions: of the clinician, in order.
        review_on: the next review that was agreed; None takes the plan's.
        why: why the trial was opened.
        entries: of the story that the diary was folded from.
        origin: the place in a store that all this comes from.
        flags: warning signs that were shown, with what was done about them.
        pregnancy: as it was told last beside the plan.

    Raises:
        BadInput: the doses of the diary do not fit the plan.
    """
    found = read(diary, as_of)
    span = _span(found, review, start)
    decide_on = None if review is None else review.response.question.judge_on
    if review_on is None and plan is not None and plan.plan.review is not None:
        review_on = plan.plan.review.on
    course = course_of(found.diary, treatment, start, as_of, plan=plan, decide_on=decide_on, review_on=review_on)
    safety, acute, left = (
        safety_of(found, plan, as_of, flags=flags, pregnancy=pregnancy),
        acute_use(found, span),
        residual(found, span),
    )
    rates = review is None or not is_silent(review)
    numbers = tuple(_held_to(baseline, number) for number in numbers_of(found, review, span, rates=rates))
    stop_rule = _stop_rule(plan)
    if ledger is None:
        ledger = told_beside(found.diary, treatment, start, as_of, plan, course, also)
    return Account(
        who=_named(who, diary),
        treatment=treatment,
        indication=indication or (None if plan is None else plan.plan.indication),
        start=start,
        as_of=as_of,
        about=diary.about,
        version=__version__,
        catalogue_version=catalogue_version(),
        coverage=_coverage(found, review, start),
        span=span,
        review=review,
        nothing_known=nothing_known,
        course=course,
        numbers=numbers,
        acute=acute if found.headache else (),
        overuse=overuse(found, span),
        residual=left,
        all_days=_marks(found, review),
        ledger=regimens_of(ledger, as_of, treatment, trial),
        safety=safety,
        scales=scales_of(found.diary, start),
        questions=questions_of(review, course, safety, acute, left, as_of, stop_rule),
        stop_rule=stop_rule,
        own=own or Own(),
        plan=plan,
        baseline=baseline,
        decisions=decisions,
        why=why,
        told=told_days(found.diary, entries),
        origin=origin,
    )


def first_known(ask: Callable[[str | None], Review], plan: PlanFile | None) -> tuple[Review | None, Problem | None]:
    """The review by the first of the plan's outcomes that the diary tells anything of, and what it does not tell.

    Args:
        ask: reviews by an outcome, None for the one that it is judged by first.
        plan: by which the treatment is taken.

    Raises:
        BadInput: as the review.
    """
    rule = None if plan is None else plan.plan.stop_rule
    problem = None
    for outcome in (None, *(() if rule is None else rule.outcomes[1:])):
        try:
            return ask(outcome), problem
        except NothingKnown as nothing:
            problem = problem or nothing.problems[0]
    return None, problem


def _named(who: Who | None, diary: Diary) -> Who:
    return who or Who(code=diary.about.get(_PERSON))


def _span(found: Read, review: Review | None, start: date | None) -> Span:
    """The windows of the review, so that every number of the page is of the same days."""
    if review is not None:
        before, recent = review.counted.before, review.counted.recent
        compared = None if before is None else (before.start, before.end)
        return Span(compared, (recent.start, recent.end))
    begun = start is not None and start <= found.as_of
    first = found.as_of - timedelta(days=day_rules().window_days - 1)
    recent_from = max(first, start) if begun and start is not None else max(first, found.first_day)
    return Span(_before(found, start) if begun and start is not None else None, (recent_from, found.as_of))


def _before(found: Read, start: date) -> tuple[date, date] | None:
    """The last known days before the start, where nothing is known of what is judged."""
    states = found.items[HEADACHE][: max(0, (start - found.first_day).days)]
    known = [at for at, state in enumerate(states) if state]
    return (found.first_day + timedelta(days=known[-BASELINE_DAYS:][0]), start - _DAY) if known else None


def _coverage(found: Read, review: Review | None, start: date | None) -> Coverage:
    if review is not None:
        series = review.series
        return Coverage(series.first_day, series.last_day, review.response.known, review.response.recalled)
    states = found.items[HEADACHE]
    first = min(found.first_day, start or found.first_day)
    return Coverage(first, found.as_of, int((states != 0).sum()), int((found.recalled & (states != 0)).sum()))


def _held_to(baseline: Baseline | None, number: Number) -> Number:
    """What the baseline had counted, where that is no longer what the diary says."""
    counted = None if baseline is None else baseline.of(number.item)
    if baseline is None or counted is None or not counted.known:
        return number
    before = number.before
    if before is not None and (before.tally, before.known) == (counted.had, counted.known):
        return number
    return number._replace(fixed=Fixed(counted.had, counted.known, baseline.fixed_at.date()))


def _marks(found: Read, review: Review | None) -> tuple[DayMark, ...]:
    series = None if review is None else review.series
    first = found.first_day if series is None or found.headache else series.first_day
    return marks_of(found, series, first, found.as_of, {} if review is None else _amounts(review))


def _amounts(review: Review) -> dict[date, float]:
    judged: AmountSeries | None = next((each for each in review.amounts if each.outcome == review.series.outcome), None)
    if judged is None:
        return {}
    told = enumerate(judged.values)
    return {judged.first_day + timedelta(days=at): value for at, value in told if value is not None}


def _stop_rule(plan: PlanFile | None) -> Reason | None:
    rule = None if plan is None else plan.plan.stop_rule
    return None if rule is None else Reason("plan.stop-rule", rule.says, rule.source, rule.confidence)
