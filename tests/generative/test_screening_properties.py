"""What holds of every screen, whoever is screened for whatever."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.catalogue.conditions import find_condition
from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.reading import read_data
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.screening_rules import general, rule_books, screening_words
from cleardays.catalogue.treatments import treatment_ids
from cleardays.plan.alerts import SEVERITIES
from cleardays.plan.person_reading import ACTIONS, CONTRACEPTION, read_person
from cleardays.plan.screening import INDICATIONS, JURISDICTIONS, screen
from cleardays.problems import BadInput

ENTRIES = {entry.medicine.id: entry for entry in name_table().entries}
GROUPS = [row["names"][0] for row in read_data("group_names")["group"]]
CONDITIONS = [row["id"] for row in read_data("condition_names")["condition"]]
# Those that rules speak of come up often enough to meet.
TELLING = ["valproate", "carbamazepine", "sumatriptan", "codeine", "diazepam", "gabapentin", "propranolol", "ritonavir",
           "amitriptyline", "ketamine", "lithium", "ibuprofen", "combined-oral-contraceptive", "phenelzine"]  # fmt: skip
SOFTER = ("refuse", "ask", "proceed")

medicine_names = st.one_of(
    st.sampled_from(TELLING), st.sampled_from(sorted(ENTRIES)), st.sampled_from(GROUPS), st.just("Zorbaquexin")
)
days = st.one_of(st.none(), st.integers(0, 60))
taken = st.one_of(
    medicine_names,
    st.fixed_dictionaries(
        {"name": medicine_names}, optional={"hours_since_last": st.integers(0, 60), "as_needed": st.booleans()}
    ),
    st.fixed_dictionaries({"name": medicine_names}, optional={"started_days_ago": st.integers(0, 90)}),
    st.fixed_dictionaries({"name": medicine_names, "stopped_days_ago": st.integers(0, 60)}),
)
illness = st.one_of(
    st.sampled_from(CONDITIONS),
    st.fixed_dictionaries(
        {"name": st.sampled_from(CONDITIONS)},
        optional={"severity": st.sampled_from(["mild", "moderate", "severe", "third-degree"]), "active": st.booleans()},
    ),
)
persons = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(18, 59),
        "sex": st.sampled_from(["female", "other", "unknown"]),
        "medicines": st.lists(taken, max_size=4),
        "conditions": st.lists(illness, max_size=3),
        "allergies": st.lists(medicine_names, max_size=2),
        "pregnancy": st.sampled_from(["no", "yes", "planning", "possible", "unknown"]),
        "contraception": st.sampled_from([each for each in CONTRACEPTION if each not in ("postmenopausal", "sterilised")]),
        "egfr_ml_min": st.integers(5, 29),
        "dialysis": st.booleans(),
        "liver": st.sampled_from(["normal", "mild", "moderate", "severe", "unknown"]),
        "blood_pressure": st.sampled_from([[118, 74], [145, 92], [172, 104], [85, 50]]),
        "heart_rate": st.integers(40, 110),
        "week_of_treatment": st.integers(0, 30),
        "diary_flags": st.lists(st.sampled_from(sorted(screening_words().flags.values())), max_size=2),
        "proposed": st.fixed_dictionaries(
            {"action": st.sampled_from(ACTIONS)},
            optional={
                "amount": st.sampled_from([12.5, 25, 100, 400]),
                "unit": st.just("mg"),
                "times_per_day": st.integers(1, 3),
            },
        ),
    },
)
treatments = st.one_of(st.sampled_from(treatment_ids()), st.sampled_from(sorted(ENTRIES)))
often = settings(max_examples=150, deadline=None, derandomize=True)


def screened(treatment, person, **options):
    try:
        return screen(treatment, read_person(person), **options)
    except BadInput:
        return None  # what cannot be true together is refused, see test_person.py


def grave(found):
    return {alert.code: SEVERITIES.index(alert.severity) for alert in found.alerts}


def shown(found):
    document = found.document()
    del document["read_as"]  # how names were written is told back as it was
    return document


def may_ease(treatment, person, added_ids):
    """The codes of which some rule says by name that it is eased by what was added."""
    books = [*rule_books(resolve(treatment))]
    for each in person.get("medicines", ()):
        other = resolve(each if isinstance(each, str) else each["name"])
        books += rule_books(other) if other else ()
    rules = [*general()["rule"], *(rule for book in books for rule in book.facts("rule"))]
    return {rule["code"] for rule in rules if set(rule.get("eased_by", ())) & added_ids}


@often
@given(treatments, persons, st.randoms(use_true_random=False))
def test_the_order_of_lists_and_saying_it_twice_change_nothing(treatment, person, random):
    before = screened(treatment, person)
    turned = dict(person)
    for key in ("medicines", "conditions", "allergies", "diary_flags"):
        if key in person:
            turned[key] = [*person[key], *person[key]]
            random.shuffle(turned[key])
    after = screened(treatment, turned)
    assert (before is None) == (after is None)
    if before is not None:
        assert shown(before) == shown(after)


@often
@given(treatments, persons, taken)
def test_one_more_medicine_loses_no_alert(treatment, person, added):
    person = {**person, "medicines": person.get("medicines", [])}
    before, after = screened(treatment, person), screened(treatment, {**person, "medicines": [*person["medicines"], added]})
    if before is None or after is None:
        return
    new = resolve(added if isinstance(added, str) else added["name"])
    eased = may_ease(treatment, person, (new.ids | new.classes | {new.id}) if new else set())
    for code, severity in grave(before).items():
        if code not in eased and not (eased and code.startswith("interaction.")):
            assert grave(after).get(code, 9) <= severity, code
    if not eased:
        assert SOFTER.index(after.verdict) <= SOFTER.index(before.verdict)


@often
@given(treatments, persons, illness)
def test_one_more_illness_loses_no_alert(treatment, person, added):
    person = {**person, "conditions": person.get("conditions", [])}
    before, after = screened(treatment, person), screened(treatment, {**person, "conditions": [*person["conditions"], added]})
    if before is None or after is None:
        return
    found = find_condition(added if isinstance(added, str) else added["name"])
    eased = may_ease(treatment, person, found.kinds)
    for code, severity in grave(before).items():
        if code not in eased:
            assert grave(after).get(code, 9) <= severity, code
    if not eased and not found.kinds & set(screening_words().indications_from_conditions):
        assert SOFTER.index(after.verdict) <= SOFTER.index(before.verdict)


@often
@given(treatments, st.sampled_from(sorted(ENTRIES)), st.data())
def test_a_medicine_by_any_name_gives_the_same_alerts(treatment, medicine, data):
    entry = ENTRIES[medicine]
    name = data.draw(st.sampled_from([*entry.names, *entry.misspellings, *entry.brands]))
    one, other = (screened(treatment, {"medicines": [written], "conditions": []}) for written in (medicine, name))
    assert one.alerts == other.alerts


KEYS = ("age", "pregnancy", "contraception", "egfr_ml_min", "dialysis", "liver", "blood_pressure", "heart_rate", "conditions",
        "medicines", "allergies")  # fmt: skip


@often
@given(st.sampled_from(treatment_ids()), persons, st.sampled_from(KEYS))
def test_what_is_not_told_is_asked_and_never_safe(treatment, person, key):
    """An alert that would forbid or hold the treatment is there, or the answer that would raise it is asked for."""
    before = screened(treatment, person)
    after = screened(treatment, {name: value for name, value in person.items() if name != key})
    if before is None or after is None:
        return
    lost = {code for code, severity in grave(before).items() if severity <= 2 and code not in grave(after)}
    if lost:
        assert any(question.name.split(".")[0] == key for question in after.unknown), lost


@often
@given(treatments, persons, st.sampled_from(JURISDICTIONS))
def test_a_jurisdiction_changes_only_what_its_facts_change(treatment, person, where):
    everywhere, there = screened(treatment, person), screened(treatment, person, jurisdiction=where)
    if everywhere is None:
        return
    for alert in there.alerts:
        assert grave(everywhere)[alert.code] <= SEVERITIES.index(alert.severity)
    others = {alert.code for alert in everywhere.alerts} - {alert.code for alert in there.alerts}
    for alert in everywhere.alerts:
        if alert.code in others and alert.code != "medication-overuse":
            assert alert.jurisdiction


@often
@given(treatments, persons, st.sampled_from([None, *INDICATIONS]))
def test_every_answer_is_well_formed(treatment, person, indication):
    found = screened(treatment, person, indication=indication)
    if found is None:
        return
    json.dumps(found.document(), allow_nan=False)
    codes = [alert.code for alert in found.alerts]
    assert len(codes) == len(set(codes))
    assert [SEVERITIES.index(alert.severity) for alert in found.alerts] == sorted(
        SEVERITIES.index(a.severity) for a in found.alerts
    )
    for alert in found.alerts:
        assert alert.subject
        assert alert.because
        assert alert.action
        assert alert.source
    assert len({question.name for question in found.unknown}) == len(found.unknown)
    gravest = min(grave(found).values(), default=9)
    expected = "refuse" if gravest <= 1 else "ask" if gravest == 2 or any(q.required for q in found.unknown) else "proceed"
    assert found.verdict == expected
