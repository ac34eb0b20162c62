"""The stop rules as read from `stop_rules.toml`, and what every kind of rule answers with."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from cleardays.diary.fields import say
from cleardays.diary.kleene import Tri
from cleardays.diary.responder import Change
from cleardays.diary.rules import read_rules
from cleardays.diary.stop_inputs import Told
from cleardays.sources import Reason

CONTINUE, TOO_EARLY, NO_RESPONSE, PAUSE = "continue", "too_early", "stop_nonresponse", "consider_pause"
VERDICTS = (TOO_EARLY, CONTINUE, NO_RESPONSE, "stop_episodic", "stop_success", PAUSE)
_POLICY, _CHRONIC = "policy", "chronic_baseline"
_UNITS_OF_TIME = {"cycles": "cycles", "weeks": "weeks", "months": "months", "months_on": "months on treatment"}

Rule = dict[str, Any]


class Judged(NamedTuple):
    """A verdict of `VERDICTS`, or None where there is none, with the change and the reasons."""

    verdict: str | None
    change: Change
    reduction_pct: Fraction | None
    reasons: list[Reason]


@cache
def stop_rules() -> dict[str, Rule]:
    """The packaged tables by name: the rules have a `kind`."""
    return {name: rule for name, rule in read_rules("stop_rules").items() if isinstance(rule, dict)}


def rule_names() -> list[str]:
    """What `rule` may be."""
    return [name for name, rule in stop_rules().items() if "kind" in rule]


def chronic_from() -> int:
    """Headache days of the baseline month from which migraine counts as chronic."""
    return int(stop_rules()[_CHRONIC]["headache_days"])


def because(name: str, text: str) -> Reason:
    """A reason that rests on the sources of a rule."""
    return Reason(f"stop.{name}", text, tuple(stop_rules()[name]["source"]))


def policy(name: str, text: str) -> Reason:
    """A reason that rests on a choice of this project."""
    return Reason(f"stop.{name}", text, tuple(stop_rules()[_POLICY]["source"]))


def not_computed(change: Change) -> Reason:
    """Why there is no reduction."""
    return policy("no-reduction", f"The reduction cannot be computed. {change.why_not}".strip())


def reached(told: Told, times: dict[str, int]) -> tuple[Tri, str]:
    """Whether treatment has lasted so long, by the first unit that was told; and that in words."""
    for unit, least in times.items():
        if told.has(unit):
            lasted = told.numbers[unit]
            if lasted is not None:
                return lasted >= least, f"{say(lasted)} {_UNITS_OF_TIME[unit]} so far; this is judged from {least} on."
    return None, f"How long it has lasted is not known; give {' or '.join(times)}."
