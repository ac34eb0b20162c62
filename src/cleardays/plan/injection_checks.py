"""Checks on a session of injections that took place: sites, vials, interval, and all uses within three months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.injection_record import SessionRecord, Vial
from cleardays.plan.steps import exact, plain
from cleardays.plan.toxin_checks import POLICY, Finding, by_rule, check_sites, in_order
from cleardays.plan.toxin_sites import ceiling
from cleardays.problems import BadInput, Problem
from cleardays.sources import source_keys

_DAYS_IN_WEEK = 7
_STRENGTH = re.compile(r"([\d.]+) U in ([\d.]+) mL")
_THREE_MONTHS = "3 months"


class Earlier(NamedTuple):
    """An earlier injection of any toxin for any use; `units` None: not told."""

    on: date
    product: str | None = None
    units: Decimal | None = None
    use: str | None = None

    @classmethod
    def of(cls, record: SessionRecord) -> Earlier:
        """A session that was recorded."""
        return cls(record.on, record.product, record.units, record.use)


def check_record(
    treatment: Treatment, record: SessionRecord, earlier: Iterable[Earlier] = (), today: date | None = None
) -> tuple[Finding, ...]:
    """All that is not as it should be, the gravest first; empty where all is.

    Args:
        treatment: under whose protocol the session stands.
        record: what was given.
        earlier: injections of any toxin before it, of any use, cosmetic ones included; later ones are not looked at.
        today: the day it is; a record of a later day is found out.
    """
    before = sorted((each for each in earlier if each.on <= record.on), key=lambda each: each.on)
    found = [*check_sites(treatment, record.sites, product=record.product, unit=record.unit)]
    found += [*_vials(treatment, record), *_interval(treatment, record, before), *_three_months(treatment, record, before)]
    if today is not None and record.on > today:
        says = f"The session is dated {record.on}, after today ({today})."
        found.append(Finding("record.in-the-future", "major", "on", says, "Correct the day.", *POLICY))
    return in_order(found)


def shortest_interval_days(treatment: Treatment) -> int:
    """The fewest days between two sessions.

    Raises:
        BadInput: the catalogue holds no interval for the treatment.
    """
    rows = treatment.facts("interval")
    if not rows:
        what = f"the catalogue holds no interval between sessions of {treatment.id}."
        raise BadInput(Problem("treatment", what, "Choose a treatment that is given in sessions."))
    return max(int(row["weeks"] * _DAYS_IN_WEEK) for row in rows)


def next_session_from(treatment: Treatment, last: date) -> date:
    """The first day on which another session is not too early, counted from the day the last one took place."""
    return last + timedelta(days=shortest_interval_days(treatment))


def _interval(treatment: Treatment, record: SessionRecord, before: list[Earlier]) -> Iterator[Finding]:
    """The last of each toxin, whatever it was for."""
    least = shortest_interval_days(treatment)
    own = [each for each in before if _same(treatment, each.product)]
    others = [each for each in before if _another_toxin(treatment, each.product)]
    if own and (days := (record.on - own[-1].on).days) < least:
        says = f"{days} days after the last injection ({own[-1].on}); sessions are {least} days apart or more."
        yield by_rule(treatment, "session.too-early", "on", says)
    if others and (days := (record.on - others[-1].on).days) < least:
        says = f"{others[-1].product} was injected {days} days before; its units do not convert and are not counted here."
        yield by_rule(treatment, "interaction.botulinum-toxin", "on", says)


def _three_months(treatment: Treatment, record: SessionRecord, before: list[Earlier]) -> Iterator[Finding]:
    """All uses of the same toxin together; an amount that was not told is never nothing."""
    if not _same(treatment, record.product):
        return  # units of another product add up to nothing here
    most, span = ceiling(treatment, _THREE_MONTHS), general()["limits"]["weeks_in_three_months"] * _DAYS_IN_WEEK
    within = [each for each in before if (record.on - each.on).days < span and _same(treatment, each.product)]
    total = record.units + sum((each.units for each in within if each.units is not None), Decimal(0))
    said = f"{_plain(total)} {most['unit']} in 3 months over all uses, this session included"
    if total > exact(most["amount"]):
        says = f"{said}; the ceiling is {most['amount']:g} {most['unit']}."
        yield by_rule(treatment, "action.dose-above-ceiling", "3 months", says, about="toxin.units.three_months")
    elif lacking := [str(each.on) for each in within if each.units is None]:
        says = f"{said}, as far as told; how many units were injected on {', '.join(lacking)} is not known."
        action = f"Find out, and count them: the ceiling is {most['amount']:g} {most['unit']}."
        yield Finding("record.units-not-known", "moderate", "3 months", says, action, *_cited(most))


def _same(treatment: Treatment, product: str | None) -> bool:
    """Whether it counts as this toxin: the screen counts one whose name was not told, or is not known, as the same."""
    named = None if product is None else resolve(product)
    return (
        named is None
        or named.id == treatment.id
        or (_is_toxin(treatment, named.classes) and treatment.id in named.possible_ids)
    )


def _another_toxin(treatment: Treatment, product: str | None) -> bool:
    named = None if product is None else resolve(product)
    return named is not None and not _same(treatment, product) and _is_toxin(treatment, named.classes)


def _is_toxin(treatment: Treatment, classes: frozenset[str]) -> bool:
    return bool(classes & set(treatment.classes))


def _vials(treatment: Treatment, record: SessionRecord) -> Iterator[Finding]:
    noted = next((_cited(row) for row in treatment.facts("monitor") if "lot" in row["what"]), POLICY)
    if not record.vials or any(vial.lot is None for vial in record.vials):
        action = "Write down every lot; it is on the vial."
        yield Finding("record.lot-not-told", "moderate", "vials", "Not every lot is recorded.", action, *noted)
    if not record.vials:
        return
    held = sum((vial.units for vial in record.vials), Decimal(0))
    if held < record.units:
        says = f"{_plain(record.units)} {record.unit} were injected from vials of {_plain(held)} together."
        yield Finding("record.vials-too-few", "major", "vials", says, "Correct the vials or the sites.", *POLICY)
    for at, vial in enumerate(record.vials, 1):
        yield from _one_vial(treatment, record, vial, f"vial {at}")


def _one_vial(treatment: Treatment, record: SessionRecord, vial: Vial, where: str) -> Iterator[Finding]:
    if vial.expires is not None and vial.expires < record.on:
        says = f"It was to be used by {vial.expires}, and was used on {record.on}."
        yield Finding("record.vial-expired", "major", where, says, "Check the date; tell the pharmacy if it is right.", *POLICY)
    forms = [row for row in treatment.facts("form") if row.get("strengths")]
    sizes = {exact(each) for row in forms for each in row["strengths"]}
    if sizes and vial.units not in sizes:
        says = f"A vial of {_plain(vial.units)} {record.unit} is not known; there are {', '.join(map(_plain, sorted(sizes)))}."
        yield Finding("record.vial-size", "moderate", where, says, "Check the label of the vial.", *_cited(forms[0]))
    wanted, cited = _strength(treatment)
    if wanted is not None and vial.saline_ml and (found := vial.units / vial.saline_ml) != wanted:
        says = f"{_plain(found)} {record.unit} in 1 mL; the protocol has {_plain(wanted)}, so that a site gets the same volume."
        action = "Check what was injected at each site: units are counted, not millilitres."
        yield Finding("record.strength", "moderate", where, says, action, *cited)


def _strength(treatment: Treatment) -> tuple[Decimal | None, tuple[tuple[str, ...], str]]:
    """Units in 1 mL as the catalogue has it, with its sources and how sure they are."""
    for row in treatment.facts("monitor"):
        told = _STRENGTH.fullmatch(row.get("threshold", ""))
        if told is not None:
            return exact(told[1]) / exact(told[2]), _cited(row)
    return None, POLICY


def _cited(row: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Where a row comes from and how sure it is."""
    return source_keys(row), row["confidence"]


def _plain(amount: Decimal) -> str:
    return f"{plain(amount)}"
