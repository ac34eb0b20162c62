"""How much the multiplier differs between people, from what a trial prints; three routes, and the noise of counting.

Notation of an arm: baseline mean m0 and SD s0, follow-up mean m1 = R m0 and SD s1, SD of change sd, share p of people with
half the days or fewer; k0 and k1 are how many 28-day months baseline and follow-up average; phi is the variance over the
mean of a person's months. Person i has rate L at baseline and L G at follow-up, G independent of L.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleardays.evidence.prior.multiplier import family_of, seen_below

_LEAST, _MOST = 0.01, 6.0  # of c^2: people all alike; a spread that no trial has
_BISECTIONS = 60


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


def by_change_sd(printed: Printed, phi: float) -> Spread | None:
    """1 + c^2 from the SD of change: Var(L (G - 1)) with the noise of both counts taken off."""
    second = second_moment(printed, phi)
    if second is None or printed.sd is None:
        return None
    r, m0 = printed.r, printed.m0
    taken_off = printed.sd**2 - phi * (m0 / printed.k0 + printed.m1 / printed.k1) + m0**2 * (r - 1.0) ** 2
    return _within((taken_off / second - 1.0 + 2.0 * r) / r**2 - 1.0, "change-sd")


def by_responders(printed: Printed, phi: float, family: str = "gamma") -> Spread | None:
    """The c^2 with which the share of people at half the days or fewer is as printed; None where no spread makes it so.

    The smallest such spread: with the mean fixed, a very large one may lead to the same share again.
    """
    if printed.responders is None:
        return None
    w = noise(printed, phi)

    def off(c2: float) -> float:
        return seen_below(family_of(family, printed.r, c2), 0.5, w) - float(printed.responders or 0.0)

    grid = np.exp(np.linspace(np.log(_LEAST), np.log(_MOST), 40))
    heights = [off(float(c2)) for c2 in grid]
    for at in range(len(grid) - 1):
        if heights[at] == 0.0 or heights[at] * heights[at + 1] < 0.0:
            lower, upper = float(grid[at]), float(grid[at + 1])
            rising = heights[at] < heights[at + 1]
            for _ in range(_BISECTIONS):
                middle = 0.5 * (lower + upper)
                if (off(middle) < 0.0) == rising:
                    lower = middle
                else:
                    upper = middle
            return Spread(0.5 * (lower + upper), "responders")
    return None


ROUTES = (by_followup_sd, by_change_sd)


def spreads(printed: Printed, phi: float, family: str = "gamma") -> list[Spread]:
    """Every route that what is printed allows; where they disagree, the reader should know."""
    found = [route(printed, phi) for route in ROUTES]
    found.append(by_responders(printed, phi, family))
    return [spread for spread in found if spread is not None]


def _within(c2: float, route: str) -> Spread:
    """Noise may take off more than there is; then people are as alike as we let them be."""
    return Spread(min(max(c2, _LEAST), _MOST), route)
