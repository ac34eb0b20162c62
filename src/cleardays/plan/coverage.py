"""What the catalogue is silent about, though it matters for this person: asked, never taken for harmless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleardays.catalogue.conditions import find_condition
from cleardays.catalogue.screening_rules import Rule, general, leaves_of, rule_books, rules_of
from cleardays.catalogue.treatments import Treatment
from cleardays.plan.alerts import grave
from cleardays.plan.case import Case, Ill
from cleardays.plan.when import holds

_NAMED_BY = ("answer", "number", "condition")


def gaps(case: Case) -> Iterator[tuple[str, str]]:
    """Names and questions: a pregnancy, weak kidneys or a sick liver of which no rule of the treatment speaks."""
    books = rule_books(case.treatment)
    for row in general()["covers"]:
        if books and not _speaks(case, books, row) and holds(row["when"], case).value:
            yield f"{case.treatment.id}.{row['about']}", row["question"].format(case.treatment.says)


def _speaks(case: Case, books: tuple[Treatment, ...], row: Mapping[str, Any]) -> bool:
    """Whether a rule asks for it, or a row says that it does not matter."""
    about = set(row["names"])
    rules: list[Rule] = [rule for book in books for rule in rules_of(book, case.treatment)]
    asked = {name for rule in rules for leaf in leaves_of(rule["when"]) for name in _names(leaf)}
    silent = [told.get("about", "") for book in books for told in rules_of(book, case.treatment, "silent")]
    return bool(about & asked) or any(row["about"] in words for words in silent)


def _names(leaf: Mapping[str, Any]) -> Iterator[str]:
    for key in _NAMED_BY:
        told = leaf.get(key, ())
        yield from (told,) if isinstance(told, str) else told


def vague(case: Case, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """Illnesses told so vaguely that they may be one with which a grave rule would hold."""
    grave_ones = [rule for rule in rules if grave(rule["severity"]) <= grave("major")]
    for ill in case.conditions or ():
        if any(_would_hold(rule, name, case) for name in sorted(ill.is_a.may_be) for rule in grave_ones):
            yield f"conditions.{ill.is_a.says}.which", f"Which one is it exactly: {ill.is_a.says}?"


def _would_hold(rule: Rule, name: str, case: Case) -> bool:
    """Whether a rule holds with this illness and not without it."""
    found = find_condition(name)
    if found is None or not any(found.kinds & set(leaf.get("condition", ())) for leaf in leaves_of(rule["when"])):
        return False
    more = case._replace(conditions=(*(case.conditions or ()), Ill(found, None, None, True)))
    return bool(holds(rule["when"], more).value) and not holds(rule["when"], case).value


def implied(case: Case, rules: Sequence[Rule]) -> Iterator[tuple[str, str, bool]]:
    """Illnesses that a medicine tells of, that were not told, and that rules of the treatment speak of.

    Nothing goes on without the answer where a grave rule would hold.
    """
    if case.medicines is None or case.conditions is None:
        return
    told = {kind for ill in case.conditions for kind in ill.is_a.kinds}
    for row in general()["implied"]:
        taken = [each for each in case.medicines if _is_of(each.is_a.possible_ids, each.is_a.id, row)]
        if not taken or told & set(row["conditions"]):
            continue
        would = [rule for rule in rules if any(_would_hold(rule, name, case) for name in row["conditions"])]
        if would:
            required = any(grave(rule["severity"]) <= grave("major") for rule in would)
            says = " and ".join(dict.fromkeys(each.is_a.says for each in taken))
            yield f"conditions.{row['id']}", row["question"].format(says), required


def _is_of(ids: frozenset[str], name: str, row: Mapping[str, Any]) -> bool:
    return bool(ids & set(row["medicines"])) or name in row.get("groups", ())
