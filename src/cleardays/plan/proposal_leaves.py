"""Conditions on what is proposed next: the action in effect, the dose, the gap, the route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.plan.case import Case
from cleardays.plan.holds import NOT, Holds, unknown
from cleardays.plan.person import Proposed
from cleardays.plan.quantities_of import daily_of
from cleardays.plan.units import in_unit, unit_of


def proposed_action(when: Mapping[str, Any], case: Case) -> Holds:
    """Whether what is proposed is one of the actions named, with the dose, gap or route asked for."""
    proposed = case.proposed
    if proposed is None or action_of(case) not in when["proposed"]:
        return NOT
    found = [test(when, case, proposed) for key, test in _OF_A_PROPOSAL.items() if key in when]
    if "unit" in when and not _AMOUNTS & when.keys():
        found.append(unknown("proposed.unit") if proposed.unit is None else Holds(unit_of(proposed.unit) == when["unit"]))
    if any(each.value is False for each in found):
        return NOT
    missing = frozenset[str]().union(*(each.missing for each in found))
    return Holds(None, missing) if missing else Holds(True)


def action_of(case: Case) -> str | None:
    """What is proposed in effect: a step down to nothing is a stop unless little is taken, one upwards is an increase."""
    proposed = case.proposed
    if proposed is None or proposed.action != "taper":
        return None if proposed is None else proposed.action
    share, current = case.numbers["proposed.share_of_current"], case.numbers["proposed.current_daily_dose"]
    if proposed.amount == 0:
        return "taper" if current is not None and current <= case.lowest_step else "stop"
    return "increase" if share is not None and share > 1 else "taper"


def _amount_above(when: Mapping[str, Any], case: Case, proposed: Proposed) -> Holds:
    unit = when.get("unit")
    amount = proposed.amount if unit is None else in_unit(proposed.amount, proposed.unit, unit)
    return _above(amount, when["amount_above"], _lacking(case, amount))


def _a_day_above(when: Mapping[str, Any], case: Case, proposed: Proposed) -> Holds:
    daily, exact = daily_of(proposed)
    found = in_unit(daily, proposed.unit, when.get("unit", "mg"))
    if found is None or (found <= when["daily_above"] and not exact):
        return unknown(_lacking(case, found))
    return Holds(found > when["daily_above"])


def _step_above(when: Mapping[str, Any], case: Case, proposed: Proposed) -> Holds:
    to, before = (
        in_unit(daily_of(proposed)[0], proposed.unit, when.get("unit", "mg")),
        case.numbers["proposed.current_daily_dose"],
    )
    if to is None or before is None:
        return unknown("proposed.current_daily_dose" if before is None else _lacking(case, to))
    return Holds(to - before > when["per_day_above"])


def _gap_above(when: Mapping[str, Any], _: Case, proposed: Proposed) -> Holds:
    # Who goes on or steps up has had no gap unless one is told; who resumes has.
    gap = 0.0 if proposed.gap_h is None and proposed.action != "resume" else proposed.gap_h
    return _above(gap, when["gap_h_above"], "proposed.gap_h")


def _by_route(when: Mapping[str, Any], _: Case, proposed: Proposed) -> Holds:
    route = None if proposed.route is None else screening_words().routes.get(letters(proposed.route))
    return unknown("proposed.route") if route is None else Holds(route in when["route"])


_AMOUNTS = {"amount_above", "daily_above", "per_day_above"}
_OF_A_PROPOSAL = {
    "amount_above": _amount_above,
    "daily_above": _a_day_above,
    "per_day_above": _step_above,
    "gap_h_above": _gap_above,
    "route": _by_route,
}


def _above(value: float | None, limit: float, name: str) -> Holds:
    return unknown(name) if value is None else Holds(value > limit)


def _lacking(case: Case, amount: float | None) -> str:
    """What keeps a proposed dose from being known."""
    proposed = case.proposed
    if proposed is None or proposed.amount is None:
        return "proposed.amount"
    return "proposed.unit" if amount is None else "proposed.times_per_day"
