"""Plan files for tests: drafted for somebody with nothing to flag, or for somebody told otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.confirmation import confirm
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import PlanFile, begin
from cleardays.plan.person_reading import read_person
from cleardays.quantities import Dose

START = date(2026, 3, 2)
WELL = {
    "age": 34, "sex": "male", "weight_kg": 70, "medicines": [], "conditions": [], "allergies": [], "past_reactions": [],
    "pregnancy": "no", "breastfeeding": False, "contraception": "none", "egfr_ml_min": 95, "dialysis": False,
    "liver": "normal", "ascites": False, "blood_pressure": [118, 74], "heart_rate": 72,
    "labs": {"potassium": 4.2, "qtc_ms": 410}, "genotypes": [], "headache_days_per_28": 18, "supervised": True,
    "escort": True, "week_of_treatment": 0, "diary_flags": [],
}  # fmt: skip
PAIRS = [(name, use) for name in treatment_ids() for use in load_treatment(name).indications]
# Every kind of page, by name: what is asked for, and what was told of the person.
KINDS = {
    "alone": (("lamotrigine", "migraine-with-aura"), None, {}),
    "with valproate": (("lamotrigine", "migraine-with-aura"), None, {"medicines": ["valproate"]}),
    "with an inducer": (("lamotrigine", "migraine-with-aura"), None, {"medicines": ["carbamazepine"]}),
    "many steps": (("baclofen", "chronic-migraine"), "40 mg", {}),
    "toxin": (("onabotulinumtoxina", "chronic-migraine"), "175 U", {}),
    "ketamine": (("ketamine", "refractory-migraine"), None, {}),
    "infusions": (("eptinezumab", "chronic-migraine"), None, {}),
    "weeks apart": (("galcanezumab", "episodic-migraine"), None, {}),
    "recovery": (("baclofen", "alcohol-recovery"), None, {}),
}
RASH = {"past_reactions": [{"drug": "lamotrigine", "reaction": "rash", "serious": True}]}
UNREAD = {"medicines": ["Zzyxomab"]}


def plan_file(pair: tuple[str, str], target: str | None = None, start: date = START, **told: object) -> PlanFile:
    """The first version of a plan."""
    person = read_person({**WELL, **told})
    wish = Wish(*pair, start, None if target is None else Dose.parse(target))
    return begin(wish, person, draft(wish, person))


def of_kind(name: str) -> PlanFile:
    """A plan of one of the kinds above."""
    pair, target, told = KINDS[name]
    return plan_file(pair, target, **told)


def confirmed(file: PlanFile, by: str = "Dr Ada Field") -> PlanFile:
    """The same plan with a clinician's word, given three days before its start."""
    accepted = {found.alert.code: "weighed" for found in file.plan.alerts if not found.answered}
    at = datetime.combine(file.plan.start - timedelta(days=3), time(9, 30), UTC)
    return confirm(file, by=by, at=at, accepted=accepted)
