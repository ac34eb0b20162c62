"""The calendar of a plan: each dose once, at its local time; changes, cancellations; titles that tell nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from cleardays.plan.care import Part
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.steps import Step
from cleardays.problems import BadInput
from cleardays.quantities import Dose
from cleardays.report.feed import feed_of
from cleardays.report.feed_events import Said, events_of
from cleardays.report.feed_text import Look
from cleardays.report.feed_times import is_skipped, read_times
from cleardays.report.feed_zone import zone_rules
from cleardays.sources import Reason
from reference.calendars import holding, kind, lines, offset_at, read, starts
from reference.confirmed_plans import CALENDAR, changed, confirmed, drafted
from reference.plan_files import START, WELL

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo",
         "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Antarctica/Troll", "UTC")  # fmt: skip


def fed(file, zone=BERLIN, full=True, times=(), today=START, diary=time(20), **look):
    return feed_of(file, Look(zone, full, **look), read_times(times), today=today, diary=diary)


def calendar(file, *arguments, **options):
    return read(fed(file, *arguments, **options).text)


def doses(found):
    """Day by day: the local time and the title of each dose."""
    days = {}
    for event in holding(found, "d"):
        for at in starts(event):
            days.setdefault(at.date(), []).append((f"{at:%H:%M}", event.text("SUMMARY")))
    return {day: sorted(each) for day, each in days.items()}


def one(found, of):
    (event,) = holding(found, of)
    return event


def spans(first, last):
    return [first + number * DAY for number in range((last - first).days + 1)]


def test_topiramate_day_by_day():
    plan = confirmed(drafted("topiramate", "episodic-migraine", jurisdiction="us"))
    found = doses(calendar(plan))
    assert sorted(found) == spans(START, plan.plan.review.on)
    assert found[date(2026, 3, 2)] == found[date(2026, 3, 8)] == [("21:00", "Topiramate 25 mg")]
    assert found[date(2026, 3, 9)] == [("08:00", "Topiramate 25 mg"), ("20:00", "Topiramate 25 mg")]
    assert found[date(2026, 3, 16)] == [("08:00", "Topiramate 25 mg"), ("20:00", "Topiramate 50 mg")]
    # the day on which clocks go forward, and the last one
    assert (
        found[date(2026, 3, 29)] == found[plan.plan.review.on] == [("08:00", "Topiramate 50 mg"), ("20:00", "Topiramate 50 mg")]
    )


def test_alternate_days():
    plan = confirmed(drafted("lamotrigine", "migraine-with-aura", person={**WELL, "medicines": ["valproate"]}))
    found = doses(calendar(plan))
    assert [day for day in sorted(found) if day < START + 14 * DAY] == [START + n * DAY for n in range(0, 14, 2)]
    assert {title for _, title in found[START]} == {"Lamotrigine 25 mg"}
    assert set(spans(START + 14 * DAY, plan.plan.review.on)) <= set(found)


def test_local_times_stay_where_they_are_when_clocks_change():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    found = calendar(plan)
    last = max(holding(found, "d"), key=lambda event: event.raw("DTSTART"))
    at = {each.date(): each for each in starts(last)}
    before, after = at[date(2026, 3, 28)], at[date(2026, 3, 29)]
    assert before.hour == after.hour == 20
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=23)
    assert last.raw("RRULE") == f"FREQ=DAILY;UNTIL={plan.plan.review.on:%Y%m%d}T180000Z"


@pytest.mark.parametrize("name", ZONES)
def test_the_rules_of_a_zone_are_those_of_the_zone(name):
    zone = ZoneInfo(name)
    rules = zone_rules(zone, date(2026, 1, 15), date(2027, 6, 1))
    (written,) = read(_around(rules)).all("VTIMEZONE")
    at = datetime(2026, 1, 16, tzinfo=UTC)
    while at < datetime(2027, 5, 31, tzinfo=UTC):
        assert offset_at(written, at) == at.astimezone(zone).utcoffset(), at
        at += timedelta(minutes=30)
    names = {part.kind: part.raw("TZNAME") for part in written.inside}
    assert name != "America/New_York" or names == {"STANDARD": "EST", "DAYLIGHT": "EDT"}


def _around(rules):
    """A calendar that holds a zone and one event in it."""
    whole = Calendar()
    whole.add("PRODID", "x")
    whole.add("VERSION", "2.0")
    whole.add_component(rules)
    raw = whole.to_ical().replace(b"END:VCALENDAR\r\n", b"")
    event = b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260101\r\nEND:VEVENT\r\nEND:VCALENDAR"
    return raw + event + b"\r\n"


def test_what_is_taken_only_if_needed_is_no_reminder_and_the_dose_before_goes_on():
    plan = confirmed(drafted("lamotrigine", "migraine-with-aura", person={**WELL, "medicines": ["carbamazepine"]}))
    steps = plan.plan.steps
    assert steps[-1].if_needed
    found = doses(calendar(plan))
    assert found[plan.plan.review.on] == found[steps[-1].first] == found[steps[-2].first]


def test_sessions_are_single_days_with_a_reminder_the_day_before_and_their_place():
    plan = confirmed(drafted("onabotulinumtoxina", "chronic-migraine"))
    found = calendar(plan, place="Block B; 2nd floor")
    events = holding(found, "s")
    assert [starts(event) for event in events] == [[date(2026, 3, 2)], [date(2026, 5, 25)]]
    assert {event.text("LOCATION") for event in events} == {"Block B; 2nd floor"}
    assert {event.text("SUMMARY") for event in events} == {"Session: OnabotulinumtoxinA (Botox) 155 U"}
    assert {event.inside[0].raw("TRIGGER") for event in events} == {"-PT15H"}
    assert not holding(found, "d")
    assert "units per site and lot" in events[0].text("DESCRIPTION")
    assert not {date(2026, 3, 2), date(2026, 5, 25)} & {
        at for event in holding(found, "c") for at in starts(event) if "units per site" in event.text("SUMMARY")
    }
    assert all(each.raw("LOCATION") is None for each in holding(found, "cry"))


def test_infusions_are_sessions_and_not_doses_as_well():
    found = calendar(confirmed(drafted("eptinezumab", "episodic-migraine")))
    assert not holding(found, "d")
    assert [event.text("SUMMARY") for event in holding(found, "s")] == ["Session: Eptinezumab 100 mg"] * 2


def test_injections_every_thirty_days():
    plan = confirmed(drafted("erenumab", "episodic-migraine"))
    found = sorted(doses(calendar(plan)))
    assert found == [day for day in spans(START, plan.plan.review.on) if (day - START).days % 30 == 0]
    assert "INTERVAL=30" in one(calendar(plan), "d").raw("RRULE")


def test_what_is_watched_daily_is_one_series_of_days():
    found = calendar(confirmed(drafted("lamotrigine", "migraine-with-aura")))
    daily = [event for event in holding(found, "c") if event.raw("RRULE")]
    (watch,) = daily
    assert starts(watch) == spans(START, START + 55 * DAY)
    assert "rash" in watch.text("SUMMARY")
    assert "fever and neck stiffness" in watch.text("SUMMARY")


def test_checks_of_one_day_are_one_event_and_what_has_no_day_is_none():
    plan = confirmed(drafted("baclofen", "chronic-migraine"))
    checks = [event for event in holding(calendar(plan), "c") if starts(event) == [date(2026, 3, 5)]]
    assert [event.text("SUMMARY") for event in checks] == [
        "Check: blood pressure, if on medicines that lower it; falls; mood; sedation"
    ]
    assert not any("driving" in event.text("SUMMARY") for event in holding(calendar(plan), "c"))


def test_parts_of_care_until_the_review():
    parts = (
        Part("counselling", "Tuesday group, höchstens zwölf", START + DAY, 7),
        Part("exercise", "walk", START, 2, START + 9 * DAY),
    )
    plan = confirmed(drafted("topiramate", "episodic-migraine", parts=parts))
    group, walk = sorted(holding(calendar(plan), "p"), key=lambda event: event.text("SUMMARY"))
    assert group.text("SUMMARY") == "Tuesday group, höchstens zwölf"
    assert starts(group) == list(parts[0].days(plan.plan.review.on))
    assert starts(walk) == [START + number * DAY for number in (0, 2, 4, 6, 8)]


def test_the_diary_and_the_review():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    found = calendar(plan, diary=time(21, 30))
    assert [at.date() for at in starts(one(found, "y"))] == spans(START, plan.plan.review.on)
    assert {at.hour for at in starts(one(found, "y"))} == {21}
    assert starts(one(found, "r")) == [plan.plan.review.on]
    assert not holding(calendar(plan, diary=None), "y")


def test_alarms():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    rings = {kind(event): event.inside[0].raw("TRIGGER") for event in holding(calendar(plan, alarm=10))}
    assert rings == {"d": "-PT10M", "c": "PT9H", "y": "-PT10M", "r": "-PT15H"}
    assert not any(event.inside for event in holding(calendar(plan, alarm=None)))


def test_an_unconfirmed_plan_gives_no_calendar():
    first = drafted("topiramate", "episodic-migraine")
    later = changed(confirmed(first), "hold", START + 10 * DAY, days=7)
    for file, why in ((first, "Nobody confirmed it."), (later, "It changed, and nobody confirmed the change.")):
        with pytest.raises(BadInput, match=why) as caught:
            fed(file)
        assert "clinician confirms" in caught.value.problems[0].try_this


def test_a_confirmation_that_lapsed_gives_no_calendar():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    with pytest.raises(BadInput, match="The review was due"):
        fed(plan, today=plan.plan.review.on + 300 * DAY)


def test_a_plan_without_doses_gives_no_calendar():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    nothing = {**plan.entries[-1].after, "steps": [], "review_on": None}
    bare = plan._replace(entries=(plan.entries[0], plan.entries[1]._replace(after=nothing)))
    with pytest.raises(BadInput, match="nothing with a day"):
        fed(bare)


def by_key(found):
    return {event.raw("UID").removeprefix(f"{CALENDAR}-"): event for event in found.all("VEVENT")}


def test_a_second_version_cancels_what_no_longer_holds():
    first = confirmed(drafted("topiramate", "episodic-migraine", jurisdiction="us"))
    day = START + 10 * DAY  # in the step of 25 + 25 mg, which now lasts a week longer
    second = confirmed(changed(first, "hold", day, days=3), datetime(2026, 3, 12, 8, tzinfo=UTC))
    was, now = by_key(calendar(first)), by_key(calendar(second, today=day))
    assert set(was) <= set(now)
    for key in ("d20260316-1", "d20260316-2", "d20260323-1"):
        assert (now[key].raw("STATUS"), now[key].raw("SEQUENCE")) == ("CANCELLED", "1")
        assert now[key].raw("DTSTART") == was[key].raw("DTSTART")
        assert not now[key].inside
    longer, untouched, new, review = (now[key] for key in ("d20260309-1", "d20260302-1", "d20260319-2", "r"))
    assert (longer.raw("STATUS"), longer.raw("SEQUENCE")) == ("CONFIRMED", "1")
    assert [at.date() for at in starts(longer)][-1] == date(2026, 3, 18)
    assert longer.raw("DTSTAMP") == longer.raw("LAST-MODIFIED") == "20260312T080000Z"
    assert (longer.raw("CREATED"), untouched.raw("LAST-MODIFIED")) == ("20260301T093000Z", "20260301T093000Z")
    assert (untouched.raw("SEQUENCE"), new.raw("SEQUENCE"), review.raw("SEQUENCE")) == ("0", "0", "1")
    assert starts(review) == [first.plan.review.on + 3 * DAY]
    found = fed(second, today=day)
    assert (found.version, found.cancelled) == (4, 4)
    assert found.events == len(holding(read(found.text)))


def test_only_confirmed_versions_ever_stood_in_a_calendar():
    first = confirmed(drafted("topiramate", "episodic-migraine"))
    held = changed(first, "hold", START + 10 * DAY, days=30)
    back = changed(held, "stop", START + 10 * DAY)
    keys = by_key(calendar(confirmed(back)))
    assert set(keys) == set(by_key(calendar(first)))


def test_a_stop_cancels_all_that_was_to_come_and_nothing_that_was():
    first = confirmed(drafted("topiramate", "episodic-migraine"))
    day = START + 17 * DAY
    stopped = confirmed(changed(first, "stop", day))
    found = calendar(stopped, today=day)
    assert sorted(doses(found)) == spans(START, day - DAY)
    assert {day: each for day, each in doses(calendar(first)).items() if day in doses(found)} == doses(found)
    assert max(at.date() for at in starts(one(found, "y"))) == day - DAY
    cancelled = {key for key, event in by_key(found).items() if event.raw("STATUS") == "CANCELLED"}
    assert cancelled == {"d20260323-1", "d20260323-2", "r"}


def test_a_stop_of_sessions_cancels_those_to_come():
    first = confirmed(drafted("onabotulinumtoxina", "chronic-migraine"))
    found = calendar(confirmed(changed(first, "stop", START + 30 * DAY)), today=START + 30 * DAY)
    assert [starts(event) for event in holding(found, "s")] == [[START]]
    assert not holding(found, "r")
    assert by_key(found)["s20260525"].raw("STATUS") == "CANCELLED"
    last = max(at.date() if isinstance(at, datetime) else at for event in holding(found) for at in starts(event))
    assert last == START + 29 * DAY


def test_an_event_that_comes_back_is_confirmed_again():
    first = confirmed(drafted("onabotulinumtoxina", "chronic-migraine"))
    moved = confirmed(changed(first, "session", START, planned="2026-05-25", given="2026-06-01"))
    back = confirmed(changed(moved, "session", START, planned="2026-06-01", given="2026-05-25"))
    states = [by_key(calendar(file))["s20260525"] for file in (first, moved, back)]
    assert [(event.raw("STATUS"), event.raw("SEQUENCE")) for event in states] == [
        ("CONFIRMED", "0"), ("CANCELLED", "1"), ("CONFIRMED", "2"),
    ]  # fmt: skip


def test_checks_of_a_version_that_was_left_are_cancelled():
    first = confirmed(drafted("venlafaxine", "episodic-migraine"))
    day = START + 3 * DAY
    second = confirmed(changed(first, "hold", day, days=7))
    now = by_key(calendar(second, today=day))
    assert now["c20260309-0-1"].raw("STATUS") == "CANCELLED"
    assert now["c20260316-0-1"].raw("STATUS") == "CONFIRMED"


def test_a_series_that_is_left_out_stays_in_the_past():
    day = START + 10 * DAY
    first = confirmed(drafted("topiramate", "episodic-migraine"))
    second = confirmed(changed(first, "hold", day, days=3))
    *before, last = second.entries
    later = {**last.after["steps"][-1], "from": day.isoformat(), "counted_from": day.isoformat()}
    found = by_key(
        calendar(second._replace(entries=(*before, last._replace(after={**last.after, "steps": [later]}))), today=day)
    )
    assert [at.date() for at in starts(found["d20260309-1"])] == spans(START + 7 * DAY, day - DAY)
    assert (found["d20260309-1"].raw("STATUS"), found["d20260309-1"].raw("SEQUENCE")) == ("CONFIRMED", "1")
    assert (found["d20260302-1"].raw("STATUS"), found["d20260302-1"].raw("SEQUENCE")) == ("CONFIRMED", "0")
    assert found["d20260316-1"].raw("STATUS") == "CANCELLED"


def test_a_watch_that_becomes_shorter_keeps_its_name():
    first = confirmed(drafted("lamotrigine", "migraine-with-aura"))
    day = START + 20 * DAY
    was, now = by_key(calendar(first)), by_key(calendar(confirmed(changed(first, "stop", day)), today=day))
    assert starts(now["c20260302-1-1"]) == spans(START, day - DAY) == starts(was["c20260302-1-1"])[:20]
    assert now["c20260302-1-1"].raw("SEQUENCE") == "1"
    assert not [key for key in now if key not in was]


def test_every_other_day_is_counted_from_where_the_plan_counts():
    steps = (
        STEP._replace(last=START + DAY, every_days=2, amounts=(Decimal(25),), counted_from=START - DAY),
        STEP._replace(first=START + 2 * DAY, last=START + 2 * DAY, every_days=2, counted_from=START - DAY),
        STEP._replace(first=START + 3 * DAY),
    )
    said = Said("lamotrigine", START, steps, (), START + 9 * DAY, (), ())
    found = events_of(said, read_times([]), None)
    assert {key: list(event.days()) for key, event in found.items() if key.endswith("1") and key[0] == "d"} == {
        "d20260302-1": [START + DAY],
        "d20260305-1": spans(START + 3 * DAY, START + 9 * DAY),
    }


def test_the_same_file_gives_the_same_bytes_whenever_it_is_asked():
    plan = confirmed(drafted("lamotrigine", "migraine-with-aura"))
    again = parse_plan(json.dumps(plan.document()), "plan.json")
    assert fed(plan).text == fed(again, today=START + 20 * DAY).text


def test_long_words_in_other_scripts_are_folded_between_letters():
    what = "Gruppe für Menschen, die bei Kopfschmerzen Hilfe suchen; 頭痛の人のための会\\" * 2
    plan = confirmed(drafted("topiramate", "episodic-migraine", parts=(Part("support-group", what, START, 7),)))
    text = fed(plan).text
    assert one(read(text), "p").text("SUMMARY") == what
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
    assert any(len(line.encode()) > 75 for line in lines(text))


def test_another_reader_reads_the_same():
    text = fed(confirmed(drafted("lamotrigine", "migraine-with-aura"))).text
    found = Calendar.from_ical(text)
    assert found.to_ical() == text
    assert not any(part.errors for part in found.walk())


STEP = Step(START, None, (Decimal(25), Decimal(25)), 1, "mg", Reason("x", "y"))


@pytest.mark.parametrize(
    ("given", "amounts", "when", "due"),
    [
        ([], 1, None, "08:00"),
        ([], 1, "at night", "21:00"),
        ([], 2, None, "08:00 20:00"),
        ([], 3, None, "08:00 14:00 20:00"),
        (["07:15,19:45"], 2, None, "07:15 19:45"),
        (["07:15,19:45"], 1, None, "07:15"),
        (["07:15,19:45"], 1, "at night", "19:45"),
        (["07:15,19:45"], 3, None, "08:00 14:00 20:00"),
        (["07:15,19:45", "22:30"], 1, "at night", "22:30"),
        (["00:00,06:00,12:00,18:00"], 4, None, "00:00 06:00 12:00 18:00"),
    ],
)
def test_times_by_the_number_of_portions(given, amounts, when, due):
    step = STEP._replace(amounts=(Decimal(25),) * amounts, when=when)
    assert " ".join(f"{at:%H:%M}" for at in read_times(given).of(step)) == due


@pytest.mark.parametrize("given", [["8:00"], ["24:00"], [""], ["08:00,"], ["20:00,08:00"], ["08:00,08:00"], ["08:00", "09:00"]])
def test_times_that_are_none(given):
    with pytest.raises(BadInput, match="--times"):
        read_times(given)


def test_a_dose_for_the_night_is_not_put_into_the_morning():
    with pytest.raises(BadInput, match="taken at night; 08:00 is not"):
        read_times(["08:00"]).of(STEP._replace(amounts=(Decimal(25),), when="at night"))
    with pytest.raises(BadInput, match="4 times a day"):
        read_times([]).of(STEP._replace(amounts=(Decimal(25),) * 4))


def test_a_time_that_clocks_jump_over_is_refused():
    plan = confirmed(drafted("venlafaxine", "episodic-migraine"))
    with pytest.raises(BadInput, match="02:30 does not exist on 2026-03-29 in Europe/Berlin"):
        fed(plan, times=["02:30"])
    assert fed(plan, zone=ZoneInfo("Asia/Kolkata"), times=["02:30"]).events
    assert not is_skipped(date(2026, 3, 29), time(3), BERLIN)
    assert not is_skipped(date(2026, 10, 25), time(2, 30), BERLIN)


def test_a_target_names_amounts_as_they_are_taken():
    plan = confirmed(drafted("venlafaxine", "episodic-migraine", target=Dose(Decimal(75), "mg")))
    assert {title for each in doses(calendar(plan)).values() for _, title in each} == {
        "Venlafaxine 37.5 mg",
        "Venlafaxine 75 mg",
    }


@pytest.mark.parametrize(
    "broken",
    [{"data": {}}, {"data": {"at": "2026-03-01"}}, {"after": {}}, {"after": {"steps": [{}], "sessions": [], "review_on": None}},
     {"after": {"steps": [], "sessions": [], "review_on": "soon"}}],
)  # fmt: skip
def test_a_file_that_somebody_wrote_into_is_refused(broken):
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    with pytest.raises(BadInput, match="history"):
        fed(plan._replace(entries=(plan.entries[0], plan.entries[1]._replace(**broken))))


def test_days_far_from_now_are_refused():
    plan = confirmed(drafted("topiramate", "episodic-migraine"))
    steps = [{**row, "to": row["to"] and "9999-12-31"} for row in plan.entries[-1].after["steps"]]
    strange = plan.entries[1]._replace(after={**plan.entries[1].after, "steps": steps})
    with pytest.raises(BadInput, match="outside the years"):
        fed(plan._replace(entries=(plan.entries[0], strange)))
