"""The tables beside that of the days, as docs/reference/diary-zip.md describes them; a diary of days alone needs none."""

from __future__ import annotations

from cleardays.diary import entries
from cleardays.diary.cells import DAY, GRADE, IN_ORDER, INSTANT, STAMP, TEXT, TIME, WORDS, YES_NO, decimal, one_of, whole
from cleardays.diary.records import HEADACHE_LEVELS
from cleardays.diary.sheets import SYMPTOMS, Sheet
from cleardays.medicines import ACUTE_CLASSES

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
        **dict.fromkeys((*SYMPTOMS, "bilateral", "pressing", "believed_migraine"), YES_NO),
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
        "items": IN_ORDER,
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
