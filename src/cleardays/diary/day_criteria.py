"""The criteria of a day, written once from the rules: what each flag asks for, and whose rule it is.

Definitions in words: docs/explanation/how-a-day-is-classified.md.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleardays.diary.headache_rules import headache_rules
from cleardays.diary.logic import AllOf, AnyOf, AtLeast, Criterion, Fact, Lasts, Not

PROFILES = ("leiden", "ihs", "ichd_count")

HEADACHE = Fact("headache", "headache")
_MODERATE = Fact("moderate", "moderate or severe pain")
_SICK = AnyOf(Fact("nausea", "nausea"), Fact("vomiting", "vomiting"))
_LIGHT_AND_SOUND = AllOf(Fact("photophobia", "light hurts"), Fact("phonophobia", "sound hurts"))
_AURA = Fact("aura", "an aura")


class Rule(NamedTuple):
    """One flag: what it asks for, and the sources of the rule."""

    flag: str
    criterion: Criterion
    source: tuple[str, ...]


class DayCriteria(NamedTuple):
    """All flags of a day, and the kinds of attack in the order in which they are tried."""

    flags: dict[str, Rule]
    attacks: tuple[tuple[str, Rule], ...]
    version: str


@cache
def day_criteria() -> DayCriteria:
    """The criteria by the packaged rules."""
    rules = headache_rules()
    features = AtLeast(
        rules.attack["features"],
        "features of migraine",
        (
            Fact("unilateral", "one-sided"),
            Fact("pulsating", "pulsating"),
            _MODERATE,
            Fact("aggravated", "worse with activity"),
        ),
    )
    accompanied = AnyOf(_SICK, _LIGHT_AND_SOUND)
    typical = AllOf(features, accompanied)
    duration = _duration()
    long_enough = _minutes(rules.long_least_min)
    aura = _aura()
    probable = AtLeast(rules.probable_criteria, "criteria B, C and D of migraine", (duration, features, accompanied))
    chronic = AnyOf(
        AllOf(HEADACHE, typical),
        aura,
        AllOf(
            HEADACHE,
            Fact("believed_migraine", "believed to be migraine"),
            _relief("relieved_ergot_triptan", "a triptan or ergot"),
        ),
    )
    flags: dict[str, tuple[Criterion, tuple[str, ...]]] = {
        "headache_day": (HEADACHE, ("PIJPERS", "ICHD3-1.3")),
        "headache_day_4h": (AllOf(HEADACHE, long_enough), rules.source["long_headache"]),
        "mod_sev_headache_day": (
            AllOf(HEADACHE, _MODERATE, AnyOf(long_enough, _relief("relieved", "an acute medicine"))),
            ("NCT05411978", "counting-policy"),
        ),
        "migraine_day.leiden": (
            AnyOf(
                AllOf(HEADACHE, _minutes(rules.leiden_least_min), typical),
                Fact("aura_usual_length", f"an aura of {rules.aura['least_min']} to {rules.aura['most_min']} minutes"),
                AllOf(HEADACHE, Fact("specific", "a migraine-specific medicine")),
            ),
            rules.source["leiden"],
        ),
        "migraine_day.ihs": (
            AnyOf(
                AllOf(HEADACHE, long_enough, AnyOf(typical, aura)),
                AllOf(HEADACHE, _MODERATE, _relief("relieved_specific", "a migraine-specific medicine")),
            ),
            rules.source["long_headache"],
        ),
        "migraine_day.ichd_count": (
            AllOf(Fact("diagnosed", "a migraine diagnosis on file"), HEADACHE, probable),
            rules.source["probable"],
        ),
        "cm_c_day": (chronic, ("ICHD3-1.3",)),
        "aura_day": (_AURA, ("counting-policy",)),
        "aura_atypical": (Fact("aura_atypical", "an aura of unusual length or kind"), rules.source["aura"]),
        "acute_med_day": (Fact("acute", "an acute medicine"), rules.source["medicines"]),
        "migraine_specific_med_day": (Fact("specific", "a migraine-specific medicine"), rules.source["medicines"]),
        "crystal_clear_day": (_crystal_clear(), ("counting-policy",)),
        "status_flag": (
            AllOf(HEADACHE, Lasts("minutes", "minutes of headache", above=rules.status_above_min)),
            rules.source["status"],
        ),
        "late": (Fact("late", "written down after the end of the next day"), ("counting-policy",)),
    }
    kinds: dict[str, tuple[Criterion, str]] = {
        "migraine_with_aura": (AllOf(HEADACHE, aura), "ICHD3-1.2"),
        "migraine_without_aura": (AllOf(HEADACHE, duration, features, accompanied), "ICHD3-1.1"),
        "aura_without_headache": (AllOf(Not(HEADACHE), aura), "ICHD3-1.2"),
        "tth": (_tension_type(), "ICHD3-2.2"),
        "probable_migraine": (AllOf(HEADACHE, probable), "ICHD3-1.5"),
        "unclassified": (AnyOf(HEADACHE, _AURA), "ICHD3-1.5"),
    }
    return DayCriteria(
        flags={flag: Rule(flag, criterion, source) for flag, (criterion, source) in flags.items()},
        attacks=tuple((kind, Rule("ichd_attack", criterion, (source,))) for kind, (criterion, source) in kinds.items()),
        version=rules.version,
    )


def _minutes(least: float) -> Criterion:
    return Lasts("minutes", "minutes of headache", least=least)


def _relief(fact: str, by: str) -> Criterion:
    return Fact(fact, f"brought to mild or none within 2 hours by {by}")


def _duration() -> Criterion:
    """ICHD-3 1.1 B: the adult's range, or the child's wider one."""
    attack = headache_rules().attack
    adult, child = (
        Lasts("minutes", "minutes of headache", least=attack[least], most=attack["most_min"])
        for least in ("least_min", "child_least_min")
    )
    return AnyOf(adult, AllOf(Fact("child", f"younger than {attack['child_below_age']}"), child))


def _aura() -> Criterion:
    """ICHD-3 1.2 B (an aura symptom) and C (so many of six)."""
    six = (
        Fact("aura_gradual", "spreads gradually"),
        Fact("aura_in_succession", "symptoms in succession"),
        Fact("aura_lengths", "each of the usual length"),
        Fact("aura_one_sided", "one-sided"),
        Fact("aura_positive", "positive"),
        Fact("headache_within_60", "headache within an hour"),
    )
    return AllOf(_AURA, AtLeast(headache_rules().aura["criteria"], "features of aura", six))


def _tension_type() -> Criterion:
    """ICHD-3 2.2, single episode."""
    tension = headache_rules().tension
    four = (
        Fact("bilateral", "on both sides"),
        Fact("pressing", "pressing"),
        Fact("mild_or_moderate", "mild or moderate"),
        Not(Fact("aggravated", "worse with activity")),
    )
    return AllOf(
        HEADACHE,
        Lasts("minutes", "minutes of headache", least=tension["least_min"], most=tension["most_min"]),
        AtLeast(tension["features"], "features of tension-type headache", four),
        Not(_SICK),
        Not(_LIGHT_AND_SOUND),
    )


def _crystal_clear() -> Criterion:
    """No headache, no aura, no migraine symptom, no acute medicine for headache."""
    symptoms = (
        Fact("nausea", "nausea"), Fact("vomiting", "vomiting"), Fact("photophobia", "light hurts"),
        Fact("phonophobia", "sound hurts"), Fact("other_symptoms", "another symptom of migraine"),
    )  # fmt: skip
    treated = Fact("treated", "an acute medicine for headache")
    return AllOf(Not(HEADACHE), Not(_AURA), *(Not(symptom) for symptom in symptoms), Not(treated))
