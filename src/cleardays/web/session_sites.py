"""The places of a head on which a toxin may be injected, each with its field in a form, and the record that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from cleardays.catalogue.treatments import Treatment
from cleardays.plan.steps import exact, plain
from cleardays.plan.toxin_sites import Site, paradigm
from cleardays.problems import BadInput, Problem
from cleardays.web.facts import figure


class Place(NamedTuple):
    """One place: the name of its field, where it is, and whether it goes beyond the fixed sites."""

    field: str
    muscle: str
    side: str
    added: bool
    number: int
    of: int


def places_of(treatment: Treatment) -> tuple[Place, ...]:
    """Every place of the protocol, the fixed ones of a muscle before those that may be added."""
    found = []
    for muscle in paradigm(treatment).muscles.values():
        sides = muscle.sides
        fixed = [(side, at, muscle.fixed_a_side) for side in sides for at in range(muscle.fixed_a_side)]
        spare = [
            (sides[at % len(sides)], at // len(sides), muscle.added_sites // len(sides)) for at in range(muscle.added_sites)
        ]
        for added, rows in ((False, fixed), (True, spare)):
            for side, at, of in rows:
                name = f"site-{muscle.name}-{side}-{'added' if added else 'fixed'}-{at + 1}"
                found.append(Place(name, muscle.name, side, added, at + 1, of))
    return tuple(found)


def planned(places: Iterable[Place], sites: Iterable[Site]) -> dict[str, str]:
    """The fields as the plan has them; a place without a site is 0."""
    left = list(sites)
    found = {}
    for place in places:
        at = next(
            (site for site in left if (site.muscle, site.side, site.added) == (place.muscle, place.side, place.added)), None
        )
        if at is not None:
            left.remove(at)
        found[place.field] = "0" if at is None else f"{plain(at.units)}"
    return found


def sites_typed(places: Iterable[Place], typed: Mapping[str, str]) -> tuple[Site, ...]:
    """Every place with its units as typed, 0 where nothing was given.

    Raises:
        BadInput: with every field that holds no amount.
    """
    problems, found = list[Problem](), list[Site]()
    for place in places:
        text = typed.get(place.field, "").strip() or "0"
        units = figure(text)
        if units is None:
            problems.append(Problem(place.field, "that is no amount.", "Write units in figures, or 0."))
        found.append(Site(place.muscle, place.side, Decimal(0) if units is None else exact(units), place.added))
    if problems:
        raise BadInput(problems)
    return tuple(found)
