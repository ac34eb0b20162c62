"""The tables of a diary: which columns each has, and what each cell may hold.

docs/reference/days-csv.md and docs/reference/diary-zip.md describe them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cleardays.diary import entries
from cleardays.diary.cells import (
    DAY,
    GRADE,
    INSTANT,
    STAMP,
    TEXT,
    TIME,
    WORDS,
    YES_NO,
    ZONE,
    Column,
    classes,
    decimal,
    one_of,
    whole,
)  # fmt: skip
from cleardays.diary.records import HEADACHE_LEVELS, STATUSES, DayRecord
from cleardays.medicines import ACUTE_CLASSES


class Sheet(NamedTuple):
    """One table: its file name, its columns in canonical order, what a row becomes, and what no row may lack."""

    file: str
    columns: dict[str, Column]
    make: type[Any]
    required: tuple[str, ...]
    # columns whose name is a word of Python or of another meaning there
    field_of: dict[str, str] = {}  # noqa: RUF012  # never changed

    def field(self, column: str) -> str:
        """The attribute that a column fills."""
        return self.field_of.get(column, column)


_SYMPTOMS = ("aura", "nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating")

DAYS = Sheet(
    "days.csv",
    {
        "date": DAY,
        "reported_at": INSTANT,
        "backfilled_days": whole(0, 99999),
        "source": TEXT,
        "status": one_of(*STATUSES),
        "headache": one_of(*HEADACHE_LEVELS),
        "pain_max": GRADE,
        "hours": decimal(0, 24),
        "migraine": one_of("yes", "no", "unsure"),
        "migraine_rule": TEXT,
        **dict.fromkeys(_SYMPTOMS, YES_NO),
        "acute_doses": whole(0, 999),
        "acute_classes": classes((*ACUTE_CLASSES, "non_opioid")),  # the pooled class of ICHD-3, where no more was told
        "function": whole(0, 3),
        "craving": GRADE,
        "mood": GRADE,
        "sleep_h": decimal(0, 24),
        "use_day": YES_NO,
        "menses": YES_NO,
        "menses_day1": YES_NO,
        **dict.fromkeys(("bilateral", "pressing", "believed_migraine", "aura_succession", "headache_within_60"), YES_NO),
        "other_symptoms": WORDS,
        "triggers": WORDS,
        "hours_lost": decimal(0, 24),
        "stress": GRADE,
        "preventive_taken": YES_NO,
        "standard_drinks": decimal(0, 200),
        "grams": decimal(0, 3000),
        "other_use": WORDS,
        "tz": ZONE,
        "note": TEXT,
    },
    DayRecord,
    ("date",),
)

ATTACKS = Sheet(
    "attacks.csv",
    {
        "id": TEXT,
        "date": DAY,
        "start": STAMP,
        "end": STAMP,
        "minutes": whole(0, 999999),
        "asleep_end": YES_NO,
        "headache": one_of(*HEADACHE_LEVELS),
        "pain_max": GRADE,
        **dict.fromkeys((*_SYMPTOMS, "bilateral", "pressing", "believed_migraine"), YES_NO),
        "other_symptoms": WORDS,
        "triggers": WORDS,
        "source": TEXT,
        "note": TEXT,
    },
    entries.Attack,
    ("date",),
)

AURAS = Sheet(
    "auras.csv",
    {
        "date": DAY,
        "attack": TEXT,
        "type": one_of(*entries.AURA_TYPES),
        "min": decimal(0, 99999),
        **dict.fromkeys(("gradual", "positive", "one_sided"), YES_NO),
    },
    entries.AuraSymptom,
    ("date",),
)

DOSES = Sheet(
    "doses.csv",
    {
        "date": DAY,
        "time": TIME,
        "kind": one_of(*entries.DOSE_KINDS),
        "drug": TEXT,
        "name": TEXT,
        "acute_class": one_of(*ACUTE_CLASSES),
        "amount": decimal(0, 999999),
        "unit": TEXT,
        "route": TEXT,
        "state": one_of(*entries.DOSE_STATES),
        "reason": one_of(*entries.DOSE_REASONS),
        "relief_2h": one_of(*entries.RELIEFS),
        "attack": TEXT,
        "plan_step": TEXT,
        "source": TEXT,
    },
    entries.DoseEntry,
    ("date",),
)

EVENTS = Sheet(
    "events.csv",
    {
        "date": DAY,
        "kind": one_of(*entries.EVENT_KINDS),
        "term": TEXT,
        "severity": one_of(*entries.SEVERITIES),
        "serious": YES_NO,
        "since": DAY,
        "until": DAY,
        "drug": TEXT,
        "attribution": one_of(*entries.ATTRIBUTIONS),
        "outcome": one_of(*entries.EVENT_OUTCOMES),
        "action": TEXT,
        "helped": YES_NO,
        "attended": YES_NO,
        "source": TEXT,
        "note": TEXT,
    },
    entries.Event,
    ("date", "kind", "term"),
)

SCORES = Sheet(
    "scores.csv",
    {
        "date": DAY,
        "instrument": TEXT,
        "total": decimal(0, 9999),
        "items": WORDS,
        "version": TEXT,
        "language": TEXT,
        "recall_days": whole(0, 9999),
        "filled_by": TEXT,
    },
    entries.Score,
    ("date", "instrument"),
)

PLAN = Sheet(
    "plan.csv",
    {
        "step": TEXT,
        "from": DAY,
        "to": DAY,
        "drug": TEXT,
        "amount": decimal(0, 999999),
        "unit": TEXT,
        "times": whole(0, 99),
        "confirmed_by": TEXT,
        "confirmed_at": INSTANT,
    },
    entries.PlanStep,
    ("step", "from"),
    {"from": "from_day"},
)

# Attribute of `Beside` -> its table.
BESIDE = {"attacks": ATTACKS, "auras": AURAS, "doses": DOSES, "events": EVENTS, "scores": SCORES, "plan": PLAN}
