"""What an arm prints, the noise of counting, and the closed form of the spread between people for somebody let in anyhow.

Notation of an arm: baseline mean m0 and SD s0, follow-up mean m1 = R m0 and SD s1, SD of change sd, share p of people with
half the days or fewer; k0 and k1 are how many 28-day months baseline and follow-up average; phi is the variance over the
mean of a person's months. Person i has rate L at baseline and L G at follow-up, G independent of L.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_LEAST, _MOST = 0.01, 6.0  # of c^2: people all alike; a spread that no trial has


class Printed(NamedTuple):
    """What an arm prints, in days per 28 days."""

    m0: float
    m1: float
    k0: float = 1.0
    k1: float = 1.0
    s0: float | None = None
    s1: float | None = None
    sd: float | None = None
    responders: float | None = None  # share with a reduction of a half or more

    @property
    def r(self) -> float:
        """R, the ratio of the means."""
        return self.m1 / self.m0


class Spread(NamedTuple):
    """c^2, and the route that it was found by."""

    c2: float
    route: str  # "followup-sd", "change-sd" or "responders"


def noise(printed: Printed, phi: float) -> float:
    """w: the standard deviation of the measurement noise of an observed log ratio."""
    return float(np.sqrt(phi * (1.0 / (printed.k0 * printed.m0) + 1.0 / (printed.k1 * printed.m1))))


def second_moment(printed: Printed, phi: float) -> float | None:
    """E L^2 of the true baseline rates; None without a baseline SD."""
    return None if printed.s0 is None else printed.m0**2 + printed.s0**2 - phi * printed.m0 / printed.k0


def by_followup_sd(printed: Printed, phi: float) -> Spread | None:
    """1 + c^2 = (s1^2 + m1^2 - phi m1 / k1) / (R^2 E L^2)."""
    second = second_moment(printed, phi)
    if second is None or printed.s1 is None:
        return None
    return _within(
        (printed.s1**2 + printed.m1**2 - phi * printed.m1 / printed.k1) / (printed.r**2 * second) - 1.0, "followup-sd"
    )


def _within(c2: float, route: str) -> Spread:
    """Noise may take off more than there is; then people are as alike as we let them be."""
    return Spread(min(max(c2, _LEAST), _MOST), route)
