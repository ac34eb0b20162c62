"""Classify one day by the published standards, in three-valued logic, with the reason of each flag.

Every profile is computed; none is chosen silently. A flag that depends on
something not answered is None ("unknown"). Definitions:
docs/explanation/how-a-day-is-classified.md.
"""

from __future__ import annotations

from typing import Any

from cleardays.diary.day_criteria import PROFILES, Rule, day_criteria
from cleardays.diary.day_facts import DayFacts
from cleardays.diary.day_leaves import acute_classes, leaves
from cleardays.diary.logic import Day
from cleardays.sources import Reason

UNKNOWN = "unknown"
NO_ATTACK = "none"
LOGGED, MISSING = "logged", "missing"


def classify_day(facts: DayFacts) -> dict[str, object]:
    """All flags of one day, as standards name them; None stands for unknown."""
    if not facts.logged:
        return flags_document(MISSING, None, None, None)
    day = leaves(facts)
    flags = {flag: rule.criterion.ask(day) for flag, rule in day_criteria().flags.items()}
    return flags_document(LOGGED, flags, attack_kind(day), acute_classes(facts))


def explain_day(facts: DayFacts) -> dict[str, Reason]:
    """The reason of each flag, by the flag's name."""
    criteria = day_criteria()
    if not facts.logged:
        nothing = Reason("missing", "the day was not logged; that is not a clear day", ("counting-policy",))
        return dict.fromkeys((*criteria.flags, "ichd_attack"), nothing)
    day = leaves(facts)
    reasons = {flag: reason(rule, day) for flag, rule in criteria.flags.items()}
    return {**reasons, "ichd_attack": attack_reason(day)}


def reason(rule: Rule, day: Day, flag: str | None = None) -> Reason:
    """What decided one rule."""
    return Reason(flag or rule.flag, "; ".join(rule.criterion.because(day)), rule.source)


def attack_kind(day: Day) -> str | None:
    """The kind of attack; the first that is met, None as soon as that is not known. Definite beats probable."""
    for kind, rule in day_criteria().attacks:
        met = rule.criterion.ask(day)
        if met is not False:
            return kind if met else None
    return NO_ATTACK


def attack_reason(day: Day) -> Reason:
    """What decided the kind of attack."""
    for kind, rule in day_criteria().attacks:
        if rule.criterion.ask(day) is not False:
            return reason(rule, day, f"ichd_attack.{kind}")
    return Reason("ichd_attack.none", "no headache and no aura", ("ICHD3-1.1",))


def flags_document(status: str, flags: dict[str, Any] | None, kind: str | None, classes: list[str] | None) -> dict[str, object]:
    """The flags of a day as standards name them; of a day that was not logged, none is known."""
    flags = dict.fromkeys(day_criteria().flags) if flags is None else flags
    plain = {flag: answer for flag, answer in flags.items() if "." not in flag}
    profiles = {name: flags[f"migraine_day.{name}"] for name in PROFILES}
    return {"status": status, **plain, "migraine_day": profiles, "ichd_attack": kind, "acute_classes": classes}


def spell_out(flags: dict[str, object]) -> dict[str, object]:
    """The flags as JSON: "unknown" where a flag is not known."""
    return {
        key: spell_out(value) if isinstance(value, dict) else UNKNOWN if value is None else value
        for key, value in flags.items()
    }


def spell_reasons(reasons: dict[str, Reason]) -> dict[str, object]:
    """The reasons as JSON."""
    return {flag: told.document() for flag, told in reasons.items()}
