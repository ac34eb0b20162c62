"""Tables of studies that may not be pooled, and what a reader is told: comparators, spreads, units, networks in parts."""

from __future__ import annotations

import pytest

from cleardays.evidence.synthesis.network import synthesise
from cleardays.evidence.synthesis.table import read_table
from cleardays.problems import BadInput

# Six tables that were collected for one thesis; three of them hold spreads of changes, of which some are standard errors.
THESIS = {
    "ae_data": (19, 13, None),
    "amd_data": (17, 14, "amd_sd"),
    "mhd_data": (8, 8, "mhd_sd"),
    "mmd_data": (31, 22, "mmd_sd"),
    "protocol_data": (33, 24, "amd_baseline_sd"),
    "response_data": (21, 16, None),
}


def problems(text, measure=None):
    with pytest.raises(BadInput) as refused:
        pooled(text, measure)
    return refused.value.problems


def pooled(text, measure):
    read = read_table(text.splitlines(keepends=True), measure)
    return synthesise(read.studies, read.measure or "MD")


@pytest.mark.parametrize(("name", "expected"), THESIS.items())
def test_a_table_without_comparators_and_with_standard_errors_for_deviations_says_so(name, expected, reference_data):
    studies, lonely, column = expected
    text = (reference_data / "evidence" / "thesis_atalan2025" / f"{name}.csv").read_text(encoding="utf-8")
    found = problems(text)
    assert f"{lonely} of {studies} studies have no comparator" in found[0].what
    assert "nothing can be compared" in found[0].try_this
    spreads = [each for each in found if "cannot be a standard deviation" in each.what]
    assert bool(spreads) == (column is not None)
    if column:
        assert any(each.where.endswith(f"column {column}") for each in spreads)
        assert all("It is a standard error" in each.try_this for each in spreads)
        assert all(each.where.startswith("line ") for each in spreads)


ARMS = "study,treatment,mean,sd,n\n"
PAIRS = "study,treat1,treat2,TE,seTE\n"


@pytest.mark.parametrize(
    ("text", "where", "what", "try_this"),
    [
        (
            PAIRS + "s,a,b,1,1\nt,c,d,1,1\nu,b,e,0,1\n",
            "network", "the studies form 2 parts that nothing connects: a, b, e; c, d.", "Pool each part by itself",
        ),
        (
            ARMS + "s,a,1,2,40\ns,b,2,2,40\nt,a,1,2,40\n",
            "table", "1 of 2 studies have no comparator, only one treatment each: t.", "add its arms",
        ),
        (
            ARMS + "s,a,1,2,40\ns,a,2,2,40\ns,b,2,2,40\n",
            "line 3, study s, a", "the study has a twice.", "name the doses apart",
        ),
        (
            PAIRS + "s,a,b,1,1\ns,b,a,-1,1\n",
            "line 2, study s", "b and a stand there twice.", "Keep one",
        ),
        (
            PAIRS + "s,a,a,1,1\n",
            "line 2, study s", "a is compared with itself.", "Name the two treatments",
        ),
        (
            "study,treatment,mean,sd,n,unit\ns,a,1,2,40,days per 28\ns,b,2,2,40,days per month\n",
            "column unit",
            "the rows are in different units: days per 28 (line 2), days per month (line 3).",
            "Bring them to one",
        ),
        (
            ARMS + "s,a,1,2,40\ns,b,2,2.1,40\nt,a,1,0.3,44\nt,b,1,2,44\n",
            "line 4, study t, a, column sd", "0.3 cannot be a standard deviation of 44 people where others have about 2.1.",
            "It is a standard error",
        ),
        (
            PAIRS + "s,a,b,1,1\ns,b,c,1,1\ns,a,c,1.5,1\n",
            "line 2, study s", "c against a is -1.5, but by way of b -2.", "which of the three is wrong",
        ),
        (
            PAIRS + "s,a,b,1,1\ns,b,c,1,1\n",
            "line 2, study s", "it compares 3 treatments, but not a with c.", "needs all its pairs",
        ),
        (
            PAIRS + "s,a,b,1,1\ns,b,c,1,1\ns,a,c,2,3\n",
            "line 2, study s", "no study can have these standard errors together.", "Look them up again",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_pooled_truthfully_is_refused_with_the_reason(text, where, what, try_this):
    (found,) = problems(text)
    assert (found.where, found.what) == (where, what)
    assert try_this in found.try_this


def test_every_reason_is_told_not_only_the_first():
    text = ARMS + "s,a,x,2,40\ns,b,2,-2,40\nt,a,1,2,40\nu,a,1,2,40\nu,A,1,2,40\n"
    assert [each.where for each in problems(text)] == [
        "line 6, study u, A, column treatment", "line 2, study s, a, column mean", "line 3, study s, b, column sd", "table",
    ]  # fmt: skip


def test_a_measure_that_the_columns_cannot_give_is_refused():
    (found,) = problems("study,treatment,events,n\ns,a,1,9\ns,b,2,9\n", "ROM")
    assert (found.where, found.what) == ("--measure", "ROM cannot be had from events.")


def test_a_reference_that_no_study_has_is_refused():
    read = read_table([PAIRS, "s,a,b,1,1\n"])
    with pytest.raises(BadInput, match="no study has placebo"):
        synthesise(read.studies, "MD", reference="placebo")
    with pytest.raises(BadInput, match="there is no study"):
        synthesise([], "MD")


def test_the_same_figures_under_two_names_are_told():
    lines = [
        "study,treatment,events,n",
        "A,x,30,100",
        "A,placebo,20,100",
        "B,placebo,20,100",
        "B,x,30,100",
        "C,x,9,50",
        "C,placebo,8,52",
    ]
    (note,) = read_table(line + "\n" for line in lines).notes
    assert "A and B" in note.what
    assert "count twice" in note.try_this
