"""Other programs' layouts, trap by trap: nothing is guessed, nothing is lost without a word."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from cleardays.diary.answers import day_state
from cleardays.diary.beside import Beside
from cleardays.diary.cells import Misread
from cleardays.diary.entries import DoseEntry
from cleardays.diary.importing import Request, import_apple, import_text
from cleardays.diary.layouts.collected import Naming
from cleardays.diary.layouts.dates import AmbiguousDates, DatedRow, decide_order, read_date
from cleardays.diary.layouts.mapping import read_mapping
from cleardays.diary.layouts.values import read_grade, read_minutes, read_stamp, read_time
from cleardays.diary.merging import merge
from cleardays.diary.own_csv import read_days, write_days
from cleardays.diary.records import DayRecord, Diary, contradictions
from cleardays.medicines import Medicine
from cleardays.problems import BadInput

# A few names, so that the tests do not depend on the catalogue.
NAMES = {
    "sumatriptan": Medicine("sumatriptan", frozenset({"acute"}), "triptan"),
    "ibuprofen": Medicine("ibuprofen", frozenset({"acute"}), "nsaid"),
    "propranolol": Medicine("propranolol", frozenset({"preventive"}), None),
    "rimegepant": Medicine("rimegepant", frozenset({"acute", "preventive"}), "gepant"),
    "metoclopramide": Medicine("metoclopramide", frozenset({"antiemetic"}), "antiemetic"),
}


def _split(text):
    return [part.strip() for part in text.replace("+", ",").split(",") if part.strip()]


def _amount(text):
    for word in text.replace("(", " ").replace(")", " ").split():
        if word.endswith("mg") and word[:-2].isdigit():
            return text.replace(word, "").replace("()", "").strip(), Decimal(word[:-2]), "mg"
    return text.strip(), None, None


NAMING = Naming(lambda name: NAMES.get(name.lower()), _split, _amount)
BERLIN = "Europe/Berlin"


def load(text: str, **options):
    return import_text(text, "x", Request(**{"zone": BERLIN, "naming": NAMING, **options}))


def health(*records: str, **options):
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n{chr(10).join(records)}\n</HealthData>\n'
    return import_apple(io.BytesIO(xml.encode()), "export.xml", Request(**{"zone": BERLIN, "naming": NAMING, **options}))


def record(kind: str, start: str, end: str, value: str, zone: str = "+0100"):
    return (
        f'<Record type="HKCategoryTypeIdentifier{kind}" sourceName="x" creationDate="{end} {zone}" '
        f'startDate="{start} {zone}" endDate="{end} {zone}" value="{value}"/>'
    )


def days(found, outcome: str = "headache_day", state: bool = True) -> list[str]:
    for one in found.diary.records:
        assert contradictions(one) == []
    return [one.date.isoformat() for one in found.diary.records if day_state(one, outcome) is state]


def lost(found) -> str:
    return "\n".join(f"{one.where}: {one.what}" for one in found.diary.lost)


def problems_of(text: str, **options):
    with pytest.raises(BadInput) as caught:
        load(text, **options)
    return caught.value.problems


# ---- single values


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("4h 0m", 240), ("45m", 45), ("06h 00m", 360), ("1:30", 90), ("90 min", 90), ("2 hours", 120), ("1 day 2 h", 1560),
     ("1,5 h", 90), ("2小时30分钟", 150), ("0m", 0)],
)  # fmt: skip
def test_lengths_are_read_as_people_write_them(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "90", "-4h", "4x", "h", "9999999h", "4h -30m", "a while", "1:75"])
def test_a_length_that_cannot_be_known_is_refused(text):
    with pytest.raises(Misread):
        read_minutes(text)


def test_a_bare_length_has_the_unit_of_its_column():
    assert read_minutes("21.0", "hours") == 1260
    assert read_minutes("1.58", "hours") == 95
    assert read_minutes("30", "minutes") == 30


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9:40 AM", time(9, 40)), ("12:05 am", time(0, 5)), ("12:00 PM", time(12)), ("22:55:00", time(22, 55)),
     ("22.55", time(22, 55)), ("9:40\u202fPM", time(21, 40)), ("下午3:25", time(15, 25)), ("9 p.m.", time(21))],
)  # fmt: skip
def test_times_of_day_are_read(text, expected):
    assert read_time(text) == expected


@pytest.mark.parametrize("text", ["25:00", "13:00 PM", "0:10 AM", "9", "noon", "12:60", ""])
def test_other_times_are_refused(text):
    with pytest.raises(Misread):
        read_time(text)


@pytest.mark.parametrize("text", ["11", "-1", "5/20", "awful", "", "1e1", "٣٤"])
def test_a_grade_outside_0_to_10_is_refused(text):
    with pytest.raises(Misread):
        read_grade(text)


def test_a_stamp_keeps_its_offset():
    assert read_stamp("2026-01-11T22:55:00Z").instant == datetime(2026, 1, 11, 22, 55, tzinfo=UTC)
    assert read_stamp("2026-01-11 22:55:00 -0500").instant.utcoffset() == timedelta(hours=-5)
    assert read_stamp("2026-01-11 22:55:00").instant is None


# ---- the order of dates

NALI = "Date,Time,Pain Level,Location,Duration,Triggers,Medications,Symptoms,Notes\n"


def nali(*rows: str) -> str:
    return NALI + "".join(f"{row}\n" for row in rows)


def test_one_day_above_twelve_decides_for_the_whole_file():
    us = nali("1/2/26,9:40 AM,5,,1h,,,,", "1/26/26,9:40 AM,5,,1h,,,,")
    eu = nali("1/2/26,9:40 AM,5,,1h,,,,", "26/1/26,9:40 AM,5,,1h,,,,")
    assert days(load(us)) == ["2026-01-02", "2026-01-26"]
    assert days(load(eu)) == ["2026-01-26", "2026-02-01"]


def test_dates_that_can_be_read_both_ways_are_asked_for():
    text = nali("1/2/26,9:40 AM,5,,1h,,,,", "1/3/26,9:40 AM,5,,1h,,,,")
    (problem,) = problems_of(text)
    assert "--date-order" in problem.try_this
    assert days(load(text, date_order="mdy")) == ["2026-01-02", "2026-01-03"]
    assert days(load(text, date_order="dmy")) == ["2026-02-01", "2026-03-01"]


def test_rows_in_order_tell_the_order_of_their_dates():
    text = nali(*(f"{d},9:40 AM,5,,1h,,,," for d in ("5/1/26", "4/9/26", "4/2/26", "3/11/26", "2/12/26")))
    found = load(text)
    assert days(found)[0] == "2026-02-12"
    assert "the rows are in order" in lost(found)


def test_weekdays_tell_the_order_of_dates():
    rows = [DatedRow("a", "03/04/2026", "Wednesday"), DatedRow("b", "04/04/2026", "Saturday")]
    assert decide_order(rows, "x", asked=None)[0] == "mdy"  # 4 March 2026 was a Wednesday, 3 April a Friday


def test_dates_in_two_orders_are_refused():
    (problem,) = problems_of(nali("26/1/26,9:40 AM,5,,1h,,,,", "1/26/26,9:40 AM,5,,1h,,,,"))
    assert "different orders" in problem.what


@pytest.mark.parametrize("asked", [None, "dmy", "mdy"])
def test_dates_with_dots_are_day_month_year(asked):
    rows = [DatedRow("x", "3.4.2026"), DatedRow("x", "4.4.2026")]
    order, why = decide_order(rows, "x", asked=asked, declared="mdy")
    assert read_date("3.4.2026", order) == date(2026, 4, 3)
    assert ("with dots" in why) == (asked == "mdy")
    assert read_date("3.4.26", None) == date(2026, 4, 3)
    assert read_date("2026.4.3", order) == date(2026, 4, 3)
    assert read_date("12.31.2026", "mdy") is None
    assert days(load(f"{BUDDY}3.4.2026,10:00,5,1h,,,,\n")) == ["2026-04-03"]


def test_only_orders_that_fit_are_offered():
    (problem,) = problems_of(nali("1/2/2026,9:40 AM,5,,1h,,,,", "1/3/2026,9:40 AM,5,,1h,,,,"))
    assert problem.try_this == "Say which: --date-order dmy or --date-order mdy."
    with pytest.raises(AmbiguousDates) as caught:
        decide_order([DatedRow("x", f"26.01.0{n}") for n in range(1, 6)], "x", asked=None)
    assert caught.value.orders == ("dmy", "ymd")
    assert read_date("26.01.05", "ymd") == date(2026, 1, 5)


def test_an_order_that_the_mapping_tells_stands_where_the_numbers_leave_it_open():
    rows = [DatedRow("x", f"26-01-0{n}") for n in range(1, 6)]
    assert decide_order(rows, "x", asked=None, declared="ymd")[0] == "ymd"
    assert decide_order(rows, "x", asked=None, declared="dmy")[0] == "dmy"


def test_a_year_of_two_digits_in_front_is_not_taken_for_a_day():
    rows = [DatedRow("x", f"26-01-0{n}") for n in range(1, 6)]
    with pytest.raises(BadInput, match="date-order"):
        decide_order(rows, "x", asked=None)
    assert decide_order(rows, "x", asked="ymd")[0] == "ymd"


@pytest.mark.parametrize("text", ["1899-12-31", "2200-01-01", "2026-02-30", "soon", "0026-01-01", "20260101"])
def test_days_that_are_none_are_named(text):
    (problem,) = problems_of(nali(f"{text},9:40 AM,5,,1h,,,,", "2026-03-04,9:40 AM,5,,1h,,,,"))
    assert problem.where == "x, line 2, date"


# ---- attacks and local days

BUDDY = "Date,Time,Pain,Duration,Medication,Triggers,Symptoms,Notes\n"


def test_an_attack_that_ends_at_midnight_does_not_touch_the_next_day():
    assert days(load(f"{BUDDY}2026-03-01,22:00,5,2h,,,,\n")) == ["2026-03-01"]
    assert days(load(f"{BUDDY}2026-03-01,22:00,5,2h 1m,,,,\n")) == ["2026-03-01", "2026-03-02"]


def test_an_attack_of_no_length_touches_its_day():
    found = load(f"{BUDDY}2026-03-01,00:00,5,0m,,,,\n")
    assert days(found) == ["2026-03-01"]
    assert found.diary.records[0].hours is None


def test_an_attack_without_an_end_is_open_and_not_of_no_length():
    found = load(f"{BUDDY}2026-03-01,22:00,5,,,,,\n")
    assert found.diary.beside.attacks[0].end is None
    assert found.diary.records[0].hours is None
    assert "days after the first cannot be known" in lost(found)


def test_a_length_is_elapsed_time_when_the_clock_changes():
    """Berlin, 29 March 2026: two o'clock is followed by three; 25 October: it comes twice."""
    spring = load(f"{BUDDY}2026-03-29,01:30,5,2h,,,,\n").diary.beside.attacks[0]
    assert spring.end.isoformat() == "2026-03-29T04:30:00+02:00"
    autumn = load(f"{BUDDY}2026-10-25,01:30,5,2h,,,,\n").diary.beside.attacks[0]
    assert autumn.end.isoformat() == "2026-10-25T02:30:00+01:00"


