"""What holds of the calendar of any plan: each dose of each day once, nothing told by its titles, every change visible."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.plan.care import Part
from cleardays.problems import BadInput
from cleardays.report.feed import feed_of
from cleardays.report.feed_text import Look
from cleardays.report.feed_times import read_times
from reference.calendars import holding, kind, lines, offset_at, read, starts
from reference.confirmed_plans import CALENDAR, changed, confirmed, drafted
from reference.plan_files import START, WELL

DAY = timedelta(days=1)
PAIRS = [(name, use) for name in treatment_ids() for use in load_treatment(name).indications]
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo")
NEUTRAL = re.compile(r"Reminder [1-9]|Appointment|Check|Diary|Time set aside")
TOLD_NOTHING = {"VERSION": r"2\.0", "PRODID": "-//cleardays//feed//EN", "NAME": "Reminders", "X-WR-CALNAME": "Reminders",
                "STATUS": "CONFIRMED|CANCELLED", "CLASS": "PRIVATE", "TRANSP": "TRANSPARENT", "ACTION": "DISPLAY",
                "UID": rf"{CALENDAR}-[dscpry][0-9-]*", "SUMMARY": NEUTRAL.pattern, "DESCRIPTION": NEUTRAL.pattern,
                "TZID": ".*", "TZNAME": ".*", "TZOFFSETFROM": "[+-]\\d+", "TZOFFSETTO": "[+-]\\d+",
                "BEGIN": "V[A-Z]+|STANDARD|DAYLIGHT", "END": "V[A-Z]+|STANDARD|DAYLIGHT", "SEQUENCE": r"\d+",
                "DTSTART": r"\d{8}(T\d{6})?", "DTSTAMP": r"\d{8}T\d{6}Z", "CREATED": r"\d{8}T\d{6}Z",
                "LAST-MODIFIED": r"\d{8}T\d{6}Z", "DURATION": "PT10M", "TRIGGER": "P0D|P?-?PT[0-9HM]+",
                "RRULE": r"FREQ=DAILY;UNTIL=[0-9TZ]+(;INTERVAL=\d+)?"}  # fmt: skip

people = st.sampled_from([[], [], ["valproate"], ["carbamazepine"]]).map(lambda taken: {**WELL, "medicines": taken})
starting = st.dates(date(2024, 1, 1), date(2027, 1, 1))


def written(file, zone, full, today=None):
    look = Look(ZoneInfo(zone), full)
    return feed_of(file, look, read_times([]), today=today or file.plan.start, diary=None).text


def taken(file):
    """Day by day what the plan says until the review: (amount, unit) of each portion."""
    plan, end = file.plan, end_of(file.plan)
    found, day = {}, plan.start
    while day <= end and not plan.sessions:
        here = [step for step in plan.steps if step.first <= day and not step.if_needed]
        step = here[-1] if here else None
        if step is not None and any(step.amounts) and step.planned_on(day):
            found[day] = sorted((amount, step.unit) for amount in step.amounts)
        day += DAY
    return found


def end_of(plan):
    if plan.steps and not any(plan.steps[-1].amounts):
        return plan.steps[-1].first - DAY
    ends = [step.last for step in plan.steps if step.last is not None and not step.if_needed]
    return max([plan.review.on, *ends])


def reminded(calendar):
    """Day by day what the calendar says."""
    found = {}
    for event in holding(calendar, "d"):
        amount, unit = re.fullmatch(r".* ([0-9.]+) (\S+)", event.text("SUMMARY")).groups()
        for at in starts(event):
            found.setdefault(at.date(), []).append((Decimal(amount), unit))
    return {day: sorted(each) for day, each in found.items()}


def made(pair, start, person):
    try:
        return confirmed(drafted(*pair, start, person))
    except BadInput:
        return None


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_each_planned_dose_of_each_day_once_and_neutral_titles_tell_nothing(pair):
    parts = (Part("counselling", "Migraine group for people with headache", START, 7),)
    file = confirmed(drafted(*pair, parts=parts))
    for zone in ZONES[:4]:
        calendar = read(written(file, zone, full=True))
        assert reminded(calendar) == taken(file)
        slots = [(at, event.raw("UID")) for event in holding(calendar, "d") for at in starts(event)]
        assert len({at for at, _ in slots}) == len(slots)
    neutral = written(file, "America/New_York", full=False)
    for line in lines(neutral):
        name, _, value = line.partition(":")
        assert re.fullmatch(TOLD_NOTHING[name.partition(";")[0]], value), line
    (medicine,) = [entry for entry in name_table().entries if entry.medicine.id == pair[0]]
    words = {*medicine.names, *medicine.brands, pair[0], *pair[1].split("-"), "migraine", "headache", "group", " mg", "dose"}
    text = "\n".join(lines(neutral)).casefold()
    assert not [word for word in words if word.casefold() in text and word not in ("with",)]


@settings(max_examples=80)
@given(st.sampled_from(PAIRS), starting, people, st.sampled_from(ZONES))
def test_any_start_and_any_zone(pair, start, person, zone):
    file = made(pair, start, person)
    assume(file is not None)
    calendar = read(written(file, zone, full=True))
    assert reminded(calendar) == taken(file)
    (rules,) = calendar.all("VTIMEZONE")
    for event in holding(calendar, "d"):
        for at in starts(event):
            assert offset_at(rules, at) == at.utcoffset()


KINDS = st.sampled_from([("hold", {"days": 5}), ("step-back", {}), ("slow", {"times": 2}), ("taper", {}), ("stop", {})])
changes = st.lists(st.tuples(KINDS, st.integers(1, 25)), min_size=1, max_size=4)
ORAL = [pair for pair in PAIRS if drafted(*pair).plan.steps and not drafted(*pair).plan.sessions]


@settings(max_examples=80)
@given(st.sampled_from(ORAL), changes, people, st.sampled_from(ZONES))
def test_changes_keep_names_raise_sequences_and_leave_the_past(pair, wanted, person, zone):
    file = made(pair, START, person)
    assume(file is not None)
    before, day = read(written(file, zone, full=True)), file.plan.start
    for (what, data), later in wanted:
        day += later * DAY
        if day > end_of(file.plan):  # the review comes first
            break
        try:
            file = confirmed(changed(file, what, day, **data))
        except BadInput:
            continue
        after = read(written(file, zone, full=True, today=day))
        _later_version(before, after, day)
        if not any(step.first <= day and step.if_needed for step in file.plan.steps):
            assert reminded(after) == taken(file)
        before = after


def _later_version(before, after, day):
    was, now = ({event.raw("UID"): event for event in each.all("VEVENT")} for each in (before, after))
    assert set(was) <= set(now)
    for key, event in now.items():
        old = was.get(key)
        same = old is not None and all(old.raw(name) == event.raw(name) for name in ("DTSTART", "RRULE", "STATUS", "SUMMARY"))
        if old is None:
            assert (event.raw("SEQUENCE"), event.raw("STATUS")) == ("0", "CONFIRMED")
            continue
        rise = int(event.raw("SEQUENCE")) - int(old.raw("SEQUENCE"))
        assert rise in (0, 1)
        assert same or rise == 1
        assert (event.raw("LAST-MODIFIED") == old.raw("LAST-MODIFIED")) or rise == 1
        assert event.raw("CREATED") == old.raw("CREATED")
    assert _until(before, day) == _until(after, day)


def _until(calendar, day):
    """What was reminded of before a day."""
    return {when: what for when, what in reminded(calendar).items() if when < day}


def test_kinds_are_told_by_the_names_of_events():
    calendar = read(written(confirmed(drafted("topiramate", "episodic-migraine")), "UTC", full=False))
    assert {kind(event) for event in holding(calendar)} == {"d", "c", "r"}
