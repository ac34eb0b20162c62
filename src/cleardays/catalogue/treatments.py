"""The treatments of the catalogue: one TOML file each, every fact with its source and how sure it is.

A treatment loads alone; nothing else is read for it. The tables are documented in
docs/reference/catalogue.md and checked by `cleardays catalogue check`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.names import find_medicine, key_of
from cleardays.catalogue.reading import data_folder, file_names, file_text, read_data
from cleardays.problems import BadInput, Problem, shown

# Read without parsing: the version of all files is wanted where only one is.
_VERSION = re.compile(r'^version = "([^"]+)"', re.MULTILINE)
_HEAD = ("id", "version", "checked", "indications", "class", "plain")


class Treatment(NamedTuple):
    """What is known of one treatment: its head, and its tables of facts by name."""

    id: str
    version: str
    checked: str
    indications: tuple[str, ...]
    classes: tuple[str, ...]
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]

    def facts(self, table: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of one table; empty where the file has none."""
        return self.tables.get(table, ())

    def all_facts(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every fact with the name of its table; a row that names the finding of a study is none, the study holds it."""
        for table, rows in self.tables.items():
            for row in rows:
                if "source" in row:
                    yield table, row


@cache
def treatment_ids() -> tuple[str, ...]:
    """All treatments, sorted."""
    names = (file.name for file in data_folder("treatments").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load_treatment(treatment_id: str) -> Treatment:
    """One treatment by its id.

    Raises:
        BadInput: there is no such treatment in the catalogue.
    """
    if treatment_id not in treatment_ids():
        known = ", ".join(treatment_ids())
        raise BadInput(Problem("treatment", f"{shown(treatment_id)} is not in the catalogue.", f"It holds {known}."))
    return as_treatment(read_data(f"treatments/{treatment_id}"))


def find_treatment(name: str) -> Treatment:
    """One treatment by any name: its id, international, generic or trade name.

    Raises:
        BadInput: the name is not known, or is no treatment of the catalogue.
    """
    medicine = find_medicine(name)
    return load_treatment(name.strip().lower() if medicine is None else medicine.id)


def may_name_treatment(text: str) -> bool:
    """Whether a text may stand for a treatment of the catalogue; where not, no name need be looked up.

    >>> may_name_treatment("Botox 100 units"), may_name_treatment("biofeedback")
    (True, False)
    """
    if not text.isascii() or any(bracket in text for bracket in "()[]"):
        return True
    key = key_of(text)
    return any(name in key for name in _names())


@cache
def _names() -> tuple[str, ...]:
    rows = [row for row in read_data("medicine_names")["medicine"] if row["id"] in treatment_ids()]
    lists = ("names", "brands", "misspellings")
    return tuple(
        key_of(name) for row in rows for name in (row["id"], row["inn"], *(each for of in lists for each in row.get(of, ())))
    )


def as_treatment(document: dict[str, Any]) -> Treatment:
    """A parsed file as a treatment."""
    tables = {name: tuple(rows) for name, rows in document.items() if name not in _HEAD}
    return Treatment(
        document["id"],
        document["version"],
        str(document["checked"]),
        tuple(document["indications"]),
        tuple(document["class"]),
        tables,
    )


def treatment_text(treatment_id: str) -> str:
    """The file of a treatment as it stands."""
    return file_text(f"treatments/{treatment_id}")


def mean_daily(step: Mapping[str, Any]) -> float:
    """The mean dose a day of a step: what is taken at once, how often, on every so many days."""
    at_once = sum(step["amounts"]) if "amounts" in step else step["amount"] * step["times_per_day"]
    return float(at_once) / int(step["every_days"])


@cache
def catalogue_version() -> str:
    """The latest version of any file, and a digest of all of them: printed wherever a fact is used."""
    digest, latest = hashlib.sha256(), ""
    for name in file_names():
        text = file_text(name)
        digest.update(f"{name}\n{text}".encode())
        stated = _VERSION.search(text)
        latest = max(latest, stated[1] if stated else "")
    return f"{latest}+{digest.hexdigest()[:12]}"