def test_an_hour_that_comes_twice_is_its_second_time_if_only_that_follows_the_start():
    zh = "记录ID,发作日期,发作时间,结束日期,结束时间,疼痛强度(0-10)\na,2026-10-25,02:50:00,2026-10-25,02:10:00,5\n"
    attack = load(zh).diary.beside.attacks[0]
    assert attack.end - attack.start == timedelta(minutes=20)


def test_the_hours_of_a_day_are_those_that_fall_on_it():
    found = load(f"{BUDDY}2026-03-01,22:55,5,21h 0m,,,,\n2026-03-02,10:00,6,1h,,,,\n2026-03-02,20:00,6,1h,,,,\n")
    assert [one.hours for one in found.diary.records] == [Decimal("1.0833"), Decimal("20.9167")]
    assert [one.pain_max for one in found.diary.records] == [5, 6]


def test_without_a_zone_times_stay_on_the_wall_clock():
    found = load(f"{BUDDY}2026-03-29,01:30,5,2h,,,,\n", zone=None)
    assert found.diary.beside.attacks[0].end == datetime(2026, 3, 29, 3, 30)
    assert "zone" not in found.diary.about


def test_an_attack_list_says_nothing_about_other_days():
    found = load(f"{BUDDY}2026-03-01,10:00,5,1h,,,,\n2026-03-09,10:00,5,1h,,,,\n")
    assert days(found, state=False) == []
    assert len(found.diary.records) == 2


def test_a_date_and_a_length_without_a_start_mark_the_first_day_and_say_so():
    found = load("Date,Pain Level,Duration,Symptoms,Triggers,Medications,Notes\n2026-03-01,5,40h,,,,\n")
    assert days(found) == ["2026-03-01"]
    assert found.diary.beside.attacks[0].minutes == 2400
    assert "days after the first cannot be known" in lost(found)


@pytest.mark.parametrize(
    ("row", "where"),
    [("2026-03-01,25:00,5,1h,,,,", "time"), ("2026-03-01,10:00,12,1h,,,,", "pain"), ("2026-03-01,10:00,5,-1h,,,,", "duration"),
     (",10:00,5,1h,,,,", "x, line 2"), ("2026-03-01,10:00,5,9000h,,,,", "duration")],
)  # fmt: skip
def test_cells_that_cannot_be_are_named(row, where):
    assert problems_of(f"{BUDDY}{row}\n")[0].where.endswith(where)


def test_every_problem_of_every_row_is_told_at_once():
    found = problems_of(f"{BUDDY}2026-03-01,25:00,5,1h,,,,\n2026-03-02,10:00,50,1x,,,,\n2026-03-03,10:00,5,1h,,,,\n")
    assert [problem.where for problem in found] == ["x, line 2, time", "x, line 3, pain"] or len(found) == 3


AIDING = "Date,Start Time,End Time,Duration (hours),Pain Level,Category,Medication,Notes,Resolution,Status,Pressure (hPa)\n"


@pytest.mark.parametrize(
    ("row", "end"),
    [
        ("2026-01-11,22:55,19:55,21.0", "2026-01-12T19:55:00+01:00"),
        ("2026-01-11,22:00,04:00,30.0", "2026-01-13T04:00:00+01:00"),
        ("2026-01-11,22:00,22:00,24.0", "2026-01-12T22:00:00+01:00"),
        ("2026-01-11,22:00,,2.5", "2026-01-12T00:30:00+01:00"),
        ("2026-03-28,23:00,05:00,5.0", "2026-03-29T05:00:00+02:00"),
    ],
)
def test_an_end_without_a_day_is_found_by_the_length(row, end):
    attack = load(f"{AIDING}{row},5,Moderate,,,,completed,\n").diary.beside.attacks[0]
    assert attack.end.isoformat() == end


def test_times_and_a_length_that_contradict_each_other_are_refused():
    assert "the length says 10 h" in problems_of(f"{AIDING}2026-01-11,22:00,23:00,10.0,5,Moderate,,,,completed,\n")[0].what


def test_an_active_attack_is_open():
    found = load(f"{AIDING}2026-01-11,22:00,,,5,Moderate,,,,active,1013\n")
    assert found.diary.beside.attacks[0].end is None
    assert "air pressure" in lost(found)


def test_the_pain_stands_where_the_word_beside_it_differs():
    found = load(f"{AIDING}2026-01-11,22:00,23:00,1.0,8,Mild,,,,completed,\n")
    assert found.diary.records[0].headache == "severe"
    assert "the pain was taken" in lost(found)


def test_exact_repeats_are_kept_once_and_contradictions_are_refused():
    row = "2026-03-01,10:00,5,1h,,,,\n"
    found = load(BUDDY + row + row)
    assert found.attacks == 1
    assert "kept once" in lost(found)
    problems = problems_of(BUDDY + row + row.replace(",5,", ",7,"))
    assert [problem.where for problem in problems] == ["x, line 3", "x, line 2"]
    assert "told twice and differently" in problems[0].what


def test_of_a_contradiction_neither_row_is_taken_in_part():
    rows = "2026-03-01,10:00,5,1h,,,,\n2026-03-01,10:00,7,1h,,,,\n2026-03-02,10:00,x,1h,,,,\n2026-03-05,10:00,7,1h,,,,\n"
    found = load(BUDDY + rows, partial=True)
    assert days(found) == ["2026-03-05"]
    assert sorted(one.where for one in found.refused) == ["x, line 2", "x, line 3", "x, line 4"]
    assert found.refused[0].text == "2026-03-02,10:00,x,1h,,,,"
    assert "refused" in lost(found)


def test_a_pain_of_zero_is_an_attack_without_headache_and_no_clear_day():
    found = load(f"{BUDDY}2026-03-01,10:00,0,1h,,,Aura,\n")
    assert days(found) == days(found, state=False) == []
    assert found.diary.beside.attacks[0].headache == "clear"
    assert found.diary.records[0].aura is True


def test_an_attack_without_headache_leaves_a_clear_day_clear():
    mapping = read_mapping({"columns": {"date": "d", "pain": "p", "aura": "a"}}, "map.toml")
    aura = load("d,p,a\n2026-03-01,0,yes\n", layout="csv", mapping=mapping).diary
    both = merge(aura, load(f"{NAVIGATOR}2026-03-01,20:00:00,0,,,,,,X,Europe/Berlin\n").diary)
    assert (both.records[0].headache, both.records[0].aura) == ("clear", True)


# ---- symptoms, sides, auras


def test_what_was_not_ticked_was_not_answered_and_none_is_an_answer():
    ticked = load(f'{BUDDY}2026-03-01,10:00,5,1h,,,"Photophobia, light_sensitivity, Tinnitus",\n').diary.records[0]
    assert (ticked.light, ticked.nausea, ticked.other_symptoms) == (True, None, ("tinnitus",))
    none = load(f"{BUDDY}2026-03-01,10:00,5,1h,,,None,\n").diary.records[0]
    assert (none.light, none.nausea, none.other_symptoms) == (False, False, ())


