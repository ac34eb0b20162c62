"""Are interactions as grave from either side? Part of `cleardays catalogue check`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.alerts import SEVERITIES, grave
from cleardays.plan.person import Person, TakenMedicine
from cleardays.plan.screening import screen
from cleardays.problems import Problem

_OF_A_PAIR = ("interaction.", "duplicate.")
_NONE = len(SEVERITIES)


def check_pairs() -> Iterator[Problem]:
    """Every pair of treatments of which one side says something graver than the other.

    A rule that need not be said from the other side says so itself (`one_sided`).
    """
    for one, other in combinations(treatment_ids(), 2):
        here, there = _gravest(one, other), _gravest(other, one)
        speaks = one if here < there else other
        if here != there and min(here, there) not in _one_sided(speaks):
            what = f"{one} with {other} is {_word(here)}, {other} with {one} is {_word(there)}."
            yield Problem(f"{speaks}.toml, rule", what, "Write the rule on both sides, or mark it one_sided.")


def _gravest(treatment: str, medicine: str) -> int:
    person = Person(sex="male", conditions=(), medicines=(TakenMedicine(medicine),), week_of_treatment=0)
    alerts = screen(treatment, person).alerts
    return min((grave(alert.severity) for alert in alerts if alert.code.startswith(_OF_A_PAIR)), default=_NONE)


def _one_sided(treatment: str) -> set[int]:
    return {grave(rule["severity"]) for rule in load_treatment(treatment).facts("rule") if rule.get("one_sided")}


def _word(severity: int) -> str:
    return "silent" if severity == _NONE else SEVERITIES[severity]
