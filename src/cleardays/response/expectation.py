"""Priors from trials: what people like this one did on the treatment and on placebo."""

from __future__ import annotations

import numpy as np

from cleardays.evidence.prior.stored import Expected
from cleardays.quantities import say_probability
from cleardays.response.priors import Curve, EffectPrior, Parts, Priors, mixture_of
from cleardays.sources import Reason


def evidence_priors(rate: float, centre: float, expected: Expected, curve: Curve | None = None) -> Priors:
    """The prior that the trials give: the visible change on the treatment, and how it divides.

    The multiplier G = current / untreated is as in the trials, with what they leave open; growth is bounded by the days
    there are, as in the default prior.

    Args:
        rate: the person's pre-treatment rate, days per day, strictly inside (0, 1).
        centre: the centring constant of the previous-day term.
        expected: what people like those in the trials may expect.
        curve: of the value that is judged, where that is not the rate itself; G then multiplies that value.
    """
    mixture, log_rates = mixture_of(expected.multiplier, rate, centre, curve)
    half, third, worse = (float((log_rates <= np.log(g)).mean()) for g in (0.5, 0.7, 1.0))
    trials = "1 trial" if len(expected.studies) == 1 else f"{len(expected.studies)} trials"
    treated, without = (round(100 * expected.chance_of(0.5, treated=on)) for on in (True, False))
    reason = Reason(
        "prior.evidence",
        f"It starts from the trials of {expected.treatment} in {expected.indication.replace('-', ' ')} ({trials}, "
        f"{expected.people:,} people): of 100 people like theirs about {treated} would have half as many days or fewer, "
        f"about {without} on placebo. So, before the diary, a reduction of half or more has a probability of "
        f"{say_probability(half)}, of 30\N{NO-BREAK SPACE}% or more {say_probability(third)}, and getting worse "
        f"{say_probability(1 - worse)}. Certainty of that evidence: {expected.certainty}.",
        expected.sources,
        expected.confidence,
    )
    parts = Parts((expected.natural.mean, expected.natural.variance), (expected.own.mean, expected.own.variance))
    return Priors(EffectPrior(*mixture, log_rates, reason, parts))
