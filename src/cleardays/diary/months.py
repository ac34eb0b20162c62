"""One month (or any stretch) of classified days: counts, thresholds, overuse by class.

Thresholds are three-valued: a missing day could have had anything, so the
answer is yes, no, or indeterminate. Medicine days are days of intake, not doses.
"""

from __future__ import annotations

from typing import NamedTuple

from cleardays.clock import parse_day
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, negate, reaches
from cleardays.diary.rules import day_rules, read_rules
from cleardays.diary.windows import INSUFFICIENT, WORDS, grade
from cleardays.problems import BadInput, Problem, shown
from cleardays.sources import Reason

NEVER_FROM_A_DIARY = "8.2.7"  # intake that nobody can verify

_WINDOW_KEYS = ("start", "pattern", "meds")


class Month(NamedTuple):
    """What is known of a stretch: day numbers (1-based) by what they had."""

    n_days: int
    logged: frozenset[int]
    headache: frozenset[int]
    migraine: frozenset[int]  # days that meet criterion C of chronic migraine
    intake: dict[str, frozenset[int]] | None  # medicine class -> days of intake; None when not answered


def at_least(days: frozenset[int], threshold: int, month: Month) -> Tri:
    """Whether there were so many days: None while the missing days could decide it."""
    return reaches(len(days), month.n_days - len(month.logged | days), threshold)


def read_pattern(document: object, where: str = "window") -> Month:
    """Read the compact form of a month.

    `pattern` has one letter a day: M migraine day under every profile, H another
    headache day, 0 headache-free, . missing. `meds` maps a class, optionally with
    a drug behind a colon, to its 1-based days of intake.

    Raises:
        BadInput: with everything that cannot be read.
    """
    rules = headache_rules()
    if not isinstance(document, dict) or not isinstance(document.get("pattern"), str) or not document["pattern"]:
        raise BadInput(Problem(where, "there is no pattern.", 'Give one letter a day, such as {"pattern": "M0.H"}.'))
    pattern, problems = document["pattern"], []
    for key in sorted(map(str, document.keys() - _WINDOW_KEYS)):
        problems.append(Problem(f"{where}, {key}", "the key is not known here.", f"Use {', '.join(_WINDOW_KEYS)}."))
    if document.get("start") is not None and parse_day(str(document["start"])) is None:
        problems.append(Problem(f"{where}, start", f"{shown(str(document['start']))} is no day.", "Write it as 2026-03-04."))
    for letter in sorted(set(pattern) - set("MH0.")):
        problems.append(Problem(f"{where}, pattern", f"{shown(letter)} is no kind of day.", "Use M, H, 0 and a full stop."))
    intake: dict[str, frozenset[int]] = {}
    meds = document.get("meds", {})
    answered = meds is not None
    meds = meds if answered else {}
    if not isinstance(meds, dict):
        problems.append(Problem(f"{where}, meds", f"{shown(str(meds))} is no object.", 'Give {"triptan": [1, 5]}.'))
        meds = {}
    known = rules.acute | rules.not_acute | rules.same_as.keys()
    for name, days in meds.items():
        kind = name.partition(":")[0]
        if kind not in known:
            problems.append(Problem(f"{where}, meds", f"{shown(name)} is no class.", f"Use one of {', '.join(sorted(known))}."))
        elif not isinstance(days, list) or not all(type(d) is int and 1 <= d <= len(pattern) for d in days):
            problems.append(Problem(f"{where}, meds, {name}", "the days are not days of the pattern.", "Count from 1."))
        elif kind not in rules.not_acute:
            kind = rules.same_as.get(kind, kind)
            intake[kind] = intake.get(kind, frozenset()) | frozenset(days)
    if problems:
        raise BadInput(problems)

    def numbers(letters: str) -> frozenset[int]:
        return frozenset(number for number, letter in enumerate(pattern, start=1) if letter in letters)

    return Month(len(pattern), numbers("MH0"), numbers("MH"), numbers("M"), intake if answered else None)


