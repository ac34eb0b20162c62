"""The dose-response log of one trial: each dose that was really taken, with the days at it and what was told of them.

The doses follow one another in time, so that the log shows what went along with each, and not what it did. Unknown
days are no clear days; where too few days of a dose are known, it says so and gives no rate.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from cleardays.diary.known import entries_read
from cleardays.diary.outcomes import AMOUNTS, OUTCOMES, amount_series, day_series
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.series import AmountSeries, DaySeries
from cleardays.diary.windows import INSUFFICIENT, count_window
from cleardays.plan.journal import PlanFile
from cleardays.plan.planned_doses import versions
from cleardays.sources import Reason
from cleardays.trial.dose_effects import Effect, effects_within
from cleardays.trial.dose_left import Left, why_left
from cleardays.trial.dose_levels import Levels, Stretch, dose_levels, level_rules
from cleardays.trial.dose_reasons import log_reasons
from cleardays.trial.preventives import followed
from cleardays.trial.sessions_given import sessions_given
from cleardays.trial.story.baseline import Baseline
from cleardays.trial.story.steps import trial_of
from cleardays.trial.story.story import Story
from cleardays.trial.story.trial_record import Trial

_HEADACHE = "headache_day"
_SIMULATED = ("kind", "simulated")
_DAY = timedelta(days=1)


class LevelCount(NamedTuple):
    """One outcome over the days of a level: days had of days known, per 28 with its interval where enough are known.

    `mean` is that of the days whose amount is known, of an outcome that comes in amounts.
    """

    outcome: str
    had: int
    known: int
    days: int
    recalled: int
    per_28: float | None
    lower: float | None
    upper: float | None
    mean: float | None = None

    @property
    def too_few(self) -> bool:
        """Whether too few days are known to tell."""
        return self.per_28 is None


class Level(NamedTuple):
    """One dose over a stretch of days: what was counted, which side effects were told, why it was left (None: it goes on)."""

    stretch: Stretch
    counts: tuple[LevelCount, ...]
    effects: tuple[Effect, ...]
    left: Left | None

    @property
    def days(self) -> int:
        """How many days, known or not."""
        return (self.stretch.last - self.stretch.first).days + 1

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        stretch = self.stretch
        return {
            "dose": stretch.dose.document(),
            "first": stretch.first.isoformat(),
            "last": stretch.last.isoformat(),
            "days": self.days,
            "evidence": stretch.evidence,
            "doses": {name: getattr(stretch, name) for name in ("doses", "told", "otherwise", "unplanned")},
            "sessions": [day.isoformat() for day in stretch.sessions],
            "counts": [{**each._asdict(), "too_few_days_to_tell": each.too_few} for each in self.counts],
            "side_effects": [each.document() for each in self.effects],
            "left": None if self.left is None else self.left.document(),
        }


class DoseResponse(NamedTuple):
    """The log: how it was before, as the baseline has it, and each level in the order of time.

    `reasons` are what a reader has to know beside it.
    """

    trial: str
    treatment: str
    as_of: date
    outcomes: tuple[str, ...]
    before: Baseline | None
    before_counts: tuple[LevelCount, ...]
    levels: tuple[Level, ...]
    reasons: tuple[Reason, ...]
    simulated: bool = False

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        before = None
        if self.before is not None:
            counts = [{**each._asdict(), "too_few_days_to_tell": each.too_few} for each in self.before_counts]
            about = {"method": self.before.method, "precedes": self.before.precedes}
            first, last = self.before.first.isoformat(), self.before.last.isoformat()
            before = {"first": first, "last": last, "days": self.before.days, **about, "counts": counts}
        return {
            "trial": self.trial,
            "treatment": self.treatment,
            "as_of": self.as_of.isoformat(),
            "simulated": self.simulated,
            "outcomes": list(self.outcomes),
            "before": before,
            "levels": [each.document() for each in self.levels],
            "reasons": [each.document() for each in self.reasons],
        }


def dose_response(story: Story, trial: str, as_of: date) -> DoseResponse:
    """The doses of a trial one after the other, and how the days were at each.

    Args:
        story: everything that was told.
        trial: its name.
        as_of: the last day that is read; what was written down later is not.

    Raises:
        BadInput: there is no such trial, it is more than ten years old by then, or its doses cannot be true.
    """
    of = trial_of(story, trial)
    outcomes, file = outcomes_of(of), followed(of)
    found, known = levels_of(story, of, as_of, file), () if file is None else versions(file, as_of)
    series = {outcome: _series(story.diary, outcome, as_of) for outcome in outcomes}
    levels = tuple(
        Level(
            each,
            tuple(_count(series[outcome], outcome, each) for outcome in outcomes),
            effects_within(story.diary, of.treatment, each, as_of),
            why_left(of, known, each, found.stretches[number + 1] if number + 1 < len(found.stretches) else None, as_of),
        )
        for number, each in enumerate(found.stretches)
    )
    before = () if of.baseline is None else tuple(_of_baseline(of.baseline, outcome) for outcome in outcomes)
    reasons = tuple(log_reasons(of, file, found, story.diary, as_of))
    return DoseResponse(of.id, of.treatment, as_of, outcomes, of.baseline, before, levels, reasons, is_simulated(story))


def is_simulated(story: Story) -> bool:
    """Whether nobody real is in it: its diary or one of its plans says so."""
    plans = (trial.plan for trial in story.trials.values())
    return story.diary.about.get(_SIMULATED[0]) == _SIMULATED[1] or any(
        plan is not None and bool(plan.document.get(_SIMULATED[1])) for plan in plans
    )


def outcomes_of(trial: Trial) -> tuple[str, ...]:
    """What the trial is judged by, as far as it is counted; headache days where nobody said."""
    rule = None if trial.plan is None else trial.plan.document.get("stop_rule")
    named = () if rule is None else tuple(rule["outcomes"])
    found = tuple(each for each in dict.fromkeys((*named, trial.outcome)) if each in OUTCOMES)
    return found or (_HEADACHE,)


def levels_of(story: Story, trial: Trial, as_of: date, file: PlanFile | None) -> Levels:
    """The stretches of doses from the first day of the treatment to the day it ended, or to a day.

    Args:
        story: its diary tells what was taken.
        trial: one that was begun; before, and without a plan, there are none.
        as_of: the last day.
        file: the plan that was followed.

    Raises:
        BadInput: as `dose_levels`.
    """
    if file is None or trial.begun_on is None or trial.begun_on > as_of:
        return Levels(())
    last = as_of if trial.ended_on is None else min(as_of, trial.ended_on)
    return dose_levels(file, story.diary, last, sessions_given(story, trial, last))


# ---- counts


def _series(diary: Diary, outcome: str, as_of: date) -> DaySeries | AmountSeries | None:
    """Day by day; None where nothing had been told by then."""
    if not entries_read(diary, as_of):
        return None
    return amount_series(diary, outcome, as_of=as_of) if outcome in AMOUNTS else day_series(diary, outcome, as_of=as_of)


def _count(series: DaySeries | AmountSeries | None, outcome: str, of: Stretch) -> LevelCount:
    days = (of.last - of.first).days + 1
    if series is None:
        return LevelCount(outcome, 0, 0, days, 0, None, None, None)
    inside = (series.days if isinstance(series, AmountSeries) else series).between(of.first, of.last)
    mean = _mean(series, of) if isinstance(series, AmountSeries) else None
    return _with_rate(LevelCount(outcome, inside.had, inside.known, days, sum(inside.recalled), None, None, None, mean), inside)


def _mean(series: AmountSeries, of: Stretch) -> float | None:
    first, last = ((day - series.first_day).days for day in (of.first, of.last))
    told = [value for at, value in enumerate(series.values) if first <= at <= last and value is not None]
    return sum(told) / len(told) if len(told) >= day_rules().least_logged_days else None


def _with_rate(count: LevelCount, inside: DaySeries) -> LevelCount:
    window = count_window(inside)
    if window.quality == INSUFFICIENT or count.known < day_rules().least_logged_days:
        return count
    lower, upper = interval_of(count.had, count.known)
    return count._replace(per_28=window.hd28, lower=lower, upper=upper)


def interval_of(had: int, known: int) -> tuple[float, float]:
    """The interval of days per 28, by Wilson (1927), "Probable inference", JASA 22.

    >>> [round(each, 1) for each in interval_of(10, 28)]
    [6.4, 14.4]
    """
    z, month = NormalDist().inv_cdf(0.5 + float(level_rules()["interval"]["level"]) / 2), day_rules().window_days
    share = had / known
    middle = (share + z * z / (2 * known)) / (1 + z * z / known)
    half = z / (1 + z * z / known) * sqrt(share * (1 - share) / known + z * z / (4 * known**2))
    return max(0.0, month * (middle - half)), min(float(month), month * (middle + half))


def _of_baseline(baseline: Baseline, outcome: str) -> LevelCount:
    """As it was fixed; what is told of those days later does not change it."""
    found = baseline.of(outcome)
    if found is None:
        return LevelCount(outcome, 0, 0, baseline.days, 0, None, None, None)
    count = LevelCount(outcome, found.had, found.known, baseline.days, baseline.recalled, None, None, None, found.mean)
    if found.per_28 is None or found.known < day_rules().least_logged_days:
        return count
    lower, upper = interval_of(found.had, found.known)
    return count._replace(per_28=found.per_28, lower=lower, upper=upper)
