"""Medicines as other diaries write them: a list of names, with counts and amounts beside or inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from cleardays.diary.entries import DoseEntry
from cleardays.diary.layouts.collected import Losses, Naming
from cleardays.diary.layouts.words import fold, vocabulary
from cleardays.medicines import Medicine
from cleardays.texts import clean

_COUNT = re.compile(r"(\d{1,2})\s*[x×]\s*(?=\D)", re.IGNORECASE | re.ASCII)
_ONLY_A_COUNT = re.compile(
    r"[0-9]{1,4}([.,][0-9]{1,3})?\s*([x×]|mg|tablets?|pills?|doses?|tabletten?|pillen?|stück|comprim[ée]s?|pastillas?|片|粒|次)?",
    re.IGNORECASE,
)
_LONGEST_NAME = 120
_MOST_AMOUNT = Decimal(999_999)
# An amount without a strength counts doses: UCUM, in braces.
DOSES = "{dose}"


class Written(NamedTuple):
    """One medicine as it is written: its name, and what was said of the amount."""

    name: str
    amount: Decimal | None
    unit: str | None
    times: int | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and for what medicines were taken; `attack` says whether they are told with an attack."""

    day: date
    at: datetime | None = None
    attack: bool = False
    attack_id: str | None = None
    state: str = "taken"
    kind: str | None = None  # where the layout itself says preventive or acute


def says_none(text: str) -> bool:
    """Whether a cell for medicines says that nothing was taken.

    >>> says_none("None"), says_none(" - "), says_none("0"), says_none("Ibuprofen")
    (True, True, True, False)
    """
    return (fold(text) or text.strip()) in vocabulary().no_medicine


def without_name(text: str) -> bool:
    """Whether a cell says that something was taken, or how much, but not what.

    >>> without_name("ja"), without_name("2"), without_name("2x"), without_name("1 tablet"), without_name("Ibuprofen")
    (True, True, True, True, False)
    """
    return fold(text) in vocabulary().some_medicine or _ONLY_A_COUNT.fullmatch(text.strip()) is not None


def read_written(text: str, naming: Naming) -> Written:
    """One medicine out of a list.

    >>> from cleardays.diary.layouts.collected import NO_NAMES
    >>> read_written("2x Sumatriptan", NO_NAMES)
    Written(name='Sumatriptan', amount=None, unit=None, times=2)
    """
    found = _COUNT.match(text.strip())
    count = int(found[1]) if found else None
    rest = text.strip()[found.end() :] if found else text
    name, amount, unit = naming.amount(rest)
    return Written(clean(name, _LONGEST_NAME), amount, unit, count or None)


def read_list(text: str, naming: Naming, lost: Losses, where: str, mark: str | None = None) -> list[Written]:
    """The medicines of a cell; `mark` is how the layout joins them, if it always does."""
    if without_name(text):  # before anything is cut at a comma: 1,5
        _nameless(text, lost, where)
        return []
    parts = [text] if mark is None else text.split(mark)
    found = []
    for name in (name for part in parts for name in naming.split(part) if not says_none(name)):
        written = read_written(name, naming)
        if without_name(name):
            _nameless(name, lost, where)
        elif written.name:
            found.append(written)
    return found


def _nameless(text: str, lost: Losses, where: str) -> None:
    what = "says that something was taken but not what; a value without a name is no medicine, left out"
    lost.count(f"medicines {clean(text, 40)!r}", what, first=where)


def with_amounts(medicines: list[Written], cell: str, naming: Naming) -> list[Written] | None:
    """Amounts that stand in a cell of their own, one for each medicine; None where they do not pair up."""
    parts = [part for part in re.split(r"[;+,；]\s*(?!\d{3}\b)", cell) if part.strip()]
    if len(parts) != len(medicines):
        return None
    paired = []
    for written, part in zip(medicines, parts, strict=True):
        _, amount, unit = naming.amount(f"x {part}")
        if amount is None:
            return None
        paired.append(written._replace(amount=amount, unit=unit))
    return paired


def dose(written: Written, on: Occasion, naming: Naming, lost: Losses, where: str) -> DoseEntry:
    """The entry for one medicine; a name that is not known is kept as written, and listed."""
    medicine = naming.find(written.name)
    if medicine is None:
        why = "is no medicine that is known for certain; kept by its name alone"
        lost.count(f"medicine {written.name!r}", why, first=where)
    kind = on.kind or kind_of(medicine, attack=on.attack)
    if medicine is not None and kind is None and "acute" in medicine.uses:
        why = "is taken for attacks and to prevent them; which it was cannot be known"
        lost.count(f"medicine {written.name!r}", why, first=where)
    amount, unit = written.amount, written.unit
    if amount is not None and written.times:
        amount *= written.times
    elif written.times:
        amount, unit = Decimal(written.times), DOSES
    if amount is not None and amount > _MOST_AMOUNT:
        lost.add("amount", where, f"the amount {amount:f} of {written.name!r} cannot be; left out.")
        amount = unit = None
    return DoseEntry(
        date=on.day,
        time=None if on.at is None else on.at.strftime("%H:%M"),
        kind=kind,
        drug=None if medicine is None else medicine.id,
        name=written.name,
        acute_class=medicine.acute_class if medicine is not None and kind == "acute" else None,
        amount=amount,
        unit=unit,
        state=on.state,
        reason="headache" if on.attack and kind == "acute" else "preventive" if kind == "preventive" else None,
        attack=on.attack_id,
    )


def kind_of(medicine: Medicine | None, *, attack: bool) -> str | None:
    """Whether a medicine was taken for an attack or to prevent one, as far as its name and the attack tell."""
    if medicine is None:
        return None
    acute, preventive = {"acute", "antiemetic"} & medicine.uses, "preventive" in medicine.uses
    if acute and (attack or not preventive):
        return "acute"
    return "preventive" if preventive and not acute else None