def overuse(month: Month) -> dict[str, Tri]:
    """Intake at or above the monthly limit of each class of ICHD-3 8.2."""
    rules = headache_rules().overuse
    if month.intake is None:
        return overuse_unanswered(month.n_days)
    found: dict[str, Tri] = {}
    for code, rule in rules["days"].items():
        found[code] = at_least(_days_of(month.intake, rule["classes"]), rule["days"], month)
    mixed = rules["mixed"]
    used = sum(bool(month.intake.get(kind)) for kind in mixed["classes"])
    several = True if used >= mixed["least_classes"] else (None if month.n_days > len(month.logged) else False)
    found["8.2.6"] = all_of(
        several,
        at_least(_days_of(month.intake, mixed["classes"]), mixed["days"], month),
        *(negate(found[code]) for code in mixed["not_overused"]),
    )
    found[NEVER_FROM_A_DIARY] = False
    return dict(sorted(found.items()))


def overuse_unanswered(n_days: int) -> dict[str, Tri]:
    """Overuse where nobody asked about medicines: open wherever the month has enough days."""
    rules = headache_rules().overuse
    limits = {**{code: rule["days"] for code, rule in rules["days"].items()}, "8.2.6": rules["mixed"]["days"]}
    found = {code: reaches(0, n_days, limit) for code, limit in limits.items()}
    return dict(sorted({**found, NEVER_FROM_A_DIARY: False}.items()))


def _days_of(intake: dict[str, frozenset[int]], kinds: list[str]) -> frozenset[int]:
    return frozenset[int]().union(*(intake.get(kind, frozenset()) for kind in kinds))


def count_month(month: Month) -> dict[str, object]:
    """The keys of a window, as standards name them."""
    rules, chronic = day_rules(), headache_rules().chronic_month
    n, logged, hd, md = month.n_days, len(month.logged), len(month.headache), len(month.migraine)
    quality = grade(logged, n, rules)
    usable = quality != INSUFFICIENT
    headache = at_least(month.headache, chronic["headache_days"], month)
    migraine = at_least(month.migraine, chronic["migraine_days"], month)
    limit = chronic["headache_days"]
    tests = {hd >= limit, hd * rules.window_days >= limit * n, hd * rules.month_days >= limit * n}
    return {
        "n_days": n,
        "n_logged": logged,
        "quality": quality,
        "hd": hd,
        "md": md,
        "hd28": rules.window_days * hd / logged if usable else None,
        "md28": rules.window_days * md / logged if usable else None,
        "hd30": rules.month_days * hd / logged if usable else None,
        "ge15_headache": WORDS[headache],
        "ge8_migraine": WORDS[migraine],
        "cm_month": WORDS[all_of(headache, migraine)],
        "window_sensitive": logged == n and len(tests) > 1,
        "overuse_month": {code: WORDS[value] for code, value in overuse(month).items()},
        "reasons": _reasons(month, quality),
    }


def _reasons(month: Month, quality: str) -> dict[str, object]:
    """What each verdict rests on: days known, days that could still be, and the limit."""
    rules = headache_rules()
    chronic, missing = rules.chronic_month, month.n_days - len(month.logged)
    of = f"of {month.n_days} days, {missing} missing"
    share = f"{len(month.logged)} of {month.n_days} days were logged, so the month is {quality}"
    intake = month.intake or {}
    taken = ", ".join(f"{kind} on {len(days)}" for kind, days in sorted(intake.items())) or "none"
    medicines = "medicines were not answered" if month.intake is None else f"days of intake {of}: {taken}"
    told = {
        "quality": (share, _completeness_source()),
        "ge15_headache": (f"{len(month.headache)} headache days {of}; {chronic['headache_days']} asked for", ("ICHD3-1.3",)),
        "ge8_migraine": (f"{len(month.migraine)} migraine days {of}; {chronic['migraine_days']} asked for", ("ICHD3-1.3",)),
        "overuse_month": (medicines, rules.source["overuse"]),
    }
    return {key: Reason(key, because, tuple(source)).document() for key, (because, source) in told.items()}


def _completeness_source() -> tuple[str, ...]:
    """Sources of the grades of completeness."""
    return tuple(read_rules("day_rules")["completeness"]["source"])
