"""The single conditions of a rule, each as one small function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.catalogue.screening_rules import screening_words
from cleardays.catalogue.suggesting import letters
from cleardays.plan.case import Case, Ill
from cleardays.plan.holds import NOT, Holds, Leaf, Tri, compare, unknown
from cleardays.plan.medicine_leaves import takes
from cleardays.plan.proposal_leaves import proposed_action

_ITSELF = "@treatment"
_UNITS = "proposed.units."
_INTERVAL = "proposed.every_days"
_OF_THE_WHOLE = (f"{_UNITS}total", f"{_UNITS}beyond_whole_sites")
_ANY_REACTION = "*"


def _ids(names: list[str], case: Case) -> frozenset[str]:
    """Names of a rule, with the treatment itself put in for its mark."""
    return frozenset(names) | (case.treatment.possible_ids if _ITSELF in names else frozenset())


def _condition(when: Mapping[str, Any], case: Case) -> Holds:
    if case.conditions is None:
        return unknown("conditions")
    wanted = set(when["condition"])
    found = [(ill, _fits(ill, when)) for ill in case.conditions if wanted & ill.is_a.kinds]
    held = [ill for ill, fits in found if fits]
    if held:
        named = frozenset(ill.is_a.says for ill in held)
        return Holds(True, frozenset(), named, named if all(ill.put_together for ill in held) else frozenset())
    lacking = "months_ago" if "within_months" in when else "severity"
    missing = frozenset(f"conditions.{ill.is_a.says}.{lacking}" for ill, fits in found if fits is None)
    return Holds(None, missing) if missing else NOT


def _fits(ill: Ill, when: Mapping[str, Any]) -> Tri:
    answers = [_grade(ill, when["severity"])] if "severity" in when else []
    if "active" in when:
        answers.append(ill.active is when["active"])
    if "within_months" in when:
        answers.append(None if ill.months_ago is None else ill.months_ago <= when["within_months"])
    if "unless_over_months" in when:
        answers.append(ill.months_ago is None or ill.months_ago <= when["unless_over_months"])
    if False in answers:
        return False
    return None if None in answers else True


def _grade(ill: Ill, wanted: list[str]) -> Tri:
    """A grade of another scale leaves it open: a moderate heart failure may be decompensated."""
    if ill.severity in wanted:
        return True
    scales = screening_words().scales
    return False if scales.get(ill.severity or "") in {scales[grade] for grade in wanted} else None


def _allergy(when: Mapping[str, Any], case: Case) -> Holds:
    if case.allergies is None:
        return unknown("allergies")
    wanted = _ids(when["allergy"], case)
    found = [each for each in case.allergies if wanted & (each.possible_ids | each.classes | {each.id})]
    # An allergy to a family is one to each of it; to "painkillers" it is to some.
    if any(each.family or wanted & (each.ids | each.classes | {each.id}) for each in found):
        return Holds(True)
    return unknown(*(f"allergies.{each.says}" for each in found)) if found else NOT


def _reaction(when: Mapping[str, Any], case: Case) -> Holds:
    if case.reactions is None:
        return unknown("past_reactions")
    wanted, drugs, missing, named = set(when["reaction"]), _ids(when.get("drug", []), case), set[str](), set[str]()
    for each in case.reactions:
        if each.to is None or not drugs & (each.to.possible_ids | each.to.classes | {each.to.id}):
            continue
        certain = bool(drugs & (each.to.ids | each.to.classes | {each.to.id}))
        if not (_ANY_REACTION in wanted or each.what in wanted):
            if each.what is None:
                missing.add("past_reactions")
            continue
        serious: Tri = each.serious is when["serious"] if "serious" in when and each.serious is not None else None
        if certain and ("serious" not in when or serious):
            named.add(each.to.says)
        elif serious is not False:
            missing.add(f"past_reactions.{each.to.says}")
    if named:
        return Holds(True, frozenset(), frozenset(named))
    return unknown(*missing) if missing else NOT


def _number(when: Mapping[str, Any], case: Case) -> Holds:
    name = when["number"]
    of_sites = name.startswith(_UNITS) and name not in _OF_THE_WHOLE
    if of_sites and case.numbers[f"{_UNITS}highest_site"] is None:
        return NOT  # no sites are proposed
    if name == _INTERVAL and case.numbers[name] is None:
        return NOT  # no second time is proposed
    return compare(when, case.numbers[name], name)


def _answer(when: Mapping[str, Any], case: Case) -> Holds:
    value = case.answers[when["answer"]]
    if value is None and "unknown" in when["in"]:
        return Holds(True)  # the rule is about just that
    return unknown(when["answer"]) if value is None else Holds(value in when["in"])


def _flag(when: Mapping[str, Any], case: Case) -> Holds:
    week = case.numbers["week_of_treatment"]
    if week is not None and not when.get("from_week", 0) <= week <= when.get("to_week", week):
        return NOT
    if case.flags is None:
        # Before the first dose nobody was asked yet.
        return NOT if case.answers["already_taken"] is False else unknown("diary_flags")
    return Holds(bool(case.flags & set(when["flag"])))


def _indication(when: Mapping[str, Any], case: Case) -> Holds:
    return unknown("indication") if case.indications is None else Holds(bool(case.indications & set(when["indication"])))


def _genotype(when: Mapping[str, Any], case: Case) -> Holds:
    if case.genotypes is None:
        return unknown("genotypes")
    return Holds(bool(case.genotypes & {letters(each) for each in when["genotype"]}))


def _last_session(when: Mapping[str, Any], case: Case) -> Holds:
    name = f"last_session.{when['last_session']}"
    return compare(when, case.numbers[name], name)


def _session(when: Mapping[str, Any], case: Case) -> Holds:
    if case.session is None:
        return NOT
    value = case.session[when["session"]]
    if "is" in when:
        return unknown(f"session.{when['session']}") if value is None else Holds(value is when["is"])
    return compare(when, None if value is None else float(value), f"session.{when['session']}")


LEAVES: dict[str, Leaf] = {
    "medicine": takes,
    "class": takes,
    "condition": _condition,
    "allergy": _allergy,
    "reaction": _reaction,
    "number": _number,
    "answer": _answer,
    "flag": _flag,
    "indication": _indication,
    "genotype": _genotype,
    "proposed": proposed_action,
    "last_session": _last_session,
    "session": _session,
}
