"""Questionnaires and counted measures: what goes in, and what must follow."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cleardays.diary.instruments import instruments, total_range
from cleardays.diary.measure import measure
from cleardays.problems import BadInput
from cleardays.sources import all_sources


def score(instrument: str, **told):
    found = measure({"instrument": instrument, **told})
    for reason in found["reasons"]:
        assert reason["source"]
        assert set(reason["source"]) <= all_sources().keys()
    return found


def said(found) -> str:
    return " ".join(reason["because"] for reason in found["reasons"])


TOTALS = [
    ("MIDAS", "grade", {0: "I", 5: "I", 6: "II", 10: "II", 11: "III", 20: "III", 21: "IV", 276: "IV"}),
    ("HIT6", "band", {36: "little_or_none", 49: "little_or_none", 50: "some", 55: "some", 56: "substantial", 59: "substantial", 60: "severe", 78: "severe"}),
    ("PHQ9", "band", {0: "none", 4: "none", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "moderately_severe", 19: "moderately_severe", 20: "severe", 27: "severe"}),
    ("GAD7", "band", {0: "none", 4: "none", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "severe", 21: "severe"}),
    ("AUDIT", "level", {0: "I", 7: "I", 8: "II", 15: "II", 16: "III", 19: "III", 20: "IV", 40: "IV"}),
    ("AUDIT", "positive", {7: False, 8: True}),
    ("PACS", "positive", {20: False, 21: True, 30: True}),
    ("PACS", "positive_screen", {14: False, 15: True}),
    ("MIGRAINE_ACT", "positive", {2: True, 3: False}),
    ("MTOQ4", "band", {0: "very_poor", 1: "poor", 5: "poor", 6: "moderate", 7: "moderate", 8: "maximum"}),
]  # fmt: skip


@pytest.mark.parametrize(("instrument", "key", "answers"), TOTALS)
def test_the_words_for_a_total(instrument, key, answers):
    assert {total: score(instrument, total=total)[key] for total in answers} == answers


@pytest.mark.parametrize("instrument", [name for name, table in instruments().items() if "total" in table])
def test_a_total_outside_its_range_is_rejected(instrument):
    least, most = total_range(instrument)
    for total, valid in (
        (least, True),
        (most, True),
        (Decimal(f"{least}.0"), True),
        (least - 1, False),
        (most + 1, False),
        (least + 0.5, False),
    ):
        found = score(instrument, total=total)
        assert found["valid"] is valid
        assert (found["total"] is None) is not valid
        assert valid or said(found)


ITEMS = [
    ("MIDAS", [3, 4, 2, 1, 1], 11),
    ("MIDAS", [46, 46, 46, 46, 92], 276),
    ("MIDAS", [46, 47, 0, 0, 0], None),  # 93 days of 92: item 2 leaves out the days of item 1
    ("MIDAS", [0, 0, 90, 3, 0], None),
    ("MIDAS", [0, 0, 0, 0, 93], None),
    ("MIDAS", [3, 4, 2, 1], None),
    ("MIDAS", [3, 4, 2, 1, None], None),  # nothing is filled in
    ("HIT6", [6, 8, 10, 11, 13, 13], 61),
    ("HIT6", [6, 7, 10, 11, 13, 13], None),
    ("PHQ9", [3] * 9, 27),
    ("PHQ9", [4] + [0] * 8, None),
    ("PHQ9", [0.5] + [0] * 8, None),
    ("PHQ9", [1] * 9 + [2], 9),  # the tenth is not scored
    ("PHQ9", [0] * 11, None),
    ("MIDAS", [3, 4, 2, 1, 1, 20, 7], 11),
    ("GAD7", [-1] + [0] * 6, None),
    ("AUDIT", [4] * 10, 40),
    ("PACS", [6] * 5, 30),
    ("BSCS", [4, 4, 4], 12),
    ("MIGRAINE_ACT", [True, False, 1, 0], 2),
]


@pytest.mark.parametrize(("instrument", "items", "total"), ITEMS)
def test_items_are_added_up_or_rejected(instrument, items, total):
    found = score(instrument, items=items)
    assert (found["total"], found["valid"]) == (total, total is not None)
    assert total is not None or said(found)


def test_unscored_answers_are_checked_too():
    assert score("MIDAS", total=11, A=92, B=10)["grade"] == "III"
    assert score("MIDAS", total=11, A=None)["valid"]
    for beside in ({"A": 93}, {"B": 11}, {"B": -1}):
        assert not score("MIDAS", total=11, **beside)["valid"]


def test_a_total_beside_its_items_must_be_their_sum():
    assert score("GAD7", items=[1] * 7, total=7)["valid"]
    assert not score("GAD7", items=[1] * 7, total=8)["valid"]


SAFETY = [
    ({"items": [0] * 8 + [1]}, True),  # a total of 1
    ({"items": [3] * 8 + [0]}, False),
    ({"items": [None] + [0] * 7 + [1]}, True),  # not scored, and still asked
    ({"items": [None] + [0] * 8}, False),
    ({"items": [0] * 8 + [None]}, None),
    ({"items": [0] * 8}, None),
    ({"items": [9] * 9}, True),  # out of range, and not zero
    ({"total": 12}, None),
    ({"total": 24}, None),
    ({"total": 25}, True),  # the other eight give 24 at most
    ({"total": 27}, True),
    ({"total": 0}, False),
    ({"total": 28}, None),
    ({"total": None}, None),
]


@pytest.mark.parametrize(("told", "screen"), SAFETY)
def test_item_9_of_the_phq_9_asks_for_the_safety_screen_whatever_the_total(told, screen):
    found = score("PHQ9", **told)
    assert found["safety_screen"] is screen
    assert ("ask" in said(found)) == (screen is not False)


AUDIT_C = [
    ("male", [3, 0, 0], (3, False, False)),
    ("male", [4, 0, 0], (4, True, True)),
    ("male", [3, 1, 0], (4, True, False)),
    ("female", [2, 0, 0], (2, False, False)),
    ("female", [3, 0, 0], (3, True, True)),
    ("other", [3, 0, 0], (3, True, True)),
    (None, [2, 1, 0], (3, True, False)),
]


@pytest.mark.parametrize(("sex", "items", "answers"), AUDIT_C)
def test_audit_c_by_sex_and_by_where_the_points_come_from(sex, items, answers):
    found = score("AUDITC", items=items, sex=sex)
    assert (found["total"], found["positive"], found["review_item1_only"]) == answers
    assert ("more cautious" in said(found)) == (sex in ("other", None))


def test_a_bare_audit_c_total_says_where_the_points_come_from_only_if_it_must():
    assert [score("AUDITC", total=total)["review_item1_only"] for total in (2, 3, 4, 5)] == [False, None, None, False]


def test_the_msq_has_three_scores_and_no_total():
    found = score("MSQ", items=[6] * 7 + [1] * 4 + [3, 4, 5])
    assert (found["rfr"], found["rfp"], found["ef"], found["total"]) == (100, 0, 60, None)
    assert score("MSQ", items=[1] * 14)["rfr"] == 0
    assert not score("MSQ", items=[6] * 13 + [None])["valid"]
    assert not score("MSQ", total=50)["valid"]


def test_what_is_known_from_memory_only_is_said():
    assert "zones" in said(score("AUDIT", total=20))
    assert "memory" not in said(score("GAD7", total=20))


def test_no_item_text_ships():
    allowed = {
        "name", "recall", "items", "item", "answers", "total", "period_days", "share_the_period", "beside", "bands_are", "bands",
        "scales", "positive", "positive_screen", "safety_item", "review_item", "yes_no", "text", "unconfirmed", "unconfirmed_text", "source",
        "unscored_items",
    }  # fmt: skip
    for name, table in instruments().items():
        if "items" in table:
            assert table.keys() <= allowed, name
            assert table["text"] in {"no", "yes", "yes, with the credit line", "yes, with credit to WHO"}
            assert {"recall", "unconfirmed"} <= table.keys()


def drinks(days: list, sex: str | None = "female"):
    found = score("TLFB", drinks=days, sex=sex)
    return [found[key] for key in ("assessed", "pda", "phdd", "ddd")]


def test_drinks_day_by_day():
    assert drinks([0, 0, 4, 1]) == [4, 50, 25, 2.5]
    assert drinks([0, 0, 4, 1], "male") == [4, 50, 0, 2.5]
    assert drinks([0, 0, 5, 1], "male") == [4, 50, 25, 3]
    assert drinks([0, 0, 4, 1], None) == [4, 50, 25, 2.5]
    assert drinks([0, 0, 0, 0]) == [4, 100, 0, None]  # no drinking day, no drinks per drinking day
    assert drinks([0.1, 0.2, 3.7]) == [3, 0, 0, pytest.approx(4 / 3)]


def test_a_day_that_was_not_assessed_is_no_abstinent_day():
    found = score("TLFB", drinks=[0, 0, 4, 2, None, None, None, None], sex="female")
    assert [found[key] for key in ("assessed", "n_days", "quality", "pda", "phdd", "ddd")] == [4, 8, "usable", 50, 25, 3]
    assert (found["pda_missing_as_use"], found["phdd_missing_as_heavy"]) == (25, 62.5)
    assert score("TLFB", drinks=[0] * 8 + [None] * 2)["quality"] == "complete"
    assert score("TLFB", drinks=[0] * 7 + [None] * 3)["quality"] == "usable"
    assert drinks([0, 4, None, None, None]) == [2, None, None, None]
    assert drinks([]) == [0, None, None, None]
    assert drinks([None]) == [0, None, None, None]


def test_grams_follow_from_standard_drinks_and_fewer_than_none_is_rejected():
    assert score("TLFB", drinks=[0, 2])["g_per_day"] == 14
    found = score("TLFB", drinks=[0, -2])
    assert (found["valid"], found["pda"]) == (False, None)


RISK = [
    (
        "female",
        {0: "abstinent", 0.1: "low", 20: "low", 20.5: "medium", 40: "medium", 40.01: "high", 60: "high", 60.01: "very_high"},
    ),
    ("male", {0: "abstinent", 40: "low", 40.01: "medium", 60: "medium", 60.01: "high", 100: "high", 100.01: "very_high"}),
    ("other", {20: "low", 21: "medium"}),
    (None, {20: "low", 61: "very_high"}),
]


@pytest.mark.parametrize(("sex", "levels"), RISK)
def test_the_who_risk_level(sex, levels):
    assert {grams: score("WHO_RISK", g_per_day=grams, sex=sex)["level"] for grams in levels} == levels


def test_less_than_no_alcohol_and_unknown_alcohol_have_no_level():
    for grams in (-1, None):
        found = score("WHO_RISK", g_per_day=grams)
        assert (found["level"], found["valid"]) == (None, False)


@pytest.mark.parametrize(("attack", "inside"), [("01", False), ("02", True), ("04", True), ("06", True), ("07", False)])
def test_the_menstrual_window_is_day_1_and_two_days_on_either_side(attack, inside):
    assert score("MENSTRUAL_WINDOW", day1="2026-03-04", attack=f"2026-03-{attack}")["in_window"] is inside


def test_several_attacks_and_none():
    found = score("MENSTRUAL_WINDOW", day1="2024-03-01", attack=["2024-03-03", "2024-02-28", "2024-02-27"])
    assert found["in_window_dates"] == ["2024-02-28", "2024-03-03"]  # across a leap day
    assert score("MENSTRUAL_WINDOW", day1="2026-03-04", attack=[])["in_window"] is False
    assert score("MENSTRUAL_WINDOW", day1="2026-03-04", attack=None)["in_window"] is None


UNUSABLE = [
    None, [], 3, {}, {"instrument": None}, {"instrument": "PHQ"}, {"instrument": 9}, {"instrument": "PHQ9"}, {"instrument": []},
    {"instrument": "PHQ9", "itms": [0] * 9},
    {"instrument": "PHQ9", "total": 3, "A": 1},
    *({"instrument": "PHQ9", "total": total} for total in (True, "3", [3], float("nan"), float("inf"), Decimal("1e999999"))),
    *({"instrument": "PHQ9", "items": items} for items in ("0" * 9, 9, {}, [True] + [0] * 8, ["0"] + [0] * 8, [[0]])),
    {"instrument": "MIGRAINE_ACT", "items": ["yes", 0, 0, 0]},
    {"instrument": "AUDITC", "total": 3, "sex": "x"},
    {"instrument": "AUDITC", "total": 3, "sex": True},
    {"instrument": "TLFB"}, {"instrument": "TLFB", "drinks": 3}, {"instrument": "TLFB", "drinks": [False]},
    {"instrument": "WHO_RISK"}, {"instrument": "WHO_RISK", "g_per_day": "20"},
    {"instrument": "MENSTRUAL_WINDOW", "attack": "2026-03-04"}, {"instrument": "MENSTRUAL_WINDOW", "day1": "2026-03-04"},
    *({"instrument": "MENSTRUAL_WINDOW", "day1": "2026-03-04", "attack": day} for day in ("4.3.2026", "2026-02-30", 20260304, [None], {})),
]  # fmt: skip


@pytest.mark.parametrize("document", UNUSABLE, ids=repr)
def test_what_cannot_be_read_is_a_problem(document):
    with pytest.raises(BadInput):
        measure(document)
