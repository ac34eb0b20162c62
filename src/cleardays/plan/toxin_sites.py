"""Where a toxin is injected: the fixed sites of the catalogue, and what may be added where the pain is.

Every number (units a site, sites a side, the most of a muscle and of a session) is read
from the catalogue. An addition is only placed by rule so that the plan adds up; the
clinician moves it to where the pain is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.steps import exact, plain
from cleardays.plan.units import unit_of
from cleardays.problems import BadInput, Problem, shown
from cleardays.quantities import Dose
from cleardays.sources import source_keys

LEFT, RIGHT, MIDLINE = "left", "right", "midline"
_SIDES = {
    "l": LEFT,
    "left": LEFT,
    "r": RIGHT,
    "right": RIGHT,
    "midline": MIDLINE,
    "middle": MIDLINE,
    "mid": MIDLINE,
    "m": MIDLINE,
}
_NOTHING = Decimal(0)
_HUGE = 1_000_000  # no amount that a person would read to its last digit
_OTHER = "Choose a treatment that is given at fixed sites, such as onabotulinumtoxina."


class Site(NamedTuple):
    """One injection; `added` marks one beyond the fixed sites, that follows the pain."""

    muscle: str
    side: str | None
    units: Decimal
    added: bool = False

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {"muscle": self.muscle, "side": self.side, "units": plain(self.units), "added": self.added}


class Muscle(NamedTuple):
    """What the catalogue says of one muscle: fixed units and sites, and what may be added.

    `per_side` None is a muscle in the midline.
    """

    name: str
    units: Decimal
    sites: int
    per_side: int | None
    added_units: Decimal
    added_sites: int
    most_units: Decimal
    source: tuple[str, ...]
    confidence: str

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides on which it is injected."""
        return (MIDLINE,) if self.per_side is None else (LEFT, RIGHT)

    @property
    def fixed_a_side(self) -> int:
        """How many fixed sites each of its sides has."""
        return self.sites if self.per_side is None else self.per_side

    @property
    def most_sites(self) -> int:
        """Fixed and added ones together."""
        return self.sites + self.added_sites

    def fixed(self) -> tuple[Site, ...]:
        """Its fixed sites, the left side first."""
        each = self.units / self.sites
        return tuple(Site(self.name, side, each) for side in self.sides for _ in range(self.fixed_a_side))


class Paradigm(NamedTuple):
    """A fixed-site protocol: its muscles in the order of injection, and what holds for the whole session."""

    muscles: Mapping[str, Muscle]
    unit: str
    a_site: Decimal
    least: Decimal
    most: Decimal
    source: tuple[str, ...]

    @property
    def fixed_sites(self) -> int:
        """How many fixed sites there are."""
        return sum(muscle.sites for muscle in self.muscles.values())


class MuscleTally(NamedTuple):
    """What stands in one muscle so far, beside what belongs there."""

    muscle: Muscle
    units: Decimal
    sites: int
    by_side: Mapping[str, int]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "muscle": self.muscle.name,
            "units": plain(self.units),
            "sites": self.sites,
            "by_side": dict(self.by_side),
            "fixed_units": plain(self.muscle.units),
            "fixed_sites": self.muscle.sites,
            "most_units": plain(self.muscle.most_units),
            "most_sites": self.muscle.most_sites,
        }


def paradigm(treatment: Treatment) -> Paradigm:
    """The fixed-site protocol of a treatment.

    Raises:
        BadInput: its file holds no sites.
    """
    rows, totals = treatment.facts("site"), treatment.facts("site_total")
    if not rows or not totals:
        raise BadInput(Problem("treatment", f"{treatment.id} is not given at fixed sites.", _OTHER))
    most, a_site = ceiling(treatment, "session"), ceiling(treatment, "site")
    muscles = {row["muscle"]: _muscle_of(row) for row in sorted(rows, key=lambda row: int(row["order"]))}
    return Paradigm(
        muscles, most["unit"], exact(a_site["amount"]), exact(totals[0]["units"]), exact(most["amount"]), source_keys(most)
    )


def fixed_sites(treatment: Treatment) -> tuple[Site, ...]:
    """The fixed sites, muscle by muscle in the order of injection, the left side first."""
    return tuple(site for muscle in paradigm(treatment).muscles.values() for site in muscle.fixed())


def sites_for(treatment: Treatment, total: Decimal) -> tuple[Site, ...]:
    """The fixed sites, and additions up to a total, each muscle within its own limit.

    Additions fill one muscle after the other in the order of the catalogue, both sides in turn;
    an odd one stands on the left until the clinician moves it.

    Raises:
        BadInput: no session of the protocol has that total.
    """
    protocol = paradigm(treatment)
    _require_possible(protocol, total)
    missing = int((total - protocol.least) / protocol.a_site)
    return fixed_sites(treatment) + tuple(_additions(protocol))[:missing]


