"""How figures, dates and lists read on a page. Never more certain than they are."""

from __future__ import annotations

from cleardays.clock import say_day as day
from cleardays.response.summary import Interval

__all__ = ["MINUS", "counted", "day", "days", "days_range", "fewer_or_more", "probability", "sentence", "signed"]

MINUS = "\N{MINUS SIGN}"


def probability(value: float) -> str:
    """Two decimals; never 0 or 1, because no diary makes anything certain.

    >>> probability(0.0), probability(0.413), probability(0.9999)
    ('under 0.01', '0.41', 'over 0.99')
    """
    if value < 0.01:
        return "under 0.01"
    return "over 0.99" if value > 0.99 else f"{value:.2f}"


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


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
