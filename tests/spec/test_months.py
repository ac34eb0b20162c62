"""A month of days: chronic pattern and overuse by class, with missing days left open."""

from __future__ import annotations

import pytest

from cleardays.diary.months import count_month, read_pattern
from cleardays.problems import BadInput


def month(pattern: str, **meds):
    return count_month(read_pattern({"start": "2026-01-01", "pattern": pattern, "meds": meds}))


def days(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


@pytest.mark.parametrize(
    ("pattern", "chronic"),
    [
        ("M" * 8 + "H" * 7 + "0" * 13, ("yes", "yes", "yes")),
        ("M" * 7 + "H" * 8 + "0" * 13, ("yes", "no", "no")),
        ("M" * 14 + "0" * 14, ("no", "yes", "no")),
        ("M" * 7 + "H" * 7 + "." + "0" * 13, ("indeterminate",) * 3),
        ("M" * 7 + "H" * 8 + "." + "0" * 12, ("yes", "indeterminate", "indeterminate")),
    ],
)
def test_the_pattern_of_chronic_migraine(pattern, chronic):
    found = month(pattern)
    assert (found["ge15_headache"], found["ge8_migraine"], found["cm_month"]) == chronic


FULL = "M" * 30
OVERUSE = [
    ({"triptan": days(1, 10)}, {"8.2.2"}),
    ({"triptan": days(1, 9)}, set()),
    ({"triptan:suma": days(1, 5), "triptan:riza": days(6, 10)}, {"8.2.2"}),  # triptans are pooled
    ({"triptan:suma": days(1, 6), "triptan:riza": days(1, 6)}, set()),  # days, not doses
    ({"nsaid": days(1, 8), "paracetamol": days(9, 15)}, {"8.2.3"}),  # one class of non-opioids
    ({"paracetamol": days(1, 8), "nsaid": days(9, 14)}, set()),  # 14 days of one class are no overuse
    ({"triptan": days(1, 6), "nsaid": days(7, 11)}, {"8.2.6"}),  # 11 distinct days of two classes
    ({"triptan": days(1, 6), "nsaid": days(1, 6)}, set()),  # the same six days
    ({"triptan": days(1, 10), "nsaid": days(11, 15)}, {"8.2.2"}),  # one alone is overused: not the mixed kind
    ({"ergot": days(1, 10)}, {"8.2.1"}),
    ({"opioid": days(1, 10)}, {"8.2.4"}),
    ({"combination": days(1, 10)}, {"8.2.5"}),
    ({"ditan": days(1, 10)}, {"8.2.8"}),
    ({"gepant": days(1, 30)}, set()),  # no limit is known for gepants
    ({"antiemetic": days(1, 30)}, set()),
]


@pytest.mark.parametrize(("meds", "overused"), OVERUSE)
def test_overuse_by_class(meds, overused):
    found = month(FULL, **meds)["overuse_month"]
    assert {code for code, answer in found.items() if answer == "yes"} == overused
    assert set(found.values()) <= {"yes", "no"}
    assert list(found) == [f"8.2.{n}" for n in range(1, 9)]


def test_missing_days_leave_overuse_open():
    found = month("M" * 26 + "....", triptan=days(1, 8))["overuse_month"]
    assert found["8.2.2"] == "indeterminate"
    assert found["8.2.3"] == "no"
    assert found["8.2.6"] == "indeterminate"


def test_medicines_that_were_not_answered_leave_overuse_open():
    found = count_month(read_pattern({"pattern": FULL, "meds": None}))["overuse_month"]
    assert {answer for code, answer in found.items() if code != "8.2.7"} == {"indeterminate"}


@pytest.mark.parametrize(
    "document",
    [{}, [], {"pattern": ""}, {"pattern": "MX"}, {"pattern": "M", "meds": {"sweets": [1]}}]
    + [{"pattern": "M", "meds": {"triptan": given}} for given in ([2], [0], ["1"], 1, [True])],
)
def test_a_month_that_cannot_be_read_is_a_problem(document):
    with pytest.raises(BadInput):
        read_pattern(document)
