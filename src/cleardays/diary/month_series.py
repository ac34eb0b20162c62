"""Consecutive months: has a pattern lasted long enough?

Each month answers in three-valued logic; a run of months is their "and", and
the series the "or" over where a run could begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, any_of, negate, reaches
from cleardays.diary.months import NEVER_FROM_A_DIARY, overuse_unanswered
from cleardays.diary.windows import WORDS
from cleardays.problems import BadInput, Problem, shown

_MONTH_KEYS = ("hd", "cm_c", "n_days", "n_logged", "med", "month", "start")  # the last two only name it
_ANY = "any"  # distinct days with any acute medicine


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
    if not isinstance(document, dict) or not isinstance(months, list) or not months:
        raise BadInput(
            Problem(where, "there are no months.", 'Give {"months": [{"hd": 16, "cm_c": 9, "n_days": 30, "n_logged": 30}]}.')
        )
    problems = [
        Problem(f"{where}, {key}", "the key is not known here.", "Use months and migraine_dx.")
        for key in sorted(map(str, document.keys() - {"months", "migraine_dx"}))
    ]
    problems += [
        Problem(
            f"{where}, month {n}", "it is no JSON object.", "A month of which nothing is known still has n_days and n_logged."
        )
        for n, month in enumerate(months, start=1)
        if not isinstance(month, dict)
    ]
    if not isinstance(document.get("migraine_dx", True), bool | None):
        problems.append(Problem(f"{where}, migraine_dx", "it is no answer.", "Use true, false or null."))
    if problems:
        raise BadInput(problems)
    read = [_read_month(month, f"{where}, month {number}", problems) for number, month in enumerate(months, start=1)]
    if problems:
        raise BadInput(problems)
    return read


def _read_month(month: dict[str, object], where: str, problems: list[Problem]) -> MonthCounts:
    rules = headache_rules()
    for unknown in sorted(month.keys() - _MONTH_KEYS):
        problems.append(Problem(f"{where}, {unknown}", "the key is not known here.", f"Use {', '.join(_MONTH_KEYS)}."))

    def count(key: str, most: int) -> int | None:
        value = _whole(month.get(key))
        if value is None:
            return None
        if isinstance(value, int) and 0 <= value <= most:
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
        kind = str(name).partition(":")[0]
        kind = rules.same_as.get(kind, kind)
        if kind not in rules.acute | rules.not_acute | {_ANY}:
            problems.append(
                Problem(f"{where}, med", f"{shown(str(name))} is no class.", f"Use one of {', '.join(sorted(rules.acute))}.")
            )
        elif not isinstance(number := _whole(days), int) or not 0 <= number <= n_days:
            problems.append(Problem(f"{where}, med, {name}", f"{shown(str(days))} is no count of days.", f"Use 0 to {n_days}."))
        elif kind in rules.acute or kind == _ANY:
            # two names of one class: their days may or may not overlap
            fewest, most = med.get(kind, (0, 0))
            med[kind] = (max(fewest, number), min(most + number, n_days))
    return MonthCounts(hd, cm_c, n_days, n_logged, med if answered else None)


def _whole(value: object) -> object:
    """A whole number, also where it was written as 16.0; anything else as it came, True and False as words."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, bool) else value


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
    found[NEVER_FROM_A_DIARY] = False
    return dict(sorted(found.items()))


def _union(med: dict[str, tuple[int, int]], n_days: int, kinds: Sequence[str]) -> tuple[int, int]:
    """Bounds of the distinct days of several classes.

    At least the largest of them, and all days with any that no other class can
    account for; at most their sum, and no more than all days with any.
    """
    bounds = [med.get(kind, (0, 0)) for kind in kinds]
    fewest_any, most_any = med.get(_ANY, (0, n_days))
    others = sum(most for kind, (_, most) in med.items() if kind not in (*kinds, _ANY))
    return max(fewest_any - others, *(fewest for fewest, _ in bounds)), min(sum(most for _, most in bounds), most_any, n_days)


class MonthAnswers(NamedTuple):
    """What a month answers: 15 headache days or more, the pattern of chronic migraine, overuse by class."""

    often: Tri
    chronic: Tri
    overuse: dict[str, Tri]


