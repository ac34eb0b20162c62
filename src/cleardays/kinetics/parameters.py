"""One person's figures for one medicine, and what follows from them without any regimen: no arrays here.

Source of the method: Gibaldi and Perrier, Pharmacokinetics, chapters 1 and 3. Volume and clearance are
apparent (divided by the bioavailability).
"""

from __future__ import annotations

from math import exp, expm1, log, log1p, sqrt
from typing import NamedTuple

_STEADY_HALF_LIVES = 5.0  # after so many, 97 % of the steady level is reached
_SLOWEST, _FASTEST, _HALVINGS = 1.001, 1e6, 200  # where absorption is looked for, in rates of elimination
COVERAGE = 0.9  # the share of people within a band


class Parameters(NamedTuple):
    """How one person handles one medicine: clearance in l/h, half-life in h, absorption per h.

    `absorption_per_h` None is a dose that is there at once.
    """

    clearance_l_per_h: float
    half_life_h: float
    absorption_per_h: float | None = None

    @property
    def elimination_per_h(self) -> float:
        """The rate constant of elimination."""
        return log(2) / self.half_life_h

    @property
    def volume_l(self) -> float:
        """The apparent volume of distribution that belongs to the two."""
        return self.clearance_l_per_h / self.elimination_per_h


def steady_mean(parameters: Parameters, dose_mg: float, every_h: float) -> float:
    """The mean steady level in mg/l of a dose that is taken at equal intervals: dose / (CL x interval)."""
    return dose_mg / (parameters.clearance_l_per_h * every_h)


def absorption_from_peak(half_life_h: float, peak_h: float) -> float:
    """The rate of absorption per h that puts the peak of one dose after so many hours.

    The peak is at ln(ka/ke) / (ka - ke), which falls as ka rises; found by halving.

    >>> round(absorption_from_peak(25.4, 1.7), 1)
    2.7
    """
    out = log(2) / half_life_h
    low, high = _SLOWEST * out, _FASTEST * out
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        later = log(middle / out) / (middle - out) > peak_h
        low, high = (middle, high) if later else (low, middle)
    return sqrt(low * high)


def time_to_steady_h(half_life_h: float) -> float:
    """Hours until the level is nearly steady: five half-lives."""
    return _STEADY_HALF_LIVES * half_life_h


def accumulation(half_life_h: float, every_h: float) -> float:
    """How many times its first value the level before a dose comes to: 1 / (1 - exp(-ke x interval)).

    Of doses that are there at once; where absorption is slow beside the interval it is more.

    >>> round(accumulation(half_life_h=24, every_h=24), 1)
    2.0
    """
    return 1 / -expm1(-log(2) / half_life_h * every_h)


def spread(cv: float, coverage: float = COVERAGE) -> float:
    """The factor from the middle person's clearance to the highest of the stated share of people, and to the lowest.

    >>> round(spread(0.4), 2)
    1.88

    Args:
        cv: coefficient of variation, as a fraction; not negative.
        coverage: the share of people, above 0 and below 1.
    """
    from statistics import NormalDist  # takes longer to load than all else here

    return exp(NormalDist().inv_cdf((1 + coverage) / 2) * sqrt(log1p(cv * cv)))