@pytest.mark.parametrize(
    ("place", "one_sided", "bilateral"),
    [("Left Side", True, None), ("right_temple", True, None), ("Left Side; Right Eye", False, True), ("Forehead", None, None),
     ("左侧太阳穴", True, None), ("Both sides", False, True)],
)  # fmt: skip
def test_one_side_is_told_only_where_one_is_named(place, one_sided, bilateral):
    attack = load(nali(f"2026-03-01,9:40 AM,5,{place},1h,,,,")).diary.beside.attacks[0]
    assert (attack.one_sided, attack.bilateral) == (one_sided, bilateral)


ZH = (
    "记录ID,发作日期,发作时间,结束日期,结束时间,疼痛强度(0-10),有先兆,先兆类型,先兆持续时间(分钟),伴随症状,"
    "用药,用药剂量,创建时间\n"
)


def test_an_aura_has_its_kind_and_length_and_belongs_to_the_day_it_began():
    found = load(f"{ZH}a,2026-03-01,23:00:00,2026-03-02,05:00:00,5,是,视觉先兆,20.0,畏光; 恶心,,,2026-03-01 23:05:00\n")
    (aura,) = found.diary.beside.auras
    assert (aura.type, aura.min, aura.attack) == ("visual", Decimal(20), "migraine_note_ios_zh/a")
    assert [one.aura for one in found.diary.records] == [True, None]
    assert [one.light for one in found.diary.records] == [True, True]
    assert found.diary.records[0].reported_at.isoformat() == "2026-03-01T23:05:00+01:00"
    assert found.diary.records[1].reported_at is None


def test_no_aura_with_a_kind_of_aura_is_a_contradiction():
    text = f"{ZH}a,2026-03-01,23:00:00,2026-03-02,05:00:00,5,否,视觉先兆,,,,,\n"
    assert "no aura" in problems_of(text)[0].what


def test_an_end_before_the_start_is_refused():
    text = f"{ZH}a,2026-03-02,23:00:00,2026-03-01,05:00:00,5,否,,,,,,\n"
    assert "before it starts" in problems_of(text)[0].what


def test_one_name_for_two_attacks_is_refused():
    rows = "a,2026-03-01,23:00:00,,,5,否,,,,,,\na,2026-03-03,23:00:00,,,5,否,,,,,,\n"
    assert "told twice" in problems_of(ZH + rows)[0].what


# ---- medicines


def test_amounts_in_their_own_column_pair_with_the_names():
    found = load(f"{ZH}a,2026-03-01,10:00:00,,,5,否,,,,Sumatriptan, 50mg,\n")
    assert (found.diary.beside.doses[0].amount, found.diary.beside.doses[0].unit) == (Decimal(50), "mg")


def test_a_name_that_is_not_known_makes_no_acute_day_and_is_listed():
    found = load(f"{BUDDY}2026-03-01,10:00,5,1h,Wonderpill,,,\n")
    (dose,) = found.diary.beside.doses
    assert (dose.drug, dose.name, dose.kind) == (None, "Wonderpill", None)
    assert days(found, "acute_med_day") == []
    assert "Wonderpill" in lost(found)


def test_beside_a_known_acute_medicine_an_unknown_one_leaves_only_the_number_open():
    found = load(f'{BUDDY}2026-03-01,10:00,5,1h,"Wonderpill, Ibuprofen",,,\n').diary.records[0]
    assert (found.acute_classes, found.acute_doses) == (("nsaid",), None)


@pytest.mark.parametrize(
    ("medicine", "acute"), [("Propranolol", False), ("Metoclopramide", False), ("Rimegepant", True), ("Sumatriptan", True)]
)
def test_preventives_and_antiemetics_make_no_acute_day(medicine, acute):
    assert days(load(f"{BUDDY}2026-03-01,10:00,5,1h,{medicine},,,\n"), "acute_med_day") == (["2026-03-01"] if acute else [])


NAVIGATOR = "Date,Time,Pain Level,Medication,Dosage,Sleep,Triggers,Notes,Location,Timezone\n"


def test_on_a_headache_free_day_a_medicine_of_two_uses_stays_open():
    rows = "2026-03-01,20:00:00,0,Rimegepant,75mg,Good,,,X,Europe/Berlin\n"
    rows += "2026-03-02,20:00:00,0,Ibuprofen,,Good,,,X,Europe/Berlin\n"
    found = load(NAVIGATOR + rows, zone=None)
    assert days(found, state=False) == ["2026-03-01", "2026-03-02"]
    assert days(found, "acute_med_day") == ["2026-03-02"]
    assert "which it was cannot be known" in lost(found)
    assert found.diary.about["zone"] == BERLIN
    assert "private" in lost(found)


def test_a_headache_outweighs_words_that_say_there_was_none():
    rows = "2026-03-01,20:00:00,0,,,Good,,,X,Europe/Berlin\n2026-03-01,22:00:00,5,,,Good,,,X,Europe/Berlin\n"
    found = load(NAVIGATOR + rows)
    assert days(found) == ["2026-03-01"]
    assert "x, line 2: 2026-03-01 is called headache-free" in lost(found)
    assert "x, line 3" in lost(found)


def test_on_travel_the_written_day_stands():
    found = load(f"{NAVIGATOR}2026-03-01,05:00:00,5,,,Good,,,X,Asia/Tokyo\n", zone="America/New_York")
    assert days(found) == ["2026-03-01"]
    assert found.diary.beside.attacks[0].start.isoformat() == "2026-03-01T05:00:00+09:00"


CLUSTER = "start_time,end_time,intensity,medication,triggers,notes\n"


def test_the_server_zone_is_converted_to_the_home_zone():
    found = load(f"{CLUSTER}2026-03-01 23:30:00,2026-03-02 00:30:00,9,Sumatriptan + Ibuprofen,,\n")
    assert days(found) == ["2026-03-02"]
    assert days(found, "acute_med_day") == ["2026-03-02"]
    assert "--zone" in problems_of(f"{CLUSTER}2026-03-01 23:30:00,,9,,,\n", zone=None)[0].try_this


# ---- Migraine Buddy's page


def page(*rows: str) -> str:
    return f"<!DOCTYPE html><html><body><table>{''.join(rows)}</table></body></html>"


def attack_row(started="26/02/26 09:40", lasted="04h 00m", pain="9", triggers="No idea, Period: Yes", symptoms="None",
               aura="No", left="Left Temple", right="", notes="",
               drugs="<div><span>Helpful</span> - 2x Sumatriptan</div>"):  # fmt: skip
    cells = [f"<div>Started: <span>{started}</span></div>\n <div>Location: Home</div><div>Lasted: <b>{lasted}</b></div>",
             "?", pain, "While awake", triggers, symptoms, aura, left, right, drugs, f"Notes: {notes}"]  # fmt: skip
    return "<tr class='a'><td>1</td>" + "".join(f"<td style='x'>\n{cell}</td>" for cell in cells) + "</tr>"


def test_the_page_is_read_in_its_own_order_of_dates():
    found = load(page(attack_row(started="03/04/26 23:40")))
    assert found.layout == "migraine_buddy_report"
    assert days(found) == ["2026-04-03", "2026-04-04"]
    first = found.diary.records[0]
    assert (first.menses, first.aura, first.nausea, first.one_sided, first.triggers) == (True, False, False, True, None)


def test_groups_of_medicines_are_told_apart_and_two_pieces_may_be_one_intake():
    drugs = "<div><span>Unhelpful</span> - 1x Ibuprofen</div><div><span>Unsure</span> - 2x Sumatriptan, 1x Nope</div>"
    found = load(page(attack_row(drugs=drugs)))
    told = {dose.name: (dose.amount, dose.unit) for dose in found.diary.beside.doses}
    assert told == {"Ibuprofen": (1, "{dose}"), "Nope": (1, "{dose}"), "Sumatriptan": (2, "{dose}")}
    assert (found.diary.records[0].acute_classes, found.diary.records[0].acute_doses) == (("nsaid", "triptan"), None)
    assert "not relief at two hours" in lost(found)


def test_no_medication_is_an_answer():
    found = load(page(attack_row(drugs="<div>No medication</div>")))
    assert found.diary.records[0].acute_doses == 0
    assert day_state(found.diary.records[0], "acute_med_day") is False


@pytest.mark.parametrize("lasted", ["", "Ongoing", "Don't know yet"])
def test_an_attack_of_the_page_without_a_length_is_open(lasted):
    assert load(page(attack_row(lasted=lasted))).diary.beside.attacks[0].end is None


def test_a_page_without_attacks_or_with_bad_ones_is_refused():
    assert "no row" in problems_of(page("<tr><td>x</td></tr>"), layout="migraine_buddy_report")[0].what
    assert "known here" in problems_of("<html><body>hello</body></html>")[0].what
    assert problems_of(page(attack_row(started="45/02/26 09:40")))[0].where.endswith("Started")
    assert problems_of(page(attack_row(pain="12")))[0].where.endswith("pain")


# ---- JSON

MS = 1_772_359_200_000  # 2026-03-01T10:00:00Z, 11:00 in Berlin
HOUR = 3_600_000


def migralog(**tables) -> str:
    return json.dumps({"metadata": {}, "episodes": [], "dailyStatusLogs": [], **tables})


