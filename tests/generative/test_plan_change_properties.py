"""What holds of every plan that life has changed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.change_state import Change
from cleardays.plan.changes import change, replayed, state_of
from cleardays.plan.confirmation import confirm, lapsed
from cleardays.plan.draft import Wish, draft, most_of
from cleardays.plan.journal import begin
from cleardays.plan.person_document import person_document
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.sessions import is_given_in_sessions
from cleardays.plan.steps import step_on
from cleardays.problems import BadInput

START = date(2026, 3, 2)
# Nothing that forbids a treatment or hides a dose.
PLAIN = {
    "age": 40, "sex": "male", "weight_kg": 70, "medicines": [], "conditions": [], "allergies": [], "past_reactions": [],
    "pregnancy": "no", "breastfeeding": False, "contraception": "none", "egfr_ml_min": 95, "dialysis": False, "liver": "normal",
    "ascites": False, "blood_pressure": [118, 74], "heart_rate": 72, "labs": {"potassium": 4.2, "qtc_ms": 410}, "genotypes": [],
    "headache_days_per_28": 10, "supervised": True, "escort": True, "week_of_treatment": 0, "diary_flags": [],
}  # fmt: skip
PAIRS = [(name, use) for name in treatment_ids() for use in load_treatment(name).indications[:1]]
DAILY = [pair for pair in PAIRS if not is_given_in_sessions(load_treatment(pair[0]))]
TOLD = st.fixed_dictionaries({}, optional={
    "medicines": st.lists(
        st.sampled_from(["valproate", "carbamazepine", "clarithromycin", "rifampicin", "quetiapine", "lithium"]),
        max_size=2, unique=True,
    ),
    "egfr_ml_min": st.sampled_from([20, 35, 55, 75, 95]),
    "liver": st.sampled_from(["normal", "moderate", "severe"]),
    "age": st.sampled_from([40, 66]),
})  # fmt: skip
WATCHED = 300


def begun(pair, told=None, **wish):
    person = read_person({**PLAIN, **(told or {})})
    asked = Wish(*pair, START, **wish)
    return begin(asked, person, draft(asked, person))


def day(number):
    return START + timedelta(days=number)


CHANGES = st.one_of(
    st.tuples(st.just("hold"), st.fixed_dictionaries({"days": st.integers(1, 40)})),
    st.tuples(st.just("step-back"), st.just({})),
    st.tuples(st.just("slow"), st.fixed_dictionaries({"times": st.integers(2, 4)})),
    st.tuples(st.just("gap"), st.fixed_dictionaries({"missed": st.integers(0, 30), "more_h": st.integers(0, 40)})),
    st.tuples(st.just("told"), TOLD),
    st.tuples(st.just("taper"), st.just({})),
    st.tuples(st.just("stop"), st.just({})),
)


def after(file, on, kind, data):
    """The next version, or the same one where such a change cannot be."""
    if kind == "gap":
        missed = max(on - timedelta(days=data["missed"]), START)
        data = {"missed_from": missed.isoformat(), "hours": 24 * ((on - missed).days + 2) + data["more_h"]}
    elif kind == "told":
        data = {"person": person_document(read_person({**PLAIN, **data}))}
    try:
        return change(file, Change(kind, on, "it was so", "Dr Ada Field", data))
    except BadInput:
        return file


def dose_on(file, on):
    """The mean dose of a day, None where the plan says nothing of it."""
    step = step_on(file.plan.steps, on)
    return None if step is None else step.daily


def never_more(lower, higher, first):
    for on in (first + timedelta(days=n) for n in range(WATCHED)):
        assert (dose_on(lower, on) or 0) <= (dose_on(higher, on) or 0), on


@settings(max_examples=120)
@given(st.sampled_from(DAILY), TOLD, st.lists(st.tuples(st.integers(0, 60), CHANGES), max_size=5))
def test_each_day_is_covered_once_and_the_past_stays(pair, told, changes):
    file, on = begun(pair, told), START
    for later, (kind, data) in changes:
        on += timedelta(days=later)
        before, file = file, after(file, on, kind, data)
        for past in (START + timedelta(days=n) for n in range((on - START).days)):
            assert step_on(file.plan.steps, past) is None or planned(file, past) == planned(before, past)
        for one, other in pairwise(file.plan.steps):
            assert one.last is not None
            assert other.first == one.last + timedelta(days=1)
        assert not file.plan.steps or file.plan.steps[0].first == START
        ends = [step.last for step in file.plan.steps][-1:]
        assert ends in ([], [None]) or file.plan.status == "refused"


def planned(file, on):
    step = step_on(file.plan.steps, on)
    return None if step is None else (step.amounts, step.every_days)


@settings(max_examples=80)
@given(st.sampled_from(PAIRS), TOLD, st.lists(st.tuples(st.integers(0, 60), CHANGES), max_size=4))
def test_a_plan_is_replayed_from_its_versions_and_read_back_as_it_was(pair, told, changes):
    file, on = begun(pair, told), START
    for later, (kind, data) in changes:
        on += timedelta(days=later)
        file = after(file, on, kind, data)
    assert replayed(file).plan.document() == file.plan.document()
    text = json.dumps(file.document())
    assert json.loads(json.dumps(parse_plan(text, "plan").document())) == json.loads(text)


@settings(max_examples=80)
@given(st.sampled_from(DAILY), TOLD, st.integers(0, 90), CHANGES.filter(lambda told: told[0] not in ("told",)))
def test_no_hold_gap_or_step_back_is_faster_than_the_plan(pair, told, number, what):
    file = begun(pair, told)
    if file.plan.steps:
        never_more(after(file, day(number), *what), file, day(number))


@settings(max_examples=60)
@given(st.sampled_from(DAILY), TOLD, st.integers(0, 120), st.integers(0, 60), CHANGES)
def test_adding_valproate_never_raises_a_dose(pair, told, number, later, what):
    file = after(begun(pair, told), day(number), *what)
    on = day(number + later)
    now = {**(told if what[0] != "told" else what[1])}
    with_it = {**now, "medicines": [*now.get("medicines", []), *({"valproate"} - set(now.get("medicines", [])))]}
    if file.plan.steps:
        never_more(after(file, on, "told", with_it), file, on)


@settings(max_examples=100)
@given(st.sampled_from(DAILY), TOLD, st.integers(1, 120), st.integers(0, 20), st.integers(0, 500), st.integers(0, 500))
def test_a_longer_gap_never_leads_to_a_higher_dose(pair, told, number, missed, hours, more):
    file, on = begun(pair, told), day(number)
    if not file.plan.steps:
        return
    shorter = after(file, on, "gap", {"missed": missed, "more_h": hours})
    longer = after(file, on, "gap", {"missed": missed, "more_h": hours + more})
    if shorter is file or longer is file:  # no dose of a monthly medicine was planned then
        assert load_treatment(pair[0]).facts("protocol")[0]["steps"][0]["every_days"] > 2
        return
    assert (dose_on(longer, on) or 0) <= (dose_on(shorter, on) or 0)


@settings(max_examples=80)
@given(st.sampled_from(DAILY), TOLD, st.integers(0, 200), st.sampled_from(["taper", "stop"]))
def test_a_way_back_only_falls_and_ends_with_nothing(pair, told, number, kind):
    file = begun(pair, told)
    if not file.plan.steps:
        return
    ended = after(file, day(number), kind, {})
    assert ended.plan.steps[-1].daily == 0
    assert ended.plan.steps[-1].last is None
    doses = [step.daily for step in ended.plan.steps if step.first >= day(number)]
    assert doses == sorted(doses, reverse=True)


@settings(max_examples=60)
@given(st.sampled_from(DAILY), TOLD, TOLD, st.integers(0, 120))
def test_what_is_told_raises_a_dose_only_by_a_row_of_the_catalogue(pair, told, later, number):
    file, on = begun(pair, told), day(number)
    if not file.plan.steps:
        return
    found = after(file, on, "told", {**told, **later})
    if not any(reason.rule in ("change.told", "change.row") for reason in found.plan.reasons):
        never_more(found, file, on)
    most = most_of(state_of(found).known(on), found.plan)
    for step in found.plan.steps:
        above = step.daily > max((dose_on(file, on) or 0, *(each.daily for each in file.plan.steps)))
        assert not above or ("change.row" in {reason.rule for reason in found.plan.reasons} and step.daily <= most)


@settings(max_examples=40)
@given(st.sampled_from(PAIRS), TOLD, st.integers(0, 60), CHANGES)
def test_a_change_is_not_followed_before_somebody_confirms_it(pair, told, number, what):
    file = begun(pair, told)
    assert lapsed(file, START)
    if file.plan.status != "proposal":
        return
    grave = {each.alert.code for each in file.plan.alerts if each.alert.severity == "major" and not each.answered}
    said = confirm(file, by="Dr Ada Field", at=datetime(2026, 3, 1, 9, tzinfo=UTC), accepted=dict.fromkeys(grave, "weighed"))
    assert lapsed(said, START) == ()
    assert said.plan == file.plan
    changed = after(said, day(number), *what)
    assert changed is said or lapsed(changed, day(number))
