"""Consecutive months: has a pattern lasted long enough?

Each month answers in three-valued logic; a run of months is their "and", and
the series the "or" over where a run could begin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, any_of, negate, reaches
from cleardays.diary.months import overuse_unanswered
from cleardays.diary.windows import WORDS
from cleardays.problems import BadInput, Problem, shown

_NEVER_FROM_A_DIARY = "8.2.7"


class MonthCounts(NamedTuple):
    """Counts of one month: headache days, days of criterion C, days, logged days, intake days by class.

    None was not told; it is never zero.
    """

    hd: int | None
    cm_c: int | None
    n_days: int
    n_logged: int
    med: dict[str, tuple[int, int]] | None  # class -> fewest and most distinct days

    def at_least(self, fewest: int | None, most: int | None, threshold: int) -> Tri:
        """Whether a number from `fewest` to `most`, plus what missing days may add, reaches a threshold."""
        if fewest is None or most is None:
            return None
        return reaches(fewest, min(most + self.n_days - self.n_logged, self.n_days) - fewest, threshold)


def read_series(document: object, where: str = "series") -> list[MonthCounts]:
    """Read the compact form of consecutive months; raises `BadInput` with everything that cannot be read."""
    months = document.get("months") if isinstance(document, dict) else None
    if not isinstance(months, list) or not months or not all(isinstance(month, dict) for month in months):
        raise BadInput(
            Problem(where, "there are no months.", 'Give {"months": [{"hd": 16, "cm_c": 9, "n_days": 30, "n_logged": 30}]}.')
        )
    problems: list[Problem] = []
    read = [_read_month(month, f"{where}, month {number}", problems) for number, month in enumerate(months, start=1)]
    if problems:
        raise BadInput(problems)
    return read


def _read_month(month: dict[str, object], where: str, problems: list[Problem]) -> MonthCounts:
    rules = headache_rules()

    def count(key: str, most: int) -> int | None:
        value = month.get(key)
        if value is None:
            return None
        if type(value) is int and 0 <= value <= most:
            return value
        problems.append(Problem(f"{where}, {key}", f"{shown(str(value))} is no count we can use.", f"Use 0 to {most}."))
        return 0

    n_days = count("n_days", 31)
    n_logged = count("n_logged", 31 if n_days is None else n_days)
    if n_days is None or n_logged is None:
        problems.append(Problem(where, "n_days or n_logged is missing.", "Say how many days it has and how many were logged."))
        n_days = n_logged = 31
    hd, cm_c = count("hd", n_logged), count("cm_c", n_logged)
    given = month.get("med", {})
    answered = given is not None
    given = given if answered else {}
    if not isinstance(given, dict):
        problems.append(Problem(f"{where}, med", f"{shown(str(given))} is no object.", 'Give {"triptan": 11}.'))
        given = {}
    med: dict[str, tuple[int, int]] = {}
    for name, days in given.items():
        kind = rules.same_as.get(str(name), str(name))
        if kind not in rules.acute | rules.not_acute:
            problems.append(
                Problem(f"{where}, med", f"{shown(str(name))} is no class.", f"Use one of {', '.join(sorted(rules.acute))}.")
            )
        elif type(days) is not int or not 0 <= days <= n_days:
            problems.append(Problem(f"{where}, med, {name}", f"{shown(str(days))} is no count of days.", f"Use 0 to {n_days}."))
        elif kind in rules.acute:
            # two names of one class: their days may or may not overlap
            fewest, most = med.get(kind, (0, 0))
            med[kind] = (max(fewest, days), min(most + days, n_days))
    return MonthCounts(hd, cm_c, n_days, n_logged, med if answered else None)


def overuse_of(month: MonthCounts) -> dict[str, Tri]:
    """Overuse by class of ICHD-3 8.2 from a month's counts."""
    rules = headache_rules().overuse
    if month.med is None:
        return overuse_unanswered(month.n_days)
    found: dict[str, Tri] = {}
    for code, rule in rules["days"].items():
        fewest, most = _union(month.med, month.n_days, rule["classes"])
        found[code] = month.at_least(fewest, most, rule["days"])
    mixed = rules["mixed"]
    fewest, most = _union(month.med, month.n_days, mixed["classes"])
    used = sum(month.med.get(kind, (0, 0))[0] > 0 for kind in mixed["classes"])
    several = True if used >= mixed["least_classes"] else (None if month.n_logged < month.n_days else False)
    alone = (negate(found[code]) for code in mixed["not_overused"])
    found["8.2.6"] = all_of(several, month.at_least(fewest, most, mixed["days"]), *alone)
    found[_NEVER_FROM_A_DIARY] = False
    return dict(sorted(found.items()))


def _union(med: dict[str, tuple[int, int]], n_days: int, kinds: Sequence[str]) -> tuple[int, int]:
    """Bounds of the distinct days of several classes: at least the largest, at most their sum."""
    bounds = [med.get(kind, (0, 0)) for kind in kinds]
    return max(fewest for fewest, _ in bounds), min(sum(most for _, most in bounds), n_days)


def lasting(months: Sequence[MonthCounts], count: int, holds: Callable[[MonthCounts], Tri]) -> Tri:
    """Whether it holds in `count` consecutive months, wherever they begin."""
    answers = [holds(month) for month in months]
    return any_of(*(all_of(*answers[i : i + count]) for i in range(len(answers) - count + 1)))


def judge_series(months: Sequence[MonthCounts]) -> dict[str, object]:
    """The keys of a series, as standards name them."""
    rules = headache_rules()
    three, more = rules.persistence["months"], rules.persistence["more_than_months"]
    limit, migraine = rules.chronic_month["headache_days"], rules.chronic_month["migraine_days"]

    def often(month: MonthCounts) -> Tri:
        return month.at_least(month.hd, month.hd, limit)

    def chronic(month: MonthCounts) -> Tri:
        return all_of(often(month), month.at_least(month.cm_c, month.cm_c, migraine))

    codes = list(overuse_of(months[0]))

    def overused(code: str) -> Callable[[MonthCounts], Tri]:
        return lambda month: overuse_of(month)[code]

    def overused_and_often(code: str) -> Callable[[MonthCounts], Tri]:
        return lambda month: all_of(overuse_of(month)[code], often(month))

    for_three = {code: lasting(months, three, overused(code)) for code in codes}
    return {
        "cm_3mo": WORDS[lasting(months, three, chronic)],
        "cm_gt3mo": WORDS[lasting(months, more, chronic)],
        "overuse_3mo": {code: WORDS[answer] for code, answer in for_three.items()},
        "overuse_gt3mo": {code: WORDS[lasting(months, more, overused(code))] for code in codes},
        "moh_pattern": WORDS[any_of(*(lasting(months, more, overused_and_often(code)) for code in codes))],
        "nice_moh_alert": WORDS[any_of(*for_three.values())],
    }
