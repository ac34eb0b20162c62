"""Plans for tests of what was taken: a person with nothing to flag."""

from __future__ import annotations

from datetime import date

from cleardays.plan.change_state import Change
from cleardays.plan.changes import change
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_document import person_document
from cleardays.plan.person_reading import read_person
from cleardays.quantities import Dose

START = date(2026, 3, 2)
PLAIN = {
    "age": 40, "sex": "male", "weight_kg": 70, "conditions": [], "medicines": [], "allergies": [], "past_reactions": [],
    "pregnancy": "no", "breastfeeding": False, "contraception": "none", "egfr_ml_min": 95, "dialysis": False,
    "liver": "normal", "ascites": False, "genotypes": [], "blood_pressure": [120, 75], "heart_rate": 72,
    "headache_days_per_28": 9, "supervised": True, "escort": True, "diary_flags": [], "week_of_treatment": 0,
}  # fmt: skip


def plan_of(treatment="lamotrigine", indication="migraine-with-aura", target=None, start=START, **told):
    wish = Wish(treatment, indication, start, None if target is None else Dose.parse(target))
    person = read_person({**PLAIN, **told})
    return begin(wish, person, draft(wish, person))


def changed(file, kind, on, by=None, **data):
    return change(file, Change(kind, on, "because", by, data))


def told(file, on, **facts):
    return changed(file, "told", on, person=person_document(read_person({**PLAIN, **facts})))
