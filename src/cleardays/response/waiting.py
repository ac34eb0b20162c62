"""The answer's "when will we know", and its reason in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleardays.clock import say_day
from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.quantities import say_probability
from cleardays.response.fit import Fit, fit
from cleardays.response.summary import rates
from cleardays.response.verdict import NOT_RESPONDING, RESPONDING, JudgingRules, Question
from cleardays.response.when import Wait, refits, when
from cleardays.sources import Reason

Array = NDArray[np.float64]


def wait_for(
    fitted: Fit, question: Question, rules: JudgingRules, verdict: str, *, declined: bool, refit: bool, seed: int
) -> tuple[Wait | None, list[Reason]]:
    """How long until the diary settles it.

    None where more days would not help (the answer declines) or the treatment has not begun; nothing to wait for where
    it is settled.

    Args:
        fitted: today's fit.
        question: what is asked.
        rules: which probabilities settle it.
        verdict: today's.
        declined: whether today's answer declines, whatever its probability.
        refit: with a full fit at every look of every future, instead of reweighting.
        seed: fixes the futures.
    """
    last = fitted.days.last_day
    if declined or last < fitted.exposure.start:
        return None, []
    if verdict in (RESPONDING, NOT_RESPONDING):
        return Wait(0, last, 1.0, 0), []

    def settled(chance: Array) -> NDArray[np.bool_]:
        return (chance >= rules.responding_from) | (chance <= rules.not_responding_up_to)

    if refit and fitted.second is None:
        wait = refits(fitted, settled, question.judge_on, lambda days: _chance(fitted, days, question, seed), seed=seed)
    else:
        wait = when(fitted, settled, question.threshold, question.judge_on, seed=seed)
    return wait, [_said(wait, last_day=say_day(last))]


def _chance(fitted: Fit, days: DaySeries, question: Question, seed: int) -> float:
    longer = fit(days, fitted.exposure, fitted.priors, seed=seed, beside=fitted.beside)
    return weighted.probability(rates(longer, seed=seed).reduction >= question.threshold, longer.draws.weight)


def _said(wait: Wait, *, last_day: str) -> Reason:
    if wait.more_days is None or wait.on is None:
        text = (
            f"Even {wait.weeks} more weeks of this diary would settle it with a probability of only "
            f"{say_probability(wait.probability)}, kept as completely as lately."
        )
        return Reason("wait.unlikely", text, ("response-model",))
    text = (
        f"Kept as completely as lately, the diary settles it by {say_day(wait.on)} as likely as not, {wait.more_days} days "
        f"after {last_day}; within {wait.weeks} weeks with a probability of {say_probability(wait.probability)}."
    )
    return Reason("wait.median", text, ("response-model",))
