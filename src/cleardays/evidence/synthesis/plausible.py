"""Standard deviations that can only be standard errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cleardays.problems import Problem

# A spread this many times smaller than the others', which the root of the arm's size makes alike (by this factor), is an SE.
_MUCH_SMALLER, _ALIKE = 3.0, 2.0
_FEWEST = 30  # people in an arm; below, the root of the size is no great factor


def doubtful_spreads(rows: Sequence[Mapping[str, str]], where: Sequence[str]) -> list[Problem]:
    """Spreads in columns called sd, or ending so, that belong to the standard errors among standard deviations.

    Args:
        rows: cells by column, with n.
        where: how each row is named in a problem.
    """
    found = []
    for column in sorted({name for row in rows for name in row if name == "sd" or name.endswith("_sd")}):
        told = [
            (at, sd, n) for at, row in enumerate(rows) if (sd := _above_0(row.get(column))) and (n := _above_0(row.get("n")))
        ]
        usual = _usual([sd for _, sd, _ in told])
        for at, sd, n in told:
            widened = sd * math.sqrt(n)
            if n >= _FEWEST and sd * _MUCH_SMALLER < usual and usual / _ALIKE < widened < usual * _ALIKE:
                what = f"{sd:g} cannot be a standard deviation of {n:g} people where others have about {usual:g}."
                fix = f"It is a standard error: times the root of {n:g} it makes {widened:.2g}. Look it up."
                found.append(Problem(f"{where[at]}, column {column}", what, fix))
    return found


def _usual(spreads: Sequence[float]) -> float:
    """The upper quartile: where standard errors stand among standard deviations, these are the larger ones."""
    ordered = sorted(spreads)
    return ordered[(3 * len(ordered)) // 4] if ordered else 0.0


def _above_0(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if value > 0.0 and math.isfinite(value) else None