def status(day: str, colour: str, number: int = 1):
    return {"id": f"ds{number}", "date": day, "status": colour, "createdAt": MS}


def test_green_is_clear_red_is_a_headache_and_yellow_is_unknown():
    logs = [status("2026-03-01", "green", 1), status("2026-02-27", "red", 2), status("2026-02-28", "yellow", 3)]
    found = load(migralog(dailyStatusLogs=logs))
    assert days(found, state=False) == ["2026-03-01"]
    assert days(found) == ["2026-02-27"]
    assert "2026-02-28 is yellow" in lost(found)
    assert found.attacks == 0


def test_a_green_day_with_an_attack_is_a_headache_day():
    episodes = [{"id": "e", "startTime": MS, "endTime": MS + HOUR}]
    found = load(migralog(episodes=episodes, dailyStatusLogs=[status("2026-03-01", "green")]))
    assert days(found) == ["2026-03-01"]
    assert "dailyStatusLogs[0]" in lost(found)


def test_two_colours_for_one_day_are_a_problem():
    logs = [status("2026-03-01", "green", 1), status("2026-03-01", "red", 2)]
    assert "dailyStatusLogs[1].status" in problems_of(migralog(dailyStatusLogs=logs))[0].where


def test_what_the_person_filed_a_medicine_under_decides_and_skipped_doses_do_not_count():
    medicines = [
        {"id": "a", "name": "Propranolol", "type": "rescue"},
        {"id": "b", "name": "Sumatriptan", "type": "preventative"},
        {"id": "c", "name": "Wonderpill", "type": "rescue", "category": "triptan"},
        {"id": "d", "name": "Ibuprofen", "type": "other"},
    ]
    day = 24 * HOUR
    doses = [
        {"id": f"d{n}", "medicationId": name, "timestamp": MS + n * day, "quantity": 2, "dosageAmount": 12.5,
         "dosageUnit": "mg", "status": state}
        for n, (name, state) in enumerate([("a", "taken"), ("b", "taken"), ("c", "taken"), ("d", "taken"), ("d", "skipped")])
    ]  # fmt: skip
    found = load(migralog(medications=medicines, medicationDoses=doses))
    assert days(found, "acute_med_day") == ["2026-03-01", "2026-03-03", "2026-03-04"]
    assert found.diary.records[1].preventive_taken is True
    assert found.diary.records[2].acute_classes == ("triptan",)
    assert found.diary.beside.doses[0].amount == Decimal(25)
    assert found.diary.beside.doses[0].time == "11:00"
    assert days(found) == days(found, state=False) == []


def test_a_dose_belongs_to_the_day_of_intake():
    episodes = [{"id": "e", "startTime": MS + 11 * HOUR}]
    medicines = [{"id": "a", "name": "Sumatriptan", "type": "rescue"}]
    doses = [{"id": "d", "medicationId": "a", "timestamp": MS + 13 * HOUR, "status": "taken", "episodeId": "e"}]
    found = load(migralog(episodes=episodes, medications=medicines, medicationDoses=doses))
    assert days(found) == ["2026-03-01"]
    assert days(found, "acute_med_day") == ["2026-03-02"]
    assert found.diary.beside.doses[0].attack == "migralog/e"


@pytest.mark.parametrize(
    "episode",
    [{"id": "e", "startTime": 10**40}, {"id": "e", "startTime": -(10**15)}, {"id": "e", "startTime": "yesterday"}, {"id": "e"},
     {"id": "e", "startTime": MS, "endTime": MS - 1}, {"id": "e", "startTime": MS, "endTime": MS + 9000 * HOUR}, [], 7, None,
     {"id": "e", "startTime": MS, "symptoms": "nausea"}, {"id": "e", "startTime": MS, "notes": ["x"]},
     {"id": {}, "startTime": MS}],
)  # fmt: skip
def test_episodes_that_cannot_be_are_named_by_their_path(episode):
    assert problems_of(migralog(episodes=[episode]))[0].where.startswith("x.episodes[0]")


@pytest.mark.parametrize(
    "text",
    ['{"episodes": [', "[" * 5000, '{"a": NaN, "episodes": []}', '{"a": 1, "a": 2}', "[]", "{}", '{"episodes": [{}]}', "[1, 2]",
     "[" + "9" * 5000 + "]", '[{"start_time": "2026-01-12T03:55:00Z", "severity": 1e999}]', "[" * 60 + "]" * 60],
)  # fmt: skip
def test_json_that_is_no_diary_is_a_problem(text):
    assert problems_of(text)


def episode(**values):
    return {
        "id": "1",
        "user_id": "u",
        "start_time": "2026-03-01T23:30:00Z",
        "end_time": "2026-03-02T01:00:00Z",
        "severity": 5,
        **values,
    }


def test_instants_are_put_on_the_clock_at_home():
    medicines = [{"name": "Sumatriptan", "dosage": "50mg", "time_taken": "2026-03-01T22:30:00Z", "effectiveness": 4}]
    found = load(json.dumps([episode(medications=medicines, symptoms=["light_sensitivity"], end_time=None)]))
    assert days(found) == ["2026-03-02"]
    assert days(found, "acute_med_day") == ["2026-03-01"]
    assert found.diary.beside.doses[0].amount == Decimal(50)
    assert "relief at two hours" in lost(found)


def test_the_offset_of_a_stamp_is_the_clock_where_no_zone_is_known():
    told = episode(start_time="2026-03-01T23:30:00-05:00", end_time="2026-03-02T01:00:00-05:00")
    assert days(load(json.dumps([told]), zone=None)) == ["2026-03-01", "2026-03-02"]
    assert "--zone" in problems_of(json.dumps([episode()]), zone=None)[0].try_this


def test_of_several_people_one_is_asked_for():
    text = json.dumps([episode(), episode(id="2", user_id="v", start_time="2026-03-05T10:00:00Z", end_time=None)])
    assert "--person" in problems_of(text)[0].try_this
    assert days(load(text, person="v")) == ["2026-03-05"]
    assert "nobody" in problems_of(text, person="w")[0].what


# ---- Apple Health


@pytest.mark.parametrize(
    ("value", "level"),
    [("HKCategoryValueSeverityMild", "mild"), ("2", "mild"), ("3", "moderate"), ("4", "severe"), ("0", "present"),
     ("HKCategoryValueSeverityUnspecified", "present"), ("HKCategoryValueSeverityNotPresent", "clear"), ("1", "clear")],
)  # fmt: skip
def test_severities_are_read_by_name_or_number(value, level):
    found = health(record("Headache", "2026-03-01 10:00:00", "2026-03-01 12:00:00", value))
    assert found.diary.records[0].headache == level


def test_not_present_is_a_clear_day_only_where_no_headache_is_told():
    found = health(
        record("Headache", "2026-03-01 09:00:00", "2026-03-01 09:00:00", "1"),
        record("Headache", "2026-03-01 10:00:00", "2026-03-01 12:00:00", "2"),
        record("Headache", "2026-03-02 09:00:00", "2026-03-02 09:00:00", "1"),
        record("Nausea", "2026-03-03 09:00:00", "2026-03-03 09:00:00", "1"),
    )
    assert days(found) == ["2026-03-01"]
    assert days(found, state=False) == ["2026-03-02"]
    assert found.diary.records[2].nausea is False
    assert "export.xml, line 3: 2026-03-01 is called headache-free" in lost(found)


def test_not_present_over_several_days_is_said_only_of_whole_days():
    found = health(
        record("Headache", "2026-03-01 12:00:00", "2026-03-03 12:00:00", "1"),
        record("Headache", "2026-03-05 20:00:00", "2026-03-06 08:00:00", "1"),
        record("Headache", "2026-03-07 00:00:00", "2026-03-08 00:00:00", "1"),
    )
    assert days(found, state=False) == ["2026-03-02", "2026-03-07"]
    assert "no whole day" in lost(found)


def test_symptoms_belong_to_the_attack_they_came_with():
    found = health(
        record("Headache", "2026-03-01 22:00:00", "2026-03-02 03:00:00", "3"),
        record("Nausea", "2026-03-02 01:00:00", "2026-03-02 02:00:00", "2"),
        record("Vomiting", "2026-03-01 22:00:00", "2026-03-02 03:00:00", "1"),
        record("MoodChanges", "2026-03-01 22:30:00", "2026-03-01 22:30:00", "0"),
        record("SleepChanges", "2026-03-01 22:30:00", "2026-03-01 22:30:00", "1"),
        record("Dizziness", "2026-03-05 10:00:00", "2026-03-05 10:00:00", "2"),
    )
    attack = found.diary.beside.attacks[0]
    assert (attack.nausea, attack.vomiting, attack.other_symptoms) == (True, False, ("mood changes",))
    assert found.diary.records[-1].other_symptoms == ("dizziness",)
    assert found.diary.records[-1].headache is None


def test_the_worst_of_several_headaches_of_a_day_counts_and_each_is_kept():
    found = health(
        record("Headache", "2026-03-01 08:00:00", "2026-03-01 09:00:00", "2"),
        record("Headache", "2026-03-01 08:00:00", "2026-03-01 10:00:00", "4"),
        record("Headache", "2026-03-01 08:00:00", "2026-03-01 10:00:00", "4"),
    )
    assert found.attacks == 2
    assert (found.diary.records[0].headache, found.diary.records[0].hours) == ("severe", Decimal(2))


