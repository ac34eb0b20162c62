"""Classify one day by the published standards, in three-valued logic.

Every profile is computed; none is chosen silently. A flag that depends on
something not answered is None ("unknown"). Definitions:
docs/explanation/how-a-day-is-classified.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cleardays.diary.day_facts import Aura, DayFacts, Intake
from cleardays.diary.headache_rules import HeadacheRules, headache_rules
from cleardays.diary.kleene import Tri, all_of, any_of, at_least, between, negate

UNKNOWN = "unknown"


class Criteria(NamedTuple):
    """The ICHD-3 criteria of the day's headache and aura, each True, False or None."""

    duration: Tri  # 1.1 B
    features: Tri  # 1.1 C
    accompanied: Tri  # 1.1 D
    aura: Tri  # 1.2 B and C
    tension_type: Tri  # 2.2
    chronic: Tri  # 1.3 C


def criteria(facts: DayFacts) -> Criteria:
    """Evaluate the attack criteria on one day's facts."""
    rules, has = headache_rules(), facts.symptoms
    features = at_least(
        rules.attack["features"],
        [has["unilateral"], has["pulsating"], _at_least_moderate(facts), has["aggravated"]],
    )
    sickness = any_of(has["nausea"], has["vomiting"])
    senses = all_of(has["photophobia"], has["phonophobia"])
    accompanied = any_of(sickness, senses)
    aura = _aura_criteria(facts, rules)
    relieved = _any_relief(facts, rules, rules.relieving_in_chronic)
    return Criteria(
        duration=_duration(facts, rules),
        features=features,
        accompanied=accompanied,
        aura=aura,
        tension_type=_tension_type(facts, rules, sickness),
        chronic=any_of(
            all_of(facts.headache, features, accompanied), aura, all_of(facts.headache, has["believed_migraine"], relieved)
        ),
    )


def classify_day(facts: DayFacts) -> dict[str, object]:
    """All flags of one day, as standards name them; None stands for unknown."""
    rules = headache_rules()
    if not facts.logged:
        return {"status": "missing", **dict.fromkeys(_FLAGS), "migraine_day": dict.fromkeys(_PROFILES), "acute_classes": None}
    met = criteria(facts)
    long_enough = between(rules.long_least_min, facts.minutes, float("inf"))
    typical = all_of(met.features, met.accompanied)
    moderate = _at_least_moderate(facts)
    classes = None if facts.intakes is None else sorted({i.kind for i in facts.intakes if _acute(i, rules)})
    specific = None if classes is None else bool(rules.migraine_specific & set(classes))
    aura_day = None if facts.auras is None else bool(facts.auras)
    leiden = any_of(
        all_of(facts.headache, between(rules.leiden_least_min, facts.minutes, float("inf")), typical),
        _any_aura(facts, lambda aura: between(rules.aura["least_min"], aura.minutes, rules.aura["most_min"])),
        all_of(facts.headache, specific),
    )
    ihs = any_of(
        all_of(facts.headache, long_enough, any_of(typical, met.aura)),
        all_of(facts.headache, moderate, _any_relief(facts, rules, rules.migraine_specific)),
    )
    counted = all_of(
        facts.diagnosed, facts.headache, at_least(rules.probable_criteria, [met.duration, met.features, met.accompanied])
    )
    return {
        "status": "logged",
        "headache_day": facts.headache,
        "headache_day_4h": all_of(facts.headache, long_enough),
        "mod_sev_headache_day": all_of(facts.headache, moderate, any_of(long_enough, _any_relief(facts, rules, rules.acute))),
        "migraine_day": {"leiden": leiden, "ihs": ihs, "ichd_count": counted},
        "cm_c_day": met.chronic,
        "ichd_attack": _attack(facts, met, rules),
        "aura_day": aura_day,
        "aura_atypical": _any_aura(facts, lambda aura: _atypical(aura, rules)),
        "acute_med_day": None if classes is None else bool(classes),
        "acute_classes": classes,
        "migraine_specific_med_day": specific,
        "crystal_clear_day": _crystal_clear(facts, aura_day, rules),
        "status_flag": all_of(facts.headache, None if facts.minutes is None else facts.minutes > rules.status_above_min),
        "late": facts.symptoms["late"],
    }


_PROFILES = ("leiden", "ihs", "ichd_count")
_FLAGS = (
    "headache_day", "headache_day_4h", "mod_sev_headache_day", "cm_c_day", "ichd_attack", "aura_day", "aura_atypical",
    "acute_med_day", "migraine_specific_med_day", "crystal_clear_day", "status_flag", "late",
)  # fmt: skip


def _duration(facts: DayFacts, rules: HeadacheRules) -> Tri:
    """ICHD-3 1.1 B; shorter in children, so unknown where only the unknown age would decide."""
    child, adult = (
        between(rules.attack[least], facts.minutes, rules.attack["most_min"]) for least in ("child_least_min", "least_min")
    )
    if facts.age is None:
        return child if child == adult else None
    return child if facts.age < rules.attack["child_below_age"] else adult


