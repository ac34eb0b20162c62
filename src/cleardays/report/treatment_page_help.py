"""When to call for help at once: the list that stands first on the page of a treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment
from cleardays.report.treatment_page_words import Row, all_words, capital, lay, listed, mark, plain_check, sentence, word


def stop_and_call(treatment: Treatment) -> Iterator[str]:
    """The whole section as lines, without its heading: one point for each thing to do."""
    by_action: dict[str, list[str]] = {}
    for sign, action, confidence in _red_flags(treatment):
        by_action.setdefault(action, []).append(f"**{sign.rstrip('.')}.**{mark(confidence)}")
    if not by_action:
        yield "We list no warning sign that belongs to this medicine alone. That does not mean that there is none."
    for action, signs in by_action.items():
        if len(signs) == 1:
            yield f"- {signs[0]} {action}"
        else:
            yield f"- Any of these? {action}"
            yield from (f"    - {sign}" for sign in signs)
    yield ""
    yield from _whatever_is_taken(treatment)
    yield from ("", "No list is complete. If something new worries you, call.", "")


def _whatever_is_taken(treatment: Treatment) -> Iterator[str]:
    """The emergencies of every treatment, less what its own list says."""
    about_all, groups = general()["red_flags"], all_words()["flag_group"]
    own = {flag for row in treatment.facts("red_flag") for flag in row["flags"]}
    left = {flag: row for flag, row in about_all["flags"].items() if row["severity"] == "critical" and flag not in own}
    grouped = {title: [flag for flag in flags if flag in left] for title, flags in groups.items()}
    said = {flag: all_words()["flag_said"].get(flag, row["says"]) for flag, row in left.items()}
    as_well = " too" if own else ""
    yield f"Whatever you take, these are emergencies{as_well}. {about_all['emergency']}{mark(about_all['confidence'])}"
    yield ""
    yield from (f"- {title}: {'; '.join(said[flag] for flag in flags)}." for title, flags in grouped.items() if flags)
    named = {flag for flags in grouped.values() for flag in flags}
    yield from (
        f"- {capital(row['says'])}. {row.get('action', '')}".rstrip() for flag, row in left.items() if flag not in named
    )


def _red_flags(treatment: Treatment) -> Iterator[tuple[str, str, str]]:
    """Sign, action and confidence: red flags, and what other tables call critical or a red flag; emergencies first."""
    flags = treatment.facts("red_flag")
    for row in (row for row in flags if row["severity"] == "critical"):
        yield _sign(row), sentence(row["action"]), row["confidence"]
    for row in treatment.facts("rule"):
        if row["severity"] == "critical" and speaks_of_the_person(row):
            yield capital(lay(row["subject"])), sentence(row["action"]), row["confidence"]
    for row in filter(is_red_flag, treatment.facts("monitor")):
        yield capital(plain_check(row["what"])), sentence(row["action"].partition(":")[2]), row["confidence"]
    for row in (row for row in flags if row["severity"] != "critical"):
        yield _sign(row), sentence(row["action"]), row["confidence"]


def actions_at_the_top(treatment: Treatment) -> list[str]:
    """What the list of this treatment tells to do."""
    return [action for _, action, _ in _red_flags(treatment)]


def is_red_flag(monitor: Row) -> bool:
    """Whether a check says of itself that it is a red flag; it then stands on top of the page."""
    return str(monitor["action"]).partition(":")[0].lower() in ("a red flag", "red flags")


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


def speaks_about(when: Mapping[str, Any]) -> set[str]:
    """The answers, values of the body and illnesses that must be there for a rule to speak.

    >>> sorted(speaks_about({"any": [{"number": "egfr_ml_min", "below": 30}, {"not": {"condition": ["cirrhosis"]}}]}))
    ['egfr_ml_min']
    """
    if "not" in when:
        return set()
    inner = {each for part in (*when.get("all", ()), *when.get("any", ())) for each in speaks_about(part)}
    return inner | {when[key] for key in ("answer", "number") if key in when} | set(when.get("condition", ()))
