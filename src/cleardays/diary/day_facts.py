"""What is known of one day, ready to be classified: the compact form of the classifier.

One headache a day. An absent symptom key means that the answer was no; an
explicit null means that it was not answered. Unknown keys are problems, so that
a misspelt symptom is never taken for "no".
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cleardays.clock import local_day, parse_day, parse_stamp, zone_named
from cleardays.diary.headache_rules import HeadacheRules, headache_rules
from cleardays.diary.kleene import Tri
from cleardays.diary.rules import day_rules
from cleardays.medicines import Lookup
from cleardays.problems import BadInput, Problem, shown

SEVERITIES = ("none", "mild", "moderate", "severe")
AURA_TYPES = ("visual", "sensory", "speech", "motor", "brainstem", "retinal")
RELIEFS = ("none", "partial", "mild_or_none", "pain_free")
REASONS = ("headache", "other", "preventive")
_SYMPTOMS = (
    "unilateral", "pulsating", "aggravated", "nausea", "vomiting", "photophobia", "phonophobia", "bilateral", "pressing",
    "believed_migraine", "aura_succession", "headache_within_60", "late",
)  # fmt: skip
_KEYS = {*_SYMPTOMS, "headache_min", "peak", "auras", "meds", "other_symptoms", "age", "migraine_dx", "logged"}
# Parts of a day record that classify nothing; taken without complaint.
_BESIDE = {
    "date", "tz", "entered_at", "function", "menstruation", "preventive_taken", "sleep", "stress", "note", "craving", "mood",
    "standard_drinks", "grams", "other_use", "triggers", "asleep_end", "hours_lost",
}  # fmt: skip
_AURA_KEYS = {"type", "min", "gradual", "positive", "unilateral", "note"}
_NO_ACUTE_CLASS = "no acute class"
_INTAKE_KEYS = {"class", "drug", "time", "dose", "amount", "unit", "route", "reason", "relief_2h", "note"}


class Aura(NamedTuple):
    """One aura symptom; None was not answered."""

    type: str | None
    minutes: float | None
    gradual: Tri
    positive: Tri
    unilateral: Tri


class Intake(NamedTuple):
    """One intake of a medicine; `kind` is its class after the rules' grouping.

    A `kind` of None is an acute medicine of unknown class; the other parts are
    None where they were not answered.
    """

    kind: str | None
    reason: str | None
    relief: str | None


class DayFacts(NamedTuple):
    """One day. `severity` and `minutes` are None when not answered; `auras` and `intakes` likewise."""

    logged: bool
    headache: Tri
    minutes: float | None
    severity: str | None
    symptoms: dict[str, Tri]
    auras: tuple[Aura, ...] | None
    intakes: tuple[Intake, ...] | None
    other_symptoms: Tri
    age: float | None
    diagnosed: Tri


def read_facts(document: object, where: str = "day", lookup: Lookup | None = None) -> DayFacts:
    """Read the compact form.

    Args:
        document: one object of it.
        where: how to call it in a problem.
        lookup: finds the class of a medicine that is told by its name alone.

    Raises:
        BadInput: with every key that is unknown or holds something else than it should.
    """
    reader = _Reader(where, lookup)
    if not isinstance(document, dict):
        raise BadInput(Problem(where, "this is no JSON object.", 'Give one object, such as {"headache_min": 300}.'))
    for key in sorted(document.keys() - _KEYS - _BESIDE, key=str):
        reader.add(key, f"the key {shown(str(key))} is not known.", "See the list of keys in the documentation.")
    rules = headache_rules()
    minutes = reader.number(document, "headache_min", 0, 100_000, absent=0.0)
    severity = reader.severity(document, rules)
    if minutes is None and "peak" not in document:
        severity = None  # a headache of which nothing was answered is not one without pain
    symptoms = {key: reader.tri(document, key) for key in _SYMPTOMS}
    if "late" not in document:
        symptoms["late"] = reader.late(document)
    auras, intakes = reader.auras(document), reader.intakes(document, rules)
    other = reader.listed(document, "other_symptoms")
    if not all(isinstance(word, str) for word in other or ()):
        reader.add("other_symptoms", "an entry is no word.", "Give a list of words, or null.")
    age = reader.number(document, "age", 0, 130, absent=30.0)
    diagnosed = reader.tri(document, "migraine_dx", absent=True)
    logged = reader.tri(document, "logged", absent=True)
    if document.get("headache_min") == 0 and severity not in (None, "none"):
        reader.add("peak", f"there is {severity} pain for 0 minutes.", "Correct one of the two.")
    if reader.problems:
        raise BadInput(reader.problems)
    headache, minutes = _headache(minutes, severity, told="headache_min" in document)
    return DayFacts(
        logged=logged is True,
        headache=headache,
        minutes=minutes,
        severity=severity,
        symptoms=symptoms,
        auras=auras,
        intakes=intakes,
        other_symptoms=None if other is None else bool(other),
        age=age,
        diagnosed=diagnosed,
    )


def _headache(minutes: float | None, severity: str | None, *, told: bool) -> tuple[Tri, float | None]:
    """Was there a headache, and for how long? Either answer alone is enough to know that there was one."""
    if minutes:
        return True, minutes
    if severity not in (None, "none"):
        return True, None if not told else minutes
    if minutes is None:
        return (False, 0.0) if severity == "none" else (None, None)
    return False, 0.0


def _entered_on(text: str, zone: ZoneInfo | None) -> date | None:
    """The local day of an entry; a time without an offset is wall-clock time in the zone."""
    stamp = parse_stamp(text)
    if stamp is None:
        return parse_day(text)
    return stamp.date() if stamp.tzinfo is None else local_day(stamp, zone)


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, where: str, lookup: Lookup | None) -> None:
        self.where, self.lookup = where, lookup
        self.problems: list[Problem] = []

    def add(self, key: str, what: str, try_this: str) -> None:
        self.problems.append(Problem(f"{self.where}, {key}", what, try_this))

    def tri(self, source: dict[str, Any], key: str, *, absent: bool = False) -> Tri:
        value = source.get(key, absent)
        if value is None or isinstance(value, bool):
            return value
        self.add(key, f"{shown(str(value))} is no answer.", "Use true, false or null.")
        return None

    def number(self, source: dict[str, Any], key: str, low: float, high: float, *, absent: float) -> float | None:
        value = source.get(key, absent)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.add(key, f"{shown(str(value))} is out of range.", f"Use a number from {low:g} to {high:g}, or null.")
            return None
        return float(value)

    def word(self, source: dict[str, Any], key: str, words: tuple[str, ...], *, absent: str | None) -> str | None:
        value = source.get(key, absent)
        value = value.lower() if isinstance(value, str) else value
        if value is None or value in words:
            return value
        self.add(key, f"{shown(str(value))} is not known.", f"Use one of {', '.join(words)}.")
        return None

    def severity(self, source: dict[str, Any], rules: HeadacheRules) -> str | None:
        value = source.get("peak", "none")
        if isinstance(value, int | float) and not isinstance(value, bool):
            grade = self.number(source, "peak", 0, 10, absent=0.0)
            if grade is None:
                return None
            return SEVERITIES[(grade > 0) + (grade > rules.mild_up_to) + (grade > rules.moderate_up_to)]
        return self.word(source, "peak", SEVERITIES, absent="none")

    def late(self, source: dict[str, Any]) -> bool:
        """Whether the entry was made after the end of the next local day; False where no times are given."""
        told, named = source.get("date"), source.get("tz")
        zone = zone_named(str(named)) if named is not None else None
        day = None if told is None else parse_day(str(told))
        if told is not None and day is None:
            self.add("date", f"{shown(str(told))} is no day.", "Write it as 2026-03-04.")
        if named is not None and zone is None:
            self.add("tz", f"{shown(str(named))} is no time zone.", "Use one like Europe/Berlin.")
        if source.get("entered_at") is None or day is None:
            return False
        entered = _entered_on(str(source["entered_at"]), zone)
        if entered is None:
            self.add("entered_at", f"{shown(str(source['entered_at']))} is no time.", "Write it as 2026-03-04T20:15.")
            return False
        return (entered - day).days > day_rules().late_after_days

    def listed(self, source: dict[str, Any], key: str) -> list[Any] | None:
        value = source.get(key, [])
        if value is None or isinstance(value, list):
            return value
        self.add(key, f"{shown(str(value))} is no list.", "Give a list, or null.")
        return None

    def objects(self, source: dict[str, Any], key: str, known: set[str]) -> list[dict[str, Any]] | None:
        found = self.listed(source, key)
        if found is None:
            return None
        if not all(isinstance(item, dict) for item in found):
            self.add(key, "an entry is no JSON object.", "Give a list of objects.")
            return []
        for unknown in sorted({str(name) for item in found for name in item} - known):
            self.add(key, f"the key {shown(unknown)} is not known.", f"Use {', '.join(sorted(known))}.")
        return found

    def auras(self, source: dict[str, Any]) -> tuple[Aura, ...] | None:
        found = self.objects(source, "auras", _AURA_KEYS)
        if found is None:
            return None
        return tuple(
            Aura(
                self.word(aura, "type", AURA_TYPES, absent=None),
                self.number(aura, "min", 0, 100_000, absent=0.0) if "min" in aura else None,
                self.tri(aura, "gradual"),
                self.tri(aura, "positive"),
                self.tri(aura, "unilateral"),
            )
            for aura in found
        )

    def by_name(self, drug: object) -> str | None:
        """The class of a medicine told by name; None where the name is not known, never a guess."""
        medicine = self.lookup(drug) if self.lookup is not None and isinstance(drug, str) else None
        return None if medicine is None else medicine.acute_class or _NO_ACUTE_CLASS

    def intakes(self, source: dict[str, Any], rules: HeadacheRules) -> tuple[Intake, ...] | None:
        found = self.objects(source, "meds", _INTAKE_KEYS)
        if found is None:
            return None
        kinds = (*sorted(rules.acute), *sorted(rules.not_acute), *sorted(rules.same_as))
        taken = []
        for intake in found:
            kind = self.word(intake, "class", kinds, absent=None) if "class" in intake else self.by_name(intake.get("drug"))
            if kind is None:
                self.add("meds", "a medicine has no class.", f"Add class, one of {', '.join(kinds)}.")
            reason = self.word(intake, "reason", REASONS, absent="headache")
            relief = self.word(intake, "relief_2h", RELIEFS, absent="none")
            if kind != _NO_ACUTE_CLASS:
                taken.append(Intake(rules.same_as.get(kind or "", kind), reason, relief))
        return tuple(taken)
