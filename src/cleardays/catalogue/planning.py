"""What every plan is drafted by: windows, outcomes, stop rules, how long a draft stays true. Data in `planning.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.reading import read_data
from cleardays.problems import Problem
from cleardays.sources import CONFIDENCES, Row, all_sources, source_keys


class Policy(NamedTuple):
    """The tables of `planning.toml`.

    `window` is how many days before a review count, `grace` how far back the first dose of a draft may
    lie when it is confirmed, `fresh` how old the diary may be on which a confirmation rests, `gap` after how
    long without a dose a titration begins anew where the sources have no rule, `gap_leeway` by how much a gap
    that is told may be shorter than its days, `tablets` how many are taken at once at most, `reading_min` how
    far from its minute a vital sign may be read. `choices` is the row that these come from.
    """

    window: timedelta
    grace: timedelta
    fresh: timedelta
    gap: timedelta
    next_review: timedelta
    gap_leeway: timedelta
    tablets: int
    reading_min: float
    choices: Row
    outcomes: Mapping[str, tuple[str, ...]]
    stop_rules: tuple[Mapping[str, Any], ...]
    effects_gone: tuple[Mapping[str, Any], ...]


@cache
def policy() -> Policy:
    """As the data file has it."""
    tables = read_data("planning")
    plan = tables["plan"]
    outcomes = {key: tuple(ids) for key, ids in tables["outcomes"].items() if key not in ("source", "confidence")}
    window, grace, fresh = (timedelta(plan[name]) for name in ("window_days", "past_start_grace_days", "diary_fresh_days"))
    gap = timedelta(plan["gap_without_rule_days"])
    again, leeway = timedelta(plan["next_review_days"]), timedelta(hours=plan["gap_leeway_h"])
    smaller = (int(plan["tablets_at_once"]), float(plan["reading_within_min"]))
    rows = (tuple(tables["stop_rule"]), tuple(tables["effect_gone"]))
    return Policy(window, grace, fresh, gap, again, leeway, *smaller, plan, outcomes, *rows)


def check_planning(indications: Iterable[str]) -> Iterator[Problem]:
    """Every row has a source and says how sure it is; every indication has outcomes; one stop rule fits whatever comes."""
    tables = read_data("planning")
    for row in (tables["plan"], tables["outcomes"], *tables["stop_rule"], *tables["effect_gone"]):
        for key in source_keys(row):
            if key not in all_sources():
                yield Problem("planning.toml", f"the source {key} is not known.", "Add it to sources.toml.")
        if row["confidence"] not in CONFIDENCES:
            yield Problem("planning.toml", f"{row['confidence']} is no confidence.", f"Use one of {', '.join(CONFIDENCES)}.")
    for name in indications:
        if not policy().outcomes.get(name):
            yield Problem("planning.toml", f"{name} has no outcome.", "Add what is counted.")
    for name, rows in (("stop rule", policy().stop_rules), ("row on effects", policy().effects_gone)):
        if set(rows[-1]) & {"treatments", "indications", "jurisdiction", "headache_days_at_least", "terms"}:
            yield Problem("planning.toml", f"the last {name} has a condition.", "Add one that always fits.")
