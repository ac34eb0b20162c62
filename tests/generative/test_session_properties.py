"""What holds of every record of a supervised session, whatever was entered."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.plan.person_reading import read_person
from cleardays.plan.session_gate import Earlier, Review, may_start
from cleardays.plan.session_judge import judge
from cleardays.plan.session_reading import read_session_record
from cleardays.plan.session_rules import MEASURES, limits_of, supervised_treatment
from cleardays.plan.session_sheet import session_sheet
from cleardays.problems import BadInput
from cleardays.report.vitals_timeline import NARROW, WIDE, standalone
from reference.sessions import quiet

DAY = date(2026, 3, 2)
minutes = st.integers(0, 240)
readings = st.fixed_dictionaries(
    {},
    optional={
        "sbp": st.integers(100, 220), "dbp": st.integers(40, 99), "heart_rate": st.integers(30, 160),
        "spo2": st.integers(80, 100), "respiratory_rate": st.integers(4, 30), "rousable": st.booleans(),
        "consciousness": st.integers(0, 5), "pain": st.integers(0, 10),
    },
)  # fmt: skip
names = st.sampled_from(["lorazepam", "codeine", "ibuprofen", "alcohol", "painkiller", "Zorbaquexin"])
findings = st.sampled_from(["chest pain", "severe agitation", "dizziness", "giggling", "hallucinations", "fainting"])


@st.composite
def records(draw):
    vitals = [{"minute": minute, **draw(readings)} for minute in sorted(draw(st.lists(minutes, unique=True, max_size=14)))]
    events = [{"minute": minute, "what": draw(findings)} for minute in sorted(draw(st.lists(minutes, max_size=3)))]
    actions = [
        {"minute": minute, "what": "treated", **draw(st.sampled_from([{}, {"result": "better"}, {"medicine": "midazolam"}]))}
        for minute in sorted(draw(st.lists(minutes, max_size=3)))
    ]
    begins = draw(st.integers(0, 60))
    given_row = draw(
        st.sampled_from(
            [
                {"route": "iv", "rate": 18, "rate_unit": "mg/h", "until_minute": begins + 30},
                {"route": "iv", "rate": 400, "rate_unit": "mg/h"},
                {"route": "nasal", "amount": 25, "unit": "mg"},
                {"route": "im"},
            ]
        )
    )
    leaving = draw(
        st.none()
        | st.fixed_dictionaries({"minute": st.integers(240, 400)}, optional={"escort": st.booleans(), "steady": st.booleans()})
    )
    return quiet(
        treatment=draw(st.sampled_from(["ketamine", "esketamine"])),
        prepared={},
        place=draw(st.sampled_from(["clinic", "home"])),
        medicines=draw(st.none() | st.lists(st.fixed_dictionaries({"name": names}), max_size=2)),
        vitals=vitals,
        events=events,
        actions=actions,
        given=[{"from_minute": begins, **given_row}],
        discharge=leaving,
    )


@given(records())
def test_every_crossing_is_told_at_its_minute(document):
    record = read_session_record(document)
    found = judge(record)
    told = {(each.minute, each.alert.code) for each in found.alerts}
    for row in record.vitals:
        for limit in limits_of(supervised_treatment(record.treatment)):
            value = getattr(row, limit.measure)
            if value is not None and limit.holds_at(row.minute) and limit.is_crossed(value):
                assert (row.minute, limit.code) in told, (row, limit)
                assert limit.severity != "critical" or found.stop_from <= row.minute


@given(records())
def test_nothing_that_was_due_and_not_read_passes_in_silence(document):
    record = read_session_record(document)
    found = judge(record)
    told = {each.minute for each in found.alerts if each.alert.code == "session.reading-missing"}
    assert told == {each.minute for each in found.missed}
    for minute in found.due:
        for name in MEASURES:
            near = [row for row in record.vitals if abs(row.minute - minute) <= 5 and getattr(row, name) is not None]
            gone = record.discharge is not None or minute + 5 <= record.last_minute
            assert near or not gone or any(each.minute == minute and name in each.measures for each in found.missed)


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(document, order: random.Random):
    record = read_session_record(document)
    mixed = {name: tuple(order.sample(rows, len(rows))) for name in ("given", "vitals", "events", "actions")
             if (rows := getattr(record, name))}  # fmt: skip
    assert judge(record._replace(**mixed)) == judge(record)


@given(records())
def test_writing_and_reading_is_the_identity(document):
    record = read_session_record(document)
    assert read_session_record(json.loads(json.dumps(record.document()))) == record


@given(records())
def test_what_was_given_is_the_clinicians_and_is_never_made(document):
    record = read_session_record(document)
    figures = ("amount", "unit", "rate", "rate_unit")
    for row, told in zip(record.given, document["given"], strict=True):
        assert [getattr(row, key) for key in figures] == [told.get(key) for key in figures]
    for _, each in judge(record).compared:
        assert each.given in (document["given"][0].get("amount"), document["given"][0].get("rate"))


@given(records(), names, st.integers(0, 24))
def test_a_medicine_more_never_loses_an_alert_and_a_blocking_one_blocks(document, name, hours):
    more = {**document, "medicines": [*(document["medicines"] or []), {"name": name, "hours_before": hours}]}
    less, found = judge(read_session_record(document)), judge(read_session_record(more))
    if name in ("lorazepam", "codeine"):
        assert found.blocked
    assert found.blocked >= less.blocked


@given(records())
def test_nobody_leaves_in_order_without_time_escort_steadiness_and_readings(document):
    found = judge(read_session_record(document))
    leaving = document["discharge"]
    if found.discharge == "in_order":
        assert leaving["escort"]
        assert leaving["steady"]
        assert leaving["minute"] - document["given"][0]["from_minute"] >= 120
        assert any(row["minute"] >= 120 for row in document["vitals"])


@given(records())
@settings(max_examples=25)
def test_every_record_is_drawn_as_a_sound_picture(document):
    record = read_session_record(document)
    found = judge(record)
    for layout in (NARROW, WIDE):
        picture = standalone(record, found, layout)
        root = ElementTree.fromstring(picture)
        assert root.get("viewBox").startswith(f"0 0 {layout.width:g} ")
        assert not re.search(r"nan|inf\b", re.sub(r"<(title|desc|text|style).*?</\1>", "", picture))


@given(st.integers(0, 80), st.integers(0, 80), st.booleans())
def test_a_second_session_never_starts_before_the_review_that_allows_it(after, reviewed_after, another):
    person = read_person(
        {
            "age": 44, "sex": "male", "conditions": [], "medicines": [], "liver": "normal", "blood_pressure": [124, 78],
            "supervised": True, "escort": True, "diary_flags": [],
        }
    )  # fmt: skip
    on = DAY + timedelta(days=after)
    review = Review(DAY + timedelta(days=reviewed_after), "Dr B", another)
    try:
        answer = may_start("ketamine", person, on=on, earlier=[Earlier(DAY, "ketamine", review)]).answer
    except BadInput:
        assert reviewed_after > after
        return
    allowed = another and 28 <= reviewed_after <= after
    assert (answer != "refused") is allowed


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(["ketamine", "esketamine"]))
def test_no_sheet_ever_holds_an_amount(on, treatment):
    session = session_sheet(treatment, on).session()
    assert [session[key] for key in ("amount", "rate", "unit")] == [None, None, None]
