"""What was told of each day and attack, put in the terms of the classifier.

An attack qualifies once, on its whole length, its features and the medicines
taken for it; a feature that the attack leaves open is filled from the record of
the day it began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cleardays.clock import zone_named
from cleardays.diary.answers import day_state, recalled
from cleardays.diary.attack_times import ached, attack_minutes, days_touched, localised, runs_of
from cleardays.diary.day_facts import SEVERITIES, Aura, DayFacts, Intake
from cleardays.diary.entries import TAKEN, Attack, AuraSymptom, DoseEntry
from cleardays.diary.headache_rules import HeadacheRules, headache_rules
from cleardays.diary.kleene import Tri
from cleardays.diary.records import DayRecord, Diary

ADULT = 30.0
# Names of the classifier for the columns of a diary.
SYMPTOMS = {
    "unilateral": "one_sided", "pulsating": "pulsating", "aggravated": "worse_moving", "nausea": "nausea",
    "vomiting": "vomiting", "photophobia": "light", "phonophobia": "sound", "bilateral": "bilateral", "pressing": "pressing",
    "believed_migraine": "believed_migraine",
}  # fmt: skip
_OF_A_DAY = ("aura_succession", "headache_within_60")


@dataclass(frozen=True, slots=True)
class Told:
    """A diary sorted by day: the record, attacks that touch it, auras, and medicines taken."""

    zone: ZoneInfo | None
    zone_name: str | None
    age: float
    diagnosed: Tri
    record: dict[date, DayRecord]
    attacks: dict[date, list[Attack]] = field(default_factory=lambda: defaultdict(list))
    auras: dict[date, list[AuraSymptom]] = field(default_factory=lambda: defaultdict(list))
    doses: dict[date, list[DoseEntry]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[int, float] = field(default_factory=dict)  # minutes without a break, by the identity of the attack

    def beside(self, day: date) -> bool:
        """Whether anything but the record was told of a day."""
        return day in self.attacks or day in self.auras or day in self.doses


def told(diary: Diary) -> Told:
    """Sort a diary by day."""
    name = diary.about.get("zone")
    age = diary.about.get("age", "")
    found = Told(
        zone=zone_named(name) if name else None,
        zone_name=name,
        age=float(age) if age.isdigit() else ADULT,
        diagnosed={"no": False, "unknown": None}.get(diary.about.get("migraine_diagnosis", ""), True),
        record={record.date: record for record in diary.records},
    )
    attacks = [localised(attack, found.zone) for attack in diary.beside.attacks]
    found.runs.update(runs_of([attack for attack in attacks if ached(attack)]))
    for attack in attacks:
        for day in days_touched(attack, found.zone):
            found.attacks[day].append(attack)
    for aura in diary.beside.auras:
        found.auras[aura.date].append(aura)
    for dose in diary.beside.doses:
        if dose.state in (None, *TAKEN):
            found.doses[dose.date].append(dose)
    return found


def facts_of_record(record: DayRecord, of: Told) -> DayFacts:
    """A day that has no attack in its own table."""
    headache = day_state(record, "headache_day")
    minutes: float | None = None if record.hours is None else float(record.hours) * 60
    if headache is False:
        minutes = 0.0
    symptoms: dict[str, Tri] = {name: getattr(record, column) for name, column in SYMPTOMS.items()}
    symptoms |= {name: getattr(record, name) for name in _OF_A_DAY}
    symptoms["late"] = recalled(record, record.tz or of.zone_name)
    return DayFacts(
        logged=record.status != "declined",
        headache=headache,
        minutes=minutes,
        severity=severity(record.headache, record.pain_max),
        symptoms=symptoms,
        auras=_auras(of.auras.get(record.date), record.aura),
        intakes=_intakes(of.doses.get(record.date, []), record),
        other_symptoms=None if record.other_symptoms is None else bool(record.other_symptoms),
        age=of.age,
        diagnosed=of.diagnosed,
    )


def facts_of_attack(attack: Attack, of: Told) -> DayFacts:
    """An attack as a whole."""
    record = of.record.get(attack.date)

    def answer(column: str) -> Any:  # noqa: ANN401  # whatever the column holds
        given = getattr(attack, column, None)
        return given if given is not None or record is None else getattr(record, column)

    days = days_touched(attack, of.zone)
    auras = [aura for day in days for aura in of.auras.get(day, ()) if aura.attack in (None, attack.id)]
    doses = [dose for day in days for dose in of.doses.get(day, ()) if dose.attack in (None, attack.id)]
    symptoms: dict[str, Tri] = {name: answer(column) for name, column in SYMPTOMS.items()}
    symptoms |= {name: None if record is None else getattr(record, name) for name in _OF_A_DAY}
    if symptoms["headache_within_60"] is None and any(aura.attack is not None for aura in auras):
        symptoms["headache_within_60"] = True  # an aura of this attack came with its headache
    symptoms["late"] = None if record is None else recalled(record, record.tz or of.zone_name)
    others = answer("other_symptoms")
    return DayFacts(
        logged=True,
        headache=ached(attack),
        minutes=of.runs.get(id(attack), attack_minutes(attack)),
        severity=severity(attack.headache, attack.pain_max),
        symptoms=symptoms,
        auras=_auras(auras, answer("aura")),
        intakes=_intakes(doses, record),
        other_symptoms=None if others is None else bool(others),
        age=of.age,
        diagnosed=of.diagnosed,
    )


def severity(word: str | None, grade: int | None, rules: HeadacheRules | None = None) -> str | None:
    """none, mild, moderate or severe; None where the strength was not told."""
    if word in SEVERITIES:
        return word
    if word == "clear":
        return "none"
    if grade is None:
        return None
    rules = rules or headache_rules()
    return SEVERITIES[(grade > 0) + (grade > rules.mild_up_to) + (grade > rules.moderate_up_to)]


def own_of_day(of: Told, day: date) -> tuple[tuple[Aura, ...] | None, tuple[Intake, ...] | None]:
    """Auras and medicines told of a day that has no record; None where none were."""
    return _auras(of.auras.get(day), None), _intakes(of.doses.get(day, ()), None)


def _auras(found: Sequence[AuraSymptom] | None, any_aura: bool | None) -> tuple[Aura, ...] | None:
    if found:
        return tuple(Aura(a.type, None if a.min is None else float(a.min), a.gradual, a.positive, a.one_sided) for a in found)
    if any_aura is None:
        return None
    return (Aura(None, None, None, None, None),) if any_aura else ()


def _intakes(doses: Sequence[DoseEntry], record: DayRecord | None) -> tuple[Intake, ...] | None:
    """Medicines taken: from the table of doses, else from what the day's record says of them."""
    acute = [dose for dose in doses if dose.kind != "preventive" and dose.reason != "preventive"]
    named = [dose for dose in acute if dose.acute_class is not None]
    if named:
        return tuple(Intake(_grouped(dose.acute_class), dose.reason or "headache", dose.relief_2h) for dose in named)
    if record is None:
        return None
    return intakes_of_record(record)


def intakes_of_record(record: DayRecord) -> tuple[Intake, ...] | None:
    """What `acute_classes` and `acute_doses` say; None where neither was answered."""
    if record.acute_classes is not None:
        return tuple(Intake(_grouped(name), None, None) for name in record.acute_classes)
    if record.acute_doses is None:
        return None
    return (Intake(None, None, None),) if record.acute_doses else ()


def _grouped(kind: str | None) -> str | None:
    return None if kind is None else headache_rules().same_as.get(kind, kind)
