"""What a diary holds beside its days: attacks, auras, medicines taken, events, scores, and the plan it was kept under.

All of it is as the person or the clinic told it. None means not asked or not
answered, never no. Times are local; one without an offset is wall-clock time in
the diary's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Day = date  # fields are called date, so the type needs another name

AURA_TYPES = ("visual", "sensory", "speech", "motor", "brainstem", "retinal")
RELIEFS = ("none", "partial", "mild_or_none", "pain_free")
DOSE_KINDS = ("preventive", "acute", "session")
DOSE_STATES = ("planned", "taken", "skipped", "late", "given")
TAKEN = ("taken", "late", "given")
DOSE_REASONS = ("headache", "other", "preventive")
EVENT_KINDS = ("side_effect", "rescue", "withdrawal", "care", "dose_change", "red_flag", "other")
SEVERITIES = ("mild", "moderate", "severe")
# A headache or nausea told as an effect may be the illness itself: who says which it is?
ATTRIBUTIONS = ("treatment", "condition", "both", "other", "unsure")
EVENT_OUTCOMES = ("ongoing", "resolving", "resolved", "resolved_with_sequelae", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack as it ran on, across midnight if it did.

    `date` is the local day it began, fixed when it was written down. `start` and
    `end` are None where the time was not told; an attack without an end is open,
    not short. `minutes` is how long it lasted where that was told in place of
    times. `pain_max` 0-10; `headache` as in the day record.
    """

    date: Day
    id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    minutes: int | None = None
    asleep_end: bool | None = None
    headache: str | None = None
    pain_max: int | None = None
    aura: bool | None = None
    nausea: bool | None = None
    vomiting: bool | None = None
    light: bool | None = None
    sound: bool | None = None
    worse_moving: bool | None = None
    one_sided: bool | None = None
    pulsating: bool | None = None
    bilateral: bool | None = None
    pressing: bool | None = None
    believed_migraine: bool | None = None
    other_symptoms: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuraSymptom:
    """One symptom of an aura. `attack` is the id of the attack it belongs to, None for an aura without one."""

    date: Day
    attack: str | None = None
    type: str | None = None
    min: Decimal | None = None
    gradual: bool | None = None
    positive: bool | None = None
    one_sided: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseEntry:
    """One dose, planned, taken, skipped or given; it belongs to the local day of intake.

    `drug` is the catalogue id, None where the name as told (`name`) is not in
    the catalogue. `acute_class` is one of the day record's acute classes.
    """

    date: Day
    time: str | None = None
    kind: str | None = None
    drug: str | None = None
    name: str | None = None
    acute_class: str | None = None
    amount: Decimal | None = None
    unit: str | None = None
    route: str | None = None
    state: str | None = None
    reason: str | None = None
    relief_2h: str | None = None
    attack: str | None = None
    plan_step: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: a side effect, a rescue treatment, a session of therapy.

    `since` is when it began if that was before `date`; `until` when it ended.
    `drug` is the medicine suspected; `attribution` whether the treatment or the
    condition itself is held to cause it; `action` what was done, `helped`
    whether that helped. For care, `attended` says whether the person went.
    """

    date: Day
    kind: str
    term: str
    severity: str | None = None
    serious: bool | None = None
    since: Day | None = None
    until: Day | None = None
    drug: str | None = None
    attribution: str | None = None
    outcome: str | None = None
    action: str | None = None
    helped: bool | None = None
    attended: bool | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A questionnaire that was filled in: its total, or the answers, and how it was asked."""

    date: Day
    instrument: str
    total: Decimal | None = None
    items: tuple[str, ...] | None = None
    version: str | None = None
    language: str | None = None
    recall_days: int | None = None
    filled_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of the plan the diary was kept under; `to` is None for the step that goes on."""

    step: str
    from_day: Day
    to: Day | None = None
    drug: str | None = None
    amount: Decimal | None = None
    unit: str | None = None
    times: int | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
