"""How figures, dates and lists read on a page. Never more certain than they are."""

from __future__ import annotations

from cleardays.clock import say_day as day
from cleardays.quantities import say_probability as probability
from cleardays.response.summary import Interval

__all__ = [
    "MINUS",
    "counted",
    "day",
    "days",
    "days_range",
    "fewer_or_more",
    "fewer_or_more_range",
    "probability",
    "sentence",
    "signed",
]

MINUS = "\N{MINUS SIGN}"


def days(value: float) -> str:
    """A rate in whole days; under half a day says so.

    >>> days(0.2), days(10.79)
    ('under 1', '11')
    """
    return "under 1" if 0 < value < 0.5 else f"{value:.0f}"


def days_range(interval: Interval) -> str:
    """The interval of a rate: "6 to 17"."""
    return f"{days(interval.lower)} to {days(interval.upper)}"


def signed(value: float, decimals: int = 0) -> str:
    """With its sign, using the minus sign; no sign on a zero.

    >>> signed(-13.68, 1), signed(0.0), signed(2.4)
    ('−13.7', '0', '+2')
    """
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return (MINUS if value < 0 else "+") + text


def fewer_or_more(percent_reduction: float) -> str:
    r"""A reduction in words: 22 % fewer, 64 % more.

    >>> fewer_or_more(21.6), fewer_or_more(-64.3), fewer_or_more(0.2)
    ('22\xa0% fewer', '64\xa0% more', 'no change')
    """
    size = f"{abs(percent_reduction):.0f}"
    if size == "0":
        return "no change"
    return f"{size}\N{NO-BREAK SPACE}% {'fewer' if percent_reduction > 0 else 'more'}"


def fewer_or_more_range(lower: float, upper: float) -> str:
    r"""An interval of reductions, from the smaller size to the larger where both have one direction.

    >>> fewer_or_more_range(17.4, 80.2), fewer_or_more_range(-184.0, -10.1), fewer_or_more_range(-64.3, 59.0)
    ('17 to 80\xa0% fewer', '10 to 184\xa0% more', '64\xa0% more to 59\xa0% fewer')
    """
    low, high = fewer_or_more(lower), fewer_or_more(upper)
    if "no change" in (low, high) or (lower < 0) != (upper < 0):
        return f"{low} to {high}"
    near, far = sorted((abs(lower), abs(upper)))
    return f"{near:.0f} to {fewer_or_more(far if lower > 0 else -far)}"


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
