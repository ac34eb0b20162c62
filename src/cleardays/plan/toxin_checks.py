"""Whether a list of injection sites keeps to its protocol: per site, per muscle and in all.

The same checks serve a list that is being filled in and one that is recorded. Codes,
gravity and sources are those of the catalogue's rules for the screen; what the screen
has no rule for is graded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.alerts import grave
from cleardays.plan.steps import plain
from cleardays.plan.toxin_sites import (
    LEFT,
    MIDLINE,
    RIGHT,
    Muscle,
    MuscleTally,
    Paradigm,
    Site,
    muscle_named,
    paradigm,
    side_named,
    tally,
    total_units,
)
from cleardays.plan.units import unit_of
from cleardays.sources import source_keys

SITE_SIDE, TOO_MANY, NOT_ADDED_HERE, FIXED_MISSING = (
    "action.site-side",
    "action.too-many-sites",
    "action.addition-not-here",
    "action.fixed-site-missing",
)
# Where a finding comes from that no rule of the catalogue words, and how sure that is.
POLICY = (("catalogue-policy",), "design")


class Finding(NamedTuple):
    """One thing that is not as the protocol has it; `sites` are the entries concerned, the first is 1."""

    code: str
    severity: str
    where: str
    says: str
    action: str
    source: tuple[str, ...]
    confidence: str
    sites: tuple[int, ...] = ()

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "says": self.says,
            "action": self.action,
            "source": list(self.source),
            "confidence": self.confidence,
            "sites": list(self.sites),
        }


def check_sites(
    treatment: Treatment,
    sites: Iterable[Site],
    *,
    product: str | None = None,
    unit: str | None = None,
    amount: Decimal | None = None,
) -> tuple[Finding, ...]:
    """Everything that is not as the protocol has it, the gravest first; empty where all is.

    Args:
        treatment: whose protocol it is.
        sites: one entry per injection, in any spelling of muscle and side.
        product: the toxin that is injected, by any name; not checked when None.
        unit: the unit of the amounts; the treatment's own when None.
        amount: a total that was told beside the sites.
    """
    protocol, entries = paradigm(treatment), tuple(sites)
    rows = tally(treatment, entries)
    found = [*_by_site(treatment, protocol, entries), *_in_all(treatment, protocol, entries, amount)]
    found += [finding for row in rows for finding in _by_muscle(treatment, row, entries)]
    found += _by_product(treatment, product, unit)
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then by code and entry."""
    return tuple(sorted(found, key=lambda finding: (grave(finding.severity), finding.code, finding.sites, finding.where)))


def by_rule(
    treatment: Treatment, code: str, where: str, says: str, sites: tuple[int, ...] = (), about: str | None = None
) -> Finding:
    """A finding as grave and with the advice that the catalogue's rule of that code has.

    `about` is a word of the rule's condition, where several have the code; if none speaks of it, the gravest is meant.
    """
    rules = sorted((row for row in treatment.facts("rule") if row["code"] == code), key=lambda row: grave(row["severity"]))
    rule = next((row for row in rules if about is not None and about in str(row["when"])), rules[0] if rules else None)
    if rule is None:
        return Finding(code, "major", where, says, "Check it against the plan.", *POLICY, sites)
    return Finding(code, rule["severity"], where, says, rule["action"], source_keys(rule), rule["confidence"], sites)


def _by_site(treatment: Treatment, protocol: Paradigm, sites: Sequence[Site]) -> Iterator[Finding]:
    for at, site in enumerate(sites, 1):
        muscle = protocol.muscles.get(muscle_named(site.muscle) or "")
        if muscle is None:
            says = f"{site.muscle} is none of the muscles of the protocol."
            yield by_rule(treatment, "action.site-outside-protocol", f"site {at}", says, (at,))
        elif side_named(site.side) not in muscle.sides:
            yield _wrong_side(muscle, site, at)
        if site.units != protocol.a_site:
            says = f"{_of(site.units, protocol)} at one site of {site.muscle}; each gets {_of(protocol.a_site, protocol)}."
            yield by_rule(treatment, "action.site-not-5", f"site {at}", says, (at,))


def _wrong_side(muscle: Muscle, site: Site, at: int) -> Finding:
    told = "no side is told" if site.side is None else f"the side {site.side!r} is told"
    says = f"{told[0].upper()}{told[1:]} for {muscle.name}; it is injected on {_sides(muscle)}."
    return _own(SITE_SIDE, "moderate", muscle, says, "Say on which side it is.", (at,))._replace(where=f"site {at}")


