"""What a medicine's name, class or code stands for when a person is screened.

A name gives one medicine with its ingredients. A class name or a code of several
("opioid", N02A) gives all that it may be: what holds of every member is sure, what
holds of some is possible, and the person is asked which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.medicine_table import Entry, name_table
from cleardays.catalogue.names import find_medicine
from cleardays.catalogue.reading import read_data
from cleardays.catalogue.suggesting import letters, suggestions

_ATC = re.compile(r"(?:ATC[:\s]*)?([A-Z]\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)", re.IGNORECASE)
_RXNORM = re.compile(r"(?:RxNorm|RxCUI)?[:\s]*(\d{3,7})", re.IGNORECASE)


class Resolved(NamedTuple):
    """What was named: for sure, and at most.

    `ids` are the medicine and its ingredients (empty for a class name), `classes` the
    effect classes of all it may be; `possible_ids` and `possible_classes` those of any.
    A `family` is a class by what its members are: "triptans", not "painkillers".
    """

    id: str
    says: str
    ids: frozenset[str]
    classes: frozenset[str]
    possible_ids: frozenset[str]
    possible_classes: frozenset[str]
    family: bool = False

    @property
    def is_group(self) -> bool:
        """Whether a class was named instead of a medicine."""
        return not self.ids


@lru_cache(maxsize=4096)
def resolve(text: str) -> Resolved | None:
    """What a written name, class name or code stands for, or None when that is not certain.

    >>> sorted(resolve("Depakote").ids), resolve("N03AG01").id
    (['valproate'], 'valproate')
    >>> resolve("opioid").is_group, "cns_depressant" in resolve("opioid").classes
    (True, True)
    """
    medicine = find_medicine(text)
    if medicine is not None:
        return _one(_entries()[medicine.id])
    group = _groups().get(letters(text))
    return group if group is not None else _by_code(text.strip())


def resolve_group(name: str, says: str, members: Iterable[str]) -> Resolved:
    """A class of medicines by its members."""
    of_each = [_one(_entries()[member]) for member in members]
    return Resolved(
        name,
        says,
        frozenset(),
        frozenset.intersection(*(each.classes for each in of_each)),
        frozenset[str]().union(*(each.ids for each in of_each)),
        frozenset[str]().union(*(each.classes for each in of_each)),
    )


def ask_medicine(text: str) -> str:
    """The question to ask about a name that stands for no medicine here."""
    for row in name_table().unresolved:
        if letters(text) in map(letters, row.names):
            return f"{text.strip()!r} leaves open which medicine is meant: {row.because}"
    near = suggestions(text, _spellings())
    meant = f" Is it {' or '.join(near)}?" if near else " What is its international name, or what does the packet say it holds?"
    return f"{text.strip()!r} is no medicine that is known here.{meant}"


def _by_code(text: str) -> Resolved | None:
    atc = _ATC.fullmatch(text)
    if atc is not None:
        code = atc[1].upper()
        return _groups().get(letters(code)) or _of(
            code, [entry for entry in _entries().values() if any(own.startswith(code) for own in entry.atc)]
        )
    rxnorm = _RXNORM.fullmatch(text)
    if rxnorm is not None:
        return _of(f"RxNorm {rxnorm[1]}", [entry for entry in _entries().values() if rxnorm[1] in entry.rxnorm])
    return None


def _of(name: str, entries: list[Entry]) -> Resolved | None:
    if len(entries) == 1:
        return _one(entries[0])
    if not entries:
        return None
    return resolve_group(name, name, [entry.medicine.id for entry in entries])._replace(family=True)


def _one(entry: Entry) -> Resolved:
    ids = frozenset({entry.medicine.id}) | entry.ingredients
    classes = _classes_by_member().get(entry.medicine.id, frozenset())
    return Resolved(entry.medicine.id, entry.inn, ids, classes, ids, classes)


@cache
def _entries() -> dict[str, Entry]:
    return {entry.medicine.id: entry for entry in name_table().entries}


@cache
def _classes_by_member() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, group in effect_classes().items():
        for member in group.members:
            found.setdefault(member, set()).add(name)
    return {member: frozenset(names) for member, names in found.items()}


@cache
def _groups() -> dict[str, Resolved]:
    found: dict[str, Resolved] = {}
    for row in read_data("group_names")["group"]:
        if "class" in row:
            members: Iterable[str] = effect_classes()[row["class"]].members
        elif "atc" in row:
            members = [
                name for name, entry in _entries().items() if any(own.startswith(tuple(row["atc"])) for own in entry.atc)
            ]
        else:
            members = row["members"]
        group = resolve_group(row["id"], row["says"], sorted(members))._replace(family="members" not in row)
        found.update({letters(written): group for written in row["names"]})
    return found


@cache
def _spellings() -> dict[str, str]:
    shown: dict[str, str] = {}
    for entry in name_table().entries:
        shown.update({letters(name): name for name in (*entry.names, *entry.brands) if letters(name)})
    shown.update({spelling: group.says for spelling, group in _groups().items()})
    return shown
