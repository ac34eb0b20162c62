"""The diary's rule files: numbers of counting and judging, each with its sources."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cleardays.packaged import PACKAGE, read_toml


class DayRules(NamedTuple):
    """How days are counted into windows."""

    version: str
    window_days: int
    month_days: int
    complete_share: float
    usable_share: float
    least_logged_days: int
    late_after_days: int
    chronic_headache_days: int
    lost_function_from: int
    mild_up_to: int
    standard_drink_g: float


@cache
def read_rules(name: str) -> dict[str, Any]:
    """One packaged rule file as tables, which all who ask share: read them, change nothing."""
    return read_toml(PACKAGE / "diary" / "data" / f"{name}.toml")


@cache
def day_rules() -> DayRules:
    """The rules of `day_rules.toml`."""
    rules = read_rules("day_rules")
    return DayRules(
        version=rules["version"],
        window_days=rules["window"]["days"],
        month_days=rules["window"]["month_days"],
        complete_share=rules["completeness"]["complete"],
        usable_share=rules["completeness"]["usable"],
        least_logged_days=rules["completeness"]["least_logged_days"],
        late_after_days=rules["lateness"]["late_after_days"],
        chronic_headache_days=rules["chronic"]["headache_days"],
        lost_function_from=rules["lost_function"]["from_level"],
        mild_up_to=rules["severity"]["mild_up_to"],
        standard_drink_g=rules["standard_drink"]["grams"],
    )
