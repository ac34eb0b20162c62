"""Which rules a medicine is screened by: its own, those of its groups, and those that hold for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from cleardays.catalogue.reading import data_folder, read_data
from cleardays.catalogue.resolving import Resolved
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import Treatment, as_treatment, load_treatment, treatment_ids

Rule = Mapping[str, Any]


class ScreeningWords(NamedTuple):
    """The words in which a person is told of, by spelling (see `letters`)."""

    severities: Mapping[str, str]
    scales: Mapping[str, str]
    reactions: Mapping[str, str]
    flags: Mapping[str, str]
    genotypes: Mapping[str, str]
    routes: Mapping[str, str]
    muscle_names: Mapping[str, str]
    muscles: tuple[str, ...]
    no_medicine: frozenset[str]
    indications_from_conditions: tuple[str, ...]
    not_together: tuple[tuple[str, str], ...]
    nothing: frozenset[str]
    kidney: tuple[str, ...]
    kidney_grades: tuple[tuple[float, str], ...]
    together: tuple[tuple[str, frozenset[str], int], ...]
    questions: Mapping[str, str]


@cache
def general() -> Mapping[str, Any]:
    """The tables of `general.toml`."""
    return read_data("general")


@cache
def screening_words() -> ScreeningWords:
    """The words of `general.toml`."""
    tables = general()
    words = tables["words"]
    return ScreeningWords(
        severities=_by_spelling(words["severities"]),
        scales={grade: scale for scale, grades in words["scales"].items() for grade in grades},
        reactions=_by_spelling(words["reactions"]),
        flags=_by_spelling({flag: row.get("names", []) for flag, row in tables["red_flags"]["flags"].items()}),
        genotypes={letters(each): each for each in words["genotypes"]},
        routes=_by_spelling(words["routes"]),
        muscle_names=_by_spelling(words["muscles"]),
        muscles=tuple(words["muscles"]),
        no_medicine=frozenset(map(letters, words["no_medicine"])),
        indications_from_conditions=tuple(words["indications_from_conditions"]),
        not_together=tuple((one, other) for one, other in words["not_together"]),
        nothing=frozenset(map(letters, words["nothing"])),
        kidney=tuple(words["kidney"]),
        kidney_grades=tuple((float(row["from"]), row["grade"]) for row in words["kidney_grades"]),
        together=tuple((row["id"], frozenset(row["of"]), row["at_least"]) for row in words["together"]),
        questions=tables["questions"],
    )


def _by_spelling(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {letters(written): word for word, written_so in groups.items() for written in (word, *written_so)}


@cache
def groups() -> tuple[tuple[Mapping[str, list[str]], Treatment], ...]:
    """The groups of medicines that share rules, each with what it applies to."""
    files = (file.name for file in data_folder("groups").iterdir())
    names = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    found = []
    for name in names:
        document = read_data(f"groups/{name}")
        applies_to = document.pop("applies_to")
        found.append((applies_to, as_treatment({"indications": [], **document})))
    return tuple(found)


def rule_books(medicine: Resolved) -> tuple[Treatment, ...]:
    """The files that speak of a medicine: its own, then those of its groups; empty where none does."""
    own = tuple(load_treatment(name) for name in sorted(medicine.ids) if name in treatment_ids())
    shared = tuple(
        book
        for applies_to, book in groups()
        if medicine.ids & set(applies_to.get("medicine", ())) or medicine.classes & set(applies_to.get("class", ()))
    )
    return own + shared


def rules_of(book: Treatment, medicine: Resolved, table: str = "rule") -> Iterator[Rule]:
    """The rows of a file that hold for one medicine: a row with `only` holds for those named."""
    for row in book.facts(table):
        if "only" not in row or medicine.ids & set(row["only"]):
            yield row


def leaves_of(when: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The single conditions of a rule."""
    if when is None:
        return
    for key in ("all", "any"):
        if key in when:
            for part in when[key]:
                yield from leaves_of(part)
            return
    if "not" in when:
        yield from leaves_of(when["not"])
        return
    yield when
