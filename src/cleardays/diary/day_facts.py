"""What is known of one day, ready to be classified: the compact form of the classifier.

One headache a day. An absent symptom key means that the answer was no; an
explicit null means that it was not answered. Unknown keys are problems, so that
a misspelt symptom is never taken for "no".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cleardays.clock import local_day, parse_day, parse_instant, zone_named
from cleardays.diary.headache_rules import HeadacheRules, headache_rules
from cleardays.diary.kleene import Tri
from cleardays.diary.rules import day_rules
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
_BESIDE = {"date", "tz", "entered_at", "function", "menstruation", "preventive_taken", "sleep", "stress", "note"}


class Aura(NamedTuple):
    """One aura symptom; None was not answered."""

    type: str | None
    minutes: float | None
    gradual: Tri
    positive: Tri
    unilateral: Tri


class Intake(NamedTuple):
    """One intake of a medicine; `kind` is its class after the rules' grouping, None was not answered."""

    kind: str
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


def read_facts(document: object, where: str = "day") -> DayFacts:
    """Read the compact form.

    Raises:
        BadInput: with every key that is unknown or holds something else than it should.
    """
    reader = _Reader(where)
    if not isinstance(document, dict):
        raise BadInput(Problem(where, "this is no JSON object.", 'Give one object, such as {"headache_min": 300}.'))
    for key in sorted(document.keys() - _KEYS - _BESIDE, key=str):
        reader.add(key, f"the key {shown(str(key))} is not known.", "See the list of keys in the documentation.")
    rules = headache_rules()
    minutes = reader.number(document, "headache_min", 0, 100_000, absent=0.0)
    severity = reader.severity(document, rules)
    symptoms = {key: reader.tri(document, key) for key in _SYMPTOMS}
    if "late" not in document:
        symptoms["late"] = reader.late(document)
    auras, intakes = reader.auras(document), reader.intakes(document, rules)
    other = reader.listed(document, "other_symptoms")
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


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, where: str) -> None:
        self.where = where
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
        if source.get("entered_at") is None or source.get("date") is None:
            return False
        day, entered = parse_day(str(source["date"])), parse_instant(str(source["entered_at"]))
        zone = zone_named(str(source["tz"])) if source.get("tz") else None
        if day is None or entered is None or (source.get("tz") and zone is None):
            self.add("entered_at", "date, entered_at or tz cannot be read.", "Use 2026-03-04 and a time with offset.")
            return False
        return (local_day(entered, zone) - day).days > day_rules().late_after_days

    def listed(self, source: dict[str, Any], key: str) -> list[Any] | None:
        value = source.get(key, [])
        if value is None or isinstance(value, list):
            return value
        self.add(key, f"{shown(str(value))} is no list.", "Give a list, or null.")
        return None

    def objects(self, source: dict[str, Any], key: str) -> list[dict[str, Any]] | None:
        found = self.listed(source, key)
        if found is None:
            return None
        if not all(isinstance(item, dict) for item in found):
            self.add(key, "an entry is no JSON object.", "Give a list of objects.")
            return []
        return found

    def auras(self, source: dict[str, Any]) -> tuple[Aura, ...] | None:
        found = self.objects(source, "auras")
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

    def intakes(self, source: dict[str, Any], rules: HeadacheRules) -> tuple[Intake, ...] | None:
        found = self.objects(source, "meds")
        if found is None:
            return None
        kinds = (*sorted(rules.acute), *sorted(rules.not_acute), *sorted(rules.same_as))
        taken = []
        for intake in found:
            if intake.get("class") is None:
                self.add("meds", "a medicine has no class.", f"Add class, one of {', '.join(kinds)}.")
            kind = self.word(intake, "class", kinds, absent=None) or "other"
            reason = self.word(intake, "reason", REASONS, absent="headache")
            relief = self.word(intake, "relief_2h", RELIEFS, absent="none")
            taken.append(Intake(rules.same_as.get(kind, kind), reason, relief))
        return tuple(taken)
