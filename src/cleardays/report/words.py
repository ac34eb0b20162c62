"""How outcomes, figures, dates and lists read on a page. Never more certain than they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cleardays.clock import say_day as day
from cleardays.diary.conditions import declared
from cleardays.packaged import PACKAGE, read_toml
from cleardays.quantities import counted
from cleardays.quantities import say_probability as probability
from cleardays.response.summary import Interval

__all__ = [
    "MINUS",
    "Outcome",
    "counted",
    "day",
    "fewer_or_more",
    "fewer_or_more_range",
    "figure",
    "figure_range",
    "hundred",
    "known_of",
    "outcome_words",
    "probability",
    "sentence",
    "signed",
]

MINUS = "\N{MINUS SIGN}"


class Outcome(NamedTuple):
    """How an outcome is spoken of. {range} stands for two figures, "6 to 17", {figure} for one.

    `one` and `many` are days that had it, `without` a day and days that had not, `has` is what a day has. What is told
    of it may be something else than days: `told` names that, `line` with its unit, `per` the unit after the figures.
    """

    one: str
    many: str
    without: tuple[str, str]
    has: str
    definition: str
    told: str = ""  # empty: the days themselves
    line: str = ""
    per: str = " per 28"
    better: str = ""  # the good days; empty: those without it
    risen: str = ""
    down: str = "them"  # what a treatment brings down
    worse: str = "there are more than there would have been without it"
    waves: str = "such days come in waves by themselves, and without it there could now be anywhere from {range} in 28"
    coming: str = ""
    less: str = "fewer"
    more: str = "more"
    scale: str = "Days in 28"
    most: int = 28  # where the scale ends; 0: where the figures do
    end: str = " days"  # said at its end
    decimals: int = 0
    rates: str = "rates are days per 28, over known days"
    amount: bool = False
    row: str = ""  # of an amount, in the table
    average: str = ""  # of an amount, the mean of some days
    each: str = ""  # of an amount, that of one day
    uncounted: str = ""  # of a day that had some, nobody knows how much
    headache: bool = True  # a diary of it is one of headaches, and should hold what a page on them counts
    few: bool = True  # fewer than 4 in 28 days mean something


@cache
def _own_words() -> dict[str, dict[str, Any]]:
    return read_toml(PACKAGE / "report" / "data" / "outcome_words.toml")


def outcome_words(about: Mapping[str, str], outcome: str) -> Outcome:
    """How an outcome is spoken of in a diary; its condition names the days.

    Args:
        about: what the diary says of itself.
        outcome: the outcome's id.
    """
    said = declared(dict(about), outcome)
    return Outcome(one=said.had[0], many=said.had[1], without=said.without, **_own_words()[outcome])


def known_of(known: int, days: int) -> str:
    """How much of a stretch is known.

    >>> known_of(0, 1), known_of(20, 28)
    ('0 of 1 day is known', '20 of 28 days are known')
    """
    of = counted(days, "day")
    return f"{known} of {of} is known" if days == 1 else f"{known} of {of} are known"


def figure(value: float, decimals: int = 0) -> str:
    """A rate, rounded; under half of the last digit says so.

    >>> figure(0.2), figure(10.79), figure(0.03, 1), figure(3.57, 1), figure(5600.0)
    ('under 1', '11', 'under 0.1', '3.6', '5,600')
    """
    least: float = 10.0**-decimals
    return f"under {least:g}" if 0 < value < least / 2 else f"{value:,.{decimals}f}"


def figure_range(interval: Interval, decimals: int = 0) -> str:
    """The interval of a rate: "6 to 17"."""
    return f"{figure(interval.lower, decimals)} to {figure(interval.upper, decimals)}"


def signed(value: float, decimals: int = 0) -> str:
    """With its sign, using the minus sign; no sign on a zero.

    >>> signed(-13.68, 1), signed(0.0), signed(2.4)
    ('−13.7', '0', '+2')
    """
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return (MINUS if value < 0 else "+") + text


def fewer_or_more(percent_reduction: float, less: str = "fewer", more: str = "more") -> str:
    r"""A reduction in words: 22 % fewer, 64 % more.

    >>> fewer_or_more(21.6), fewer_or_more(-64.3, "weaker", "stronger"), fewer_or_more(0.2)
    ('22\xa0% fewer', '64\xa0% stronger', 'no change')
    """
    size = f"{abs(percent_reduction):.0f}"
    if size == "0":
        return "no change"
    return f"{size}\N{NO-BREAK SPACE}% {less if percent_reduction > 0 else more}"


def fewer_or_more_range(lower: float, upper: float, less: str = "fewer", more: str = "more") -> str:
    r"""An interval of reductions, from the smaller size to the larger where both have one direction.

    >>> fewer_or_more_range(17.4, 80.2), fewer_or_more_range(-184.0, -10.1), fewer_or_more_range(-64.3, 59.0)
    ('17 to 80\xa0% fewer', '10 to 184\xa0% more', '64\xa0% more to 59\xa0% fewer')
    """
    low, high = fewer_or_more(lower, less, more), fewer_or_more(upper, less, more)
    if "no change" in (low, high) or (lower < 0) != (upper < 0):
        return f"{low} to {high}"
    near, far = sorted((abs(lower), abs(upper)))
    return f"{near:.0f} to {fewer_or_more(far if lower > 0 else -far, less, more)}"


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def hundred(probability: float) -> str:
    """A chance in words: "41 in 100", never 0 or 100."""
    if probability < 0.01:
        return "under 1 in 100"
    return "over 99 in 100" if probability > 0.99 else f"{100 * probability:.0f} in 100"
