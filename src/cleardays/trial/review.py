"""A review: everything one diary says about one treatment on one day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cleardays.diary.answers import ITEMS
from cleardays.diary.conditions import declared
from cleardays.diary.known import Known
from cleardays.diary.outcomes import AMOUNTS, ANSWERED_BY, CLASSED, amount_series, day_series, require_outcome
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules, read_rules
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.diary.windows import Window, count_window
from cleardays.problems import BadInput, Problem
from cleardays.quantities import ExposureSeries
from cleardays.response.answer import HEADACHE_DAY, Response, respond
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.verdict import JudgingRules
from cleardays.trial.also import Also
from cleardays.trial.circumstances import circumstances
from cleardays.trial.expectation import Expectation, expectation
from cleardays.trial.notes import notes_of
from cleardays.trial.over_time import OverTime, Reviewed, over_time
from cleardays.trial.recovery import amounts_told, other_days

if TYPE_CHECKING:
    from cleardays.evidence.prior.stored import Expected
    from cleardays.plan.journal import PlanFile
    from cleardays.plan.session_record import SessionRecord
    from cleardays.trial.by_plan import Planned


class NothingKnown(BadInput):
    """The diary says nothing about the outcome: there is nothing to review, though a page may still be made."""


class ItemCount(NamedTuple):
    """One of the page's five numbers: raw counts before treatment and in the last 28 days.

    `recorded` is False when the diary never answers this item on a day with
    headache (what follows from a clear day alone is no answer). `before_answered`
    and `recent_answered` are the shares of reported days that answer it; where that
    is low the answered days are no fair sample.
    """

    item: str
    recorded: bool
    before: Window | None
    before_answered: float
    recent: Window
    recent_answered: float


class Review(NamedTuple):
    """The answer with the days it rests on."""

    about: dict[str, str]
    series: DaySeries  # the outcome, day by day
    severity: dict[date, str]  # headache level of the days where it was recorded
    exposure: ExposureSeries
    response: Response
    counted: ItemCount  # the outcome itself
    items: tuple[ItemCount, ...]
    beside: tuple[ItemCount, ...] = ()  # of recovery: other days that the condition counts
    amounts: tuple[AmountSeries, ...] = ()  # of recovery: craving and drinks, where the diary tells them
    over_time: OverTime = OverTime()  # sessions, wearing off, remission
    expected: Expected | None = None  # what trials let people like this one expect

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        simulated = {"simulated": True} if self.about.get("kind") == "simulated" else {}
        return {**simulated, **self.response.document(), **self.over_time.document()}


def review(
    diary: Diary,
    treatment: str,
    start: date,
    *,
    outcome: str | None = None,
    as_of: date | None = None,
    threshold: float | None = None,
    evidence: bool = True,
    seed: int = 1,
    refit: bool = False,
    plan: PlanFile | None = None,
    also: tuple[Also, ...] = (),
    weekday: bool = False,
    records: tuple[SessionRecord, ...] = (),
) -> Review:
    """Read a diary for one treatment, from its entries to the verdict.

    Args:
        diary: the reported days.
        treatment: its name; what is not in the catalogue gets the default prior.
        start: first day of treatment; the baseline ends the day before.
        outcome: the outcome to judge; None takes the plan's first, else headache days.
        as_of: read nothing about, or reported after, a later day.
        threshold: the reduction that counts as a response (share of the untreated rate).
        evidence: False starts from the reference priors, True from what trials say of people like this one.
        seed: fixes the draws.
        refit: look into the future with full fits.
        plan: by which it was taken: it gives the exposure, the day of judging, the threshold and the outcome.
        also: other treatments, beside those that the diary tells of.
        weekday: tell weekends apart.
        records: of supervised sessions of the treatment.

    Raises:
        NothingKnown: no day that was read says anything about the outcome.
        BadInput: the outcome is unknown, the plan is of another trial, another treatment is the judged one, or a
            record is of another.
    """
    outcome = outcome or (HEADACHE_DAY if plan is None else _outcome_of(plan))
    require_outcome(outcome)
    if not diary.records and not diary.beside.attacks:
        raise NothingKnown(Problem("diary", "it holds no day.", "Add one row for each day you know about."))
    said = declared(diary.about, outcome)
    known = Known(diary, as_of)
    amounts = amount_series(diary, outcome, as_of=as_of) if outcome in AMOUNTS else None
    days = day_series(diary, outcome, as_of=as_of, known=known) if amounts is None else amounts.days
    if not days.known:
        what = f"no day that was read says anything about {outcome}."
        raise NothingKnown(Problem("diary", what, f"Fill in {ANSWERED_BY[outcome]}."))
    planned = None if plan is None else _by_plan(plan, diary, treatment, start, days.last_day)
    exposure = ExposureSeries.started(treatment, start) if planned is None else planned.series
    headache = days if outcome == HEADACHE_DAY else day_series(diary, HEADACHE_DAY, as_of=as_of, known=known)
    require_classes(days, headache)
    went_on = circumstances(diary, treatment, start, days.first_day, days.last_day, also=also, weekday=weekday)
    rules = judging_rules(headache=said.headache)
    trials = Expectation()
    if evidence:
        trials = expectation(treatment, outcome, headache, start, rules.frequent_from_days, plan)
    response = respond(
        days,
        exposure,
        rules,
        headache_before=headache.before(start, BASELINE_DAYS),
        whole=headache if outcome in CLASSED else None,
        amounts=amounts,
        said=said,
        beside=went_on.beside,
        threshold=threshold,
        agreed=None if planned is None else planned.agreed,
        evidence=evidence,
        expected=trials.expected,
        notes=(
            *trials.notes,
            *(() if planned is None else planned.notes),
            *went_on.notes,
            *notes_of(diary, treatment, start, days.last_day, plan),
        ),
        seed=seed,
        refit=refit,
    )
    if planned is not None:
        response = response._replace(provenance={**response.provenance, "plan": planned.document})
    items = tuple(_count_item(day_series(diary, item, as_of=as_of, known=known), headache, start) for item in ITEMS)
    severity = {r.date: r.headache for r in known.records if r.headache}
    beside = () if said.headache else tuple(_count_item(each, days, start) for each in other_days(diary, days, as_of))
    told = () if said.headache else amounts_told(diary, as_of)
    reviewed = Reviewed(treatment, start, days, headache, said, exposure, went_on.beside, response, seed)
    later = over_time(diary, reviewed, plan=plan, records=records)
    own = _count_item(days, headache, start)
    return Review(diary.about, days, severity, exposure, response, own, items, beside, told, later, trials.expected)


def _outcome_of(plan: PlanFile) -> str:
    from cleardays.trial.by_plan import planned_outcome  # most reviews have no plan

    return planned_outcome(plan)


def _by_plan(plan: PlanFile, diary: Diary, treatment: str, start: date, as_of: date) -> Planned:
    from cleardays.trial.by_plan import by_plan, require_same_trial  # as above

    require_same_trial(plan, treatment, start)
    return by_plan(plan, diary, treatment, as_of)


def require_classes(days: DaySeries, headache: DaySeries) -> None:
    """Refuse an outcome that too many headache days leave open: those are no random days, so the rest would mislead.

    Raises:
        BadInput: more of the headache days are open than the rules allow.
    """
    if days.outcome not in CLASSED:
        return
    ached = [state for state, had in zip(days.states, headache.states, strict=True) if had]
    unsaid = sum(state is None for state in ached)
    if unsaid > read_rules("judging_rules")["open-headache-days"]["share"] * len(ached):
        what = f"{unsaid} of {len(ached)} headache days do not say whether they count as {days.outcome}."
        raise BadInput(Problem("diary", what, f"Fill in {ANSWERED_BY[days.outcome]}, or ask about {HEADACHE_DAY}."))


def judging_rules(*, headache: bool = True) -> JudgingRules:
    """The packaged rules for judging where no plan says otherwise; `headache` False: of outcomes that are none of headaches."""
    told = read_rules("judging_rules")
    rules = {name: rule for name, rule in told.items() if isinstance(rule, dict)}
    if not headache:
        rules = {name: rule | rule.get("elsewhere", {}) for name, rule in rules.items()}
    return JudgingRules(
        version=told["version"],
        threshold=rules["threshold"]["reduction"],
        threshold_frequent=rules["threshold-frequent"]["reduction"],
        frequent_from_days=rules["threshold-frequent"]["from_headache_days"],
        near_daily_from_days=rules["near-daily"]["from_headache_days"],
        judge_after_days=rules["too-early"]["after_days"],
        judge_after_says=rules["too-early"]["says"],
        responding_from=rules["responding"]["probability"],
        not_responding_up_to=rules["not-responding"]["probability"],
        least_known_share=rules["few-known-days"]["known_share"],
        unknown_without_clear_share=rules["no-clear-days"]["unknown_share"],
        least_baseline_days=rules["short-baseline"]["known_days"],
        least_baseline_had=rules["rare-before"]["days_had"],
        source={name: tuple(rule["source"]) for name, rule in rules.items()},
    )


def _baseline(days: DaySeries, start: date) -> Window | None:
    """The stretch of the last known days before the start, at most 84 of them, counted."""
    before = days.before(start, BASELINE_DAYS)
    return None if before is None else count_window(before)


def _count_item(days: DaySeries, headache: DaySeries, start: date) -> ItemCount:
    first_recent = days.last_day - timedelta(days=day_rules().window_days - 1)
    begun = start <= days.last_day
    # lately: on treatment once it has begun, and never before the diary began
    first_recent = max(first_recent, start if begun else days.first_day, days.first_day)
    before, recent = _baseline(days, start) if begun else None, count_window(days.between(first_recent, days.last_day))
    return ItemCount(
        item=days.outcome,
        recorded=_recorded(days, headache),
        before=before,
        before_answered=_answered(before, headache),
        recent=recent,
        recent_answered=_answered(recent, headache),
    )


def _recorded(days: DaySeries, headache: DaySeries) -> bool:
    """Whether the item is answered on some day with headache (on some day, where there was none)."""
    asked = zip(days.states, headache.states, strict=True)
    if headache.had:
        return any(state is not None for state, had in asked if had is not False)
    return days.known > 0


def _answered(window: Window | None, headache: DaySeries) -> float:
    """The share of the window's reported days that answer the item."""
    if window is None:
        return 0.0
    reported = headache.between(window.start, window.end).known
    return min(1.0, window.n_logged / reported) if reported else 0.0
