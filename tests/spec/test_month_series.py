"""Several months: how long is long enough, with missing days left open."""

from __future__ import annotations

import pytest

from cleardays.diary.month_series import judge_series, read_series
from cleardays.problems import BadInput

FULL = {"n_days": 30, "n_logged": 30}


def judge(*months):
    return judge_series(read_series({"months": [FULL | month for month in months]}))


CHRONIC = {"hd": 16, "cm_c": 9}
EPISODIC = {"hd": 10, "cm_c": 9}
OPEN = {"hd": 13, "cm_c": 8, "n_logged": 27}


@pytest.mark.parametrize(
    ("months", "three", "more"),
    [
        ([CHRONIC] * 2, "no", "no"),
        ([CHRONIC] * 3, "yes", "no"),
        ([CHRONIC] * 4, "yes", "yes"),
        ([CHRONIC, CHRONIC, EPISODIC, CHRONIC, CHRONIC], "no", "no"),
        ([EPISODIC, CHRONIC, CHRONIC, CHRONIC, CHRONIC], "yes", "yes"),
        ([CHRONIC, CHRONIC, CHRONIC, OPEN], "yes", "indeterminate"),
        ([CHRONIC, CHRONIC, OPEN], "indeterminate", "no"),
        ([EPISODIC, OPEN, EPISODIC], "no", "no"),
    ],
)
def test_how_long_a_chronic_pattern_lasts(months, three, more):
    found = judge(*months)
    assert (found["cm_3mo"], found["cm_gt3mo"]) == (three, more)


TRIPTANS = CHRONIC | {"med": {"triptan": 11}}


@pytest.mark.parametrize(
    ("months", "three", "more", "moh", "nice"),
    [
        ([TRIPTANS] * 3, "yes", "no", "no", "yes"),  # NICE alerts at three months, ICHD-3 not yet
        ([TRIPTANS] * 4, "yes", "yes", "yes", "yes"),
        ([EPISODIC | {"med": {"triptan": 11}}] * 4, "yes", "yes", "no", "yes"),  # overuse without 15 headache days
        ([CHRONIC | {"med": {"triptan": 9}}] * 4, "no", "no", "no", "no"),
        (
            [CHRONIC | {"n_logged": 28, "med": {"triptan": 9}}] * 4,
            "indeterminate",
            "indeterminate",
            "indeterminate",
            "indeterminate",
        ),
    ],
)
def test_overuse_of_triptans_over_months(months, three, more, moh, nice):
    found = judge(*months)
    assert found["overuse_3mo"]["8.2.2"] == three
    assert found["overuse_gt3mo"]["8.2.2"] == more
    assert (found["moh_pattern"], found["nice_moh_alert"]) == (moh, nice)


def test_counts_of_two_classes_leave_their_distinct_days_open():
    """Six triptan days and six ibuprofen days are between six and twelve days."""
    found = judge(*[CHRONIC | {"med": {"triptan": 6, "nsaid": 6}}] * 3)
    assert found["overuse_3mo"]["8.2.6"] == "indeterminate"
    assert judge(*[CHRONIC | {"med": {"triptan": 4, "nsaid": 5}}] * 3)["overuse_3mo"]["8.2.6"] == "no"


def test_two_names_of_one_class_leave_their_distinct_days_open():
    """Ten ibuprofen days and eight paracetamol days are between ten and eighteen days of non-opioids."""
    found = judge(*[CHRONIC | {"med": {"nsaid": 10, "paracetamol": 8}}] * 3)["overuse_3mo"]
    assert found["8.2.3"] == "indeterminate"
    assert judge(*[CHRONIC | {"med": {"nsaid": 15, "paracetamol": 8}}] * 3)["overuse_3mo"]["8.2.3"] == "yes"


def test_counts_that_were_not_told_are_not_zero():
    assert judge(*[{}] * 4)["cm_3mo"] == "indeterminate"
    assert judge(*[{"hd": 16}] * 4)["cm_gt3mo"] == "indeterminate"
    assert judge(*[{"hd": 10}] * 4)["cm_gt3mo"] == "no"
    assert judge(*[CHRONIC | {"med": None}] * 4)["moh_pattern"] == "indeterminate"
    assert judge(*[CHRONIC] * 4)["moh_pattern"] == "no"


def test_gepants_never_count_as_overuse():
    assert set(judge(*[CHRONIC | {"med": {"gepant": 30}}] * 4)["overuse_gt3mo"].values()) == {"no"}


@pytest.mark.parametrize(
    "document",
    [[], {}, {"months": []}, {"months": [1]}, *({"months": [month]} for month in (
        {"hd": 32}, {"hd": -1}, {"hd": "5"}, {"n_days": 30}, {"n_logged": 30}, {"n_days": 40}, {"n_days": 28, "n_logged": 29}, {"hd": True},
        {"med": {"sweets": 1}}, {"med": {"triptan": 99}}, {"med": [1]},
    ))],
)  # fmt: skip
def test_months_that_cannot_be_read_are_problems(document):
    with pytest.raises(BadInput):
        read_series(document)


def test_names_behind_a_colon_are_pooled_and_days_with_any_bound_the_mix():
    month = {"hd": 16, "cm_c": 9, "n_days": 30, "n_logged": 30, "month": "2026-01"}
    drugs = {"non_opioid:paracetamol": 8, "non_opioid:ibuprofen": 8}
    assert judge_series(read_series({"months": [{**month, "med": drugs}] * 4}))["overuse_3mo"]["8.2.3"] == "indeterminate"
    mixed = {"triptan": 6, "non_opioid": 6}
    assert judge_series(read_series({"months": [{**month, "med": mixed}] * 3}))["overuse_3mo"]["8.2.6"] == "indeterminate"
    assert judge_series(read_series({"months": [{**month, "med": {**mixed, "any": 9}}] * 3}))["overuse_3mo"]["8.2.6"] == "no"
    assert judge_series(read_series({"months": [{**month, "med": {**mixed, "any": 12}}] * 3}))["overuse_3mo"]["8.2.6"] == "yes"
    gepants = {**mixed, "gepant": 9, "any": 12}
    assert judge_series(read_series({"months": [{**month, "med": gepants}] * 3}))["overuse_3mo"]["8.2.6"] == "indeterminate"


def test_without_a_diagnosis_on_file_there_is_no_pattern_of_overuse_headache():
    month = {"hd": 16, "cm_c": 9, "n_days": 30, "n_logged": 30, "med": {"triptan": 12}}
    months = read_series({"months": [month] * 4, "migraine_dx": False})
    assert judge_series(months)["moh_pattern"] == "yes"
    assert judge_series(months, diagnosed=False)["moh_pattern"] == "no"
    assert judge_series(months, diagnosed=None)["moh_pattern"] == "indeterminate"


@pytest.mark.parametrize(
    "document", [{"months": [None]}, {"months": [{"n_days": 30, "n_logged": 30, "meds": {}}]}, {"months": [{}], "dx": 1}]
)
def test_a_misspelt_series_is_a_problem(document):
    with pytest.raises(BadInput):
        read_series(document)
