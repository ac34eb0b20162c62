"""What holds of every plan, whoever it is drafted for."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.reading import read_data
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.draft import Wish, draft
from cleardays.plan.journal import begin
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.sessions import is_given_in_sessions
from cleardays.problems import BadInput
from cleardays.quantities import Dose

MEDICINES = sorted(entry.medicine.id for entry in name_table().entries)
CONDITIONS = [row["id"] for row in read_data("condition_names")["condition"]]
# Those that a schedule or a dose depends on come up often enough to meet.
TELLING = ["valproate", "carbamazepine", "phenytoin", "rifampicin", "cenobamate", "clarithromycin", "ciclosporin", "quetiapine",
           "combined-oral-contraceptive", "levetiracetam", "lithium", "oxycodone", "ibuprofen"]  # fmt: skip
KIDNEYS = (5, 12, 15, 20, 29, 30, 35, 36, 45, 50, 51, 59, 60, 69, 70, 80, 81, 95)
LIVERS = ("normal", "mild", "moderate", "severe")
JURISDICTIONS = (None, "us", "eu", "uk")
ORAL = [name for name in treatment_ids() if not is_given_in_sessions(load_treatment(name))]
PAIRS = [(name, use) for name in treatment_ids() for use in load_treatment(name).indications]
DOSED = [(name, use) for name, use in PAIRS if name in ORAL]
LAMOTRIGINE = [pair for pair in DOSED if pair[0] == "lamotrigine"]
INDUCERS = ("carbamazepine", "phenytoin", "phenobarbital", "rifampicin")
DAYS = range(1, 240)

medicine = st.one_of(st.sampled_from(TELLING), st.sampled_from(MEDICINES))
medicines = st.lists(medicine, max_size=3, unique=True)
# Somebody with nothing to flag, so that most plans get as far as a dose.
persons = st.builds(
    dict,
    age=st.sampled_from([19, 34, 50, 64, 65, 71]), sex=st.sampled_from(["male", "male", "female"]), weight_kg=st.just(70),
    medicines=medicines, conditions=st.lists(st.sampled_from(CONDITIONS), max_size=1), allergies=st.just([]),
    past_reactions=st.just([]), pregnancy=st.just("no"), breastfeeding=st.just(False), contraception=st.just("none"),
    egfr_ml_min=st.sampled_from(KIDNEYS), dialysis=st.just(False), liver=st.sampled_from(["normal", *LIVERS]),
    ascites=st.booleans(), blood_pressure=st.just([118, 74]), heart_rate=st.just(72),
    labs=st.just({"potassium": 4.2, "qtc_ms": 410}), genotypes=st.sampled_from([[], [], ["CYP2D6 poor metaboliser"]]),
    headache_days_per_28=st.sampled_from([6, 18]), supervised=st.just(True), escort=st.just(True),
    week_of_treatment=st.just(0), diary_flags=st.just([]),
)  # fmt: skip
starts = st.dates(date(2023, 12, 25), date(2026, 3, 5))
jurisdictions = st.sampled_from(JURISDICTIONS)
often = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])


def planned(pair, person, start=date(2026, 3, 2), **options):
    """The plan, or None where the wish is bad input."""
    doses = {key: None if value is None else Dose(Decimal(value), unit_of(pair[0])) for key, value in options.items()
             if key in ("target", "at_most")}  # fmt: skip
    try:
        return draft(Wish(*pair, start, **{**options, **doses}), read_person(person))
    except BadInput:
        return None


def unit_of(treatment):
    return next((row["unit"] for row in load_treatment(treatment).facts("protocol")), "U")


def dose_on(plan, day):
    """The mean dose on a day of the plan, counted from 1; none where nothing is drafted."""
    on = plan.start + timedelta(days=day - 1)
    return next((step.daily for step in plan.steps if step.covers(on)), Decimal(0))


def never_more(lower, higher):
    for day in DAYS:
        assert dose_on(lower, day) <= dose_on(higher, day), day


def table_of(plan):
    return next(row for row in load_treatment(plan.treatment).facts("protocol") if row["id"] == plan.protocol)


def figures(row):
    """A table as [first day, mean dose a day]."""
    for step in row["steps"]:
        once = sum(step["amounts"]) if "amounts" in step else step["amount"] * step["times_per_day"]
        yield step["from_day"], Decimal(str(once)) / step["every_days"]


TARGETS = (5, 10, 12.5, 15, 20, 25, 30, 37.5, 40, 50, 60, 75, 80, 100, 120, 140, 150, 160, 200, 225, 240, 300, 400)
targets = st.sampled_from(TARGETS)
TOLD = ("medicines", "conditions")
UNITS = (None, 155, 160, 175, 195)


@often
@given(st.sampled_from(PAIRS), persons, starts, st.one_of(st.none(), targets), jurisdictions)
def test_steps_cover_each_day_once_from_the_first_on(pair, person, start, target, where):
    plan = planned(pair, person, start, target=target, jurisdiction=where)
    assume(plan is not None and plan.steps)
    assert plan.steps[0].first == start
    assert plan.steps[-1].last is None
    for one, after in pairwise(plan.steps):
        assert one.last is not None
        assert one.first <= one.last
        assert after.first == one.last + timedelta(days=1)
        assert after.daily != one.daily
        # the dose of a new step does not come before the last one has run its days
        assert ((after.first - one.first).days) % one.every_days == 0
    for step in plan.steps:
        assert step.amounts
        assert all(amount > 0 for amount in step.amounts)


def limits(plan, person):
    """Written by hand from the dossier: the highest dose by kidneys and age."""
    kidneys, old = person["egfr_ml_min"], person["age"] >= 65
    if plan.treatment == "baclofen":
        yield 40
        yield 25 if 50 < kidneys <= 80 else 40
        yield 15 if kidneys <= 50 or (old and kidneys < 60) else 40
        yield 0 if kidneys < 30 else 40
    if plan.treatment == "atenolol":
        yield 25 if kidneys < 15 else 50 if kidneys <= 35 else 200
    if plan.treatment == "flunarizine":
        yield 5 if old else 10
    if plan.treatment == "topiramate":
        yield 50 if kidneys < 70 else 100
    if plan.treatment == "venlafaxine":
        yield 75 if kidneys < 60 or person["liver"] != "normal" else 150
    if plan.treatment == "nortriptyline" and person["genotypes"]:
        yield Decimal("37.5")
    if plan.treatment == "lamotrigine":
        yield 100 if "valproate" in person["medicines"] else 400
        yield {"moderate": 200, "severe": 100}.get(person["liver"], 400) if plan.jurisdiction == "eu" else 400


@often
@given(st.sampled_from(DOSED), persons, st.one_of(st.none(), targets), st.one_of(st.none(), targets), jurisdictions)
def test_no_dose_is_above_any_limit(pair, person, target, at_most, where):
    plan = planned(pair, person, target=target, at_most=at_most, jurisdiction=where)
    assume(plan is not None and plan.steps)
    row = table_of(plan)
    most = [row[key] for key in ("hard_max", "usual_max") if key in row]
    most += [each["amount"] for each in load_treatment(plan.treatment).facts("ceiling")
             if "when" not in each and each["unit"] == row["unit"]]  # fmt: skip
    if row["steps"][0]["every_days"] <= 2:
        most += limits(plan, person)
    most += [at_most] if at_most is not None else []
    most += [target] if target is not None else []
    for step in plan.steps:
        assert all(step.daily <= Decimal(str(each)) for each in most)
    assert plan.target.amount <= min(Decimal(str(each)) for each in most)


@often
@given(st.sampled_from(DOSED), persons, st.one_of(st.none(), targets), jurisdictions)
def test_no_step_is_earlier_or_larger_than_its_table(pair, person, target, where):
    plan = planned(pair, person, target=target, jurisdiction=where)
    assume(plan is not None and plan.steps)
    row = table_of(plan)
    table = list(figures(row))
    for day in DAYS:
        most = max(dose for first, dose in table if first <= day)
        beyond = day >= table[-1][0] + row.get("hold_days", row.get("step_every_days", 9999))
        assert beyond or dose_on(plan, day) <= most, day
    past = [step for step in plan.steps if step.daily > table[-1][1]]
    largest = Decimal(str(row.get("step_max", max([b - a for (_, a), (_, b) in pairwise(table)], default=table[0][1]))))
    for one, after in pairwise(plan.steps):
        if after in past:
            assert after.daily - one.daily <= largest
            assert (after.first - one.first).days >= row["step_every_days"]


@often
@given(st.sampled_from(DOSED), persons, targets, targets, jurisdictions)
def test_a_lower_target_or_limit_never_raises_a_dose(pair, person, one, other, where):
    low, high = sorted((one, other))
    for key in ("target", "at_most"):
        lower, higher = (planned(pair, person, jurisdiction=where, **{key: value}) for value in (low, high))
        if lower is not None and higher is not None:
            never_more(lower, higher)
        free = planned(pair, person, jurisdiction=where)
        if key == "at_most" and lower is not None and free is not None:
            never_more(lower, free)


@often
@given(st.sampled_from(DOSED), persons, jurisdictions)
def test_valproate_never_raises_a_dose(pair, person, where):
    before = planned(pair, person, jurisdiction=where)
    after = planned(pair, {**person, "medicines": [*person["medicines"], "valproate"]}, jurisdiction=where)
    assume(before is not None and after is not None)
    never_more(after, before)


@often
@given(st.sampled_from(DOSED), persons, medicine, st.sampled_from([None, 0, 3]), jurisdictions)
def test_one_more_medicine_never_raises_a_dose(pair, person, added, stopped, where):
    """Only an inducer that is certain, and taken now, takes another column of lamotrigine."""
    found = resolve(added)
    raises = found is None or ("ugt_inducer" in found.classes and stopped is None)
    new = added if stopped is None else {"name": added, "stopped_days_ago": stopped}
    before = planned(pair, person, jurisdiction=where)
    after = planned(pair, {**person, "medicines": [*person["medicines"], new]}, jurisdiction=where)
    assume(before is not None and after is not None)
    if not raises or "valproate" in person["medicines"] or pair[0] != "lamotrigine":
        never_more(after, before)


@often
@given(st.sampled_from(LAMOTRIGINE), persons, st.sampled_from(INDUCERS), st.sampled_from([0, 1, 3, 7]), jurisdictions)
def test_an_inducer_that_was_stopped_never_raises_a_dose(pair, person, inducer, stopped, where):
    """Not the start either, where the column of inducers has the same target as the usual one."""
    person = {**person, "medicines": [each for each in person["medicines"] if each != inducer]}
    before = planned(pair, person, jurisdiction=where)
    told = {"name": inducer, "stopped_days_ago": stopped}
    after = planned(pair, {**person, "medicines": [*person["medicines"], told]}, jurisdiction=where)
    assume(before is not None and after is not None)
    never_more(after, before)


@often
@given(st.sampled_from(DOSED), persons, st.sampled_from(KIDNEYS), st.one_of(st.none(), targets), jurisdictions)
def test_weaker_kidneys_never_raise_a_dose(pair, person, kidneys, target, where):
    weaker, better = (
        planned(pair, {**person, "egfr_ml_min": each}, target=target, jurisdiction=where)
        for each in sorted((kidneys, person["egfr_ml_min"]))
    )
    assume(weaker is not None and better is not None)
    never_more(weaker, better)


@often
@given(st.sampled_from(DOSED), persons, st.sampled_from(LIVERS), jurisdictions)
def test_a_sicker_liver_never_raises_a_dose(pair, person, liver, where):
    better, sicker = sorted((person["liver"], liver), key=LIVERS.index)
    plans = [planned(pair, {**person, "liver": each}, jurisdiction=where) for each in (sicker, better)]
    assume(None not in plans)
    never_more(*plans)


@often
@given(st.sampled_from(DOSED), persons, jurisdictions)
def test_all_jurisdictions_together_give_no_more_than_one_of_them(pair, person, where):
    everywhere, there = planned(pair, person), planned(pair, person, jurisdiction=where)
    assume(everywhere is not None and there is not None)
    never_more(everywhere, there)


@often
@given(st.sampled_from(PAIRS), persons, st.lists(st.sampled_from(CONDITIONS), max_size=2), st.randoms(use_true_random=False))
def test_the_order_of_what_was_told_changes_nothing(pair, person, more, random):
    person = {**person, "conditions": [*person["conditions"], *more]}
    turned = {**person, **{key: random.sample(person[key], len(person[key])) for key in TOLD}}
    before, after = planned(pair, person), planned(pair, turned)
    assert (None if before is None else before.document()) == (None if after is None else after.document())


@often
@given(st.sampled_from(DOSED), persons, st.one_of(st.none(), targets), jurisdictions)
def test_a_taper_only_falls_and_ends_with_nothing(pair, person, target, where):
    plan = planned(pair, person, target=target, jurisdiction=where)
    assume(plan is not None and plan.taper)
    assert plan.taper[0].first == plan.review.on
    assert plan.taper[-1].daily == 0
    assert plan.taper[-1].last is None
    taken = [step for step in plan.steps if not step.if_needed][-1].daily
    for daily in (step.daily for step in plan.taper):
        assert daily < taken
        taken = daily
    for one, after in pairwise(plan.taper):
        assert after.first == one.last + timedelta(days=1)
    drafted = [row for row in load_treatment(plan.treatment).facts("stopping") if row.get("draft")]
    least = max(row.get("over_days_min", 0) for row in drafted)
    if len(plan.taper) > 1:  # the smallest tablet alone is left off at once
        assert (plan.taper[-1].first - plan.review.on).days >= least


@often
@given(st.sampled_from(PAIRS), persons, starts, jurisdictions)
def test_what_is_watched_has_sensible_days(pair, person, start, where):
    plan = planned(pair, person, start, jurisdiction=where)
    assume(plan is not None and plan.review is not None)
    assert plan.monitoring or where is not None
    assert start < plan.review.on
    for check in plan.monitoring:
        assert start - timedelta(days=366) <= check.on
        assert check.until is None or check.on <= check.until
        assert check.every_days is None or check.every_days > 0
        assert check.what
        assert check.action
        assert check.source
    days = [check.on for check in plan.monitoring]
    assert days == sorted(days)
    if plan.steps and not plan.steps[-1].if_needed:
        assert plan.target_from == plan.steps[-1].first
    assert plan.review.on - plan.target_from >= timedelta(days=28)


@often
@given(st.sampled_from(PAIRS), persons, st.sampled_from([None, "allergies", "pregnancy", "egfr_ml_min", "supervised"]))
def test_what_is_refused_or_open_holds_no_dose(pair, person, change):
    turned = {"allergies": [pair[0]], "pregnancy": "yes", "egfr_ml_min": 4, "supervised": False}
    if change == "pregnancy":
        person = {**person, "sex": "female", "age": 30}
    plan = planned(pair, person if change is None else {**person, change: turned[change]})
    assume(plan is not None)
    grave = any(each.alert.severity in ("critical", "contraindicated") for each in plan.alerts)
    assert (plan.status == "refused") == grave
    if change == "allergies":
        assert plan.status == "refused"
    if plan.status == "refused":
        assert (plan.steps, plan.sessions, plan.taper, plan.monitoring, plan.target) == ((), (), (), (), None)
    if plan.status == "incomplete":
        assert any(question.required for question in plan.unknown)
    if plan.status == "proposal":
        assert not any(question.required for question in plan.unknown)
        assert plan.steps or plan.sessions


@often
@given(st.sampled_from(PAIRS), persons, starts, st.one_of(st.none(), targets), jurisdictions)
def test_a_plan_written_and_read_again_is_the_same(pair, person, start, target, where):
    told = read_person(person)
    wish = Wish(*pair, start, None if target is None else Dose(Decimal(str(target)), unit_of(pair[0])), jurisdiction=where)
    try:
        found = begin(wish, told, draft(wish, told))
    except BadInput:
        return
    text = json.dumps(found.document(), allow_nan=False)
    again = parse_plan(text, "plan.json")
    assert json.dumps(again.document()) == text
    assert (again.version, again.plan.steps, again.plan.taper) == (1, found.plan.steps, found.plan.taper)


@often
@given(st.sampled_from(["onabotulinumtoxina", "ketamine", "esketamine"]), persons, starts, st.sampled_from(UNITS))
def test_sessions_keep_their_distance_and_their_sites(treatment, person, start, units):
    plan = planned((treatment, "chronic-migraine"), person, start, target=units)
    assume(plan is not None and plan.sessions)
    assert plan.sessions[0].on == start
    if treatment != "onabotulinumtoxina":
        assert units is None
        assert [(each.amount, each.unit, each.sites) for each in plan.sessions] == [(None, None, ())]
        return
    assert len(plan.sessions) >= 2
    for one, after in pairwise(plan.sessions):
        assert (after.on - one.on).days == 84
    for session in plan.sessions:
        assert session.amount == sum(site.units for site in session.sites) == (units or 155)
        assert all(site.units == 5 for site in session.sites)
    assert plan.review.on >= plan.sessions[-1].on + timedelta(days=84)
