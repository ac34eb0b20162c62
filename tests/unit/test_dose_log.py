"""The log of doses, how far a plan was followed, and the gaps between doses: worked out by hand."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cleardays.diary.entries import DoseEntry
from cleardays.plan.adherence import adherence
from cleardays.plan.dose_log import DoseLog, LoggedDose, parse_log, read_log
from cleardays.plan.dose_table import log_of_diary, read_table
from cleardays.plan.gap_alert import gap_alerts
from cleardays.plan.planned_doses import full_dose, planned
from cleardays.problems import BadInput
from reference.plans import START, changed, plan_of

CET = timezone(timedelta(hours=1))
BACLOFEN = ("baclofen", "chronic-migraine")


def day(number):
    """Day 1 is the first of the plan."""
    return START + timedelta(days=number - 1)


def entry(number, status="taken", slot=1, **more):
    return LoggedDose(day=day(number), slot=slot, status=status, **more)


def at(number, hour, minute=0):
    return datetime(day(number).year, day(number).month, day(number).day, hour, minute, tzinfo=CET)


def log_of(*entries):
    return DoseLog(tuple(entries))


def counted(file, log, until):
    found = adherence(file, log, day(until))
    return found.planned, found.taken, found.late, found.skipped, found.unlogged


def problems_of(raw):
    with pytest.raises(BadInput) as bad:
        parse_log(raw, "log.json")
    return {(problem.where.removeprefix("log.json, "), problem.what) for problem in bad.value.problems}


def test_a_log_is_read_back_as_it_was_written():
    log = log_of(
        entry(1, at=at(1, 21), note="with food"), entry(2, "skipped"), entry(2, logged_at=at(5, 8)), entry(1, slot=2),
        entry(3, "late", at=at(4, 2), amount=Decimal("12.5"), unit="mg"),
    )  # fmt: skip
    assert parse_log(json.dumps(log.document())) == log
    assert read_log(log.document()["doses"]) == log


def test_every_slip_of_a_log_is_told_with_its_entry_and_its_field():
    rows = [
        {"day": "2026-02-30"}, {"status": "eaten"}, {"day": None}, {"slot": 0}, {"at": "2026-03-02T21:00"},
        {"status": "skipped", "amount": 5}, {"at": "2027-03-02T21:00Z"}, {"amount": 0}, {"unit": "mg"}, {"wen": "now"},
    ]  # fmt: skip
    whole = [{"day": "2026-03-02", "status": "taken", **row} for row in rows]
    fields = {where for where, _ in problems_of(json.dumps({"doses": whole}))}
    assert fields == {
        "entry 1.day", "entry 2.status", "entry 3.day", "entry 4.slot", "entry 5.at", "entry 6.amount", "entry 7.at",
        "entry 8.amount", "entry 9.unit", "entry 10.wen",
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    ["", "[1", '{"doses": 3}', '{"doses": [], "doses": []}', '{"doses": [], "format_version": 2}', '{"doses": [], "other": 1}',
     '{"doses": [], "format": "cleardays-plan"}', "[[]]"],
)  # fmt: skip
def test_what_is_no_log_is_refused_whole(raw):
    assert problems_of(raw)


def test_a_table_says_the_same_as_json_and_names_line_and_column():
    rows = "2026-03-02,,taken,2026-03-02T21:00+01:00,12.5,mg,late tea\n2026-03-03,2,skipped,,,,\n"
    found = read_table(io.StringIO(f"day,slot,status,at,amount,unit,note\n{rows}"), "doses.csv", "lamotrigine")
    assert found.entries == (
        entry(1, at=at(1, 21), amount=Decimal("12.5"), unit="mg", note="late tea"), entry(2, "skipped", slot=2),
    )  # fmt: skip
    with pytest.raises(BadInput) as bad:
        read_table(io.StringIO("day,status,at\n2026-3-2,taken,\n2026-03-03,skipped,2026-03-03T21:00Z\n"), "doses.csv", "x")
    assert [problem.where for problem in bad.value.problems] == ["doses.csv, line 2, day", "doses.csv, line 3, at"]


def test_what_a_table_has_beside_it_is_listed_as_left_out():
    found = read_table(io.StringIO("day,status,weather\n2026-03-02,taken,rain\n"), "doses.csv", "lamotrigine")
    assert [lost.where for lost in found.lost] == ["column weather"]


def test_the_later_correction_counts_and_the_earlier_entry_stays():
    first, second, third = entry(3, "skipped", logged_at=at(3, 23)), entry(3, logged_at=at(4, 8)), entry(3, "late")
    for order in ((first, second, third), (second, third, first), (third, first, second)):
        log = log_of(*order)
        assert log.told() == {(day(3), 1): second}
        assert [(each.counts, each.earlier) for each in log.repeated()] == [(second, (third, first))]
        assert log.entries == order
    assert log_of(entry(1, "skipped"), entry(1)).told()[day(1), 1].status == "taken"  # as they were stored


def test_the_doses_of_a_diary_are_read_by_their_day_and_order():
    doses = [
        DoseEntry(date=day(1), time="20:00", kind="preventive", drug="baclofen", amount=Decimal(5), unit="mg", state="taken"),
        DoseEntry(date=day(1), time="08:00", kind="preventive", name="Lioresal", state="late"),
        DoseEntry(date=day(1), time="08:00", kind="preventive", drug="topiramate", state="taken"),
        DoseEntry(date=day(1), kind="acute", drug="baclofen", state="taken"),
        DoseEntry(date=day(2), kind="preventive", drug="baclofen", state="planned"),
        DoseEntry(date=day(3), kind="preventive", drug="baclofen", state="skipped"),
    ]
    found = log_of_diary(doses, "baclofen", ZoneInfo("Europe/Berlin")).entries
    assert [(each.day, each.slot, each.status) for each in found] == [
        (day(1), 1, "late"), (day(1), 2, "taken"), (day(3), 1, "skipped"),
    ]  # fmt: skip
    assert (found[1].at, found[1].amount, found[1].unit) == (at(1, 20), Decimal(5), "mg")
    assert log_of_diary(doses, "baclofen").entries[1].at is None  # without a zone no time is sure


def test_planned_doses_follow_the_steps():
    """Baclofen: 5 mg once for three days, twice for three days, then three times a day."""
    doses = planned(plan_of(*BACLOFEN), day(1), day(8))
    assert [sum(each.day == day(n) for each in doses) for n in range(1, 9)] == [1, 1, 1, 2, 2, 2, 3, 3]
    assert {each.amount for each in doses} == {Decimal(5)}
    assert [(each.slot, each.of_day) for each in doses if each.day == day(7)] == [(1, 3), (2, 3), (3, 3)]


def test_on_alternate_days_nothing_is_due_in_between():
    file = plan_of(medicines=["valproate"])
    assert [each.day for each in planned(file, day(1), day(7))] == [day(1), day(3), day(5), day(7)]


def test_a_step_that_is_taken_only_if_needed_is_not_due():
    file = plan_of(medicines=["carbamazepine"])
    needed = next(step for step in file.plan.steps if step.if_needed)
    before = [step for step in file.plan.steps if step.first < needed.first][-1]
    found = planned(file, needed.first, needed.first)
    assert tuple(each.amount for each in found) == before.amounts
    assert full_dose(file).daily == before.daily


def test_a_day_is_held_against_the_version_of_that_day():
    """Baclofen held on its second step for a week from day 5: what was due before stays."""
    before = plan_of(*BACLOFEN)
    after = changed(before, "hold", day(5), days=7)
    assert planned(after, day(1), day(4)) == planned(before, day(1), day(4))
    assert [len(planned(after, day(n), day(n))) for n in (6, 7, 13, 14)] == [2, 2, 2, 3]
    assert [len(planned(after, day(n), day(n), as_of=day(4))) for n in (6, 7)] == [2, 3]


def test_a_later_version_that_says_otherwise_of_the_past_is_not_asked_about_it():
    file = plan_of(*BACLOFEN)
    rewritten = {**file.entries[0].after, "steps": file.entries[0].after["steps"][2:]}
    later = file.entries[0]._replace(version=2, on=day(7), after=rewritten, data={})
    found = file._replace(entries=(*file.entries, later))
    assert [len(planned(found, day(n), day(n))) for n in (1, 4, 6, 7)] == [1, 2, 2, 3]


def test_counts_and_bounds():
    """Ten days once a day: 4 in time, 1 late, 2 skipped, 3 not told."""
    file = plan_of()
    log = log_of(*map(entry, (1, 2, 3, 6)), entry(4, "late"), entry(5, "skipped"), entry(9, "skipped"))
    assert counted(file, log, 10) == (10, 4, 1, 2, 3)
    found = adherence(file, log, day(10))
    assert (found.share, found.bounds) == (5 / 7, (0.5, 0.8))


def test_without_a_log_nothing_is_taken_and_nothing_missed():
    found = adherence(plan_of(), DoseLog(), day(30))
    assert (found.planned, found.unlogged, found.skipped, found.share, found.bounds) == (30, 30, 0, None, (0, 1))
    assert found.longest is None
    assert found.open is None


def test_what_was_not_planned_or_of_another_amount_is_told_apart():
    log = log_of(entry(1, amount=Decimal("0.05"), unit="g"), entry(2, amount=Decimal(25)), entry(3, slot=2), entry(12))
    found = adherence(plan_of(), log, day(5))
    assert (found.taken, found.other_amount, found.unlogged) == (2, 1, 3)
    assert [each.slot for each in found.extra] == [2]
    with pytest.raises(BadInput, match="no unit of the plan"):
        adherence(plan_of(), log_of(entry(1, amount=Decimal(1), unit="U")), day(5))


def test_doses_of_a_gap_that_the_plan_tells_of_are_known():
    file = changed(plan_of(), "gap", day(10), missed_from=day(7).isoformat(), hours=96)
    assert counted(file, log_of(entry(6)), 10) == (10, 1, 0, 3, 6)
    assert counted(file, log_of(entry(8)), 10)[1:4] == (1, 0, 2)  # what the log says of a dose counts more


def test_a_session_that_was_moved_is_due_once():
    file = plan_of("onabotulinumtoxina", "chronic-migraine")
    late = changed(file, "session", day(92), planned=day(85).isoformat(), given=day(92).isoformat())
    assert [each.dose.day for each in _due(late, 100)] == [day(1), day(92)]
    out = changed(file, "session", day(85), planned=day(85).isoformat(), given=None)
    assert [(each.dose.day, each.skipped) for each in _due(out, 84)] == [(day(1), False)]


def _due(file, until):
    from cleardays.plan.intake import intakes

    return intakes(file, DoseLog(), day(until))[0]


def test_the_longest_gap_by_the_clock():
    """Taken on day 1 at 21:00, skipped on days 2 and 3, taken on day 4 at 09:00: 60 hours."""
    log = log_of(entry(1, at=at(1, 21)), entry(2, "skipped"), entry(3, "skipped"), entry(4, "late", at=at(4, 9)))
    found = adherence(plan_of(), log, day(4))
    assert found.longest.sure
    assert found.longest.at_least.hours == 60
    assert found.open.at_least.hours == 36  # from there to 21:00 of day 5, the usual time


def test_what_is_not_told_makes_a_gap_a_range():
    """Taken on days 1, 2 and 9, skipped on 3 and 4, nothing told of 5 to 8, then of 10."""
    log = log_of(entry(1), entry(2), entry(3, "skipped"), entry(4, "skipped"), entry(9))
    found = adherence(plan_of(), log, day(10))
    assert (found.longest.at_least.hours, found.longest.at_most.hours) == (72, 168)
    assert (found.open.at_least.hours, found.open.at_most.hours) == (24, 48)
    assert not found.longest.sure


def test_no_gap_is_counted_after_the_end_of_a_plan():
    file = changed(plan_of(), "stop", day(10), by="Dr A")
    found = adherence(file, log_of(*map(entry, range(1, 10))), day(40))
    assert (found.planned, found.open, found.longest.at_most.hours) == (9, None, 24)


@pytest.mark.parametrize(("missed", "alert"), [(5, False), (6, True)])
def test_a_gap_of_lamotrigine_beyond_five_half_lives_is_an_alert(missed, alert):
    """25.4 h x 5 = 127 h. With 4 days skipped a dose follows after 120 h, with 5 after 144 h."""
    log = log_of(*map(entry, range(1, 51)), *(entry(50 + n, "skipped") for n in range(1, missed)), entry(50 + missed))
    found = gap_alerts(plan_of().plan, adherence(plan_of(), log, day(50 + missed)))
    assert [(each.certain, each.open, each.limit_h) for each in found] == [(True, False, 127)] * alert
    if alert:
        assert found[0].gap.hours == 144
        assert found[0].reasons[0].source == ("LTG-MEDLIB-PK", "LTG-PDR")
        assert found[0].reasons[0].confidence == "derived"
        assert any("restart from week 1" in reason.because for reason in found[0].reasons)


def test_a_gap_that_goes_on_is_told_before_the_next_dose():
    file = plan_of(*BACLOFEN)
    log = log_of(*(entry(n, slot=slot) for n in range(10, 20) for slot in (1, 2, 3)))
    sure = log_of(*log.entries, *(entry(20, "skipped", slot=slot) for slot in (1, 2, 3)))
    (found,) = gap_alerts(file.plan, adherence(file, sure, day(20)))
    assert (found.certain, found.open, found.limit_h) == (True, True, 24)
    assert (found.reasons[0].rule, found.reasons[0].confidence) == ("gap.restart", "unconfirmed")
    assert found.gap.hours == 32  # from the third dose of day 19 to the first of day 21, 8 hours apart
    assert "Call before the next dose" in found.says
    (found,) = gap_alerts(file.plan, adherence(file, log, day(20)))
    assert (found.certain, found.at_most_h) == (False, 32)
    assert found.says.startswith("It may have been")


def test_a_certain_gap_says_how_long_it_may_have_been():
    log = log_of(entry(1), *(entry(n, "skipped") for n in range(2, 9)), entry(10))
    (found,) = gap_alerts(plan_of().plan, adherence(plan_of(), log, day(10)))
    assert (found.certain, found.gap.hours, found.at_most_h) == (True, 192, 216)
    assert found.says.startswith("192 to 216 hours")


def test_where_the_sources_have_no_limit_there_is_no_alert():
    file = plan_of("topiramate", "episodic-migraine")
    log = log_of(entry(1), *(entry(n, "skipped") for n in range(2, 40)), entry(40))
    assert gap_alerts(file.plan, adherence(file, log, day(40))) == ()


def test_a_day_that_is_far_off_is_refused():
    with pytest.raises(BadInput, match="ten years"):
        adherence(plan_of(), DoseLog(), date(2099, 1, 1))


def test_entries_beyond_the_day_do_not_count():
    log = log_of(entry(1), replace(entry(2), day=day(20)))
    assert counted(plan_of(), log, 5) == (5, 1, 0, 0, 4)