def test_apple_times_fall_on_the_days_of_the_home_zone():
    late = record("Headache", "2026-03-01 20:00:00", "2026-03-01 21:00:00", "2", zone="-0500")
    assert days(health(late)) == ["2026-03-02"]
    assert days(health(late, zone=None)) == ["2026-03-01"]


def test_sleep_is_joined_and_counted_on_the_day_of_waking():
    asleep = "HKCategoryValueSleepAnalysisAsleepCore"
    found = health(
        record("Headache", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2"),
        record("SleepAnalysis", "2026-03-01 22:00:00", "2026-03-01 23:30:00", asleep),
        record("SleepAnalysis", "2026-03-01 23:00:00", "2026-03-02 00:30:00", asleep),
        record("SleepAnalysis", "2026-03-02 00:45:00", "2026-03-02 05:45:00", asleep),
        record("SleepAnalysis", "2026-03-01 21:30:00", "2026-03-02 07:00:00", "HKCategoryValueSleepAnalysisInBed"),
        record("SleepAnalysis", "2026-03-02 15:00:00", "2026-03-02 15:30:00", "HKCategoryValueSleepAnalysisAsleep"),
        record("SleepAnalysis", "2025-01-02 00:00:00", "2025-01-02 05:30:00", asleep),
        record("Headache", "2026-03-03 10:00:00", "2026-03-03 11:00:00", "2"),
    )
    assert [(one.date.day, one.sleep_h) for one in found.diary.records] == [(1, None), (2, Decimal(8)), (3, None)]
    assert "before the first" in lost(found)


def test_when_a_headache_was_written_down_is_kept_whatever_else_stands_on_its_day():
    found = health(
        record("Headache", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2"),
        record("SleepAnalysis", "2026-03-01 01:00:00", "2026-03-01 05:30:00", "3"),
        record("Headache", "2026-03-02 21:00:00", "2026-03-02 21:00:00", "1"),
    )
    assert [one.reported_at.isoformat() for one in found.diary.records] == [
        "2026-03-01T11:00:00+01:00",
        "2026-03-02T21:00:00+01:00",
    ]


def test_the_first_day_of_a_period_is_marked():
    flow = record("MenstrualFlow", "2026-03-01 10:00:00", "2026-03-01 10:00:00", "HKCategoryValueMenstrualFlowLight")
    flow = flow.replace("/>", '><MetadataEntry key="HKMenstrualCycleStart" value="1"/></Record>')
    headache = record("Headache", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2")
    none = record("MenstrualFlow", "2026-03-02 10:00:00", "2026-03-02 10:00:00", "5")
    last = record("Headache", "2026-03-02 10:00:00", "2026-03-02 11:00:00", "2")
    first, second = health(flow, headache, none, last).diary.records
    assert (first.menses, first.menses_day1, second.menses, second.menses_day1) == (True, True, False, None)


def test_an_export_is_read_in_pieces():
    class Pieces(io.BytesIO):
        def read(self, size=-1):
            assert 0 < size <= 1 << 20
            return super().read(min(size, 7))

    found = import_apple(Pieces(export(ONE * 30, DTD)), "export.xml", Request(zone=BERLIN))
    assert days(found) == ["2026-03-01"]


def test_other_records_are_listed_once_each():
    steps = '<Record type="HKQuantityTypeIdentifierStepCount" value="5"/>'
    found = health(steps, steps, "<Workout/>", record("Headache", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2"))
    assert "StepCount: is no part of a headache diary (2 times)" in lost(found)
    assert "<Workout>" in lost(found)


DTD = "<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Me,(Record)*)>\n<!ATTLIST HealthData\n  locale CDATA #REQUIRED\n>\n]>\n"


def export(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<HealthData locale="x">{body}</HealthData>'.encode()


ONE = record("Headache", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2")
LAUGHS = "<!DOCTYPE HealthData [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
OUTSIDE = '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def apple(raw: bytes):
    return import_apple(io.BytesIO(raw), "export.xml", Request(zone=BERLIN))


def test_the_document_type_of_the_export_is_accepted_and_its_lines_are_counted():
    found = apple(export(f"\n{ONE}\n{ONE}", DTD))
    assert days(found) == ["2026-03-01"]
    assert "export.xml, line 10: the same is told before (export.xml, line 9)" in lost(found)


@pytest.mark.parametrize(
    "raw",
    [export(ONE, LAUGHS), export(ONE, OUTSIDE), export("&a;", LAUGHS), export("&undefined;"), export(ONE)[:-20], b"",
     b"<HealthData", b"<Other><HealthData/></Other>", export(""), export(ONE.replace("2026-03-01 11", "2026-03-01 09")),
     export(ONE.replace('value="2"', 'value="9"')),
     export(ONE.replace("startDate=", "begin=")), export(ONE.replace("2026-03-01 11", "2029-03-01 11")),
     export(ONE).replace(b"UTF-8", b"EBCDIC-9"), export(ONE, LAUGHS).decode().encode("utf-16"), b"\x00" * 100 + export(ONE)],
)  # fmt: skip
def test_exports_that_are_damaged_or_worse_are_a_problem(raw):
    with pytest.raises(BadInput):
        apple(raw)


# ---- Bearable and Daylio

BEARABLE = "date,date formatted,weekday,time of day,category,rating/amount,detail,notes\n"


def test_a_rated_headache_of_zero_is_clear_and_a_day_without_a_rating_is_unknown():
    rows = (
        "2026-03-01,,,am,Symptom,0,Headache,\n2026-03-02,,,pm,Mood,7,,\n2026-03-03,,,pm,Symptom,4,Migraine,\n"
        "2026-03-03,,,am,Symptom,1,Nausea (Mild),\n2026-03-04,,,am,Symptom,2,Headache (Severe),ouch\n"
        "2026-03-04,,,am,Sleep,7h 30m,,\n2026-03-04,,,am,Energy,3,,\n2026-03-04,,,pm,Meds/Supplements,,Sumatriptan 50mg,\n"
    )
    found = load(BEARABLE + rows)
    assert days(found, state=False) == ["2026-03-01"]
    assert days(found) == ["2026-03-03", "2026-03-04"]
    assert days(found, "acute_med_day") == ["2026-03-04"]
    second, third, fourth = found.diary.records[1:]
    assert (second.mood, second.headache) == (7, None)
    assert (third.headache, third.migraine, third.nausea) == ("severe", "yes", True)
    assert (fourth.headache, fourth.sleep_h, fourth.note) == ("severe", Decimal("7.5"), "ouch")
    assert "the word was taken" in lost(found)
    assert found.attacks is None


def test_one_medicine_taken_twice_a_day_is_taken_twice():
    row = "2026-03-01,,,am,Meds/Supplements,,Ibuprofen 400mg,\n"
    found = load(BEARABLE + row + row.replace("am", "pm"))
    assert found.diary.records[0].acute_doses == 2
    assert len(found.diary.beside.doses) == 2
    assert load(BEARABLE + row + row).diary.records[0].acute_doses == 1


DAYLIO = "full_date,date,weekday,time,mood,activities,note_title,note\n"


def test_a_line_without_headache_is_clear_where_the_file_knows_headaches():
    rows = (
        "2026-03-01,,,9:00 PM,good,work,,\n2026-03-02,,,9:00 PM,bad,work | Kopfschmerzen,Title,Text\n"
        "2026-03-03,,,9:00 AM,bad,migraine | nausea | sumatriptan,,\n2026-03-03,,,9:00 PM,rad,relax,,\n"
    )
    found = load(DAYLIO + rows)
    assert days(found, state=False) == ["2026-03-01"]
    assert days(found) == ["2026-03-02", "2026-03-03"]
    assert days(found, "acute_med_day") == ["2026-03-03"]
    assert (found.diary.records[2].migraine, found.diary.records[2].nausea) == ("yes", True)
    assert found.diary.records[1].note == "Title\nText"
    assert "called headache-free" not in lost(found)


def test_a_file_that_never_says_headache_says_nothing_about_headaches():
    assert "nothing about headaches" in problems_of(f"{DAYLIO}2026-03-01,,,9:00 PM,good,work,,\n")[0].what


# ---- mappings

MAPPING = {
    "rows": "days",
    "columns": {
        "date": "Tag",
        "headache": "Schmerz",
        "medicines": "Medikament",
        "sleep_h": "Schlaf",
        "note": ["Notiz", "Bemerkung"],
    },
    "words": {"stark": "severe", "keiner": "clear"},
}


def test_a_mapping_reads_a_table_of_days():
    text = "Tag;Schmerz;Medikament;Schlaf;Notiz;Bemerkung;Wetter\n"
    text += "01.03.2026;Stark;Ibuprofen;7,5;a;b;kalt\n13.03.2026;keiner;;;;;\n"
    found = load(text, layout="csv", mapping=read_mapping(MAPPING, "map.toml"))
    assert days(found) == ["2026-03-01"]
    assert days(found, state=False) == ["2026-03-13"]
    assert found.diary.records[0].note == "a\nb"
    assert found.diary.records[0].sleep_h == Decimal("7.5")
    assert "column wetter: is not mapped to anything; left out (1 time)" in lost(found)
    assert found.diary.records[0].status == "complete"


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"rows": "weeks", "columns": {"date": "a"}}, "rows"),
        ({"columns": {"date": "a", "nausia": "b"}}, "nausia"),
        ({"columns": {"date": "a", "pain": "a"}}, "pain"),
        ({"columns": {"pain": "a"}}, "columns"),
        ({"columns": {"date": 7}}, "date"),
        ({"columns": {"date": "a"}, "zone": "Mars/Base"}, "zone"),
        ({"columns": {"date": "a"}, "words": {"x": "ouch"}}, "words.x"),
        ({"columns": {"date": "a"}, "colour": "red"}, "colour"),
        ({"columns": []}, "columns"),
    ],
)
def test_a_mapping_that_means_nothing_is_a_problem(told, where):
    with pytest.raises(BadInput) as caught:
        read_mapping(told, "map.toml")
    assert caught.value.problems[0].where.startswith(f"map.toml, {where}") or where in str(caught.value)


def test_a_table_of_an_unknown_layout_says_what_is_known_and_what_to_do():
    (problem,) = problems_of("Started,Lasted\n1,2\n")
    assert "--mapping" in problem.try_this
    assert "migralog" in problem.try_this


def test_a_table_of_another_kind_never_becomes_a_list_of_attacks():
    bearable = BEARABLE + "2026-03-01,,,am,Energy,0,,\n"
    for layout in ("nali_headway", "migraine_buddy_csv", "migraine_diary_sheet", "aiding_migraine", "migraine_navigator"):
        assert "not those of" in problems_of(bearable, layout=layout)[0].what
    # a real export may lack a column or two
    assert days(load("Date,Time,Pain Level,Duration,Notes\n2026-03-01,22:00,5,1h,\n", layout="nali_headway")) == ["2026-03-01"]


def test_a_mapped_column_that_is_not_there_is_listed_and_only_the_day_cannot_be_missing():
    told = {"columns": {"date": "d", "pain": ["p", "pain"], "note": "nope"}}
    found = load("d,pain,remark\n2026-03-01,5,x\n", layout="csv", mapping=read_mapping(told, "map.toml"))
    assert days(found) == ["2026-03-01"]
    assert "column nope: the mapping takes it for note, but the table has no such column." in lost(found)
    (problem,) = problems_of("day,pain\n2026-03-01,5\n", layout="csv", mapping=read_mapping(told, "map.toml"))
    assert problem.what == "there is no column 'd'; the table has 'day', 'pain'."


def test_without_the_pain_that_makes_clear_days_no_row_becomes_an_attack():
    mapping = read_mapping({"zero_pain": "clear", "columns": {"date": "d", "pain": "p"}}, "map.toml")
    assert "no column 'p'" in problems_of("d,pian\n2026-03-01,0\n", layout="csv", mapping=mapping)[0].what


def test_a_format_that_does_not_fit_is_refused():
    for layout in (
        "daylio",
        "bearable",
        "kostecki-dillon",
        "nali_headway",
        "apple_health",
        "migralog",
        "migraine_buddy_report",
    ):
        assert problems_of("a,b\n1,2\n", layout=layout)
    assert "no layout" in problems_of("a,b\n1,2\n", layout="excel")[0].what


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_of_other_programs_may_have_other_separators(separator, end):
    text = BUDDY.strip().replace(",", separator) + end + "2026-03-01,10:00,5,1h,,,,".replace(",", separator) + end
    assert days(load(text)) == ["2026-03-01"]
    assert days(load(f"\ufeffsep={separator}\n" + text)) == ["2026-03-01"]


def test_a_row_of_another_width_is_one_problem_of_many():
    rows = "2026-03-01,10:00,5,1h,,,,,,,9\n2026-03-02,10:00,50,1h,,,,\n2026-03-03,10:00,5,1h,,,,,,\n"
    assert [problem.where for problem in problems_of(BUDDY + rows)] == ["x, line 3, pain", "x, line 2"]
    assert days(load(BUDDY + rows, partial=True)) == ["2026-03-03"]


@pytest.mark.parametrize(
    "text", ["\n", "#\n", BUDDY, f'{BUDDY}"2026-03-01,10:00', f"{BUDDY}{'x' * 200_000},,,,,,,\n", "a" * 200_000]
)
def test_tables_that_are_none_are_a_problem(text):
    assert problems_of(text)


# ---- adding to a diary


def test_adding_a_diary_fills_in_only_what_was_not_answered():
    old = load(f"{NAVIGATOR}2026-03-01,10:00:00,5,,,Good,,,X,Europe/Berlin\n2026-03-02,20:00:00,0,,,,,,X,Europe/Berlin\n").diary
    new = load(f"{BUDDY}2026-03-01,10:00,5,2h,Sumatriptan,,Nausea,hello\n2026-03-05,10:00,5,2h,,,,\n").diary
    both = merge(old, new)
    first = both.records[0]
    assert (first.nausea, first.hours, first.acute_classes, first.note) == (True, Decimal(2), ("triptan",), "hello")
    assert first.source == "import:migraine_navigator; import:migraine_buddy_csv"
    assert [one.date.day for one in both.records] == [1, 2, 5]
    assert len(both.beside.attacks) == 2
    assert both.beside.doses[0].attack == both.beside.attacks[0].id
    assert merge(both, new) == both
    assert merge(both, old).records == both.records
    assert merge(both, old).beside == both.beside


def test_a_day_told_in_two_ways_names_both():
    old = load(f"{NAVIGATOR}2026-03-01,20:00:00,0,,,,,,X,Europe/Berlin\n").diary
    new = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n").diary
    with pytest.raises(BadInput) as caught:
        merge(old, new)
    (problem,) = caught.value.problems
    assert problem.where == "--into, 2026-03-01"
    assert "import:migraine_navigator and import:migraine_buddy_csv" in problem.what
    assert "headache: clear and moderate" in problem.what


def test_a_later_export_of_the_same_program_tells_its_days_anew():
    """Who exports every week adds a second attack to a day, or an end to an open one."""
    first = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-02,09:00,3,1h,,,,\n").diary
    later = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-01,20:00,8,1h,,,,\n2026-03-02,09:00,3,1h,,,,\n").diary
    both = merge(first, later)
    assert both.records[0].headache == "severe"
    assert both.records[0].hours == Decimal(3)
    assert len(both.beside.attacks) == 3
    assert [lost.where for lost in both.lost] == ["--into, 2026-03-01"]
    assert "hours: 2 -> 3" in both.lost[0].what
    assert merge(both, later).records == both.records


def test_another_persons_or_zones_diary_is_not_added():
    old = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n", person="ann").diary
    for other in ({"person": "bob"}, {"zone": "Asia/Tokyo"}):
        with pytest.raises(BadInput):
            merge(old, load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n", **other).diary)


# ---- small print


def test_notes_of_many_attacks_stay_readable():
    rows = "".join(f"2026-03-01,{hour:02d}:00,5,30m,,,,{hour}{'x' * 19_000}\n" for hour in range(9))
    found = load(BUDDY + rows)
    assert len(found.diary.records[0].note) == 100_000
    assert "the rest is left out" in lost(found)
    assert read_days(io.StringIO(write_days(found.diary), newline=""), "d").records == found.diary.records


def test_a_report_from_before_its_day_is_left_out():
    found = load(f"{ZH}a,2026-03-01,23:00:00,,,5,否,,,,,,2026-02-01 10:00:00\n")
    assert found.diary.records[0].reported_at is None
    assert "before the day it is about" in lost(found)


def test_a_column_for_aura_may_name_its_kind():
    text = "Date,Time,Pain,Duration,Medication,Triggers,Symptoms,Aura\n2026-03-01,10:00,5,1h,,,,Visual\n"
    found = load(text)
    assert found.diary.records[0].aura is True
    assert found.diary.beside.auras[0].type == "visual"


def test_a_category_that_is_no_strength_is_left_out_and_refuses_nothing():
    found = load(f"{AIDING}2026-01-11,22:00,23:00,1.0,8,Cluster,,,,completed,\n")
    assert found.diary.records[0].headache == "severe"
    assert "no word for the strength" in lost(found)


def test_each_unknown_medicine_is_listed_once_with_how_often_and_where_first():
    rows = "".join(f"2026-03-{day:02d},10:00,5,1h,{name},,,\n" for day, name in enumerate(["Foo"] * 7 + ["Bar"], start=1))
    told = lost(load(BUDDY + rows))
    assert (
        "medicine 'Foo': is no medicine that is known for certain; kept by its name alone (7 times, first at x, line 2)" in told
    )
    assert "medicine 'Bar'" in told


def test_a_cell_of_fifty_medicines_is_none():
    assert problems_of(f'{BUDDY}2026-03-01,10:00,5,1h,"{"a," * 60}",,,\n')[0].where.endswith("medication")


def test_many_kinds_of_losses_are_cut_and_counted():
    kinds = "".join(f'<Record type="HKQuantityTypeIdentifierKind{n}" value="1"/>' for n in range(300))
    found = health(kinds, ONE)
    assert len(found.diary.lost) < 70
    assert "240 more" in lost(found)


def test_names_of_attacks_stay_themselves_however_long_they_are():
    rows = "".join(f"{'a' * 100}{n},2026-03-0{n},23:00:00,,,5,否,,,,,,\n" for n in (1, 2))
    names = [attack.id for attack in load(ZH + rows).diary.beside.attacks]
    assert len(set(names)) == 2
    assert all(len(name) < 120 for name in names)


def test_attacks_without_a_time_that_have_names_of_their_own_are_two():
    header = "记录ID,发作日期,发作时间,疼痛强度(0-10)\n"
    assert load(f"{header}a,2026-03-01,,5\nb,2026-03-01,,5\n").attacks == 2
    found = load("Start Time,Pain Level,Medications,Triggers\n2026-03-01,5,,\n2026-03-01,5,,\n")
    assert found.attacks == 1
    assert "kept once" in lost(found)


def test_two_attacks_of_one_day_told_alike_but_in_different_rows_are_two():
    header = "Date,Pain Level,Duration,Symptoms,Triggers,Medications,Notes,Extra\n"
    found = load(f"{header}2026-03-01,5,1h,,,,,a\n2026-03-01,5,1h,,,,,b\n")
    first, second = (attack.id for attack in found.diary.beside.attacks)
    assert second == f"{first}-2"
    assert merge(found.diary, found.diary).beside == found.diary.beside


@pytest.mark.parametrize("name", ["1/" * 60_000, "../x", "Europe/Berlin\n", "", "a" * 99])
def test_a_zone_that_is_none_is_a_problem_of_its_row(name):
    header = NAVIGATOR.replace("Timezone", "Timezone")
    text = header + f'2026-03-01,20:00:00,5,,,Good,,,X,"{name}/x"\n'
    assert problems_of(text)[0].where.endswith("timezone")


@pytest.mark.parametrize("piece", ["<!--", "<![", "<a", "</", "<td", "<script>", "&#", "<?", "<tr><td>"])
def test_a_malformed_page_is_read_in_one_pass(piece):
    assert problems_of("<html>Started Lasted" + piece * 50_000)


def test_hours_of_a_day_say_that_there_was_a_headache_and_must_fit():
    mapping = read_mapping({"rows": "days", "columns": {"date": "d", "hours": "h", "headache": "k"}}, "map.toml")
    found = load("d,h,k\n2026-03-01,2.5,\n2026-03-02,0,\n2026-03-03,3,mild\n", layout="csv", mapping=mapping)
    assert days(found) == ["2026-03-01", "2026-03-03"]
    assert days(found, state=False) == ["2026-03-02"]
    assert "the day is clear but hours" in problems_of("d,h,k\n2026-03-01,2.5,none\n", layout="csv", mapping=mapping)[0].what


def test_a_number_of_doses_that_is_told_stands():
    mapping = read_mapping({"rows": "days", "columns": {"date": "d", "acute_doses": "n", "medicines": "m"}}, "map.toml")
    rows = "2026-03-01,3,Ibuprofen\n2026-03-02,0,\n2026-03-03,,none\n2026-03-04,,Propranolol\n"
    found = load(f"d,n,m\n{rows}", layout="csv", mapping=mapping)
    assert [one.acute_doses for one in found.diary.records] == [3, 0, 0, None]
    assert days(found, "acute_med_day") == ["2026-03-01"]


def test_an_end_that_has_a_day_but_no_time_marks_the_days_and_keeps_no_end():
    mapping = read_mapping({"columns": {"date": "d", "end_date": "e", "pain": "p"}}, "map.toml")
    found = load("d,e,p\n2026-03-01,2026-03-03,5\n", layout="csv", mapping=mapping)
    assert days(found) == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert found.diary.beside.attacks[0].end is None
    assert "the end is not kept" in lost(found)
    assert "ends on 2026-02-01" in problems_of("d,e,p\n2026-03-01,2026-02-01,5\n", layout="csv", mapping=mapping)[0].what


# ---- a later export of the same program


def later(first: str, second: str, header: str = BUDDY, **options):
    """A diary, and the sum with a later export."""
    old = load(header + first, **options).diary
    return old, merge(old, load(header + second, **options).diary)


def changes(diary) -> str:
    return "\n".join(f"{one.where}: {one.what}" for one in diary.lost if one.where.startswith("--into"))


def test_a_changed_start_makes_no_second_attack():
    _, both = later("2026-03-01,10:00,5,2h,,,,\n", "2026-03-01,10:30,5,2h,,,,\n")
    (attack,) = both.beside.attacks
    assert attack.start.isoformat() == "2026-03-01T10:30:00+01:00"
    assert "the attack of 2026-03-01 10:00: told anew by the later export (start: 2026-03-01 10:00:00+01:00 ->" in changes(both)


def test_a_day_that_the_program_no_longer_tells_is_left_out_and_listed_once():
    rows = "2026-02-25,10:00,5,2h,,,,\n{}2026-02-28,10:00,5,2h,,,,\n"
    _, both = later(rows.format("2026-02-26,10:00,2,2h,Ibuprofen,,,\n"), rows.format(""))
    assert [str(one.date) for one in both.records] == ["2026-02-25", "2026-02-28"]
    assert len(both.beside.attacks) == 2
    assert both.beside.doses == ()
    told = changes(both).splitlines()
    assert told[0] == "--into, 2026-02-26: no longer in the later export; left out."
    assert told[1] == "--into, the attack of 2026-02-26 10:00: no longer in the later export; left out."
    assert len(told) == 2
    assert merge(both, both).records == both.records


def test_what_lies_outside_the_days_of_the_later_export_stays():
    old, both = later("2026-02-01,10:00,5,2h,,,,\n2026-03-01,10:00,5,2h,,,,\n", "2026-03-01,10:00,5,2h,,,,\n")
    assert (both.records, both.beside) == (old.records, old.beside)
    assert changes(both) == ""


def test_a_changed_amount_is_no_second_dose():
    row = "2026-03-01,10:00,5,2h,Ibuprofen {},,,\n"
    _, both = later(row.format("400mg"), row.format("600mg"))
    assert [dose.amount for dose in both.beside.doses] == [600]
    assert "doses: Ibuprofen 400 mg -> Ibuprofen 600 mg" in changes(both)


def test_what_the_person_or_another_program_told_never_vanishes():
    old = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-03,10:00,5,2h,,,,\n2026-03-05,10:00,5,2h,,,,\n").diary
    own = Diary((DayRecord(date=date(2026, 3, 3), mood=4), DayRecord(date=date(2026, 3, 4), headache="clear")))
    dose = DoseEntry(date=date(2026, 3, 3), name="Tea", attack=old.beside.attacks[1].id)
    own = replace(own, beside=Beside(doses=(dose,)))
    for mixed in (merge(old, own), merge(own, old)):
        both = merge(mixed, load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-05,10:00,5,2h,,,,\n").diary)
        assert [one.date.day for one in both.records] == [1, 3, 4, 5]
        assert both.records[1].mood == 4
        assert set(both.records[1].source.split("; ")) == {"patient", "import:migraine_buddy_csv"}
        assert [(one.name, one.attack) for one in both.beside.doses] == [("Tea", None)]
        assert len(both.beside.attacks) == 2


def test_an_attack_that_two_programs_tell_stays_when_one_of_them_drops_it():
    rows = "2026-03-01,10:00,5,2h,,,,\n{}2026-03-05,10:00,5,2h,,,,\n"
    there = rows.format("2026-03-03,10:00,5,2h,,,,\n")
    other = AIDING + "2026-03-03,10:00,12:00,2.0,5,Moderate,,,,completed,\n"
    mixed = merge(load(BUDDY + there).diary, load(other).diary)
    both = merge(mixed, load(BUDDY + rows.format("")).diary)
    assert [one.date.day for one in both.records] == [1, 3, 5]
    assert len(both.beside.attacks) == 3


def test_after_a_partial_import_nothing_vanishes():
    old = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-03,10:00,5,2h,,,,\n2026-03-05,10:00,5,2h,,,,\n").diary
    rest = load(f"{BUDDY}2026-03-01,10:00,5,2h,,,,\n2026-03-03,10:00,55,2h,,,,\n2026-03-05,10:00,5,2h,,,,\n", partial=True)
    both = merge(old, rest.diary, whole=False)
    assert (both.records, both.beside) == (old.records, old.beside)


def test_two_tables_that_are_mapped_differently_are_two_programs():
    one = read_mapping({"rows": "days", "columns": {"date": "d", "headache": "h"}}, "map.toml")
    two = read_mapping({"rows": "days", "columns": {"date": "d", "sleep_h": "s"}}, "map.toml")
    old = load("d,h\n2026-03-01,mild\n2026-03-02,none\n2026-03-03,none\n", layout="csv", mapping=one).diary
    both = merge(old, load("d,s\n2026-03-01,7\n2026-03-03,8\n", layout="csv", mapping=two).diary)
    assert [(r.headache, r.sleep_h) for r in both.records] == [("mild", 7), ("clear", None), ("clear", 8)]
    anew = merge(old, load("d,h\n2026-03-01,severe\n2026-03-03,none\n", layout="csv", mapping=one).diary)
    assert [r.headache for r in anew.records] == ["severe", "clear"]


def test_many_changes_are_cut_and_counted():
    rows = "".join(f"2026-{month:02d}-{day:02d},10:00,{{0}},1h,,,,\n" for month in (1, 2, 3) for day in range(1, 29))
    _, both = later(rows.format(3), rows.format(8))
    told = changes(both).splitlines()
    assert len(told) == 41
    assert "and 128 more changes" in told[-1]


# ---- doses that two programs tell


def taken(source="import:a", **values):
    return DoseEntry(**{"date": date(2026, 3, 1), "drug": "ibuprofen", "source": source, **values})


def doses_of(*told):
    found = Diary(())
    for several in told:
        found = merge(found, Diary((), beside=Beside(doses=tuple(several))))
    return [(one.name, one.amount, one.time, one.source) for one in found.beside.doses]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"amount": Decimal(400), "unit": "mg"}, {"time": "10:00"}),
        ({"time": "10:00", "name": "Brufen"}, {"time": "12:59", "amount": Decimal(400), "unit": "mg"}),
        ({"amount": Decimal(1), "unit": "{dose}"}, {"amount": Decimal(400), "unit": "mg", "kind": "acute"}),
        ({"drug": None, "name": "Wonder-Pill"}, {"drug": None, "name": "wonder pill", "amount": Decimal(400), "unit": "mg"}),
    ],
)
def test_one_dose_that_two_programs_tell_is_one(one, other):
    first, second = taken(**one), taken("import:b", **other)
    for told in ([[first], [second]], [[first], [second], [first], [second]], [[second], [first]]):
        (dose,) = doses_of(*told)
        assert set(dose[3].split("; ")) == {"import:a", "import:b"}
        assert dose[1] in (None, 400)
        assert (dose[1] is None) == (400 not in (one.get("amount"), other.get("amount")))


@pytest.mark.parametrize(
    "other",
    [{"amount": Decimal(200), "unit": "mg"}, {"time": "13:01"}, {"drug": "sumatriptan"}, {"state": "skipped"},
     {"date": date(2026, 3, 2)}],
)  # fmt: skip
def test_doses_that_are_told_differently_are_several(other):
    first = taken(amount=Decimal(400), unit="mg", time="10:00", state="taken")
    assert len(doses_of([first], [taken(**{"source": "import:b", **other})])) == 2


def test_two_doses_of_one_program_stay_two_and_each_meets_the_one_that_is_nearest():
    mine = [taken(time="08:00"), taken(time="10:00")]
    other = [taken("import:b", time="09:50", name="second"), taken("import:b", time="08:10", name="first")]
    expected = [("first", None, "08:00", "import:a; import:b"), ("second", None, "10:00", "import:a; import:b")]
    assert doses_of(mine, other) == doses_of(mine, other, other, mine) == expected
    assert len(doses_of(mine, [taken("import:b", time=f"{hour:02d}:00") for hour in (8, 9, 10)])) == 3


def test_thousands_of_doses_of_one_day_are_no_trouble():
    assert len(doses_of([taken()] * 2000, [taken("import:b", kind="acute")] * 2000)) >= 2000


# ---- clear days that are not sure


def test_lines_from_long_before_the_first_headache_are_unknown():
    first = date(2026, 3, 30)
    rows = "".join(f"{first - timedelta(days=n)},,,,good,work | ibuprofen,,\n" for n in (40, 29, 28, 1))
    found = load(f"{DAYLIO}{rows}{first},,,,bad,headache,,\n{first + timedelta(days=90)},,,,good,work,,\n")
    assert days(found, state=False) == [str(first - timedelta(days=28)), str(first - timedelta(days=1)), "2026-06-28"]
    assert len(found.diary.records) == 6
    assert "no headache is named before 2026-03-30; days before 2026-03-02 are no clear days but unknown (2 times)" in lost(
        found
    )


def test_a_clear_day_right_after_an_attack_without_an_end_is_kept_and_listed():
    rows = "".join(f"2026-03-{day:02d},20:00:00,{pain},,,,,,X,Europe/Berlin\n" for day, pain in enumerate([5, 0] * 7, start=1))
    found = load(NAVIGATOR + rows)
    assert len(days(found, state=False)) == 7
    told = lost(found)
    assert "7 clear days come right after an attack without an end (2026-03-02, 2026-03-04, 2026-03-06, 2026-03-08" in told
    assert told.count("may have run on") == 1
    assert "2026-03-12" not in told


# ---- words for medicines and strength


@pytest.mark.parametrize("word", ["0", "-", "–", "no", "None", "nein", "Keine", "keiner", "non", "無", "なし", "ninguno"])
def test_words_for_no_medicine_are_an_answer(word):
    for found in (
        load(f'{BUDDY}2026-03-01,10:00,5,1h,"{word}",,,\n'),
        load(mapped("keiner", word), layout="csv", mapping=DAY_MAP),
    ):
        assert found.diary.records[0].acute_doses == 0
        assert found.diary.beside.doses == ()
        assert "medicine" not in lost(found)


@pytest.mark.parametrize("word", ["yes", "ja", "x", "1", "2x", "1,5", "2 Tabletten", "sí", "✓"])
def test_a_bare_yes_or_count_is_no_name_of_a_medicine(word):
    for found in (
        load(f'{BUDDY}2026-03-01,10:00,5,1h,"{word}",,,\n'),
        load(mapped("mild", word), layout="csv", mapping=DAY_MAP),
    ):
        assert (found.diary.records[0].acute_doses, found.diary.beside.doses) == (None, ())
        assert "a value without a name is no medicine, left out (1 time" in lost(found)


DAY_MAP = read_mapping({"rows": "days", "columns": {"date": "d", "headache": "h", "medicines": "m"}}, "map.toml")


def mapped(headache: str, medicines: str = "") -> str:
    return f'd,h,m\n2026-03-01,{headache},"{medicines}"\n'


@pytest.mark.parametrize(
    ("words", "level"),
    [(("nein", "kein", "keine", "keiner", "no", "none", "aucune", "ninguno", "schmerzfrei"), "clear"),
     (("leicht", "léger", "ligero"), "mild"), (("mittel", "mäßig", "moyen"), "moderate"),
     (("stark", "heftig", "fuerte"), "severe"), (("ja", "✓", "oui"), "present")],
)  # fmt: skip
def test_words_for_the_strength_are_understood_in_several_languages(words, level):
    for word in words:
        assert load(mapped(word), layout="csv", mapping=DAY_MAP).diary.records[0].headache == level


def test_a_word_that_is_not_known_is_told_what_could_stand_there():
    (problem,) = problems_of(mapped("mies"), layout="csv", mapping=DAY_MAP)
    assert "clear" in problem.try_this
    assert "severe" in problem.try_this
    assert "[words]" in problem.try_this
    (problem,) = problems_of(f"{BUDDY}2026-03-01,10:00,mies,1h,,,,\n")
    assert "0 to 10" in problem.try_this
    assert "moderate" in problem.try_this
    assert "[words]" not in problem.try_this


# ---- zones


def test_offsets_that_the_home_zone_never_has_are_listed():
    late = record("Headache", "2026-03-01 20:00:00", "2026-03-01 21:00:00", "2", zone="-0500")
    told = lost(health(late, zone="Asia/Tokyo"))
    assert "the times carry the offset -05:00, which Asia/Tokyo never has then; days are counted in Asia/Tokyo." in told
    home = record("Headache", "2026-03-05 20:00:00", "2026-03-05 21:00:00", "2")
    assert "carry" not in lost(health(late, home)) + lost(health(late, zone="America/New_York")) + lost(health(late, zone=None))
    stamps = json.dumps([episode(start_time="2026-03-01T23:30:00-05:00", end_time=None)])
    assert "carry the offset -05:00" in lost(load(stamps))
    assert "carry" not in lost(load(json.dumps([episode()])))


def test_a_zone_that_the_file_names_gives_way_to_the_one_that_was_asked_for():
    text = migralog(dailyStatusLogs=[status("2026-03-01", "green")], medicationSchedules=[{"timezone": "America/New_York"}])
    found = load(text)
    assert found.diary.about["zone"] == BERLIN
    assert "the file says America/New_York, you said Europe/Berlin; days are counted in Europe/Berlin." in lost(found)
    row = f"{NAVIGATOR}2026-03-01,05:00:00,5,,,Good,,,X,Asia/Tokyo\n"
    assert "its rows say Asia/Tokyo, you said Europe/Berlin" in lost(load(row))
    travel = row + "2026-03-05,05:00:00,5,,,Good,,,X,Europe/Berlin\n"
    assert "its rows say" not in lost(load(travel)) + lost(load(row, zone=None))


def test_without_a_zone_it_says_that_lengths_ignore_changes_of_the_clock():
    row = f"{BUDDY}2026-03-29,01:30,5,2h,,,,\n2026-03-30,01:30,5,2h,,,,\n"
    assert lost(load(row, zone=None)).count("lengths ignore changes of the clock") == 1
    assert "changes of the clock" not in lost(load(row))
