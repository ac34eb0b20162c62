"""Which of several treatments did it: what the diary can tell apart, and what it cannot.

From the joint posterior of two effects on the logit scale, delta of the judged treatment and delta_j of another one:
`split_left`, how much of the division between them is the prior's, and the squared correlation, what the overlap costs.
Where the division is the prior's the answer declines, unless even the two together hardly reduced the days. How it was
chosen, and what it does on simulated diaries: docs/explanation/response-model.md, "Several treatments".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries, percent, say_probability
from cleardays.response.design import BESIDE, EFFECT
from cleardays.response.fit import Fit, recent_weeks
from cleardays.response.onset import delayed_exposure
from cleardays.response.summary import Interval, interval
from cleardays.response.verdict import JudgingRules
from cleardays.sources import Reason

Array = NDArray[np.float64]

# From here on the split is called the prior's: between the medians of starts two and three weeks apart.
CANNOT_SEPARATE = 0.85
# Below this correlation the other effect does not touch the judged one, known or not.
_LEAST_CORRELATION = 0.1
# An overlap that costs less is not worth a word.
_LEAST_COST = 0.05
# Of its full effect; below, an exposure counts as none.
_LEAST_EXPOSURE = 0.05
_SOURCE = ("response-model",)


class Change(NamedTuple):
    """The step of another treatment that lies nearest to the start of the judged one; `days` after it (before: negative)."""

    what: str  # "begun", "raised", "lowered", "stopped"
    days: int

    def beside(self, treatment: str) -> str:
        """As it stands in a sentence.

        >>> Change("begun", -3).beside("it")
        'begun 3 days before it'
        """
        if not self.days:
            return f"{self.what} on the same day"
        count = "1 day" if abs(self.days) == 1 else f"{abs(self.days)} days"
        return f"{self.what} {count} {'after' if self.days > 0 else 'before'} {treatment}"


class Apart(NamedTuple):
    """How far another treatment and the judged one can be told apart.

    `split_left`: of the variance of their contrast, how much is left that a diary of their sum alone would leave.
    `cost`: share of the variance of the judged effect that is due to not knowing the other one.
    `shift` (N,) is what the change of its exposure adds to the linear predictor now; `rose` whether the exposure went up.
    """

    name: str
    change: Change
    correlation: float
    split_left: float
    cost: float
    shift: Array
    rose: bool
    over: bool  # its exposure is again what it was on the first day of the diary

    @property
    def separable(self) -> bool:
        """Whether the diary says something of which of the two did what."""
        return abs(self.correlation) < _LEAST_CORRELATION or self.split_left < CANNOT_SEPARATE


class Attribution(NamedTuple):
    """One reason for each other treatment; `decline` holds those that forbid a verdict, and they are not in `reasons`."""

    apart: tuple[Apart, ...] = ()
    decline: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()


def attribute(fitted: Fit, threshold: float, rules: JudgingRules) -> Attribution:
    """What of the change is whose, as far as the diary tells; nothing where there is one treatment, or it has not begun.

    Args:
        fitted: the fit, with the other treatments.
        threshold: the reduction that counts (share).
        rules: which probability settles `not_responding`.

    Method: docs/explanation/response-model.md, "Several treatments".
    """
    if not fitted.beside.others or fitted.days.last_day < fitted.exposure.start:
        return Attribution()
    apart = tuple(_apart(fitted, number) for number in range(len(fitted.beside.others)))
    joined = [each for each in apart if not each.separable]
    decline: list[Reason] = []
    reasons = [_told(fitted, each) for each in apart if each.separable]
    if joined:
        reduction = _together(fitted, joined)
        chance = weighted.probability(reduction >= threshold, fitted.draws.weight)
        nothing = all(each.rose for each in joined) and chance <= rules.not_responding_up_to
        said = _cannot_separate(fitted, joined, interval(100.0 * reduction, fitted.draws.weight), threshold, chance, nothing)
        (reasons if nothing else decline).append(said)
    return Attribution(apart, tuple(decline), tuple(reasons))


def _apart(fitted: Fit, number: int) -> Apart:
    series, weight = fitted.beside.others[number], fitted.draws.weight
    effect, other = fitted.draws.coefficients[EFFECT], fitted.draws.coefficients[BESIDE + number]
    correlation = _covariance(effect, other, weight) / float(
        np.sqrt(_covariance(effect, effect, weight) * _covariance(other, other, weight))
    )
    step = _nearest_step(series, fitted.exposure)
    rise, exposure = _rise(fitted, number, step), fitted.design.row_of_day[[0, fitted.design.n_days - 1], BESIDE + number]
    return Apart(
        series.treatment,
        _change(series, step, fitted.exposure),
        correlation,
        split_left(fitted, number, downwards=correlation <= 0.0),
        correlation**2,
        rise * other,
        rose=series.steps[step].level > _level_before(series, step),
        over=abs(float(exposure[1] - exposure[0])) < _LEAST_EXPOSURE,
    )


def split_left(fitted: Fit, number: int, *, downwards: bool = True) -> float:
    """Variance of the contrast of the judged and another effect, over what a diary of their sum alone would leave.

    Args:
        fitted: the fit.
        number: which of the other treatments.
        downwards: whether the diary knows the sum of the two best; else it is their difference.

    Given the sum S, delta is a mixture of normals with the components' weights w_k N(S; m_k + m, v_k + v), means
    m_k + v_k / (v_k + v) (S - m_k - m) and variances v_k v / (v_k + v), where m, v are the other effect's.
    """
    sign = 1.0 if downwards else -1.0
    weight, prior = fitted.draws.weight, fitted.priors
    effect, other = fitted.draws.coefficients[EFFECT], sign * fitted.draws.coefficients[BESIDE + number]
    w, m, v = (np.asarray(part)[:, None] for part in (prior.effect.weights, prior.effect.means, prior.effect.sds))
    v, other_mean, other_variance = v**2, sign * prior.other_mean, prior.other_sd**2
    total = effect + other
    off, spread = total - m - other_mean, v + other_variance
    log_share = np.log(w) - 0.5 * np.log(spread) - 0.5 * off**2 / spread
    share = np.exp(log_share - log_share.max(axis=0))
    share /= share.sum(axis=0)
    means, variances = m + v / spread * off, v * other_variance / spread
    mean = (share * means).sum(axis=0)
    within = 4.0 * ((share * (variances + means**2)).sum(axis=0) - mean**2)
    expected = 2.0 * mean - total  # of the contrast, given the sum
    left = float(weight @ within) + _covariance(expected, expected, weight)
    return _covariance(effect - other, effect - other, weight) / left


def _covariance(one: Array, two: Array, weight: Array) -> float:
    return float(weight @ ((one - weight @ one) * (two - weight @ two)))


def _nearest_step(series: ExposureSeries, judged: ExposureSeries) -> int:
    """Which step of a treatment is nearest to the start of the judged one; of two as near, the first."""
    return min(range(len(series.steps)), key=lambda at: abs((series.steps[at].from_day - judged.start).days))


def _level_before(series: ExposureSeries, step: int) -> float:
    return series.steps[step - 1].level if step else 0.0


def _change(series: ExposureSeries, step: int, judged: ExposureSeries) -> Change:
    """What a step was. Levels are relative to the first day of the diary: -1 is the end of what was there before it."""
    before, after = _level_before(series, step), series.steps[step].level
    if after > before:
        what = "begun" if before in (0.0, -1.0) else "raised"
    else:
        what = "stopped" if after == -1.0 or (after == 0.0 and before > 0.0) else "lowered"
    return Change(what, (series.steps[step].from_day - judged.start).days)


def _rise(fitted: Fit, number: int, step: int) -> float:
    """By how much the delayed exposure is higher now than on the day before a step."""
    series, design = fitted.beside.others[number], fitted.design
    before = (series.steps[step].from_day - design.first_day).days - 1
    then = delayed_exposure(series, design.first_day, np.array([before]), fitted.beside.onset_days)[0]
    return float(design.row_of_day[design.n_days - 1, BESIDE + number] - then)


def _value(fitted: Fit, *, treated: bool, less: Array | float) -> Array:
    """What is expected now, with or without the judged treatment, and with less of what is beside it (linear predictor)."""
    today = np.array([fitted.design.n_days - 1])
    now = fitted.exposure_on(fitted.exposure, today)[0]
    level = fitted.draws.level(recent_weeks(fitted.design)).mean(axis=0)
    return fitted.value(level, now if treated else np.zeros_like(now), fitted.beside_effect(today)[0] - less)


def _together(fitted: Fit, joined: list[Apart]) -> Array:
    """The reduction that came with the judged treatment and the others together, per draw."""
    shift = np.sum([each.shift for each in joined], axis=0)
    return 1.0 - _value(fitted, treated=True, less=0.0) / _value(fitted, treated=False, less=shift)


def _cannot_separate(
    fitted: Fit, joined: list[Apart], reduction: Interval, threshold: float, chance: float, nothing: bool
) -> Reason:
    judged = fitted.exposure.treatment
    names = _listed([f"{each.name} ({each.change.beside('it')})" for each in joined])
    both = "both" if len(joined) == 1 else "all of them"
    text = (
        f"What {judged} did cannot be separated from {names}. The change that came with {both} is a reduction of "
        f"{_said(reduction)}, of at least {percent(threshold)} with a probability of {say_probability(chance)}. Which part is "
        "whose rests on the prior, not on this diary; only a change of one without the other could tell, which is for the "
        "clinician to weigh."
    )
    if nothing:
        text += " Nothing of that size came with them, so there is nothing to divide, unless one undid what the other did."
    return Reason("attribution.cannot-separate", text, _SOURCE)


def _told(fitted: Fit, each: Apart) -> Reason:
    judged = fitted.exposure.treatment
    if each.over:
        own = "What it did has worn off by now."
    else:
        with_it = _value(fitted, treated=True, less=0.0)
        reduction = 1.0 - with_it / _value(fitted, treated=True, less=each.shift)
        own = f"What came with that alone is a reduction of {_said(interval(100.0 * reduction, fitted.draws.weight))}."
    if each.cost < _LEAST_COST:
        rule, cost = "attribution.separated", f"It hardly blurs what {judged} did."
    else:
        rule = "attribution.separated-partly"
        cost = f"{percent(each.cost)} of the uncertainty about {judged} is due to the overlap of the two."
    return Reason(rule, f"{each.name} was {each.change.beside(judged)}. {own} {cost}", _SOURCE)


def _said(reduction: Interval) -> str:
    return f"{percent(reduction.estimate / 100)} ({reduction.lower:.0f} to {reduction.upper:.0f})"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