def _at_least_moderate(facts: DayFacts) -> Tri:
    return None if facts.severity is None else facts.severity in ("moderate", "severe")


def _acute(intake: Intake, rules: HeadacheRules) -> bool:
    return intake.kind in rules.acute and intake.reason != "preventive"


def _relieved(intake: Intake, rules: HeadacheRules) -> Tri:
    return None if intake.relief is None else intake.relief in rules.successful_relief


def _for_headache(intake: Intake) -> Tri:
    return None if intake.reason is None else intake.reason == "headache"


def _any_relief(facts: DayFacts, rules: HeadacheRules, kinds: frozenset[str]) -> Tri:
    """Whether an acute medicine of these kinds brought it to mild or none within two hours."""
    if facts.intakes is None:
        return None
    return any_of(*(all_of(_for_headache(i), _relieved(i, rules)) for i in facts.intakes if i.kind in kinds))


def _any_aura(facts: DayFacts, test: Callable[[Aura], Tri]) -> Tri:
    return None if facts.auras is None else any_of(*(test(aura) for aura in facts.auras))


def _atypical(aura: Aura, rules: HeadacheRules) -> Tri:
    if aura.type in rules.aura["atypical_types"]:
        return True
    out_of_time = negate(between(rules.aura["least_min"], aura.minutes, rules.aura["most_min"]))
    return any_of(out_of_time, None if aura.type is None else False)


def _aura_criteria(facts: DayFacts, rules: HeadacheRules) -> Tri:
    """ICHD-3 1.2 B (an aura symptom) and C (at least three of six)."""
    if facts.auras is None:
        return None
    if not facts.auras:
        return False

    def lasts(aura: Aura) -> Tri:
        usual, motor = (
            between(rules.aura["least_min"], aura.minutes, rules.aura[most]) for most in ("most_min", "motor_most_min")
        )
        if aura.type is None:
            return usual if usual == motor else None
        return motor if aura.type == "motor" else usual

    def is_one_sided(aura: Aura) -> Tri:
        always = None if aura.type is None else aura.type in rules.aura["one_sided_types"]
        return any_of(always, aura.unilateral)

    one_sided = any_of(*(is_one_sided(aura) for aura in facts.auras))
    six = [
        any_of(*(aura.gradual for aura in facts.auras)),
        all_of(len(facts.auras) > 1, facts.symptoms["aura_succession"]),
        all_of(*(lasts(aura) for aura in facts.auras)),
        one_sided,
        any_of(*(aura.positive for aura in facts.auras)),
        facts.symptoms["headache_within_60"],
    ]
    return at_least(rules.aura["criteria"], six)


def _tension_type(facts: DayFacts, rules: HeadacheRules, sickness: Tri) -> Tri:
    has = facts.symptoms
    mild_or_moderate = None if facts.severity is None else facts.severity in ("mild", "moderate")
    return all_of(
        facts.headache,
        between(rules.tension["least_min"], facts.minutes, rules.tension["most_min"]),
        at_least(rules.tension["features"], [has["bilateral"], has["pressing"], mild_or_moderate, negate(has["aggravated"])]),
        negate(sickness),
        negate(all_of(has["photophobia"], has["phonophobia"])),
    )


def _attack(facts: DayFacts, met: Criteria, rules: HeadacheRules) -> str | None:
    """The kind of attack; the first that is met, None as soon as that is not known. Definite beats probable."""
    probable = at_least(rules.probable_criteria, [met.duration, met.features, met.accompanied])
    kinds = (
        ("migraine_with_aura", all_of(facts.headache, met.aura)),
        ("migraine_without_aura", all_of(facts.headache, met.duration, met.features, met.accompanied)),
        ("aura_without_headache", all_of(negate(facts.headache), met.aura)),
        ("tth", met.tension_type),
        ("probable_migraine", all_of(facts.headache, probable)),
        ("unclassified", any_of(facts.headache, None if facts.auras is None else bool(facts.auras))),
    )
    for kind, is_met in kinds:
        if is_met is not False:
            return kind if is_met else None
    return "none"


def _crystal_clear(facts: DayFacts, aura_day: Tri, rules: HeadacheRules) -> Tri:
    """No headache, no aura, no migraine symptom, no acute medicine for headache."""
    has = facts.symptoms
    treated = None
    if facts.intakes is not None:
        treated = any_of(*(_for_headache(i) for i in facts.intakes if i.kind in rules.acute))
    symptoms = any_of(has["nausea"], has["vomiting"], has["photophobia"], has["phonophobia"], facts.other_symptoms)
    return all_of(negate(facts.headache), negate(aura_day), negate(symptoms), negate(treated))


def spell_out(flags: dict[str, object]) -> dict[str, object]:
    """The flags as JSON: "unknown" where a flag is not known."""
    return {
        key: spell_out(value) if isinstance(value, dict) else UNKNOWN if value is None else value
        for key, value in flags.items()
    }
