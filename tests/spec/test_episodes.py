"""Days told by their episodes: midnight, the clock, open ends, and what belongs to which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.episodes import classify_episodes
from cleardays.problems import BadInput

TYPICAL = {"peak": 6, "unilateral": True, "pulsating": True, "nausea": True}
BERLIN = "Europe/Berlin"


def classified(day, *episodes, tz=BERLIN, **beside):
    told = [{"start": start, "end": end, **features} for start, end, features in episodes]
    return classify_episodes({"day": day, "tz": tz, "episodes": told, **beside})


CASES = {
    # day, episodes, minutes of the attack, of the day, headache, leiden, ihs, 4 h
    "within one day": ("2026-03-02", [("2026-03-02T08:00", "2026-03-02T13:00", TYPICAL)], 300, 300, "TTTT"),
    "the first of two days": ("2026-03-02", [("2026-03-02T20:00", "2026-03-03T02:00", TYPICAL)], 360, 240, "TTTT"),
    "the second of two days": ("2026-03-03", [("2026-03-02T20:00", "2026-03-03T02:00", TYPICAL)], 360, 120, "TTTT"),
    "a sliver after midnight": ("2026-03-03", [("2026-03-02T20:00", "2026-03-03T00:29", TYPICAL)], 269, 29, "TFFF"),
    "half an hour after midnight": ("2026-03-03", [("2026-03-02T20:00", "2026-03-03T00:30", TYPICAL)], 270, 30, "TTTT"),
    "up to midnight": ("2026-03-03", [("2026-03-02T20:00", "2026-03-03T00:00", TYPICAL)], None, 0, "FFFF"),
    "a short one alone": ("2026-03-02", [("2026-03-02T08:00", "2026-03-02T08:20", TYPICAL)], 20, 20, "TFFF"),
    "the clock goes forward": ("2026-03-29", [("2026-03-29T00:30", "2026-03-29T05:00", TYPICAL)], 210, 210, "TTFF"),
    "the clock goes back": ("2026-10-25", [("2026-10-25T00:30", "2026-10-25T04:00", TYPICAL)], 270, 270, "TTTT"),
    "a middle day": ("2026-03-03", [("2026-03-02T20:00", "2026-03-04T10:00", TYPICAL)], 2280, 1440, "TTTT"),
    "another day": ("2026-03-09", [("2026-03-02T20:00", "2026-03-03T02:00", TYPICAL)], None, 0, "FFFF"),
    "open": ("2026-03-02", [("2026-03-02T08:00", None, TYPICAL)], None, None, "T???"),
    "open, the day after": ("2026-03-03", [("2026-03-02T08:00", None, TYPICAL)], None, None, "????"),
    "open, the day before": ("2026-03-01", [("2026-03-02T08:00", None, TYPICAL)], None, 0, "FFFF"),
    "two that adjoin are one run": (
        "2026-03-02",
        [("2026-03-02T08:00", "2026-03-02T10:00", TYPICAL), ("2026-03-02T10:00", "2026-03-02T12:00", TYPICAL)], 240, 240, "TTTT"),
    "two apart are two": (
        "2026-03-02",
        [("2026-03-02T08:00", "2026-03-02T10:00", TYPICAL), ("2026-03-02T11:00", "2026-03-02T13:00", TYPICAL)], 120, 240, "TTFF"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_episodes(name):
    day, episodes, attack_min, min_on_day, letters = CASES[name]
    found = classified(day, *episodes)
    profiles = found["migraine_day"]
    flags = [found["headache_day"], profiles["leiden"], profiles["ihs"], found["headache_day_4h"]]
    assert "".join({True: "T", False: "F", "unknown": "?"}[flag] for flag in flags) == letters
    assert found["attack_min"] == attack_min
    assert found["min_on_day"] == min_on_day


def test_a_medicine_belongs_to_the_day_of_intake_and_qualifies_the_whole_attack():
    mild = {"peak": 2, "meds": [{"class": "triptan", "time": "2026-03-03T01:00"}]}
    first = classified("2026-03-02", ("2026-03-02T20:00", "2026-03-03T02:00", mild))
    second = classified("2026-03-03", ("2026-03-02T20:00", "2026-03-03T02:00", mild))
    assert (first["acute_med_day"], second["acute_med_day"]) == (False, True)
    assert (first["migraine_day"]["leiden"], second["migraine_day"]["leiden"]) == (True, True)


RELIEF = {"class": "triptan", "relief_2h": "pain_free"}


def test_a_medicine_of_the_day_belongs_to_its_time():
    assert classified("2026-02-11", meds=[{"class": "triptan", "time": "2026-02-10T13:00"}])["acute_med_day"] is False
    assert classified("2026-02-12", meds=[{"class": "triptan", "time": "2026-02-11T23:30:00Z"}])["acute_med_day"] is True
    assert classified("2026-02-12", meds=[{"class": "triptan", "time": "00:30"}])["acute_med_day"] is True
    night = ("2026-02-11T22:00", "2026-02-12T03:00", {"peak": 3, "meds": [{"class": "nsaid", "time": "00:30"}]})
    assert [classified(day, night)["acute_med_day"] for day in ("2026-02-11", "2026-02-12")] == [False, True]


def test_a_medicine_taken_within_one_episode_treats_that_one():
    mild, severe = ("2026-02-10T08:00", "2026-02-10T08:40", {"peak": 2}), ("2026-02-10T18:00", "2026-02-10T18:40", {"peak": 8})
    early = classified("2026-02-10", mild, severe, meds=[{**RELIEF, "time": "2026-02-10T08:10"}])
    late = classified("2026-02-10", mild, severe, meds=[{**RELIEF, "time": "2026-02-10T18:10"}])
    assert (early["migraine_day"]["ihs"], late["migraine_day"]["ihs"]) == (False, True)


def test_medicines_that_were_not_answered_are_unknown():
    one = ("2026-02-10T08:00", "2026-02-10T12:00", {"peak": 5, "meds": None})
    found = classified("2026-02-10", one)
    assert (found["acute_med_day"], found["acute_classes"]) == ("unknown", "unknown")
    assert classified("2026-02-10", meds=None)["acute_med_day"] == "unknown"


def test_the_day_after_an_open_attack_is_no_clear_day():
    found = classified("2026-02-11", ("2026-02-10T10:00", None, TYPICAL))
    assert found["crystal_clear_day"] == "unknown"
    assert "no end" in found["reasons"]["headache_day"]["because"]


def test_a_day_without_episodes_is_clear_if_it_was_logged_and_missing_if_not():
    assert classified("2026-03-02")["headache_day"] is False
    assert classified("2026-03-02", logged=False)["status"] == "missing"


def test_more_than_72_hours_is_status_on_every_day_touched():
    run = ("2026-03-02T08:00", "2026-03-05T08:01", TYPICAL)
    assert [classified(f"2026-03-0{n}", run)["status_flag"] for n in (1, 2, 3, 5, 6)] == [False, True, True, True, False]


def test_each_flag_has_its_reason_and_the_policy_is_named():
    found = classified("2026-03-03", ("2026-03-02T20:00", "2026-03-03T00:20", TYPICAL))
    told = found["reasons"]["migraine_day.leiden"]
    assert "20 minutes of the attack fall on this day, 30 are needed" in told["because"]
    assert "counting-policy" in told["source"]


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, {"day": "03/04/2026"}, {"day": "2026-03-02", "tz": "Mars/Base"}, {"day": "2026-03-02", "episodes": {}},
        {"day": "2026-03-02", "episodes": [{"end": "2026-03-02T10:00"}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": "2026-03-02T09:00"}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": "2029-03-02T09:00"}]},
        {"day": "2026-03-02", "episodes": [{"start": "ten o'clock"}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": None, "meds": 5}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": None, "meds": False}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": None, "auras": True}]},
        {"day": "2026-03-02", "meds": "triptan"},
        {"day": "2026-03-02", "meds": [{"class": "triptan", "time": "banana"}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": None, "nausia": True}]},
        {"day": "2026-03-02", "episodes": [{"start": "2026-03-02T10:00", "end": None, "meds": [{"class": "triptan", "time": "x"}]}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem(document):
    with pytest.raises(BadInput):
        classify_episodes(document, "line 1")


@given(st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 4), st.sampled_from([BERLIN, "America/New_York", "UTC"]))
def test_the_minutes_of_the_days_add_up_to_the_attack(start, length, tz):
    began = datetime(2026, 3, 20) + timedelta(minutes=start)
    ended = began + timedelta(minutes=length)
    try:
        told = [
            classified(str(began.date() + timedelta(days=n)), (began.isoformat(), ended.isoformat(), TYPICAL), tz=tz)
            for n in range((ended.date() - began.date()).days + 1)
        ]
    except BadInput:
        assert length <= 60  # a time in the hour that the clock skips or repeats
        return
    touching = [found for found in told if found["attack_min"] is not None]
    assert sum(found["min_on_day"] for found in touching) == pytest.approx(touching[0]["attack_min"])
    assert any(found["migraine_day"]["leiden"] is True for found in touching) == (touching[0]["attack_min"] >= 30)
    assert date.fromisoformat(str(began.date())) == began.date()
