"""Conditions on what is taken: which medicines, whether now, since when, how much, how long ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.catalogue.effects import effect_classes
from cleardays.catalogue.resolving import Resolved
from cleardays.catalogue.screening_rules import general
from cleardays.plan.case import Case
from cleardays.plan.holds import NOT, Holds, Tri, unknown
from cleardays.plan.taken import Medicine
from cleardays.plan.units import in_unit


def takes(when: Mapping[str, Any], case: Case) -> Holds:
    """Whether one of the medicines or of the classes named is taken, at least so many of them.

    The treatment that is screened is never matched by its own rules.
    """
    if case.medicines is None:
        return unknown("medicines")
    others = [each for each in case.medicines if each.is_a.id != case.treatment.id]
    answers = [(each, _is_one(each, when)) for each in others]
    sure = {each.is_a.id: each.is_a for each, fits in answers if fits}
    now = {each.is_a.id for each, fits in answers if fits and not _only_lately(each, when)}
    # "an opioid" beside codeine may be the codeine: it is no second one for certain
    doubtful = {found.id for found in sure.values() if _may_be_another(found, sure)}
    least = when.get("at_least", 1)
    if len(sure) - len(doubtful) >= least or (least == 1 and sure):
        return _held(sure, when)._replace(lately=not now)
    lacking = {each.is_a.id: _missing(each, when) for each, fits in answers if fits is None and each.is_a.id not in sure}
    lacking.update({name: [f"medicines.{sure[name].says}"] for name in doubtful})
    if not lacking or len(sure) - len(doubtful) + len(lacking) < least:
        return NOT
    return Holds(None, frozenset(name for names in lacking.values() for name in names))


def _held(sure: Mapping[str, Resolved], when: Mapping[str, Any]) -> Holds:
    """True, and of which medicines it is only from memory that they belong here; one that is certain is enough."""
    doubtful = frozenset(found.says for found in sure.values() if _from_memory(found, when))
    named = frozenset(found.says for found in sure.values())
    return Holds(True, frozenset(), named, doubtful if doubtful == named else frozenset())


def _from_memory(found: Resolved, when: Mapping[str, Any]) -> bool:
    if set(when.get("medicine", ())) & found.ids:
        return False
    classes = [effect_classes()[name] for name in when.get("class", ()) if name in found.classes]
    return bool(classes) and all(found.id in each.from_memory for each in classes)


def _may_be_another(one: Resolved, sure: Mapping[str, Resolved]) -> bool:
    return one.is_group and any(other.ids & one.possible_ids for other in sure.values())


def _is_one(each: Medicine, when: Mapping[str, Any]) -> Tri:
    told = each.told
    # What was taken today was taken, also where it was stopped today.
    answers = [_member(each, when), "within_hours" in when or _when_taken(each, when)]
    if "started_within_days" in when:
        answers.append(_at_most(told.started_days_ago, when["started_within_days"]))
    if "within_hours" in when:
        answers.append(_at_most(_hours_since(each), when["within_hours"]))
    if "hours_known" in when:
        answers.append((_hours_since(each) is not None) is when["hours_known"])
    if "as_needed" in when:
        answers.append(None if told.as_needed is None else told.as_needed is when["as_needed"])
    for key, passes in (("daily_above", float.__gt__), ("daily_at_least", float.__ge__)):
        if key in when:
            daily = in_unit(told.daily_dose, told.unit, when.get("unit", "mg"))
            answers.append(None if daily is None else passes(daily, float(when[key])))
    if False in answers:
        return False
    return None if None in answers else True


def _member(each: Medicine, when: Mapping[str, Any]) -> Tri:
    ids, classes = set(when.get("medicine", ())), set(when.get("class", ()))
    if ids & each.is_a.ids or classes & each.is_a.classes:
        return True
    if each.is_a.is_group and each.is_a.possible_ids and each.is_a.possible_ids <= ids:
        return True
    return None if ids & each.is_a.possible_ids or classes & each.is_a.possible_classes else False


def _when_taken(each: Medicine, when: Mapping[str, Any]) -> bool:
    """Now, unless the rule asks for those that were stopped."""
    stopped = each.told.stopped_days_ago
    if stopped is None:
        return not when.get("stopped", False)
    return stopped <= float(when.get("within_days_of_stopping", general()["limits"]["days_after_stopping"]))


def _only_lately(each: Medicine, when: Mapping[str, Any]) -> bool:
    """Whether it counts only because it was stopped in the last days."""
    return each.told.stopped_days_ago is not None and "within_days_of_stopping" not in when and "within_hours" not in when


def _hours_since(each: Medicine) -> float | None:
    if each.told.hours_since_last is not None:
        return each.told.hours_since_last
    return None if each.told.stopped_days_ago is None else 24 * each.told.stopped_days_ago


def _at_most(value: float | None, limit: float) -> Tri:
    return None if value is None else value <= limit


def _missing(each: Medicine, when: Mapping[str, Any]) -> list[str]:
    """What would settle whether this medicine is meant."""
    if _member(each, when) is None:
        return [f"medicines.{each.is_a.says}"]
    told = each.told
    open_parts = {
        "started_days_ago": "started_within_days" in when and told.started_days_ago is None,
        "hours_since_last": "within_hours" in when and _hours_since(each) is None,
        "as_needed": "as_needed" in when and told.as_needed is None,
        "daily_dose": bool({"daily_above", "daily_at_least"} & when.keys()),
    }
    return [f"medicines.{each.is_a.says}.{name}" for name, is_open in open_parts.items() if is_open]
