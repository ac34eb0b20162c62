"""The packaged table of medicine names, and the words that may stand beside a name."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.reading import read_data
from cleardays.medicines import Medicine


class Entry(NamedTuple):
    """One ingredient or fixed combination: every name it goes by, its codes, its sources.

    `names` are generic (the id and a single ingredient's international name among them), `brands`
    are trade names, `misspellings` such as leave no doubt; `ingredients` are the ids of a combination's parts, which
    written together stand for it unless it goes `by_name_only`.
    """

    medicine: Medicine
    inn: str
    names: tuple[str, ...]
    misspellings: tuple[str, ...]
    brands: tuple[str, ...]
    ingredients: frozenset[str]
    by_name_only: bool
    written_with_commas: bool
    atc: tuple[str, ...]
    rxnorm: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    source: tuple[str, ...]


class Unresolved(NamedTuple):
    """Names that leave open which medicine is meant, and why."""

    names: tuple[str, ...]
    because: str
    source: tuple[str, ...]


class NameTable(NamedTuple):
    """The whole table, as read."""

    version: str
    entries: tuple[Entry, ...]
    unresolved: tuple[Unresolved, ...]


@cache
def name_table() -> NameTable:
    """The table of `medicine_names.toml`."""
    tables = read_data("medicine_names")
    return NameTable(
        version=tables["version"],
        entries=tuple(_entry(row) for row in tables["medicine"]),
        unresolved=tuple(Unresolved(tuple(row["names"]), row["because"], tuple(row["source"])) for row in tables["unresolved"]),
    )


def _entry(row: dict[str, Any]) -> Entry:
    # A combination is found by its parts, not by the words that its international name has between them.
    own = [row["id"]] if "ingredients" in row else [row["id"], row["inn"]]
    return Entry(
        medicine=Medicine(row["id"], frozenset(row["uses"]), row.get("acute_class")),
        inn=row["inn"],
        names=tuple(dict.fromkeys([*own, *row.get("names", ())])),
        misspellings=tuple(row.get("misspellings", ())),
        brands=tuple(row.get("brands", ())),
        ingredients=frozenset(row.get("ingredients", ())),
        by_name_only=row.get("by_name_only", False),
        written_with_commas=row.get("written_with_commas", False),
        atc=tuple(row.get("atc", ())),
        rxnorm=tuple(row.get("rxnorm", ())),
        unconfirmed=tuple(code for code in ("atc", "rxnorm") if row.get(f"{code}_confidence") == "unconfirmed"),
        source=tuple(row["source"]),
    )


class Words(NamedTuple):
    """The words of `name_words.toml`, as written there."""

    longest_text: int
    product_numbers_below: int
    aside: tuple[str, ...]
    apart: tuple[str, ...]
    joining_and: tuple[str, ...]
    joining_with: tuple[str, ...]
    stronger: tuple[str, ...]
    units: dict[str, tuple[str, ...]]


@cache
def name_words() -> Words:
    """The words of `name_words.toml`."""
    tables = read_data("name_words")
    return Words(
        longest_text=tables["longest_text"],
        product_numbers_below=tables["product_numbers_below"],
        aside=tuple(word for group in tables["aside"].values() for word in group),
        apart=tuple(tables["apart"]["words"]),
        joining_and=tuple(tables["joining"]["and"]),
        joining_with=tuple(tables["joining"]["with"]),
        stronger=tuple(tables["stronger"]["words"]),
        units={unit: tuple(written) for unit, written in tables["units"].items()},
    )
