"""What is proposed to be injected or given: units by muscle, sides, products, routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cleardays.catalogue.resolving import Resolved, resolve
from cleardays.catalogue.screening_rules import general, screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.person import Person, Proposed, Site
from cleardays.plan.units import unit_of

_A_SITE = "site"
_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_WITH_ROUTES = ("form", "session", "study_dose")


def muscle_of(site: Site) -> str | None:
    """The muscle as the catalogue writes it, or None."""
    return screening_words().muscle_names.get(letters(site.muscle))


def units_proposed(person: Person, treatment: Resolved) -> dict[str, float | None]:
    """Units in all, by muscle, of the fullest and emptiest site, and beyond whole sites, of an injection that is proposed."""
    proposed, muscles = person.proposed, screening_words().muscles
    found: dict[str, float | None] = {
        f"proposed.units.{name}": None for name in (*muscles, "total", "highest_site", "lowest_site")
    }
    if proposed is not None and proposed.sites:
        units = [site.units for site in proposed.sites]
        for muscle in muscles:
            found[f"proposed.units.{muscle}"] = _in_all([each.units for each in proposed.sites if muscle_of(each) == muscle])
        found["proposed.units.total"] = _in_all(units)
        found["proposed.units.highest_site"], found["proposed.units.lowest_site"] = max(units), min(units)
    elif proposed is not None and unit_of(proposed.unit) == "U":
        found["proposed.units.total"] = proposed.amount
    total, a_site = found["proposed.units.total"], _units_a_site(treatment)
    found["proposed.units.beyond_whole_sites"] = None if total is None or a_site is None else float(_as_written(total) % a_site)
    found["toxin.units.three_months"] = _three_months(person, found["proposed.units.total"])
    return found


def _units_a_site(treatment: Resolved) -> Decimal | None:
    """What one site gets by the protocol of the treatment; None where it is not given at sites."""
    return next((_as_written(row["amount"]) for row in _facts(treatment, "ceiling") if row.get("per") == _A_SITE), None)


def _in_all(units: Sequence[float]) -> float:
    """The sum of figures as they were written: 13.4, 25.8 and 25.8 are 65."""
    return float(sum(map(_as_written, units), Decimal(0)))


def _as_written(units: float) -> Decimal:
    return Decimal(str(units))


def _three_months(person: Person, proposed: float | None) -> float | None:
    last = person.last_session
    if last is None or last.units is None or last.weeks_ago is None:
        return None
    return (last.units if last.weeks_ago < general()["limits"]["weeks_in_three_months"] else 0.0) + (proposed or 0.0)


def answers_on_proposal(person: Person, treatment: Resolved) -> dict[str, object]:
    """Which product, whether by a known route, whether as the protocol places it."""
    proposed, last = person.proposed, person.last_session
    before = None if last is None or last.product is None else resolve(last.product)
    found: dict[str, object] = {
        "proposed.product": _id(None if proposed is None or proposed.product is None else resolve(proposed.product)),
        # A session is one of the treatment that is screened unless another product is named.
        "last_session.product": treatment.id if last is not None and last.product is None else _id(before),
        "proposed.route_known": True,
        "proposed.muscles_outside_protocol": False,
        "proposed.bilateral": True,
        "proposed.amount_matches_sites": True,
    }
    if proposed is not None:
        found["proposed.route_known"] = _known_route(proposed, treatment)
    if proposed is not None and proposed.sites:
        found["proposed.muscles_outside_protocol"] = any(muscle_of(site) is None for site in proposed.sites)
        found["proposed.bilateral"] = _both_sides(proposed.sites, treatment)
        found["proposed.amount_matches_sites"] = _matches(proposed)
    return found


def _matches(proposed: Proposed) -> bool:
    """Whether an amount told beside the sites is what they add up to."""
    if proposed.amount is None or unit_of(proposed.unit) != "U":
        return True
    return proposed.amount == _in_all([site.units for site in proposed.sites or ()])


def _id(found: Resolved | None) -> str | None:
    return None if found is None else found.id


def _known_route(proposed: Proposed, treatment: Resolved) -> bool | None:
    """Whether the catalogue holds anything given that way; None for a word that is no route that is known."""
    routes = {row["route"] for table in _WITH_ROUTES for row in _facts(treatment, table) if "route" in row}
    if proposed.route is None or not routes:
        return True
    route = screening_words().routes.get(letters(proposed.route))
    return None if route is None else route in routes


def _both_sides(sites: tuple[Site, ...], treatment: Resolved) -> bool | None:
    """Whether the fixed sites of every paired muscle are on both sides; None where a side is not told.

    What goes beyond the fixed sites may follow the pain to one side.
    """
    for row in _facts(treatment, "site"):
        if "per_side" not in row:
            continue
        sides = [_SIDES.get(letters(site.side or "")) for site in sites if muscle_of(site) == row["muscle"]]
        if None in sides:
            return None
        left, right = sides.count("left"), sides.count("right")
        if left != right and min(left, right) < row["per_side"]:
            return False
    return True


def _facts(treatment: Resolved, table: str) -> list[Mapping[str, Any]]:
    return [row for name in sorted(treatment.ids & set(treatment_ids())) for row in load_treatment(name).facts(table)]
