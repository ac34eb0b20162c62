"""A classified diary: columns and single days agree, and knowing more never contradicts what was known."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.classified import aura_comes_alone, classify_diary
from cleardays.diary.day_criteria import PROFILES, day_criteria
from cleardays.diary.day_leaves import leaves
from cleardays.diary.entries import Attack, AuraSymptom, DoseEntry
from cleardays.diary.explain import explain, explain_date
from cleardays.diary.record_columns import record_columns
from cleardays.diary.records import DayRecord, Diary, contradictions
from cleardays.diary.told import facts_of_record, told
from cleardays.medicines import ACUTE_CLASSES

DAY_0 = date(2026, 3, 20)  # clocks change in Europe on the 29th
MAYBE = st.none() | st.booleans()
CODE = {True: 1, False: -1, None: 0}
SYMPTOMS = ("nausea", "vomiting", "light", "sound", "worse_moving", "one_sided", "pulsating", "bilateral", "pressing")


CLASSES = st.sets(st.sampled_from(ACUTE_CLASSES), min_size=1, max_size=3).map(lambda names: tuple(sorted(names)))


@st.composite
def records(draw, day):
    word = draw(st.sampled_from([None, "clear", "present", "mild", "moderate", "severe"]))
    some = word not in (None, "clear")
    record = DayRecord(
        date=day,
        status=draw(st.sampled_from([None, "complete", "partial"])),
        headache=word,
        pain_max=draw(st.none() | st.integers(1, 10)) if some else draw(st.none() | st.just(0)),
        hours=draw(st.sampled_from([None, Decimal("0.4"), Decimal(2), Decimal(4), Decimal(24)])) if some else None,
        migraine=draw(st.sampled_from([None, "yes", "no", "unsure"])),
        aura=draw(MAYBE),
        believed_migraine=draw(MAYBE),
        acute_classes=draw(st.none() | CLASSES),
        other_symptoms=draw(st.sampled_from([None, (), ("yawning",)])),
        **{name: draw(MAYBE) for name in SYMPTOMS},
    )  # fmt: skip
    record = replace(record, acute_doses=draw(st.sampled_from([None, 0, 2])) if record.acute_classes is None else None)
    assume(not contradictions(record))
    return record


@st.composite
def attacks(draw):
    start = datetime(2026, 3, 20) + timedelta(minutes=draw(st.integers(0, 12 * 24 * 60)))
    length = draw(st.none() | st.sampled_from([0, 20, 29, 30, 59, 240, 1500, 4400]))
    return Attack(
        date=start.date(),
        id=str(draw(st.integers(0, 10**6))),
        start=start,
        end=None if length is None else start + timedelta(minutes=length),
        pain_max=draw(st.none() | st.integers(1, 10)),
        aura=draw(MAYBE),
        **{name: draw(MAYBE) for name in SYMPTOMS},
    )


@st.composite
def diaries(draw, *, plain=False):
    offsets = sorted(draw(st.sets(st.integers(0, 14), min_size=1, max_size=8)))
    days = tuple(draw(records(DAY_0 + timedelta(days=offset))) for offset in offsets)
    zone = draw(st.sampled_from([{}, {"zone": "Europe/Berlin"}]))
    if plain:
        return Diary(days, zone)
    found = draw(st.lists(attacks(), max_size=3, unique_by=lambda attack: attack.id))
    whose = st.sampled_from([None, *(attack.id for attack in found)])
    day = st.sampled_from([record.date for record in days])
    auras = st.builds(
        AuraSymptom, date=day, attack=whose, type=st.sampled_from([None, "visual", "motor"]),
        min=st.sampled_from([None, Decimal(4), Decimal(30)]), gradual=MAYBE,
    )  # fmt: skip
    doses = st.builds(
        DoseEntry, date=day, attack=whose, kind=st.sampled_from([None, "acute", "preventive"]),
        acute_class=st.sampled_from([None, "triptan", "nsaid", "antiemetic"]),
        state=st.sampled_from([None, "taken", "skipped"]),
        relief_2h=st.sampled_from([None, "none", "pain_free"]),
    )  # fmt: skip
    beside = Beside(tuple(found), tuple(draw(st.lists(auras, max_size=2))), tuple(draw(st.lists(doses, max_size=3))))
    return Diary(days, zone, beside=beside)


@given(diaries())
@settings(max_examples=150, deadline=None)
def test_columns_and_single_days_agree(diary):
    found = classify_diary(diary)
    of = told(diary)
    alone = aura_comes_alone(of)
    for at in range(len(found.logged)):
        day = explain(of, found.first_day + timedelta(days=at), alone=alone)
        got = {flag: int(column[at]) for flag, column in found.flags.items()}
        assert got == {flag: CODE[answer] for flag, answer in day.flags.items()}, found.first_day + timedelta(days=at)
        assert all(day.reasons[flag].because and day.reasons[flag].source for flag in day.flags)


@given(diaries(plain=True))
@settings(deadline=None)
def test_facts_of_many_records_are_the_facts_of_each(diary):
    of = told(diary)
    columns, _ = record_columns(diary.records, of)
    for at, record in enumerate(diary.records):
        for name, value in leaves(facts_of_record(record, of)).items():
            got = columns[name][at]
            if name in ("minutes", "age"):
                assert got == value or (value is None and got != got), name
            else:
                assert int(got) == CODE[value], name


@given(diaries())
@settings(deadline=None)
def test_an_unknown_day_changes_no_flag_of_another_day(diary):
    later = diary.records[-1].date + timedelta(days=3)
    more = replace(diary, records=(*diary.records, DayRecord(date=later)))
    before, after = classify_diary(diary), classify_diary(more)
    length = min(len(before.logged), (later - before.first_day).days)
    for flag in day_criteria().flags:
        assert before.flags[flag][:length].tolist() == after.flags[flag][:length].tolist()


@given(diaries())
@settings(deadline=None)
def test_a_day_that_nobody_reported_is_unknown_in_every_flag(diary):
    found = classify_diary(diary)
    for flag, column in found.flags.items():
        assert not column[~found.logged].any(), flag


@given(diaries())
@settings(deadline=None)
def test_a_migraine_day_by_ihs_is_a_headache_day_and_an_attack_never_leaves_all_its_days(diary):
    found = classify_diary(diary)
    ihs, headache = found.flags["migraine_day.ihs"], found.flags["headache_day"]
    own = {record.date for record in diary.records if record.migraine == "yes"}
    for at in range(len(found.logged)):
        if ihs[at] == 1 and found.first_day + timedelta(days=at) not in own:
            assert headache[at] == 1
    for profile in PROFILES:
        assert f"migraine_day.{profile}" in found.flags


def test_reasons_name_the_attack_that_goes_on_and_the_sliver_that_does_not_count():
    attack = Attack(
        date=date(2026, 3, 21), id="a", start=datetime(2026, 3, 21, 12), end=datetime(2026, 3, 22, 0, 20), pain_max=6,
        one_sided=True, pulsating=True, nausea=True,
    )  # fmt: skip
    diary = Diary((DayRecord(date=date(2026, 3, 20), headache="clear"),), beside=Beside((attack,)))
    second = explain_date(diary, date(2026, 3, 22))
    assert second.flags["headache_day"] is True
    assert second.flags["migraine_day.leiden"] is False
    assert "20 minutes of the attack fall on this day, 30 are needed" in second.reasons["migraine_day.leiden"].because
    longer = replace(diary, beside=Beside((replace(attack, end=datetime(2026, 3, 22, 0, 30)),)))
    second = explain_date(longer, date(2026, 3, 22))
    assert second.flags["migraine_day.leiden"] is True
    assert "began on 2026-03-21 goes on" in second.reasons["migraine_day.leiden"].because
    assert {field.name for field in fields(Attack)} >= {"start", "end"}