def with_additions(treatment: Treatment, total: str | Dose | Decimal | int) -> tuple[Site, ...]:
    """As `sites_for`, of a total as a person writes it: "175 U"; a bare number is in the treatment's units."""
    return sites_for(treatment, target_units(treatment, total))


def target_units(treatment: Treatment, written: str | Dose | Decimal | int) -> Decimal:
    """A total in the treatment's own units.

    Raises:
        BadInput: it is in another unit, or no session has that total.
    """
    protocol = paradigm(treatment)
    if isinstance(written, str):
        written = _dose(written, protocol)
    if isinstance(written, Dose):
        if unit_of(written.unit) != protocol.unit:
            what = f"{written} is not in {protocol.unit}; units of a toxin belong to one product and do not convert."
            raise BadInput(Problem("target", what, _choose(protocol)))
        written = written.amount
    amount = Decimal(written)
    _require_possible(protocol, amount)
    return amount


def possible_totals(treatment: Treatment) -> tuple[Decimal, ...]:
    """Every total a session can have, smallest first."""
    protocol = paradigm(treatment)
    steps = int((protocol.most - protocol.least) / protocol.a_site)
    return tuple(protocol.least + step * protocol.a_site for step in range(steps + 1))


def tally(treatment: Treatment, sites: Iterable[Site]) -> tuple[MuscleTally, ...]:
    """Units and sites of each muscle of the protocol; muscles outside it are not counted."""
    by_muscle: dict[str, list[Site]] = {}
    for site in sites:
        by_muscle.setdefault(muscle_named(site.muscle) or site.muscle, []).append(site)
    return tuple(_tally_of(muscle, by_muscle.get(name, [])) for name, muscle in paradigm(treatment).muscles.items())


def total_units(sites: Iterable[Site]) -> Decimal:
    """The sum over all sites."""
    return sum((site.units for site in sites), _NOTHING)


def muscle_named(written: str) -> str | None:
    """The muscle as the catalogue writes it, or None."""
    return screening_words().muscle_names.get(letters(written))


def side_named(written: str | None) -> str | None:
    """left, right or midline, or None."""
    return None if written is None else _SIDES.get(letters(written))


def _muscle_of(row: Mapping[str, Any]) -> Muscle:
    units, added = exact(row["units"]), exact(row.get("optional_units", 0))
    return Muscle(
        row["muscle"],
        units,
        int(row["sites"]),
        row.get("per_side"),
        added,
        int(row.get("optional_sites", 0)),
        exact(row.get("max_units", units + added)),
        source_keys(row),
        row["confidence"],
    )


def ceiling(treatment: Treatment, per: str) -> Mapping[str, Any]:
    """The row of the catalogue that limits a site, a session or a stretch of time.

    Raises:
        BadInput: there is none.
    """
    found = next((row for row in treatment.facts("ceiling") if row["per"] == per), None)
    if found is None:
        raise BadInput(Problem("treatment", f"the catalogue holds no limit per {per} for {treatment.id}.", _OTHER))
    return found


def _additions(protocol: Paradigm) -> Iterable[Site]:
    """All that may be added, in the order in which it is."""
    for muscle in protocol.muscles.values():
        for at in range(muscle.added_sites):
            yield Site(muscle.name, muscle.sides[at % len(muscle.sides)], muscle.added_units / muscle.added_sites, added=True)


def _dose(written: str, protocol: Paradigm) -> Dose:
    try:
        return Dose.parse(written)
    except BadInput:
        what = f"{shown(written)} is not a total with its unit."
        raise BadInput(Problem("target", what, _choose(protocol))) from None


def _require_possible(protocol: Paradigm, total: Decimal) -> None:
    if not total.is_finite():
        raise BadInput(Problem("target", f"{total} is no amount.", _choose(protocol)))
    said = f"{_plain(total) if abs(total) < _HUGE else 'So much'} {protocol.unit}"
    if total < protocol.least:
        what = f"{said} is less than the {protocol.fixed_sites} fixed sites, which add up to {_plain(protocol.least)}."
    elif total > protocol.most:
        what = f"{said} is more than a session may have ({_plain(protocol.most)} {protocol.unit})."
    elif total % protocol.a_site:
        what = f"{said} cannot be divided among sites of {_plain(protocol.a_site)} {protocol.unit}."
    else:
        return
    raise BadInput(Problem("target", what, _choose(protocol)))


def _choose(protocol: Paradigm) -> str:
    limits = f"{_plain(protocol.least)} to {_plain(protocol.most)} {protocol.unit}"
    return f'Choose {limits} in steps of {_plain(protocol.a_site)}, such as "{_plain(protocol.least)} {protocol.unit}".'


def _plain(amount: Decimal) -> str:
    return f"{plain(amount)}"


def _tally_of(muscle: Muscle, sites: list[Site]) -> MuscleTally:
    sides = [side_named(site.side) for site in sites]
    return MuscleTally(muscle, total_units(sites), len(sites), {side: sides.count(side) for side in muscle.sides})