def answers_of(month: MonthCounts) -> MonthAnswers:
    """The answers of a month's counts."""
    chronic = headache_rules().chronic_month
    often = month.at_least(month.hd, month.hd, chronic["headache_days"])
    migraine = month.at_least(month.cm_c, month.cm_c, chronic["migraine_days"])
    return MonthAnswers(often, all_of(often, migraine), overuse_of(month))


def lasting(answers: Sequence[Tri], count: int) -> Tri:
    """Whether it holds in `count` consecutive months, wherever they begin.

    >>> lasting([True, True, None, True], 3) is None
    True
    """
    return any_of(*(all_of(*answers[i : i + count]) for i in range(len(answers) - count + 1)))


def judge_series(months: Sequence[MonthCounts], *, diagnosed: Tri = True) -> dict[str, object]:
    """The keys of a series, as standards name them."""
    return judge_months([answers_of(month) for month in months], diagnosed=diagnosed)


def judge_months(months: Sequence[MonthAnswers], *, diagnosed: Tri = True) -> dict[str, object]:
    """The keys of a series from what each consecutive month answers, with the reason of each.

    `diagnosed`: a headache disorder is on file; without one there is no overuse headache by ICHD-3 8.2.
    """
    persistence = headache_rules().persistence
    three, more = persistence["months"], persistence["more_than_months"]
    codes = list(months[0].overuse)
    chronic = [month.chronic for month in months]
    for_three = {code: lasting([month.overuse[code] for month in months], three) for code in codes}
    for_more = {code: lasting([month.overuse[code] for month in months], more) for code in codes}
    pattern = any_of(*(lasting([all_of(m.overuse[code], m.often) for m in months], more) for code in codes))
    return {
        "cm_3mo": WORDS[lasting(chronic, three)],
        "cm_gt3mo": WORDS[lasting(chronic, more)],
        "overuse_3mo": {code: WORDS[answer] for code, answer in for_three.items()},
        "overuse_gt3mo": {code: WORDS[answer] for code, answer in for_more.items()},
        "moh_pattern": WORDS[all_of(diagnosed, pattern)],
        "nice_moh_alert": WORDS[any_of(*for_three.values())],
        "reasons": _reasons(months, three, more, diagnosed),
    }


def _reasons(months: Sequence[MonthAnswers], three: int, more: int, diagnosed: Tri) -> dict[str, object]:
    """Month by month, what the verdicts rest on."""
    rules = headache_rules()

    def each(answers: Sequence[Tri]) -> str:
        return ", ".join(WORDS[answer] for answer in answers)

    used = {code: [m.overuse[code] for m in months] for code in months[0].overuse}
    named = "; ".join(f"{code}: {each(answers)}" for code, answers in used.items() if any(a is not False for a in answers))
    chronic = f"the pattern in each of {len(months)} months: {each([m.chronic for m in months])}"
    source = list(rules.source["persistence"])
    on_file = {True: "yes", False: "no", None: "not answered"}[diagnosed]
    often = f"a diagnosis on file: {on_file}; often enough: {each([m.often for m in months])}"
    often = f"{often}; over the limit: {named or 'no class in any month'}"
    return {
        "cm_3mo": {"rule": f"{three} consecutive months", "because": chronic, "source": ["ICHD3-1.3", "VDAREND-2023"]},
        "cm_gt3mo": {"rule": f"more than {three} months: {more} that fit", "because": chronic, "source": ["ICHD3-1.3"]},
        "overuse_3mo": {"rule": f"{three} consecutive months", "because": named or "no month", "source": source},
        "overuse_gt3mo": {"rule": f"more than {three} months", "because": named or "no month", "source": ["ICHD3-8.2"]},
        "moh_pattern": {
            "rule": f"overuse and {rules.chronic_month['headache_days']} headache days, {more} months",
            "because": often,
            "source": ["ICHD3-8.2"],
        },
        "nice_moh_alert": {
            "rule": f"overuse for {three} months or more",
            "because": named or "no month",
            "source": ["NICE-CG150"],
        },
    }
