"""The single facts that the criteria of a day ask for, drawn from what was told of its headache, auras and medicines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cleardays.diary.day_facts import Aura, DayFacts, Intake
from cleardays.diary.headache_rules import HeadacheRules, headache_rules
from cleardays.diary.kleene import Tri, all_of, any_of, between, negate

# Facts that are numbers; all others are answers.
NUMBERS = ("minutes", "age")


def leaves(facts: DayFacts) -> dict[str, Any]:
    """Fact by name: True, False or None, or a number or None."""
    rules = headache_rules()
    return {
        **facts.symptoms,
        "headache": facts.headache,
        "minutes": facts.minutes,
        "age": facts.age,
        "child": None if facts.age is None else facts.age < rules.attack["child_below_age"],
        "diagnosed": facts.diagnosed,
        "other_symptoms": facts.other_symptoms,
        "moderate": None if facts.severity is None else facts.severity in ("moderate", "severe"),
        "mild_or_moderate": None if facts.severity is None else facts.severity in ("mild", "moderate"),
        **_aura_leaves(facts, rules),
        **_medicine_leaves(facts, rules),
    }


def _aura_leaves(facts: DayFacts, rules: HeadacheRules) -> dict[str, Tri]:
    auras, times = facts.auras, rules.aura
    if auras is None:
        return dict.fromkeys(_AURA)
    if not auras:
        return dict.fromkeys(_AURA, False)

    def lasts(aura: Aura) -> Tri:
        usual = between(times["least_min"], aura.minutes, times["most_min"])
        motor = between(times["least_min"], aura.minutes, times["motor_most_min"])
        if aura.type is None:
            return usual if usual == motor else None
        return motor if aura.type == "motor" else usual

    def is_one_sided(aura: Aura) -> Tri:
        return any_of(None if aura.type is None else aura.type in times["one_sided_types"], aura.unilateral)

    def atypical(aura: Aura) -> Tri:
        if aura.type in times["atypical_types"]:
            return True
        out_of_time = negate(between(times["least_min"], aura.minutes, times["most_min"]))
        return any_of(out_of_time, None if aura.type is None else False)

    def any_aura(test: Callable[[Aura], Tri]) -> Tri:
        return any_of(*(test(aura) for aura in auras))

    return {
        "aura": True,
        "aura_usual_length": any_aura(lambda aura: between(times["least_min"], aura.minutes, times["most_min"])),
        "aura_gradual": any_aura(lambda aura: aura.gradual),
        "aura_in_succession": all_of(len(auras) > 1, facts.symptoms["aura_succession"]),
        "aura_lengths": all_of(*(lasts(aura) for aura in auras)),
        "aura_one_sided": any_aura(is_one_sided),
        "aura_positive": any_aura(lambda aura: aura.positive),
        "aura_atypical": any_aura(atypical),
    }


_AURA = (
    "aura", "aura_usual_length", "aura_gradual", "aura_in_succession", "aura_lengths", "aura_one_sided", "aura_positive",
    "aura_atypical",
)  # fmt: skip


def acute_classes(facts: DayFacts) -> list[str] | None:
    """The acute classes taken, sorted; None where medicines were not answered."""
    kinds = _acute_kinds(facts)
    return None if kinds is None or None in kinds else sorted(kind for kind in kinds if kind is not None)


def _acute_kinds(facts: DayFacts) -> set[str | None] | None:
    """The acute classes taken; None among them for an acute medicine whose class is not known."""
    if facts.intakes is None:
        return None
    acute = headache_rules().acute
    return {
        intake.kind
        for intake in facts.intakes
        if (intake.kind is None or intake.kind in acute) and intake.reason != "preventive"
    }


def _medicine_leaves(facts: DayFacts, rules: HeadacheRules) -> dict[str, Tri]:
    kinds = _acute_kinds(facts)
    if facts.intakes is None or kinds is None:
        return dict.fromkeys(_MEDICINE)

    def for_headache(intake: Intake) -> Tri:
        return None if intake.reason is None else intake.reason == "headache"

    def relieved_by(kinds: frozenset[str]) -> Tri:
        """Whether one of these brought it to mild or none within two hours."""
        answers = (
            all_of(
                for_headache(intake),
                None if intake.relief is None else intake.relief in rules.successful_relief,
                None if intake.kind is None else True,
            )
            for intake in facts.intakes or ()
            if intake.kind is None or intake.kind in kinds
        )
        return any_of(*answers)

    return {
        "acute": bool(kinds),
        "specific": any_of(*(None if kind is None else kind in rules.migraine_specific for kind in kinds)),
        "treated": any_of(
            *(for_headache(intake) for intake in facts.intakes if intake.kind is None or intake.kind in rules.acute)
        ),
        "relieved": relieved_by(rules.acute),
        "relieved_specific": relieved_by(rules.migraine_specific),
        "relieved_ergot_triptan": relieved_by(rules.relieving_in_chronic),
    }


_MEDICINE = ("acute", "specific", "treated", "relieved", "relieved_specific", "relieved_ergot_triptan")
