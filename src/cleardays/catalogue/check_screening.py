"""Do the screening rules hold together: groups, general rules, names of illnesses and of classes, what eases a rule?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from cleardays.catalogue.check import against_schema, check_facts, check_references, treatment_schema
from cleardays.catalogue.conditions import condition_ids, find_condition
from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.names import find_medicine
from cleardays.catalogue.reading import data_folder, read_data
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.screening_rules import general, groups, leaves_of, screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.catalogue.treatments import Treatment, as_treatment, load_treatment, treatment_ids
from cleardays.problems import Problem
from cleardays.sources import all_sources

_LISTED = ("medicine", "class", "condition", "drug", "flag", "allergy")


def check_screening() -> list[Problem]:
    """Everything that is wrong with the rules by which a person is screened."""
    shared = [book for _, book in groups()]
    of_all = as_treatment({"id": "general", "version": general()["version"], "checked": str(general()["checked"]),
                           "indications": [], "class": [], "rule": general()["rule"], "ask": general()["ask"]})  # fmt: skip
    books = [*(load_treatment(name) for name in treatment_ids()), *shared, of_all]
    problems = [*_check_groups(), *_check_condition_names(), *_check_group_names(), *_check_words()]
    for book in (*shared, of_all):
        problems += [*check_facts(book), *check_references(book)]
    for book in books:
        problems += [*_check_eased(book), *_check_conditions(book), *_check_questions(book)]
    return problems


def _check_groups() -> Iterator[Problem]:
    """A group file fits the tables of a treatment file, and applies to something."""
    schema = treatment_schema()
    of_group = {
        **schema,
        "required": ["id", "version", "checked", "class", "applies_to", "rule"],
        "properties": {**schema["properties"], "applies_to": {"type": "object"}},
    }
    files = [file for file in data_folder("groups").iterdir() if file.name.endswith(".toml")]
    medicines = {entry.medicine.id for entry in name_table().entries}
    for file in sorted(files, key=lambda file: file.name):
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        yield from against_schema(f"groups/{file.name}", document, of_group)
        for name in document["applies_to"].get("medicine", ()):
            if name not in medicines:
                yield Problem(f"groups/{file.name}", f"there is no medicine {name}.", "Use a catalogue id.")
        for name in document["applies_to"].get("class", ()):
            if name not in effect_classes():
                yield Problem(f"groups/{file.name}", f"there is no class {name}.", "Add it to effects.toml.")


def eased_by(when: Mapping[str, Any]) -> frozenset[str]:
    """The medicines, classes, illnesses and findings whose presence can keep a rule from holding."""
    return frozenset(_under_not(when, turned=False))


def _under_not(when: Mapping[str, Any], *, turned: bool) -> Iterator[str]:
    if "not" in when:
        yield from _under_not(when["not"], turned=not turned)
        return
    parts = when.get("all", when.get("any"))
    if parts is not None:
        yield from chain.from_iterable(_under_not(part, turned=turned) for part in parts)
    elif turned:
        yield from chain.from_iterable(when.get(key, ()) for key in _LISTED)


def _check_eased(book: Treatment) -> Iterator[Problem]:
    """An alert is lost by one more medicine or illness only where the rule says so by name."""
    for rule in book.facts("rule"):
        if _not_in_not(rule["when"], inside=False):
            yield Problem(f"{book.id}, rule {rule['code']}", "it has a not within a not.", "Write it without.")
        eased, said = eased_by(rule["when"]), frozenset(rule.get("eased_by", ()))
        if eased != said:
            what = f"it is eased by {', '.join(sorted(eased)) or 'nothing'}, and says {', '.join(sorted(said)) or 'nothing'}."
            yield Problem(f"{book.id}, rule {rule['code']}", what, "Correct eased_by.")


def _not_in_not(when: Mapping[str, Any], *, inside: bool) -> bool:
    if "not" in when:
        return inside or _not_in_not(when["not"], inside=True)
    return any(_not_in_not(part, inside=inside) for part in when.get("all", when.get("any", ())))


def _check_conditions(book: Treatment) -> Iterator[Problem]:
    """Every illness and grade of a rule has a name by which a person can tell of it."""
    grades = set(screening_words().severities.values())
    reactions = set(screening_words().reactions.values()) | {"*"}
    flags = set(screening_words().flags.values())
    for table, fact in book.all_facts():
        for leaf in leaves_of(fact.get("when")):
            unknown = [*_missing(leaf, "condition", condition_ids()), *_missing(leaf, "severity", grades)]
            unknown += [*_missing(leaf, "reaction", reactions), *_missing(leaf, "flag", flags)]
            for name in unknown:
                yield Problem(f"{book.id}, {table} {fact.get('code', '')}", f"{name} has no name.", "Add it, or correct it.")
    for fact in book.facts("red_flag"):
        for name in _missing(fact, "flags", flags):
            yield Problem(f"{book.id}, red_flag", f"there is no finding {name}.", "Use one of general.toml.")


def _missing(leaf: Mapping[str, Any], key: str, known: Iterable[str]) -> list[str]:
    return [name for name in leaf.get(key, ()) if name not in known]


def _check_questions(book: Treatment) -> Iterator[Problem]:
    """Whatever a rule may hang on has a question."""
    questions = screening_words().questions
    for table, fact in book.all_facts():
        for leaf in leaves_of(fact.get("when")):
            for key in ("number", "answer"):
                name = leaf.get(key)
                if name is not None and name not in questions and not name.startswith("proposed."):
                    yield Problem(f"{book.id}, {table}", f"nothing asks for {name}.", "Add a question to general.toml.")


def _check_condition_names() -> Iterator[Problem]:
    """Each name stands for one illness."""
    seen: dict[str, str] = {}
    for row in read_data("condition_names")["condition"]:
        names = [row["id"], row["says"], *row.get("names", ()), *chain.from_iterable(s["names"] for s in row.get("stated", ()))]
        for name in {letters(each): each for each in names}.values():
            other = seen.setdefault(letters(name), row["id"])
            if other != row["id"]:
                yield Problem("condition_names.toml", f"{name} stands for {other} and {row['id']}.", "Keep it once.")
        for broader in row.get("broader", ()):
            if broader not in condition_ids():
                yield Problem("condition_names.toml", f"{row['id']} is a kind of {broader}, which is not there.", "Add it.")


def _check_group_names() -> Iterator[Problem]:
    """A name of a class is no name of a medicine, and every class has members."""
    seen: dict[str, str] = {}
    for row in read_data("group_names")["group"]:
        for name in row["names"]:
            if find_medicine(name) is not None:
                yield Problem("group_names.toml", f"{name} is a medicine.", "Take it out.")
            elif seen.setdefault(letters(name), row["id"]) != row["id"]:
                yield Problem("group_names.toml", f"{name} stands for two classes.", "Keep it once.")
            elif resolve(name) is None:
                yield Problem("group_names.toml", f"{name} leads nowhere.", "Correct the row.")


def _check_words() -> Iterator[Problem]:
    known = all_sources()
    tables = general()
    for row in (*tables["duplicate"], tables["same_medicine"], tables["overuse"], tables["red_flags"]):
        for source in row["source"]:
            if source not in known:
                yield Problem("general.toml", f"the source {source} is not known.", "Add it to sources.toml.")
    for row in tables["duplicate"]:
        if row["class"] not in effect_classes():
            yield Problem("general.toml", f"there is no class {row['class']}.", "Add it to effects.toml.")
    for pair in screening_words().not_together:
        if any(find_condition(name) is None for name in pair):
            yield Problem("general.toml", f"{' and '.join(pair)}: there is no such illness.", "Correct not_together.")
