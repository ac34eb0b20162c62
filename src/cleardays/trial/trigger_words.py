"""Why something is said of a trigger or not, in words; no word of blame, and never that one thing causes another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cleardays.diary.series import DaySeries
from cleardays.quantities import counted as number_of
from cleardays.quantities import percent, say_probability
from cleardays.response.associations import Tally
from cleardays.response.summary import Interval
from cleardays.sources import Reason

Rules = Mapping[str, Any]
EARLY_SIGN = "trigger.early-sign"


class Called(NamedTuple):
    """What a day with the outcome is called and several of them, and a day without it and several of those."""

    one: str
    many: str
    without: str
    several_without: str


def counted(tally: Tally, *, day_before: bool, called: Called) -> str:
    """The plain counts behind an association."""
    one, many = called.one, called.many
    if day_before:
        days = called.without if tally.days_with == 1 else called.several_without
        return (
            f"Followed by a {one}: {tally.had_with} of {tally.days_with} {days} on which it was there, "
            f"{tally.had_without} of {tally.days_without} on which it was not"
        )
    said = f"{many[0].upper()}{many[1:]}"
    return f"{said}: {tally.had_with} of {tally.days_with} days with it, {tally.had_without} of {tally.days_without} without"


# ---- verdicts


def raises(probability: float, rules: Rules, one: str, when: str) -> Reason:
    """It goes along with more."""
    return _along("raises", f"at least {rules['relevant']['odds_ratio']:g} times as high", probability, rules, one, when)


def lowers(probability: float, rules: Rules, one: str, when: str) -> Reason:
    """It goes along with fewer."""
    least = rules["relevant"]["odds_ratio"]
    return _along("lowers", f"lower by a factor of at least {least:g}", probability, rules, one, when)


def _along(rule: str, how: str, probability: float, rules: Rules, one: str, when: str) -> Reason:
    because = (
        f"The probability that the odds of a {one} {when} are {how} with it is {say_probability(probability)} "
        f"({rules[rule]['probability']:.2f} is asked for). They go along; that does not show that one brings about the other."
    )
    return Reason(f"trigger.{rule}", because, _sources(rules, rule, "relevant"))


def no_association(probability: float, rules: Rules) -> Reason:
    """Neither, and that a large one is there is unlikely; a smaller one is not denied."""
    within = rules["no-association"]["within_odds_ratio"]
    because = (
        f"The probability that the odds with it and without it differ by a factor of less than {within:g} is "
        f"{say_probability(probability)} ({rules['no-association']['probability']:.2f} is asked for): no association of a size "
        f"over {within:g}. A smaller one is possible."
    )
    return Reason("trigger.no-association", because, _sources(rules, "no-association", "from-the-diary", "relevant"))


def undecided(odds: Interval, rules: Rules) -> Reason:
    """Too wide to say."""
    because = (
        f"The diary does not settle it: the odds ratio may be anything from {odds.lower:.1f} to {odds.upper:.1f}. "
        "More days would tell more."
    )
    return Reason("trigger.undecided", because, _sources(rules, "raises", "no-association"))


# ---- why nothing can be compared


def few_known_days(days: DaySeries, rules: Rules) -> Reason:
    """The whole diary is too full of holes."""
    least = rules["few-known-days"]["known_share"]
    because = (
        f"Only {days.known} of {len(days.states)} days are known ({percent(days.known / len(days.states))}; {percent(least)} "
        "are asked for), and the days that were written down may not be like the others."
    )
    return Reason("trigger.few-known-days", because, _sources(rules, "few-known-days"))


def only_noted_with_it(called: Called, rules: Rules) -> Reason:
    """Nobody was asked on the other days."""
    because = (
        f"It was only written down on {called.many}, so days with it cannot be compared with days without it. Written down on "
        f"{called.several_without} too, and that it was not there (`none` is an answer), it can be compared."
    )
    return Reason("trigger.only-on-days-had", because, _sources(rules, "only-with-it"))


def only_named_with_it(called: Called, rules: Rules) -> Reason:
    """It was asked on the other days, and never was there on one."""
    because = (
        f"It was never there on a {called.without}, only on {called.many}, so it cannot be told whether one leads to the "
        "other, or is named because of the other."
    )
    return Reason("trigger.never-on-clear-days", because, _sources(rules, "only-with-it"))


def too_few(tally: Tally, called: Called, rules: Rules, *, day_before: bool) -> Reason:
    """Not enough days on one side."""
    least = rules["compared"]["least_days"]
    side, count = ("with", tally.days_with) if tally.days_with < least else ("without", tally.days_without)
    if day_before:
        days = f"1 {called.without}" if count == 1 else f"{count} {called.several_without}"
        text = f"{days} {side} it {'has' if count == 1 else 'have'} a known day after"
    else:
        text = f"{number_of(count, 'known day')} {side} it"
    return Reason("trigger.too-few-days", f"Too few days: {text}; {least} are needed.", _sources(rules, "compared"))


def too_many(rules: Rules) -> Reason:
    """The rarer ones are left out."""
    because = f"At most {rules['compared']['most_factors']} things are compared at once; those with more days go first."
    return Reason("trigger.too-many", because, _sources(rules, "compared"))


# ---- what to keep in mind


def early_sign(source: Sequence[str]) -> Reason:
    """It may be the attack itself; said of outcomes of headaches only."""
    because = (
        "It may be an early sign of an attack that has begun, and not what set it off: such signs can come hours to days "
        "before the pain."
    )
    return Reason(EARLY_SIGN, because, tuple(key for key in source if key != "trigger-policy"))


def unevenly_answered(on_clear: float, on_had: float, called: Called, rules: Rules) -> Reason:
    """Asked much more often when it hurt."""
    because = (
        f"It was answered on {percent(on_clear)} of the {called.several_without} and on {percent(on_had)} of the "
        f"{called.many}; the {called.several_without} with an answer may not be like the others."
    )
    return Reason("trigger.unevenly-answered", because, _sources(rules, "unevenly-answered"))


def unknown_days(unknown: int, rules: Rules) -> Reason:
    """Days without an answer count as average ones."""
    because = (
        f"On {number_of(unknown, 'day')} it is not known whether it was there; they count as average days, not as days without."
    )
    return Reason("trigger.unknown-days", because, _sources(rules, "compared"))


# ---- what may be done


def nothing_to_avoid(rules: Rules) -> Reason:
    """Where nothing is clear."""
    because = "Nothing here is a reason to avoid anything."
    return Reason("trigger.nothing-to-avoid", because, _sources(rules, "test-one"))


def try_one(names: Sequence[str], rules: Rules) -> Reason:
    """A way to find out more."""
    weeks = rules["test-one"]["weeks"]
    which = names[0] if len(names) == 1 else f"one of them ({', '.join(names)}), never several at once"
    because = (
        f"To find out more, {which} can be tested: decide beforehand on {weeks} weeks as usual and {weeks} weeks with less of "
        "it, and write down every day. Nothing else here is a reason to avoid anything."
    )
    return Reason("trigger.test-one", because, _sources(rules, "test-one"))


def no_blame(one: str, rules: Rules) -> Reason:
    """Said with every answer."""
    because = f"None of this says that a {one} was anybody's fault, or that it would not have come without."
    return Reason("trigger.no-blame", because, _sources(rules, "raises"))


def told_late(count: int, rules: Rules) -> Reason:
    """What was written down much later is coloured by what came."""
    because = (
        f"What was written down about triggers later than the day after ({number_of(count, 'day')}) is not used: by then the "
        "next day was known and may have coloured it."
    )
    return Reason("trigger.told-late", because, _sources(rules, "compared"))


def rough_fit(rules: Rules) -> Reason:
    """The model did not come to rest, or few of its draws count."""
    because = "The model's own check failed for this diary: take the figures as rough."
    return Reason("trigger.rough-fit", because, _sources(rules, "few-known-days"))


def counted_under(word: str, name: str, rules: Rules) -> Reason:
    """A word and a column say the same."""
    because = f'The word "{word}" is not compared by itself: "{name}" says the same, day by day.'
    return Reason("trigger.counted-under", because, _sources(rules, "compared"))


def _sources(rules: Rules, *tables: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for table in tables for key in rules[table]["source"]))
