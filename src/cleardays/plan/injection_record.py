"""What was really injected on one day: per site, with product, lots and who; checked, and held against the plan.

Nothing is taken over from the plan: a record says what was given. It is read from JSON
and written back unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from cleardays.plan.reader import Read, Reader, clock_time, day, many, number, text, yes_no
from cleardays.plan.steps import exact, plain
from cleardays.plan.toxin_sites import Site, muscle_named, side_named, total_units
from cleardays.problems import BadInput, Problem

_ALL = "the session"


class Vial(NamedTuple):
    """One vial that was used: its units, the saline it was dissolved in, its lot and last day of use."""

    units: Decimal
    saline_ml: Decimal | None = None
    lot: str | None = None
    expires: date | None = None

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "units": plain(self.units),
            "saline_ml": None if self.saline_ml is None else plain(self.saline_ml),
            "lot": self.lot,
            "expires": None if self.expires is None else self.expires.isoformat(),
        }


class SessionRecord(NamedTuple):
    """One session of injections as it took place, from `start` to `end` by the clock. `vials` None: nobody told which."""

    on: date
    product: str
    unit: str
    by: str
    sites: tuple[Site, ...]
    vials: tuple[Vial, ...] | None = None
    use: str | None = None
    note: str | None = None
    start: str | None = None
    end: str | None = None

    @property
    def units(self) -> Decimal:
        """All that was injected."""
        return total_units(self.sites)

    def document(self) -> dict[str, object]:
        """As it stands in JSON; `read_record` makes the same record of it."""
        return {
            "on": self.on.isoformat(),
            "product": self.product,
            "unit": self.unit,
            "by": self.by,
            "sites": [site.document() for site in self.sites],
            "vials": None if self.vials is None else [vial.document() for vial in self.vials],
            "use": self.use,
            "note": self.note,
            "start": self.start,
            "end": self.end,
        }


class Difference(NamedTuple):
    """What was given beside what was planned, in one muscle on one side, or in the whole session."""

    muscle: str
    side: str | None
    planned: Decimal
    given: Decimal
    unit: str
    says: str

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        return {
            "muscle": self.muscle,
            "side": self.side,
            "planned": plain(self.planned),
            "given": plain(self.given),
            "unit": self.unit,
            "says": self.says,
        }


def differences(planned: Iterable[Site], record: SessionRecord) -> tuple[Difference, ...]:
    """Where units were given otherwise than planned, side by side, and last the sum; empty where all is as planned.

    What follows the pain was moved rightly; it is listed all the same, so that the record says where it went.
    """
    before, after = _by_place(planned), _by_place(record.sites)
    found = [
        _difference(muscle, side, before.get((muscle, side), Decimal(0)), after.get((muscle, side), Decimal(0)), record.unit)
        for muscle, side in dict.fromkeys([*before, *after])
    ]
    sums = sum(before.values(), Decimal(0)), sum(after.values(), Decimal(0))
    found.append(_difference(_ALL, None, *sums, record.unit))
    return tuple(each for each in found if each.planned != each.given)


def _by_place(sites: Iterable[Site]) -> dict[tuple[str, str | None], Decimal]:
    found: dict[tuple[str, str | None], Decimal] = {}
    for site in sites:
        place = (muscle_named(site.muscle) or site.muscle, side_named(site.side) or site.side)
        found[place] = found.get(place, Decimal(0)) + site.units
    return found


def _difference(muscle: str, side: str | None, planned: Decimal, given: Decimal, unit: str) -> Difference:
    where = muscle if side is None else f"{muscle}, {side}"
    more = "more" if given > planned else "less"
    says = f"{where}: {_plain(abs(given - planned))} {unit} {more} than planned ({_plain(given)}, not {_plain(planned)})."
    return Difference(muscle, side, planned, given, unit, says)


def _plain(amount: Decimal) -> str:
    return f"{plain(amount)}"


def read_record(document: object) -> SessionRecord:
    """A record from its JSON.

    Raises:
        BadInput: with everything that cannot be used.
    """
    reader = Reader()
    found = reader.fields("record", document, _RECORD, _REQUIRED)
    if not reader.problems and found.get("end", "24") < found.get("start", "00"):
        reader.refuse("record.end", "it ends before it starts.", "Correct one of the two times.")
    if not reader.problems and not found["sites"]:
        reader.refuse("record.sites", "no site is told.", "Write one entry per injection.")
    if reader.problems:
        raise BadInput(reader.problems)
    return SessionRecord(**found)


def parse_record(raw: str, name: str = "record") -> SessionRecord:
    """A record from the text of its JSON; raises `BadInput`."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput(Problem(name, "this is no JSON.", "Give one JSON object.")) from None
    return read_record(document)


def read_sites(document: object, where: str = "sites") -> tuple[Site, ...]:
    """Sites from JSON: a list of {muscle, side, units, added}, as the app or a plan writes them; raises `BadInput`."""
    reader = Reader()
    found = many(_site)(reader, where, document)
    if reader.problems:
        raise BadInput(reader.problems)
    return tuple(found)


def _amount(high: float, unit: str, *, some: bool = False) -> Read:
    """A figure as it is written, without the error of a binary fraction."""
    plain_number = number(0, high, unit)

    def read(reader: Reader, where: str, value: object) -> Decimal | None:
        found = plain_number(reader, where, value)
        if found == 0 and some:
            reader.refuse(where, f"0 {unit} is nothing.", "Leave the entry out, or correct the amount.")
        return None if found is None else exact(found)

    return read


def _site(reader: Reader, where: str, value: object) -> Site | None:
    found = reader.fields(where, value, _SITE, ("muscle", "units"))
    if {"muscle", "units"} - {key for key, each in found.items() if each is not None}:
        return None
    written, side = str(found["muscle"]), found.get("side")
    # A spelling that is known is written as the catalogue has it; any other is kept, for the check to find.
    return Site(muscle_named(written) or written, side_named(side) or side, found["units"], bool(found.get("added")))


def _vial(reader: Reader, where: str, value: object) -> Vial | None:
    found: Mapping[str, Any] = reader.fields(where, value, _VIAL, ("units",))
    return Vial(**found) if found.get("units") is not None else None


_MOST_UNITS, _MOST_ML = 1000, 100
_SITE: dict[str, Read] = {"muscle": text, "side": text, "units": _amount(_MOST_UNITS, "units", some=True), "added": yes_no}
_VIAL: dict[str, Read] = {
    "units": _amount(_MOST_UNITS, "units", some=True),
    "saline_ml": _amount(_MOST_ML, "mL", some=True),
    "lot": text,
    "expires": day,
}
_RECORD: dict[str, Read] = {
    "on": day,
    "product": text,
    "unit": text,
    "by": text,
    "sites": many(_site),
    "vials": many(_vial),
    "use": text,
    "note": text,
    "start": clock_time,
    "end": clock_time,
}
_REQUIRED = ("on", "product", "unit", "by", "sites")
