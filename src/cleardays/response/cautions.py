"""What a careful reader should know beside the verdict."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cleardays.clock import say_day
from cleardays.diary.conditions import Outcome
from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import percent, say_probability
from cleardays.response.fit import Fit
from cleardays.response.summary import Interval
from cleardays.response.verdict import JudgingRules, Question, settle
from cleardays.sources import Reason

Array = NDArray[np.float64]

_FEWEST_EFFECTIVE_DRAWS = 500
# A silence of a season: either the diary was put away, or one year is mistyped.
_LONG_GAP_DAYS = 90
_SOURCE = ("response-model",)


def cautions(fitted: Fit, days: DaySeries, rules: JudgingRules, spoken: Outcome, rate: float | None) -> list[Reason]:
    """Near-daily headache or use, memory, unknown days, long gaps, numerics, attribution.

    Args:
        fitted: the fitted diary.
        days: the outcome, day by day.
        rules: the judging rules.
        spoken: the outcome in words.
        rate: days of it per 28 in the baseline; None when there is no baseline, or something else than days is judged.
    """
    said = []
    if spoken.near_daily and rate is not None and rate >= rules.near_daily_from_days:
        many = spoken.had[1]
        text = f"With {rate:.1f} {many} per 28 before treatment, {many} alone can hardly show a response; {spoken.near_daily}."
        said.append(rules.because("near-daily", text))
    if any(days.recalled):
        text = f"{sum(days.recalled)} of the known days were written down later than the next day, from memory."
        said.append(rules.because("recalled", text))
    unknown = len(days.states) - days.known
    if unknown:
        text = f"{unknown} of {len(days.states)} days are unknown. None of them is counted as a {spoken.without[0]}."
        said.append(Reason("diary.unknown-days", text, _SOURCE))
    said += [_long_gap(first, length) for first, length in unknown_runs(days) if length >= _LONG_GAP_DAYS]
    effective = fitted.effective_share * len(fitted.draws.weight)
    if effective < _FEWEST_EFFECTIVE_DRAWS or not fitted.settled:
        text = f"The numerical check is poor (effective share {fitted.effective_share:.2f}): take the figures as rough."
        said.append(Reason("fit.check", text, _SOURCE))
    if days.last_day < fitted.exposure.start:
        return said
    with_it = "expectation included" if spoken.headache else "expectation and any other care that began with it included"
    shows = (
        f"One start of treatment shows only the whole change that came with it, {with_it}. Which part of it is the treatment's "
        "own rests on"
    )
    if fitted.priors.effect.parts is None:
        text = f"{shows} a sceptical prior (none on average), not on this diary."
        return [*said, Reason("split.sceptical", text, _SOURCE)]
    return [*said, Reason("split.trials", f"{shows} what trials found against placebo, not on this diary.", _SOURCE)]


def other_threshold(
    rules: JudgingRules, question: Question, baseline: Interval | None, reduction: Array, weight: Array
) -> list[Reason]:
    """Says so where the baseline could lie on either side of "frequent" and the other threshold gives another verdict."""
    if question.asked or baseline is None or not baseline.lower < rules.frequent_from_days < baseline.upper:
        return []
    other = rules.threshold if question.threshold == rules.threshold_frequent else rules.threshold_frequent
    chances = {share: weighted.probability(reduction >= share, weight) for share in (question.threshold, other)}
    if settle(rules, chances[question.threshold]) == settle(rules, chances[other]):
        return []
    text = (
        f"The usual rate before treatment may lie below or above {rules.frequent_from_days:g} headache days per 28 "
        f"({baseline.lower:.0f} to {baseline.upper:.0f}), and it matters: asked for {percent(other)} instead of "
        f"{percent(question.threshold)}, the probability is {say_probability(chances[other])} and the verdict another one."
    )
    return [rules.because("threshold-frequent", text)]


def unknown_runs(days: DaySeries) -> list[tuple[date, int]]:
    """First day and length of each run of unknown days."""
    runs = []
    for unknown, run in groupby(range(len(days.states)), key=lambda i: days.states[i] is None):
        if unknown:
            offsets = list(run)
            runs.append((days.first_day + timedelta(days=offsets[0]), len(offsets)))
    return runs


def _long_gap(first: date, length: int) -> Reason:
    text = f"No day is known for {length} days from {say_day(first)} on. If a year was mistyped there, correct it."
    return Reason("diary.long-gap", text, _SOURCE)
