"""Reading and writing diaries: everything that is wrong is said, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cleardays.diary.answers import recalled
from cleardays.diary.importing import import_diary
from cleardays.diary.outcomes import day_series
from cleardays.diary.own_csv import read_days, write_days
from cleardays.problems import BadInput


def read(text: str):
    return read_days(text.splitlines(keepends=True), "days.csv")


def problems_of(text: str):
    with pytest.raises(BadInput) as caught:
        read(text)
    return caught.value.problems


def test_the_smallest_file_is_a_date_and_a_headache():
    (record,) = read("date,headache\n2026-03-01,severe\n").records
    assert record.date == date(2026, 3, 1)
    assert record.headache == "severe"
    assert record.aura is None


def test_every_column_is_read():
    header = (
        "date,reported_at,backfilled_days,source,status,headache,pain_max,hours,migraine,migraine_rule,aura,nausea,vomiting,"
        "light,sound,worse_moving,one_sided,pulsating,acute_doses,acute_classes,function,craving,mood,sleep_h,use_day,menses,note"
    )
    row = (
        "2026-03-01,2026-03-01T21:00:00+01:00,0,patient,complete,moderate,6,4.5,yes,leiden-1,n,y,n,y,y,y,n,y,2,triptan;nsaid,"
        '2,3,4,7.25,n,y,"after lunch, in the office"'
    )
    (record,) = read(f"{header}\n{row}\n").records
    assert record.hours == Decimal("4.5")
    assert record.acute_classes == ("nsaid", "triptan")
    assert record.note == "after lunch, in the office"
    assert record.nausea is True
    assert record.vomiting is False


def test_an_empty_cell_is_unknown_and_never_zero():
    (record,) = read("date,headache,acute_doses,pain_max\n2026-03-01,present,,\n").records
    assert record.acute_doses is None
    assert record.pain_max is None


def test_every_bad_cell_of_the_file_is_named_with_line_and_column():
    found = problems_of(
        "date,headache,pain_max\n02/03/2026,severe,\n2026-03-02,awful,\n2026-03-03,mild,11\n2026-03-04,mild,x\n"
    )
    assert [problem.where for problem in found] == [
        "days.csv, line 2, date",
        "days.csv, line 3, headache",
        "days.csv, line 4, pain_max",
        "days.csv, line 5, pain_max",
    ]
    assert "2026-03-04" in found[0].try_this
    assert "clear, present, mild, moderate, severe" in found[1].try_this


@pytest.mark.parametrize("text", ["20260302", "2026-W10-1", "2026-02-30", "26-03-02", "0026-03-02", "2026-3-2", "١٢٣٤-٠١-٠١"])
def test_only_plain_iso_days_are_taken(text):
    (problem,) = problems_of(f"date,headache\n{text},mild\n")
    assert problem.where == "days.csv, line 2, date"


@pytest.mark.parametrize(
    ("row", "column"),
    [("clear,4,", "pain_max"), ("clear,,2", "hours"), ("mild,0,", "pain_max"), ("present,,0", "hours"), (",0,5", "hours")],
)
def test_answers_that_contradict_each_other_are_refused(row, column):
    (problem,) = problems_of(f"date,headache,pain_max,hours\n2026-03-01,{row}\n")
    assert problem.where.endswith(column)


def test_a_declined_day_has_no_answers_and_stays_unknown():
    diary = read("date,status,headache\n2026-03-01,declined,\n2026-03-02,complete,mild\n")
    assert day_series(diary, "headache_day").states == (None, True)
    assert problems_of("date,status,headache\n2026-03-01,declined,mild\n")[0].where.endswith("status")


def test_exact_repeats_are_kept_once_and_listed():
    diary = read("date,headache\n2026-03-01,mild\n2026-03-01,mild\n")
    assert len(diary.records) == 1
    assert diary.lost[0].where == "days.csv, line 3"


def test_conflicting_repeats_name_both_lines():
    (problem,) = problems_of("date,headache\n2026-03-01,mild\n2026-03-02,clear\n2026-03-01,clear\n")
    assert problem.where == "days.csv, line 4"
    assert "line 2" in problem.what


def test_days_out_of_order_are_sorted():
    diary = read("date,headache\n2026-03-03,mild\n2026-03-01,clear\n")
    assert [record.date.day for record in diary.records] == [1, 3]
    assert day_series(diary, "headache_day").states == (False, None, True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "holds no table"),
        ("date,headache\n", "no rows"),
        ("not,a\ndiary\x00\n", "no column date"),
        ("date,date,headache\n2026-03-01,2026-03-01,mild\n", "twice"),
        ("date,headach\n2026-03-01,mild\n", "headach"),
        ("date,headache\n2026-03-01,mild,7\n", "3 cells"),
        ('date,headache\n2026-03-01,"mild\n', "cannot be read"),
        ("#version=2\ndate,headache\n2026-03-01,mild\n", "version"),
        ("date,headache\n1926-03-01,mild\n2126-03-01,mild\n", "longer than a life"),
        ("date,headache\n,mild\n", "day is missing"),
        ("#zone=Foo/Bar\ndate,headache\n2026-03-01,mild\n", "no time zone"),
        ("#zone=../../etc/passwd\ndate,headache\n2026-03-01,mild\n", "no time zone"),
        ("date,reported_at,headache\n2026-03-01,9999-12-31T23:30:00-14:00,mild\n", "cannot be read"),
    ],
)
def test_unusable_files_say_what_was_seen(text, what):
    assert any(what in problem.what for problem in problems_of(text))


def test_a_misspelt_column_is_not_dropped_silently():
    (problem,) = problems_of("date,headache,pain_maxx\n2026-03-01,mild,3\n")
    assert "Did you mean pain_max?" in problem.try_this


def test_a_foreign_column_is_listed_as_lost():
    diary = read("date,headache,weather\n2026-03-01,mild,rain\n")
    assert diary.lost[0].where == "column weather"


def test_formulas_are_guarded_on_the_way_out_and_restored_on_the_way_in():
    text = "date,headache,note\n2026-03-01,mild,'=1+1\n2026-03-02,mild,''-x\n"
    diary = read(text)
    assert [record.note for record in diary.records] == ["=1+1", "'-x"]
    assert read(write_days(diary)) == diary
    assert "'=1+1" in write_days(diary)


def test_the_header_lines_travel_with_the_diary():
    diary = read("#version=1\n#person=ann\n#zone=Europe/Berlin\ndate,headache\n2026-03-01,mild\n")
    assert diary.about == {"person": "ann", "zone": "Europe/Berlin"}
    assert write_days(diary).startswith("#version=1\n#person=ann\n#zone=Europe/Berlin\ndate,headache\n")


def test_a_byte_order_mark_and_windows_lines_are_harmless():
    diary = read_days(["\ufeffdate,headache\r\n", "2026-03-01,mild\r\n"], "days.csv")
    assert diary.records[0].headache == "mild"


def test_an_entry_written_after_the_next_day_is_recalled():
    diary = read(
        "#zone=Europe/Berlin\ndate,reported_at,backfilled_days,headache\n"
        "2026-03-01,2026-03-02T22:30:00+00:00,,mild\n"  # 23:30 in Berlin, the next day
        "2026-03-02,2026-03-03T23:30:00+00:00,,mild\n"  # already the day after next in Berlin
        "2026-03-03,,2,mild\n"
    )
    assert [recalled(record, "Europe/Berlin") for record in diary.records] == [False, True, True]


KD = (
    "row,id,time,dos,hatype,age,airq,medication,headache,sex\n"
    "1,7,-1,753,Aura,30,9.0,reduced,yes,female\n"
    "2,7,0,754,Aura,30,7.0,reduced,no,female\n"
    "3,7,3,757,Aura,30,7.0,reduced,yes,female\n"
    "4,8,0,757,Aura,30,7.0,none,yes,female\n"
)


def import_kd(text=KD, **options):
    return import_diary(text.splitlines(keepends=True), "kd.csv", **options)


def test_the_kostecki_dillon_layout_is_recognised_and_day_zero_is_treated():
    layout, diary = import_kd(person="7", day_zero=date(2026, 3, 2))
    assert layout == "kostecki-dillon"
    assert day_series(diary, "headache_day").states == (True, False, None, None, True)
    assert diary.records[0].date == date(2026, 3, 1)
    assert diary.about["co_intervention"] == "the usual medicines were reduced at the same time"
    assert {lost.where for lost in diary.lost} >= {"column airq", "column hatype"}


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"day_zero": date(2026, 3, 2)}, "2 people"),
        ({"person": "9", "day_zero": date(2026, 3, 2)}, "nobody"),
        ({"person": "7"}, "no dates"),
    ],
)
def test_the_kostecki_dillon_layout_asks_for_what_it_needs(options, what):
    with pytest.raises(BadInput, match=what):
        import_kd(**options)


def test_bad_cells_of_the_person_are_all_named():
    text = KD + "5,7,x,1,Aura,30,7,reduced,maybe,female\n6,8,y,1,Aura,30,7,none,yes,female\n"
    with pytest.raises(BadInput) as caught:
        import_kd(text, person="7", day_zero=date(2026, 3, 2))
    assert [problem.where for problem in caught.value.problems] == ["kd.csv, line 6, time", "kd.csv, line 6, headache"]


@pytest.mark.parametrize(
    "text", [KD + "5,7,-99999,1,Aura,30,7,reduced,yes,female\n", KD.replace(",yes,", ",,").replace(",no,", ",,")]
)
def test_the_kostecki_dillon_layout_refuses_what_could_not_be_read_again(text):
    with pytest.raises(BadInput):
        import_kd(text, person="7", day_zero=date(2026, 3, 2))


def test_an_unknown_layout_lists_the_known_ones():
    with pytest.raises(BadInput) as caught:
        import_diary(["Started,Lasted\n", "1,2\n"], "export.csv")
    assert "date,headache" in caught.value.problems[0].try_this


@pytest.mark.parametrize(
    ("header", "hint"),
    [("date;headache", "semicolons"), ("date\theadache", "tabs"), ("2026-03-01,mild", "put a line date,headache above it")],
)
def test_a_header_without_a_date_gets_the_cure_that_fits(header, hint):
    assert hint in problems_of(f"{header}\n")[0].try_this
    with pytest.raises(BadInput) as caught:
        import_diary([f"{header}\n"], "x.csv")
    assert hint in caught.value.problems[0].try_this


def test_capital_letters_are_no_mistake():
    assert read("Date,Headache,Aura\n2026-03-01,Severe,Y\n") == read("date,headache,aura\n2026-03-01,severe,y\n")


def test_a_bare_carriage_return_in_a_note_survives_the_round_trip():
    diary = read('date,headache,note\n2026-01-01,clear,"tired\r2026-01-02,severe"\n')
    assert len(diary.records) == 1
    assert read(write_days(diary)) == diary


def test_what_stands_under_a_nameless_column_is_listed_as_lost():
    diary = read("date,headache,,\n2026-01-01,mild,severe aura,\n")
    assert [(lost.where, "line 2" in lost.what) for lost in diary.lost] == [("column 3", True)]


def test_padding_commas_of_a_spreadsheet_do_not_change_the_header_lines():
    assert read("#version=1,\n#person=ann,\ndate,headache\n2026-03-01,mild\n").about == {"person": "ann"}


def test_control_characters_in_the_header_lines_are_dropped():
    assert read("#person=\x1b[2Jann\u202e\ndate,headache\n2026-03-01,mild\n").about == {"person": "[2Jann"}


def test_a_header_of_thousands_of_columns_is_refused_at_once():
    (problem,) = problems_of(",".join(str(i) for i in range(200_000)) + "\n")
    assert "200,000 cells" in problem.what


def test_a_report_from_before_its_day_is_refused():
    (problem,) = problems_of("date,reported_at,headache\n2026-03-01,2026-01-01T10:00:00+01:00,mild\n")
    assert problem.where.endswith("reported_at")


def test_everything_that_is_not_taken_from_the_kostecki_dillon_layout_is_listed():
    text = KD.replace(",sex\n", ",sex,note\n", 1).replace("reduced,yes,female", "stopped,,female,tired", 1)
    _, diary = import_kd(text, person="7", day_zero=date(2026, 3, 2))
    lost = {lost.where: lost.what for lost in diary.lost}
    assert {"column row", "column note", "column medication", "kd.csv, line 2"} <= set(lost)
    assert "stays unknown" in lost["kd.csv, line 2"]


@pytest.mark.parametrize(
    "options", [{"person": "bob"}, {"zone": "Asia/Tokyo"}, {"day_zero": date(2026, 1, 1)}], ids=["person", "zone", "day zero"]
)
def test_an_option_never_overrules_the_file(options):
    lines = ["#person=alice\n", "#zone=Europe/Berlin\n", "date,headache\n", "2026-03-01,mild\n"]
    with pytest.raises(BadInput):
        import_diary(lines, "days.csv", **options)
    assert import_diary(lines, "days.csv", person="alice", zone="Europe/Berlin")[1].person == "alice"


@pytest.mark.parametrize("value", [",", "a,", '"', '"a"', '",', "a,b", "x"])
def test_what_stands_above_the_table_is_read_as_it_was_written(value):
    text = write_days(replace(read("date,headache\n2026-03-01,mild\n"), about={"person": value}))
    assert read(text).about == {"person": value}
    padded = "\n".join(f"{line},,," if line.startswith("#") else line for line in text.splitlines()) + "\n"
    assert read(padded).about == {"person": value}
