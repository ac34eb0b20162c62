"""Overuse of acute medicines from days of intake in four weeks, as ICHD-3 8.2 counts it.

Days are distinct days, so two classes together lie between the greater of them and
their sum; where that leaves it open, it is asked, never taken for a yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cleardays.catalogue.screening_rules import general
from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.kleene import Tri, all_of, negate
from cleardays.plan.alerts import Alert
from cleardays.plan.person import Person

NON_OPIOIDS = ("nsaid", "paracetamol", "metamizole")
_WINDOW = 28.0
Range = tuple[float, float]


def overuse_alerts(person: Person, where: str) -> tuple[list[Alert], list[str]]:
    """Alerts, and the names of what would have to be told."""
    if not person.acute_days_per_28:
        return [], []
    days = person.acute_days_per_28
    overused = overused_classes(days)
    reached = [_in_words(code, days) for code, answer in overused.items() if answer]
    questions = []
    if None in overused.values():
        questions.append("acute_days_per_28.any" if "any" not in days else "acute_days_per_28")
    if not reached:
        return ([_alert(person, [], early=True)] if _close(days) else []), questions
    months = person.months_at_this_use
    if months is None:
        return [_alert(person, reached, early=True)], [*questions, "months_at_this_use"]
    words = general()["overuse"]
    long_enough = months > words["months_above"] or (where in ("uk", "any") and months >= words["months_from_uk"])
    if person.headache_days_per_28 is None:
        questions.append("headache_days_per_28")
    return [_alert(person, reached, early=not long_enough)], questions


def overused_classes(days: Mapping[str, float]) -> dict[str, Tri]:
    """Each class of ICHD-3 8.2 at or above its monthly limit; None where the days told leave it open.

    Args:
        days: days of intake in 28 by class; `any` is distinct days with any of them.
    """
    rules = headache_rules().overuse
    found = {code: _at_least(_union(days, rule["classes"]), rule["days"]) for code, rule in rules["days"].items()}
    mixed = rules["mixed"]
    used = sum(any(days.get(name, 0) > 0 for name in _written([kind])) for kind in mixed["classes"])
    several = used >= mixed["least_classes"]
    alone = [negate(found[code]) for code in mixed["not_overused"]]
    found["8.2.6"] = all_of(several, _at_least(_union(days, mixed["classes"]), mixed["days"]), *alone)
    return found


def _union(days: Mapping[str, float], classes: Iterable[str]) -> Range:
    """Least and most distinct days with any of some classes."""
    parts = [days[name] for name in _written(classes) if name in days]
    least, most = max(parts, default=0.0), min(_WINDOW, sum(parts))
    together = days.get("any")
    # Where the classes do not make up all days, a day of the rest may be of any of them.
    if together is not None and _all_told(days):
        others = [count for name, count in days.items() if name not in (*_written(classes), "any", "antiemetic")]
        return max(least, together - sum(others)), min(most, together)
    return least, most if together is None else min(_WINDOW, together, most + together - sum(_single(days)))


def _all_told(days: Mapping[str, float]) -> bool:
    return days["any"] <= sum(_single(days))


def _single(days: Mapping[str, float]) -> list[float]:
    return [count for name, count in days.items() if name not in ("any", "antiemetic")]


def _written(classes: Iterable[str]) -> tuple[str, ...]:
    """The classes as a person may have told them: painkillers by their kinds, a barbiturate as another medicine."""
    found = list(classes)
    return (*found, *(NON_OPIOIDS if "non_opioid" in found else ()), *(("barbiturate",) if "other" in found else ()))


def _in_words(code: str, days: Mapping[str, float]) -> str:
    """Which class, on how many days, against which limit."""
    rules = headache_rules().overuse
    rule = rules["mixed"] if code == "8.2.6" else rules["days"][code]
    least = _union(days, rule["classes"])[0]
    what = "several kinds together" if code == "8.2.6" else " or ".join(each.replace("_", "-") for each in rule["classes"])
    return f"{what[0].upper()}{what[1:]} on {least:g} days in four weeks, limit {rule['days']} (ICHD-3 {code})"


def _at_least(days: Range, limit: float) -> Tri:
    return True if days[0] >= limit else (None if days[1] >= limit else False)


def _close(days: Mapping[str, float]) -> bool:
    """Near the limit: acute treatment on two days a week."""
    counted = [name for name in days if name not in ("any", "antiemetic", "gepant")]
    least = max((days[name] for name in counted), default=0.0)
    if "gepant" not in days:
        least = max(least, days.get("any", 0.0))
    return least >= float(headache_rules().overuse["warning"]["days_per_28"])


def _alert(person: Person, reached: list[str], *, early: bool) -> Alert:
    words = general()["overuse"]
    headache, limit = person.headache_days_per_28, headache_rules().chronic_month["headache_days"]
    pattern = headache is not None and headache >= limit and not early
    at = f"{'; '.join(reached)}. " if reached else ""
    what = f"This is {words['early']}. " if early else ""
    seen = (
        f"With {headache:g} headache days in four weeks the pattern is that of medication-overuse headache. " if pattern else ""
    )
    return Alert(
        words["code"],
        words["early_severity"] if early else words["severity"],
        words["subject"],
        f"{at}{what}{seen}{words['because']}",
        words["action"],
        tuple(words["source"]),
        words["confidence"],
    )
