"""Findings prompt, stay open until answered, are never shown twice, and rule nothing out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.diary.beside import Beside
from cleardays.diary.classified import classify_diary
from cleardays.diary.entries import Attack, DoseEntry, Event, Score
from cleardays.diary.findings import findings
from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.red_flags import NOTHING_EXCLUDED, TIERS, red_flags
from cleardays.diary.rules import read_rules
from cleardays.sources import all_sources

DAY = date(2026, 1, 1)


def diary(days, **beside):
    """One letter a day: H headache, 0 clear, . nothing."""
    records = tuple(
        DayRecord(date=DAY + timedelta(days=n), headache={"H": "moderate", "0": "clear"}[letter], acute_doses=0, aura=False)
        for n, letter in enumerate(days)
        if letter != "."
    )
    return Diary(records, beside=Beside(**beside))


def codes(told):
    return [flag.code for flag in red_flags(told)]


def on(n):
    return DAY + timedelta(days=n)


def test_a_quiet_diary_has_none_and_still_nothing_is_ruled_out():
    found = findings(diary("0H00" * 30))
    assert found["red_flags"] == []
    assert found["note"] == NOTHING_EXCLUDED


def test_what_the_person_told_comes_first_and_stays_open_until_it_has_an_outcome():
    told = diary(
        "0" * 100 + "H" * 20,
        events=(
            Event(date=on(3), kind="red_flag", term="thunderclap"),
            Event(date=on(5), kind="red_flag", term="positional", outcome="resolved"),
            Event(date=on(6), kind="red_flag", term="something odd"),
        ),
    )
    flags = red_flags(told)
    assert [(flag.code, flag.tier, flag.open) for flag in flags][:3] == [
        ("thunderclap", "emergency", True), ("told_other", "soon", True), ("positional", "soon", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "code", "there"),
    [
        ("0" * 84 + "0" * 18 + "H" * 10, "doubled", True),
        ("0H0000" * 14 + "H0" * 14, "doubled", True),
        ("0H" * 42 + "0H" * 14, "doubled", False),
        ("0" * 84 + "0" * 26 + "HH", "doubled", False),  # two days are too few to speak of
        ("." * 60 + "0" * 24 + "H" * 28, "doubled", False),  # the windows before are unknown
        ("0H0" * 30 + "H" * 14, "daily", True),
        ("0H0" * 30 + "H" * 13, "daily", False),
        ("HHH0" * 30 + "H" * 14, "daily", False),
    ],
)
def test_a_change_of_frequency(days, code, there):
    assert (code in codes(diary(days))) is there


def test_three_auras_within_three_days():
    def with_auras(*days):
        records = tuple(DayRecord(date=on(n), headache="clear", aura=n in days) for n in range(20))
        return codes(Diary(records))

    assert "aura_status" in with_auras(4, 5, 6)
    assert "aura_status" not in with_auras(4, 5, 7)


def test_a_long_attack_and_an_odd_aura():
    long = Attack(date=on(2), start=datetime(2026, 1, 3, 8), end=datetime(2026, 1, 6, 9), pain_max=6)
    assert "long_attack" in codes(diary("0" * 10, attacks=(long,)))
    assert codes(diary("0" * 10)) == []


def test_a_new_medicine_before_a_change_is_named():
    dose = DoseEntry(date=on(80), kind="preventive", drug="amlodipine", state="taken")
    (flag,) = (f for f in red_flags(diary("0H0" * 30 + "H" * 14, doses=(dose,))) if f.code == "new_drug_before_change")
    assert "amlodipine" in flag.because
    assert "new_drug_before_change" not in codes(diary("0" * 104, doses=(dose,)))


def test_a_symptom_never_there_before_is_shown_only_after_it_was_long_asked_for():
    def told(asked):
        records = [DayRecord(date=on(n), headache="mild", vomiting=False if asked else None) for n in range(70)]
        return codes(Diary((*records, DayRecord(date=on(70), headache="mild", vomiting=True))))

    assert "new_symptom" in told(asked=True)
    assert "new_symptom" not in told(asked=False)


def test_overuse_in_the_last_month():
    records = tuple(
        DayRecord(date=on(n), headache="mild", acute_classes=("triptan",) if n % 3 == 0 else ("antiemetic",)) for n in range(60)
    )
    assert "overuse" in codes(Diary(records))


def test_a_headache_told_as_an_effect_asks_whose_it_is_and_makes_no_headache_day():
    effects = (
        Event(date=on(1), kind="side_effect", term="Headache", drug="baclofen"),
        Event(date=on(2), kind="side_effect", term="nausea", drug="baclofen", attribution="condition"),
        Event(date=on(3), kind="side_effect", term="rash", drug="lamotrigine"),
    )
    told = diary("0000", events=effects)
    found = findings(told)
    assert [each["term"] for each in found["to_attribute"]] == ["Headache"]
    assert "baclofen" in found["to_attribute"][0]["question"]
    assert len(found["effects"]) == 3
    assert not (classify_diary(told).flags["headache_day"] == 1).any()


def test_care_triggers_and_scores_are_listed_as_told():
    events = (
        Event(date=on(1), kind="care", term="support group", attended=True),
        Event(date=on(8), kind="care", term="support group", attended=False),
        Event(date=on(9), kind="care", term="counselling"),
    )
    records = (DayRecord(date=on(0), triggers=("Stress",)), DayRecord(date=on(1), triggers=()), DayRecord(date=on(2)))
    told = Diary(records, beside=Beside(events=events, scores=(Score(date=on(3), instrument="HIT6", total=60),)))
    found = findings(told)
    assert found["care"] == [
        {"what": "counselling", "attended": 0, "missed": 0, "not_told": 1},
        {"what": "support group", "attended": 1, "missed": 1, "not_told": 0},
    ]
    assert found["triggers"] == {"days_asked": 2, "named": {"stress": 1}, "association": None}
    assert found["scores"][0]["total"] == 60


@pytest.mark.parametrize(
    ("days", "without", "unknown", "longest", "first"),
    [("nnyn.n", 2, 1, 2, 2), ("n.yn", 1, 0, 1, None), ("nnn", 3, 0, 3, None), (".nn.", 2, 2, 2, None), ("yyy", 0, 0, 0, 0)],
)
def test_spells_without_use_know_what_they_do_not_know(days, without, unknown, longest, first):
    records = tuple(DayRecord(date=on(n), use_day={"y": True, "n": False, ".": None}[letter]) for n, letter in enumerate(days))
    found = findings(Diary(records, {"condition": "cocaine-recovery"}))["use"]
    assert (found["without_since"], found["unknown_since"], found["longest_without"]) == (without, unknown, longest)
    assert found["days_to_first_use"] == first


def test_a_short_diary_denies_no_lasting_pattern():
    records = tuple(
        DayRecord(date=on(n), headache="severe", migraine="yes", hours=8, acute_classes=("triptan",)) for n in range(59)
    )
    patterns = findings(Diary(records))["patterns"]
    assert (patterns["cm_3mo"], patterns["cm_gt3mo"], patterns["moh_pattern"]) == ("indeterminate",) * 3
    assert patterns["overuse_3mo"]["8.2.2"] == "indeterminate"
    assert patterns["overuse_3mo"]["8.2.7"] == "no"


def test_the_first_use_is_counted_from_the_start_of_the_treatment():
    records = tuple(DayRecord(date=on(n), use_day=n in (0, 6)) for n in range(10))
    told = Diary(records, {"condition": "cocaine-recovery"})
    assert findings(told)["use"]["first_use"] == str(on(0))
    assert findings(told, on(3))["use"]["days_to_first_use"] == 3


def test_words_are_short_and_say_what_to_do_and_every_rule_has_a_source():
    rules = read_rules("red_flags")
    for kind in ("told", "seen"):
        for code, rule in rules[kind].items():
            assert rule["tier"] in TIERS, code
            assert len(rule["shown"].split()) <= 22, code
            assert len(rule["do"].split()) <= 24, code
            assert set(rule["source"]) <= all_sources().keys(), code
    assert {rule["snnoop10"] for rule in (*rules["told"].values(), *rules["seen"].values()) if "snnoop10" in rule} == set(
        range(1, 16)
    )
    assert resources.files("cleardays.diary").joinpath("data", "effects.toml").is_file()


@given(st.text("H0.", min_size=1, max_size=150).filter(lambda days: days.strip(".")), st.randoms())
def test_the_order_of_events_changes_nothing(days, random):
    events = [
        Event(date=on(1), kind="red_flag", term="seizure"),
        Event(date=on(1), kind="red_flag", term="positional"),
        Event(date=on(2), kind="side_effect", term="nausea"),
    ]
    once = red_flags(diary(days, events=tuple(events)))
    random.shuffle(events)
    assert red_flags(diary(days, events=tuple(events))) == once
    assert {"seizure", "positional"} <= {flag.code for flag in once}
