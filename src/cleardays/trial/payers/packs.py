"""The rule packs: what each payer or guideline asks for, as read from its file."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cleardays.packaged import PACKAGE, read_toml
from cleardays.problems import BadInput, Problem, shown
from cleardays.sources import MARKS

START, CONTINUE = "start", "continue"
PARTS = {START: "To start", CONTINUE: "To go on"}
ANY = "*"
DATA = PACKAGE / "trial" / "payers" / "data"


class Criterion(NamedTuple):
    """One rule. `asks_for` are the keys of its kind; `says` is the rule, `reading` how its words are counted, both ours.

    Rules that share an `any_of` stand in for each other: one of them is enough.
    """

    id: str
    part: str
    kind: str
    says: str
    asks_for: dict[str, Any]
    any_of: str | None
    asks: str | None
    reading: str | None
    source: tuple[str, ...]
    confidence: str

    @property
    def mark(self) -> str:
        """How sure its words are, empty where they were read in the source itself."""
        return MARKS.get(self.confidence, "")


class Pack(NamedTuple):
    """What one payer or guideline asks for. `kind` is payer, guideline or anecdote; months are those of an approval."""

    id: str
    name: str
    about: str
    kind: str
    jurisdiction: str
    edition: str
    version: str
    checked: str
    treatments: tuple[str, ...]
    extrapolated_to: tuple[str, ...]
    indications: tuple[str, ...]
    first_months: int | None
    renewal_months: int | None
    notes: tuple[str, ...]
    pause: dict[str, Any] | None
    criteria: tuple[Criterion, ...]
    source: tuple[str, ...]
    confidence: str

    @property
    def mark(self) -> str:
        """How sure it is, empty where the source itself was read."""
        return MARKS.get(self.confidence, "")

    def part(self, part: str) -> tuple[Criterion, ...]:
        """Its rules for starting, or for going on."""
        return tuple(each for each in self.criteria if each.part == part)

    def document(self) -> dict[str, object]:
        """Its head as it stands in JSON output."""
        head = self._asdict()
        del head["criteria"]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in head.items()}


@cache
def packs() -> dict[str, Pack]:
    """Every pack by its id, payers first."""
    found = [_pack(read_toml(file)) for file in sorted(DATA.glob("*.toml"))]
    order = ("payer", "guideline", "anecdote")
    return {pack.id: pack for pack in sorted(found, key=lambda pack: (order.index(pack.kind), pack.jurisdiction, pack.id))}


def find_pack(name: str) -> Pack:
    """One pack by its id or by its name, however it is written.

    Raises:
        BadInput: there is none of this name.
    """
    asked = _key(name)
    for pack in packs().values():
        if asked in (_key(pack.id), _key(pack.name)):
            return pack
    raise BadInput(Problem("--payer", f"{shown(name)} is no pack.", f"Use one of {', '.join(packs())}."))


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


_OWN = ("id", "part", "kind", "says", "any_of", "asks", "reading", "source", "confidence")


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(
        row["id"],
        row["part"],
        row["kind"],
        row["says"],
        {key: value for key, value in row.items() if key not in _OWN},
        row.get("any_of"),
        row.get("asks"),
        row.get("reading"),
        tuple(row["source"]),
        row["confidence"],
    )


def _pack(row: dict[str, Any]) -> Pack:
    return Pack(
        row["id"],
        row["name"],
        row["about"],
        row["kind"],
        row["jurisdiction"],
        row["edition"],
        row["version"],
        row["checked"],
        tuple(row["treatments"]),
        tuple(row.get("extrapolated_to", ())),
        tuple(row["indications"]),
        row.get("first_months"),
        row.get("renewal_months"),
        tuple(row.get("notes", ())),
        row.get("pause"),
        tuple(_criterion(each) for each in row["criterion"]),
        tuple(row["source"]),
        row["confidence"],
    )
