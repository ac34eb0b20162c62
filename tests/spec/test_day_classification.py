"""How a day is classified: one day in, the flags that must follow.

T, F and ? stand for true, false and unknown. A key that is not named was
answered "no"; null was not answered.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.catalogue.names import find_medicine
from cleardays.diary.classify import classify_day, spell_out
from cleardays.diary.day_facts import read_facts
from cleardays.problems import BadInput

TYPICAL = {"headache_min": 300, "peak": "moderate", "unilateral": True, "pulsating": True, "nausea": True}
TENSION = {"headache_min": 120, "peak": "mild", "bilateral": True, "pressing": True}
AURA = {"type": "visual", "min": 20, "gradual": True, "positive": True, "unilateral": True}
RELIEF = {"class": "triptan", "relief_2h": "pain_free"}

CASES = {
    "a typical attack of five hours": (TYPICAL, "T T T T T T T migraine_without_aura"),
    "the same for two and a half hours": (TYPICAL | {"headache_min": 150}, "T F T F T T F probable_migraine"),
    "the same for twenty minutes": (TYPICAL | {"headache_min": 20}, "T F F F T T F probable_migraine"),
    "three hours in a child of twelve": (TYPICAL | {"headache_min": 180, "age": 12}, "T F T F T T F migraine_without_aura"),
    "exactly four hours": (TYPICAL | {"headache_min": 240}, "T T T T T T T migraine_without_aura"),
    "four days": (TYPICAL | {"headache_min": 5760}, "T T T T T T T probable_migraine"),
    "light and sound instead of nausea": (
        TYPICAL | {"nausea": False, "photophobia": True, "phonophobia": True}, "T T T T T T T migraine_without_aura"),
    "light alone does not accompany": (TYPICAL | {"nausea": False, "photophobia": True}, "T T F F T F T tth"),
    "one feature only": (
        {"headache_min": 300, "peak": "mild", "unilateral": True, "nausea": True}, "T T F F T F F probable_migraine"),
    # notes 1-6 of the standard
    "1 a triptan within an hour, pain gone": (
        {"headache_min": 60, "peak": "moderate", "meds": [RELIEF]}, "T F T T F F T tth"),
    "1 mild pain treated early is never a success": (
        {"headache_min": 60, "peak": "mild", "meds": [RELIEF]}, "T F T F F F F tth"),
    "2 ibuprofen ends a typical attack": (
        TYPICAL | {"headache_min": 150, "meds": [{"class": "nsaid", "relief_2h": "pain_free"}]}, "T F T F T T T probable_migraine"),
    "3 an aura alone": ({"auras": [AURA]}, "F F T F F T F aura_without_headache"),
    "4 a triptan without headache or aura": ({"meds": [RELIEF]}, "F F F F F F F none"),
    "5 a gepant taken as a preventive": (
        {"headache_min": 60, "peak": "mild", "meds": [{"class": "gepant", "reason": "preventive"}]}, "T F F F F F F tth"),
    "6 probable migraine and definite tension-type": (
        {"headache_min": 300, "peak": "moderate", "unilateral": True, "pressing": True, "phonophobia": True}, "T T F F T F T tth"),
    "a tension-type headache": (TENSION, "T F F F F F F tth"),
    "vomiting excludes tension-type": (TENSION | {"vomiting": True}, "T F F F F F F unclassified"),
    "an aura followed by headache": (
        {"headache_min": 100, "peak": "mild", "auras": [AURA], "headache_within_60": True}, "T F T F F T F migraine_with_aura"),
    "believed migraine relieved by a triptan": (
        {"headache_min": 100, "peak": "moderate", "believed_migraine": True, "meds": [RELIEF]}, "T F T T F T T tth"),
    "no migraine diagnosis on file": (TYPICAL | {"migraine_dx": False}, "T T T T F T T migraine_without_aura"),
    "a clear day": ({}, "F F F F F F F none"),
    "nausea not answered": (TYPICAL | {"nausea": None}, "T T ? ? T ? T unknown"),
    "headache not answered": ({"headache_min": None, "peak": None}, "? ? F F F F ? unknown"),
    "medicines not answered": ({"headache_min": 60, "peak": "mild", "meds": None}, "T F ? F F F F tth"),
}  # fmt: skip


def flags_of(day) -> dict:
    return spell_out(classify_day(read_facts(day)))


@pytest.mark.parametrize("name", CASES)
def test_a_day(name):
    """headache, 4 h, leiden, ihs, ichd count, chronic criterion C, moderate/severe, kind of attack."""
    day, expected = CASES[name]
    flags = flags_of(day)
    profiles = flags["migraine_day"]
    got = [
        flags["headache_day"], flags["headache_day_4h"], profiles["leiden"], profiles["ihs"], profiles["ichd_count"],
        flags["cm_c_day"], flags["mod_sev_headache_day"],
    ]  # fmt: skip
    letters = " ".join({True: "T", False: "F", "unknown": "?"}[value] for value in got)
    assert f"{letters} {flags['ichd_attack']}" == expected


MEDICINES = [
    ([], False, [], False),
    ([{"class": "paracetamol"}, {"class": "nsaid"}], True, ["non_opioid"], False),
    ([{"class": "triptan"}, {"class": "combination"}], True, ["combination", "triptan"], True),
    ([{"class": "antiemetic"}], False, [], False),
    ([{"class": "barbiturate", "reason": "other"}], True, ["other"], False),
    ([{"class": "gepant", "reason": "preventive"}], False, [], False),
    (None, "unknown", "unknown", "unknown"),
]


@pytest.mark.parametrize(("meds", "acute", "classes", "specific"), MEDICINES)
def test_the_medicines_of_a_day(meds, acute, classes, specific):
    flags = flags_of({"meds": meds})
    assert (flags["acute_med_day"], flags["acute_classes"], flags["migraine_specific_med_day"]) == (acute, classes, specific)


def test_a_medicine_told_by_its_name_is_looked_up_and_never_guessed():
    told = {"headache_min": 60, "peak": 5, "meds": [{"drug": "Imigran 50 mg"}, {"drug": "propranolol"}]}
    flags = classify_day(read_facts(told, lookup=find_medicine))
    assert (flags["acute_classes"], flags["migraine_specific_med_day"]) == (["triptan"], True)
    with pytest.raises(BadInput):
        read_facts({"meds": [{"drug": "zzz"}]}, lookup=find_medicine)
    with pytest.raises(BadInput):
        read_facts({"meds": [{"drug": "Imigran"}]})


@pytest.mark.parametrize(
    ("day", "clear"),
    [
        ({}, True),
        ({"headache_min": 5, "peak": "mild"}, False),
        ({"auras": [AURA]}, False),
        ({"phonophobia": True}, False),
        ({"other_symptoms": ["yawning"]}, False),
        ({"meds": [{"class": "nsaid"}]}, False),
        ({"meds": [{"class": "nsaid", "reason": "other"}]}, True),
        ({"other_symptoms": None}, "unknown"),
        ({"headache_min": None}, "unknown"),
        ({"headache_min": None, "peak": "none"}, True),
    ],
)
def test_a_crystal_clear_day_has_nothing_of_migraine(day, clear):
    assert flags_of(day)["crystal_clear_day"] == clear


@pytest.mark.parametrize(
    ("aura", "atypical"),
    [
        ({"min": 4}, True),
        ({"min": 5}, False),
        ({"min": 60}, False),
        ({"min": 61}, True),
        ({"type": "motor", "min": 30}, True),
        ({}, "unknown"),
    ],
)
def test_an_aura_out_of_its_time_or_of_a_rare_kind_is_atypical(aura, atypical):
    assert flags_of({"auras": [AURA | {"min": None} | aura]})["aura_atypical"] == atypical


def test_an_unlogged_day_is_missing_and_nothing_is_known_of_it():
    flags = flags_of({"logged": False})
    assert flags["status"] == "missing"
    assert {value for key, value in flags.items() if key not in ("status", "migraine_day")} == {"unknown"}


@pytest.mark.parametrize(
    ("entered", "late"),
    [
        ("2026-03-03T22:59:00+00:00", False),
        ("2026-03-03T23:00:00+00:00", True),
        ("2026-03-03T23:59:00", False),
        ("2026-03-04T00:00", True),
        ("2026-03-04", True),
    ],
)
def test_an_entry_after_the_next_local_day_is_late(entered, late):
    assert flags_of({"date": "2026-03-02", "tz": "Europe/Berlin", "entered_at": entered})["late"] is late


@pytest.mark.parametrize(
    "day",
    [
        [], "x", {"nausia": True}, {"nausea": 1}, {"headache_min": -1}, {"headache_min": True}, {"peak": 11}, {"peak": "awful"},
        {"meds": [{"drug": "x"}]}, {"meds": [{"class": None}]}, {"headache_min": 0, "peak": "mild"}, {"meds": [{"class": "sweets"}]}, {"meds": ["triptan"]}, {"auras": {}}, {"auras": [{"type": "smell"}]},
        {"auras": [{"minutes": 20}]}, {"meds": [{"class": "triptan", "relief": "pain_free"}]}, {"date": "2026-13-01"}, {"tz": "Mars/X"},
        {"other_symptoms": [1]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_never_taken_for_no(day):
    with pytest.raises(BadInput) as caught:
        read_facts(day, "line 1")
    assert all(problem.where.startswith("line 1") for problem in caught.value.problems)


NOT_ANSWERED = [
    # null is never taken for the usual answer
    ({"headache_min": None}, ("headache_day",), "unknown"),
    ({"headache_min": None, "meds": [{"class": "triptan"}]}, ("migraine_day", "leiden"), "unknown"),
    (TYPICAL | {"migraine_dx": None}, ("migraine_day", "ichd_count"), "unknown"),
    (TYPICAL | {"headache_min": 180, "age": None}, ("ichd_attack",), "unknown"),
    (TYPICAL | {"headache_min": 300, "age": None}, ("ichd_attack",), "migraine_without_aura"),
    ({"auras": [AURA | {"type": None}]}, ("aura_atypical",), "unknown"),
    ({"auras": [AURA | {"type": None, "min": 90}]}, ("aura_atypical",), True),
    ({"meds": [{"class": "nsaid", "reason": None}]}, ("crystal_clear_day",), "unknown"),
    ({"meds": [{"class": "nsaid", "reason": None}]}, ("acute_med_day",), True),
    ({"logged": None}, ("status",), "missing"),
]


@pytest.mark.parametrize(("day", "path", "expected"), NOT_ANSWERED)
def test_what_was_not_answered_is_not_assumed(day, path, expected):
    found = flags_of(day)
    for key in path:
        found = found[key]
    assert found == expected


TRI = st.none() | st.booleans()
DAYS = st.fixed_dictionaries(
    {
        "headache_min": st.none() | st.sampled_from([0, 20, 60, 150, 240, 300, 5000]),
        "peak": st.none() | st.sampled_from(["none", "mild", "moderate", "severe"]),
        **dict.fromkeys(("unilateral", "pulsating", "aggravated", "nausea", "photophobia", "phonophobia", "bilateral", "pressing"), TRI),
        "meds": st.none() | st.lists(st.fixed_dictionaries({"class": st.sampled_from(["triptan", "nsaid"]), "relief_2h": st.none() | st.sampled_from(["none", "pain_free"])}), max_size=2),
        "auras": st.none() | st.lists(st.fixed_dictionaries({"min": st.none() | st.sampled_from([3, 20, 90]), "positive": TRI}), max_size=1),
    }
)  # fmt: skip
DAYS = DAYS.filter(lambda day: day["headache_min"] != 0 or day["peak"] in (None, "none"))  # else it contradicts itself


@given(DAYS, st.data())
def test_learning_an_answer_never_turns_a_known_flag(day, data):
    """Unknown may become true or false; true and false stay."""
    fills = {key: [True, False] for key, value in day.items() if value is None}
    fills |= {"headache_min": [0, 60, 300], "peak": ["none", "mild", "severe"], "meds": [[], [RELIEF]], "auras": [[], [AURA]]}
    learnt = {key: data.draw(st.sampled_from(fills[key])) if value is None else value for key, value in day.items()}
    if not learnt["headache_min"] and learnt["peak"] != "none":
        return  # no headache, yet a strength: not two answers of one day
    if learnt["headache_min"] and learnt["peak"] == "none":
        return
    before, after = flags_of(day), flags_of(learnt)
    pairs = [(before[key], after[key]) for key in before if key not in ("migraine_day", "acute_classes")]
    pairs += [(before["migraine_day"][key], after["migraine_day"][key]) for key in before["migraine_day"]]
    assert all(old in ("unknown", new) for old, new in pairs)


@given(DAYS)
def test_stricter_readings_are_inside_wider_ones(day):
    flags = flags_of(day)
    inside = [
        ("headache_day_4h", "headache_day"),
        ("mod_sev_headache_day", "headache_day"),
        ("migraine_specific_med_day", "acute_med_day"),
    ]
    for narrow, wide in inside:
        assert flags[narrow] is not True or flags[wide] is True
    if flags["migraine_day"]["ihs"] is True:
        assert flags["headache_day"] is True
    if flags["ichd_attack"] == "migraine_without_aura":
        assert flags["migraine_day"] == {"leiden": True, "ihs": True, "ichd_count": True}
    if flags["crystal_clear_day"] is True:
        assert flags["headache_day"] is False


@given(DAYS)
def test_profiles_that_must_hold_inside_each_other_do(day):
    """Features for four hours are features for half an hour; an attack by the letter counts by every profile."""
    flags = flags_of(day)
    profiles = flags["migraine_day"]
    without_aura = {**day, "auras": []}
    plain = flags_of(without_aura)
    if plain["migraine_day"]["ihs"] is True:
        assert plain["migraine_day"]["leiden"] is True
    if plain["migraine_day"]["leiden"] is True and not day["meds"]:
        assert plain["cm_c_day"] is True
    if flags["ichd_attack"] in ("migraine_without_aura", "probable_migraine"):
        assert profiles["ichd_count"] is True
    if flags["crystal_clear_day"] is True:
        assert not any(profiles[name] is True for name in profiles)


def test_three_valued_logic_is_the_logic_of_all_completions():
    """all_of, any_of and at_least equal the common value over every way of filling in what is unknown."""
    from cleardays.diary.kleene import all_of, any_of, at_least

    for values in itertools.product((True, False, None), repeat=3):
        filled = [
            [f if v is None else v for v, f in zip(values, fill, strict=True)]
            for fill in itertools.product((True, False), repeat=3)
        ]
        for got, of in (
            (all_of(*values), all), (any_of(*values), any), (at_least(2, values), lambda x: sum(x) >= 2),
        ):  # fmt: skip
            answers = {of(f) for f in filled}
            assert got == (answers.pop() if len(answers) == 1 else None)
