"""When to stop a treatment and call for help: the list that stands first on its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_words import Row, capital, lay, listed, mark, sentence, word


def stop_and_call(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading: one point for each thing to do."""
    by_action: dict[str, list[str]] = {}
    for sign, action, confidence in _red_flags(treatment):
        by_action.setdefault(action, []).append(f"**{sign.rstrip('.')}.**{mark(confidence)}")
    if not by_action:
        yield "The catalogue lists no warning signs of its own for it. That does not mean that there are none."
        yield "If something new worries you, call."
    for action, signs in by_action.items():
        if len(signs) == 1:
            yield f"- {signs[0]} {action}"
        else:
            yield f"- Any of these? {action}"
            yield from (f"    - {sign}" for sign in signs)
    yield from ("", "The list is not complete. If something new worries you, call.", "") if by_action else ("",)


def _red_flags(treatment: Treatment) -> Iterator[tuple[str, str, str]]:
    """Sign, action and confidence: red flags, and what other tables call critical or a red flag; emergencies first."""
    flags = treatment.facts("red_flag")
    for row in (row for row in flags if row["severity"] == "critical"):
        yield _sign(row), sentence(row["action"]), row["confidence"]
    for row in treatment.facts("rule"):
        if row["severity"] == "critical" and speaks_of_the_person(row):
            yield capital(lay(row["subject"])), sentence(row["action"]), row["confidence"]
    for row in treatment.facts("monitor"):
        named, _, action = row["action"].partition(":")
        if named.lower() in ("a red flag", "red flags"):
            yield capital(lay(row["what"])), sentence(action), row["confidence"]
    for row in (row for row in flags if row["severity"] != "critical"):
        yield _sign(row), sentence(row["action"]), row["confidence"]


def _sign(row: Row) -> str:
    """What a person notices. A text that names a diagnosis only is led by the signs that the row stands for."""
    says = capital(lay(row["says"]))
    signs = [word("flag", flag) for flag in row["flags"]]
    if any(_stem(part) in f"{row['says']} {says}".lower() for sign in signs for part in sign.split() if len(part) > 3):
        return says
    return f"{capital(listed(signs, 'or'))}: {says[:1].lower()}{says[1:]}"


def _stem(part: str) -> str:
    return part[:5].lower()


# What a rule asks for that is no trait of the person but something done in the course of a plan or a session.
_SITUATIONS = frozenset({"proposed", "session", "last_session", "supervised", "escort"})
_CHANGES = frozenset({"started_within_days", "stopped"})


def speaks_of_the_person(rule: Row) -> bool:
    """Whether a rule speaks of what a person has or takes, and not of a step in a plan or a session."""
    asked = asks_for(rule["when"])
    another_product = "class" in asked and asked & _SITUATIONS == {"last_session"}
    return another_product or not asked & _SITUATIONS


def speaks_of_a_change(rule: Row) -> bool:
    """Whether a rule speaks of a medicine that comes or goes on the way."""
    return bool(asks_for(rule["when"]) & _CHANGES)


def asks_for(when: Mapping[str, Any]) -> set[str]:
    """The kinds of condition that must be met for a rule to speak; what must not be met is left out.

    >>> sorted(asks_for({"all": [{"class": ["opioid"], "at_least": 2}, {"not": {"flag": ["rash"]}}]}))
    ['at_least', 'class']
    """
    if "not" in when:
        return set()
    inner = [*when.get("all", ()), *when.get("any", ())]
    if inner:
        return {each for part in inner for each in asks_for(part)}
    return {*when, when["answer"]} if "answer" in when else set(when)
