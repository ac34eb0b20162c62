"""A local-level structural model: the days before the start forecast what would have been without the treatment.

The level walks at random from day to day and the days scatter around it, both Gaussian, although days are 0 or 1.
The difference between the days that came and the forecast is taken for the effect, as in Brodersen et al. (2015).
"""

from __future__ import annotations

import numpy as np

from cleardays.response.study.answers import Answer
from cleardays.response.study.before_after import from_draws
from cleardays.response.study.person import MONTH, Array, Person
from cleardays.response.verdict import JudgingRules

# Standard deviation of the level's daily step over that of a day; equally likely beforehand.
_STEPS = np.array([0.0, 0.01, 0.02, 0.05, 0.1, 0.2])
_DRAWS = 4000
_LEAST = 0.5 / MONTH  # a forecast below half a day a month is taken as that
_VAGUE = 1e4
_PRIOR_DAYS, _PRIOR_VARIANCE = 1.0, 0.2  # keeps the variance positive when every day is alike


def local_level(person: Person, treated_days: int, rules: JudgingRules) -> Answer:
    """Forecast from the days before the start against the last 28 days of treatment.

    Without a known day on either side nothing is forecast, and every reduction up to all is equally likely.
    """
    days = person.seen(treated_days)
    values = np.array([np.nan if state is None else float(state) for state in days.states])
    begun = (person.exposure.start - days.first_day).days
    before = values[:begun]
    recent = np.flatnonzero(~np.isnan(values))
    recent = recent[recent >= max(begun, len(values) - MONTH)]
    random = np.random.default_rng([len(recent), begun])
    if not len(recent) or np.isnan(before).all():
        return from_draws(random.random(_DRAWS), rules)
    means, scatter, doubt, log_likelihood = zip(*(_filter(before, float(q) ** 2) for q in _STEPS), strict=True)
    chance = np.exp(np.array(log_likelihood) - max(log_likelihood))
    step = random.choice(len(_STEPS), _DRAWS, p=chance / chance.sum())
    own = np.array([_of_mean(recent - begun + 1, float(q) ** 2) for q in _STEPS])
    spread = np.sqrt(np.array(scatter) * (np.array(doubt) + own))
    would_be = np.array(means)[step] + spread[step] * random.standard_normal(_DRAWS)
    return from_draws(1 - values[recent].mean() / np.clip(would_be, _LEAST, 1.0), rules)


def _filter(values: Array, step: float) -> tuple[float, float, float, float]:
    """The Kalman filter with variances in units of a day's scatter, which is estimated.

    Returns the level after the last value, the scatter's variance, the level's variance in its units, and the
    log-likelihood with the scatter at its estimate. Source: Durbin & Koopman (2012), section 2.2 and 2.10.
    """
    level, doubt, squares, log_gain, known = 0.5, _VAGUE, _PRIOR_DAYS * _PRIOR_VARIANCE, 0.0, 0
    for value in values.tolist():
        doubt += step
        if value != value:  # not known
            continue
        if known:  # the first one only places the level
            squares += (value - level) ** 2 / (doubt + 1)
            log_gain += float(np.log(doubt + 1))
        gain = doubt / (doubt + 1)
        level, doubt, known = level + gain * (value - level), gain, known + 1
    free = known - 1 + _PRIOR_DAYS
    scatter = squares / free
    return level, scatter, doubt, -0.5 * (free * float(np.log(scatter)) + log_gain)


def _of_mean(ahead: np.ndarray, step: float) -> float:
    """The variance of the mean of days so far ahead around the last level: the walk until then, and their scatter."""
    shared = np.minimum(ahead[:, None], ahead[None, :]).mean()
    return float(step * shared + 1 / len(ahead))
