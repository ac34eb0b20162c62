"""How the person's page says it: short words, short sentences, chances as people out of ten."""

from __future__ import annotations

from cleardays.diary.rules import day_rules
from cleardays.quantities import percent
from cleardays.report import wording, words
from cleardays.report.treatment_page_words import in_sentence
from cleardays.texts import clean
from cleardays.trial.account.account import Account
from cleardays.trial.account.stretches import Stretch
from cleardays.trial.review import Review

_LONGEST = 28
_HALF = 0.5
_NO_DIFFERENCE = 1e-9


def short_name(treatment: str) -> str:
    """The treatment as a short sentence can hold it, else "the treatment"."""
    name = clean(in_sentence(treatment), _LONGEST + 1)
    return name if 0 < len(name) <= _LONGEST else "the treatment"


def of_ten(chance: float) -> str:
    """A chance as people out of ten, never none of them and never all.

    >>> of_ten(0.81), of_ten(0.03), of_ten(0.97), of_ten(0.25)
    ('8 of 10', 'fewer than 1 of 10', 'more than 9 of 10', '2 or 3 of 10')
    """
    tenths = 10 * chance
    if tenths < 0.5:
        return "fewer than 1 of 10"
    if tenths > 9.5:
        return "more than 9 of 10"
    low = int(tenths)
    if 0.25 <= tenths - low < 0.75 and low >= 1 and low < 9:
        return f"{low} or {low + 1} of 10"
    return f"{max(1, min(9, round(tenths)))} of 10"


def chance_line(account: Account, review: Review) -> str:
    """The chance of a response in natural frequencies."""
    threshold, outcome = review.response.question.threshold, wording.spoken(review)
    share = "half or more" if threshold == _HALF else _tenths(threshold)
    many = of_ten(review.response.chance).removesuffix(" of 10")
    of_them = many if many.startswith(("fewer", "more")) else f"about {many}"
    cause = "what changed" if "co_intervention" in account.about else short_name(account.treatment)
    cut = f"{cause} cut {outcome.told or outcome.many} by {share}"
    return f"Think of 10 people with a diary like yours. In {of_them} of them, {cut}."


def _tenths(threshold: float) -> str:
    """A share as so many of ten where it is that, else as a percentage."""
    tenths = round(10 * threshold)
    exact = abs(10 * threshold - tenths) < _NO_DIFFERENCE
    return f"at least {tenths} in every 10" if exact else f"{percent(threshold)} or more"


def counts_line(account: Account, review: Review) -> str:
    """What was counted before and lately, in days of 28; of amounts the mean."""
    number = next((each for each in account.numbers if each.judged), None)
    if number is None or wording.spoken(review).amount:
        return wording.plain(review).partition(". ")[0].rstrip(".") + "."
    many = words.sentence(wording.spoken(review).many)
    if number.before is None:
        return f"{many} now: {_days(number.recent)}."
    return f"{many}: {_days(number.before)} before, {_days(number.recent)} now."


def _days(stretch: Stretch) -> str:
    if stretch.per_28 is not None:
        whole = stretch.days == day_rules().window_days and not stretch.unknown
        about = "" if whole else "about "
        return f"{about}{words.figure(stretch.per_28)} of {day_rules().window_days} days"
    return f"{stretch.tally} of {words.counted(stretch.known, 'known day')}"
