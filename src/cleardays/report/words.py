"""How outcomes, figures, dates and lists read on a page. Never more certain than they are."""

from __future__ import annotations

from typing import NamedTuple

from cleardays.clock import say_day as day
from cleardays.quantities import say_probability as probability
from cleardays.response.summary import Interval

__all__ = [
    "MINUS",
    "OUTCOMES",
    "Outcome",
    "counted",
    "day",
    "fewer_or_more",
    "fewer_or_more_range",
    "figure",
    "figure_range",
    "probability",
    "sentence",
    "signed",
]

MINUS = "\N{MINUS SIGN}"


class Outcome(NamedTuple):
    """How an outcome is spoken of. {range} stands for two figures, "6 to 17".

    `one` and `many` are days that had it, `without` a day and days that had not, `has` is what a day has. What is told
    of it may be something else than days: `told` names that, `line` with its unit, `per` the unit after the figures.
    """

    one: str
    many: str
    has: str
    definition: str
    told: str = ""  # empty: the days themselves
    line: str = ""
    per: str = " per 28"
    without: tuple[str, str] = ("clear day", "clear days")
    risen: str = ""
    down: str = "them"  # what a treatment brings down
    worse: str = "there are more than there would have been without it"
    waves: str = "such days come in waves by themselves, and without it there could now be anywhere from {range} in 28"
    coming: str = ""
    less: str = "fewer"
    more: str = "more"
    scale: str = "Days in 28"
    most: int | None = 28  # where the scale ends; None: where the figures do
    end: str = " days"  # said at its end
    decimals: int = 0
    rates: str = "rates are days per 28, over known days"
    amount: bool = False
    headache: bool = True  # a diary of it is one of headaches, and should hold what a page on them counts
    few: bool = True  # fewer than 4 in 28 days mean something


OUTCOMES = {
    "headache_day": Outcome(
        "headache day",
        "headache days",
        "headache",
        "A headache day is a local calendar day with any head pain; migraine days are not judged apart.",
    ),
    "aura_day": Outcome(
        "aura day",
        "aura days",
        "aura",
        "An aura day is a local calendar day with any aura, with or without headache.",
        without=("day without aura", "days without aura"),
    ),
    "acute_med_day": Outcome(
        "day with an acute medicine",
        "days with an acute medicine",
        "an acute medicine",
        "A day with an acute medicine is the local calendar day of intake; antiemetics do not count.",
        without=("day without an acute medicine", "days without an acute medicine"),
    ),
    "migraine_day": Outcome(
        "migraine day",
        "migraine days",
        "migraine",
        "A migraine day by the Leiden profile: features and symptoms of migraine for half an hour, an aura, or a "
        "migraine-specific medicine; the person's own answer where features were not recorded.",
        without=("day without migraine", "days without migraine"),
    ),
    "mod_sev_headache_day": Outcome(
        "day of moderate or severe headache",
        "days of moderate or severe headache",
        "moderate or severe headache",
        "A day with moderate or severe headache for 4 hours, or one brought to mild or none by an acute medicine.",
        without=("day without such headache", "days without such headache"),
    ),
    "use_day": Outcome(
        "day of use",
        "days of use",
        "use",
        "A day of use is a local calendar day with any use.",
        down="days of use",
        without=("day without use", "days without use"),
        headache=False,
        few=False,
    ),
    "craving": Outcome(
        "day with craving",
        "days with craving",
        "craving above 0",
        "Craving is the person's own rating of a day, from 0 (none) to 10.",
        told="craving",
        line="mean craving per day, 0 to 10",
        per="",
        without=("day without craving", "days without craving"),
        risen="craving has increased",
        down="craving",
        worse="craving is stronger than it would have been without it",
        waves="craving comes in waves by itself, and without it its mean could now be anywhere from {range} a day",
        coming="a mean craving of {range} per day in the next 28 days",
        less="weaker",
        more="stronger",
        scale="Mean craving per day, 0 to 10",
        most=10,
        end="",
        decimals=1,
        rates="figures are the mean of a day, known days of 0 included",
        amount=True,
        headache=False,
        few=False,
    ),
    "drinks": Outcome(
        "day with drinks",
        "days with drinks",
        "drinking",
        "A standard drink holds {grams} g of ethanol; a day's drinks are rounded to whole ones, less than one up to one. A day "
        "without use holds no drinks, even where they were not counted.",
        told="standard drinks",
        line="standard drinks per 28 days",
        per="",
        without=("day without drinks", "days without drinks"),
        risen="drinks have increased",
        down="the number of drinks",
        worse="there are more drinks than there would have been without it",
        waves="drinking comes in waves by itself, and without it there could now be anywhere from {range} drinks in 28 days",
        coming="{range} standard drinks in the next 28 days",
        scale="Standard drinks per 28 days",
        most=None,
        end="",  # the title says what of; beside a great number there is no room
        rates="figures are standard drinks per 28 days, over known days",
        amount=True,
        headache=False,
        few=False,
    ),
}


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


def counted(number: int, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