def _own(code: str, severity: str, muscle: Muscle, says: str, action: str, sites: tuple[int, ...]) -> Finding:
    """A finding in words of this file, by what the catalogue says of a muscle."""
    return Finding(code, severity, muscle.name, says, action, muscle.source, muscle.confidence, sites)


def _sides(muscle: Muscle) -> str:
    return "the midline" if muscle.sides == (MIDLINE,) else "the left and on the right"


def _by_muscle(treatment: Treatment, row: MuscleTally, sites: Sequence[Site]) -> Iterator[Finding]:
    muscle, name = row.muscle, row.muscle.name
    at = tuple(n for n, site in enumerate(sites, 1) if muscle_named(site.muscle) == name)
    if row.units > muscle.most_units:
        says = f"{plain(row.units)} units in {name}; it may have {plain(muscle.most_units)}."
        yield by_rule(treatment, "action.dose-above-muscle-maximum", name, says, at)
    if row.sites > muscle.most_sites:
        says = f"{row.sites} sites in {name}; it has {muscle.most_sites} at most."
        yield _own(TOO_MANY, "major", muscle, says, "Take sites away.", at)
    added = tuple(n for n in at if sites[n - 1].added)
    if len(added) > muscle.added_sites:
        may = f"{muscle.added_sites} may be" if muscle.added_sites else "none may be"
        says = f"{len(added)} added in {name}; {may}."
        yield _own(NOT_ADDED_HERE, "major", muscle, says, "Add in a muscle that may have more.", added)
    yield from _fixed(treatment, row, at)


def _fixed(treatment: Treatment, row: MuscleTally, at: tuple[int, ...]) -> Iterator[Finding]:
    muscle, name = row.muscle, row.muscle.name
    short = {side: muscle.fixed_a_side - many for side, many in row.by_side.items() if many < muscle.fixed_a_side}
    if short:
        says = f"{name}: {' and '.join(f'{many} fixed {_site(many)} {_on(side)}' for side, many in short.items())} not placed."
        yield _own(FIXED_MISSING, "moderate", muscle, says, "Place the fixed sites, or write down why not.", at)
    left, right = row.by_side.get(LEFT, 0), row.by_side.get(RIGHT, 0)
    if left != right and min(left, right) < muscle.fixed_a_side:
        says = f"{name}: {left} left and {right} right; the fixed sites are alike on both sides."
        yield by_rule(treatment, "action.sites-not-bilateral", name, says, at)


def _site(many: int) -> str:
    return "site" if many == 1 else "sites"


def _on(side: str) -> str:
    return "in the midline" if side == MIDLINE else f"on the {side}"


def _in_all(treatment: Treatment, protocol: Paradigm, sites: Sequence[Site], amount: Decimal | None) -> Iterator[Finding]:
    total = total_units(sites)
    said = f"{_of(total, protocol)} in all"
    if total > protocol.most:
        says = f"{said}; a session may have {_of(protocol.most, protocol)}."
        yield by_rule(treatment, "action.dose-above-ceiling", "session", says, about=f"above': {plain(protocol.most)}")
    if total < protocol.least:
        says = f"{said}; the {protocol.fixed_sites} fixed sites add up to {_of(protocol.least, protocol)}."
        yield by_rule(treatment, "action.dose-below-protocol", "session", says)
    if total % protocol.a_site:
        yield by_rule(
            treatment, "action.not-in-steps-of-5", "session", f"{said} is no multiple of {_of(protocol.a_site, protocol)}."
        )
    if amount is not None and amount != total:
        says = f"{_of(amount, protocol)} was told, and the sites add up to {_of(total, protocol)}."
        yield by_rule(treatment, "action.amount-not-sites", "session", says)


def _by_product(treatment: Treatment, product: str | None, unit: str | None) -> Iterator[Finding]:
    own = paradigm(treatment).unit
    if unit is not None and unit_of(unit) != own:
        says = f"The amounts are in {unit!r}, not in {own} of {treatment.id}."
        yield by_rule(treatment, "action.wrong-unit", "session", says)
    if product is None:
        return
    named = resolve(product)
    if named is None:
        says = f"{product!r} is not known as a product; units belong to the product and do not convert."
        yield Finding("action.wrong-product", "major", "session", says, "Name the product.", *POLICY)
    elif named.id != treatment.id:
        says = f"{product} is not {treatment.id}; units belong to the product and do not convert."
        yield by_rule(treatment, "action.wrong-product", "session", says, about=repr(named.id))


def _of(amount: Decimal, protocol: Paradigm) -> str:
    return f"{plain(amount)} {protocol.unit}"
