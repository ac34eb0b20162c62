"""The rules by which a day is classified, read once from `headache_rules.toml`."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cleardays.diary.rules import read_rules


class HeadacheRules(NamedTuple):
    """Durations in minutes; counts are "at least so many of"."""

    version: str
    attack: dict[str, Any]
    aura: dict[str, Any]
    tension: dict[str, Any]
    probable_criteria: int
    status_above_min: float
    leiden_least_min: float
    long_least_min: float
    day_share_least_min: float
    mild_up_to: int
    moderate_up_to: int
    successful_relief: frozenset[str]
    acute: frozenset[str]
    migraine_specific: frozenset[str]
    relieving_in_chronic: frozenset[str]
    not_acute: frozenset[str]
    same_as: dict[str, str]
    overuse: dict[str, Any]
    chronic_month: dict[str, Any]
    persistence: dict[str, Any]
    source: dict[str, tuple[str, ...]]


@cache
def headache_rules() -> HeadacheRules:
    """The packaged rules."""
    rules = read_rules("headache_rules")
    medicines = rules["medicines"]
    return HeadacheRules(
        version=rules["version"],
        attack=rules["migraine_attack"],
        aura=rules["aura"],
        tension=rules["tension_type"],
        probable_criteria=rules["probable"]["criteria"],
        status_above_min=rules["status"]["more_than_min"],
        leiden_least_min=rules["leiden"]["least_min"],
        long_least_min=rules["long_headache"]["least_min"],
        day_share_least_min=rules["attack_days"]["least_min"],
        mild_up_to=rules["severity"]["mild_up_to"],
        moderate_up_to=rules["severity"]["moderate_up_to"],
        successful_relief=frozenset(rules["relief"]["successful"]),
        acute=frozenset(medicines["acute"]),
        migraine_specific=frozenset(medicines["migraine_specific"]),
        relieving_in_chronic=frozenset(medicines["relieving_in_chronic"]),
        not_acute=frozenset(medicines["not_acute"]),
        same_as=dict(medicines["same_as"]),
        overuse=rules["overuse"],
        chronic_month=rules["chronic_month"],
        persistence=rules["persistence"],
        source={name: tuple(table["source"]) for name, table in rules.items() if isinstance(table, dict)},
    )
