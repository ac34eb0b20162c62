"""The table of the days: which columns it has, and what each cell may hold. docs/reference/days-csv.md describes it."""

from __future__ import annotations

from typing import Any, NamedTuple

from cleardays.diary.cells import (
    DAY,
    GRADE,
    INSTANT,
    TEXT,
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


SYMPTOMS = ("aura", "nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating")

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
        **dict.fromkeys(SYMPTOMS, YES_NO),
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
