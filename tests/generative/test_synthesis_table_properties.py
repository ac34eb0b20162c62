"""Any table of studies, however odd, is pooled to finite figures or refused with the place."""

from __future__ import annotations

import io
import json
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.evidence.synthesis.document import as_document
from cleardays.evidence.synthesis.gls import METHODS
from cleardays.evidence.synthesis.measures import MEASURES
from cleardays.evidence.synthesis.network import synthesise
from cleardays.evidence.synthesis.table import KINDS, read_table
from cleardays.problems import BadInput, Problem

COUNT = st.sampled_from(["0", "1", "2", "7", "40", "1000000000"])
SIZE = st.sampled_from([*["2", "40", "350"] * 5, "1", "2", "7", "40", "350", "1000000000", "1000000000000"])
NUMBER = st.sampled_from([*["0", "1", "3.5", "0.25", "49"] * 6, "-3.5", "1e-9", "-1e12", "1e12", "-50", "1e-300"])
# Sizes that no table has come now and then; those that a precise and a vague study may have, mostly.
ABOVE_0 = st.sampled_from([*["1", "0.3", "0.001", "12", "1e2"] * 8, "1e-9", "2e-12", "1e12", "1e-12"])
ODD = st.sampled_from(
    [
        "",
        " ",
        "inf",
        "-inf",
        "nan",
        "NA",
        "-1",
        "0",
        "1e400",
        "1e308",
        "5e-324",
        "1_0",
        "0x10",
        "1,5",
        "½",
        "x" * 60,
        "3.5",
        '"',
    ]
)
CELLS = {"events": COUNT, "n": SIZE, "mean": NUMBER, "sd": ABOVE_0, "exposure": ABOVE_0, "te": NUMBER, "sete": ABOVE_0}
NAME = st.sampled_from(["a", "b", "c", "d", "placebo"])


def answered(text, measure=None, method="REML"):
    """The document of a table, or the problems that it was refused with; anything else is a failure."""
    problems: tuple[Problem, ...] = ()
    try:
        read = read_table(io.StringIO(text, newline=""), measure)
        found = synthesise(read.studies, read.measure or "MD", method=method)
    except BadInput as bad:
        problems = bad.problems
    if problems:
        assert all(problem.where and problem.what and problem.try_this for problem in problems)
        return list(problems)
    document = as_document(found, read.measure, read.notes)
    json.dumps(document, allow_nan=False)
    return document


@st.composite
def tables(draw, odd):
    """Rows of one kind, most of them sound; an odd cell here and there."""
    kind = draw(st.sampled_from(KINDS))
    names = ("study", *kind.columns)
    rows = []
    for number in range(draw(st.integers(1, 6))):
        arms = draw(st.lists(NAME, min_size=2, max_size=2 if kind.name == "pairs" else 4, unique=True))
        for arm in arms if kind.name != "pairs" else [None]:
            row = {"study": f"s{number}", "treatment": arm, "treat1": arms[0], "treat2": arms[1]}
            row |= {column: draw(CELLS[column]) for column in names if column in CELLS}
            if odd and draw(st.integers(0, 5)) == 0:
                row[draw(st.sampled_from(names))] = draw(ODD)
            rows.append(",".join(f'"{row[name]}"' if "," in row[name] else row[name] for name in names))
    return "\n".join([",".join(names), *rows]), draw(st.sampled_from([None, *kind.measures]))


@settings(max_examples=400)
@given(tables(odd=False), st.sampled_from(METHODS))
def test_extreme_but_sound_numbers_give_finite_figures_or_a_reason(table, method):
    answered(*table, method)


@settings(max_examples=400)
@given(tables(odd=True), st.sampled_from(METHODS))
def test_odd_cells_give_finite_figures_or_a_reason(table, method):
    answered(*table, method)


@given(st.text(max_size=200), st.sampled_from([None, *MEASURES]))
def test_any_text_is_read_or_refused(text, measure):
    answered(text, measure)


@given(
    st.lists(
        st.lists(st.sampled_from(["study", "treatment", "n", "1", "", "events", "a", "\ufeffstudy", "sd", "mean"]), max_size=6)
    )
)
def test_any_cells_are_read_or_refused(rows):
    answered("\n".join(",".join(row) for row in rows))


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        (["s,a,-1,10", "s,b,2,10"], "line 2, study s, a, column events", "whole number"),
        (["s,a,1,10", "s,b,inf,10"], "line 3, study s, b, column events", "is no number"),
        (["s,a,1,10", "s,b,nan,10"], "line 3, study s, b, column events", "is no number"),
        (["s,a,1,10", "s,b,,10"], "line 3, study s, b, column events", "it is empty"),
        (["s,a,1,10", "s,b,two,10"], "line 3, study s, b, column events", "'two' is no number"),
        (["s,a,0.45,10", "s,b,2,10"], "line 2, study s, a, column events", "whole number"),
        (["s,a,11,10", "s,b,2,10"], "line 2, study s, a, column events", "11 of 10 people had the event"),
        (["s,a,1,0", "s,b,2,10"], "line 2, study s, a, column n", "above 0"),
        (["s,a,1,1e13", "s,b,2,10"], "line 2, study s, a, column n", "more than anything that was measured"),
        (["s,a,1,1_0", "s,b,2,10"], "line 2, study s, a, column n", "is no number"),
        (["s,,1,10", "s,b,2,10"], "line 2, study s, ?, column treatment", "it is empty"),
        ([",a,1,10", "s,b,2,10"], "line 2, column study", "it is empty"),
        (["s,a,1,10", "s,b,2,10,4"], "line 3", "5 cells under 4 columns"),
        (
            ["s,a,1,10", "s,b,2,10", "t,B,1,10", "t,a,1,9"],
            "line 4, study t, B, column treatment",
            "B is b of line 3, written differently",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_study_arm_and_column(rows, where, what):
    problems = answered("\n".join(["study,treatment,events,n", *rows]))
    assert isinstance(problems, list)
    assert [each.where for each in problems if what in each.what] == [where], problems


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "table", "it is empty"),
        ("study,treatment,events,n\n", "table", "no rows"),
        ("study,treatment,events,n,N\ns,a,1,2,2\n", "header", "column n stands there twice"),
        ("study,treatment,events,n,total\ns,a,1,2,2\n", "header", "column n stands there twice"),
        ("study;treatment;events;n\ns;a;1;2\n", "header", "semicolons"),
        ("study\ttreatment\tevents\tn\ns\ta\t1\t2\n", "header", "tabs"),
        ("trial,treatment,events,n\ns,a,1,2\n", "header", "no column study"),
        ("study,treatment,responded,n\ns,a,1,2\n", "header", "there is no events"),
        ("study,treat1,treat2,TE,seTE\ns,a,b,1,0\n", "line 2, study s, a against b, column sete", "above 0"),
        ("study,treat1,treat2,TE,seTE\ns,a,b,1,1e-300\n", "line 2, study s, a against b, column sete", "above 0"),
        ("study,treatment,mean,sd,n\ns,a,1,2,1\ns,b,1,2,9\n", "line 2, study s, a, column n", "it takes two people"),
        ("study,treat1,treat2,TE,seTE\ns,a,b,1,1e-9\nt,a,b,1,1\n", "network", "standard errors reach from 1e-09 (s) to 1 (t)"),
    ],
)
def test_a_table_that_cannot_be_pooled_says_why(text, where, what):
    problems = answered(text)
    assert isinstance(problems, list)
    assert [each.where for each in problems if what in each.what] == [where], problems


def test_a_mark_of_the_order_of_bytes_and_other_names_of_columns_are_read():
    text = "\ufeffStudyLab,Treat,Event,Total\ns,a,1,10\ns,b,4,12\n"
    plain = "study,treatment,events,n\ns,a,1,10\ns,b,4,12\n"
    assert answered(text.replace("StudyLab", "studlab")) == answered(plain)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("had", [(0, 0), (10, 10), (0, 10), (10, 0)])
def test_nobody_or_everybody_had_the_event_and_the_answer_is_finite_and_says_so(had, measure):
    rows = [f"s{n},{name},{count},10" for n in range(3) for name, count in zip("ab", had, strict=True)]
    found = answered("\n".join(["study,treatment,events,n", *rows]), measure)
    assert "Half a person was added" in found["problems"][0]["what"]
    pair = found["league"]["b"]["a"]
    assert pair["se"] > 0.0
    if had[0] == had[1]:
        assert pair["estimate"] == pytest.approx(0.0, abs=1e-12)


def test_arms_of_a_thousand_million_people_are_as_precise_as_they_should_be():
    found = answered("study,treatment,events,n\ns,a,500000000,1000000000\ns,b,250000000,1000000000\n")
    assert found["league"]["b"]["a"]["estimate"] == pytest.approx(math.log(1 / 3), abs=1e-12)
    assert found["league"]["b"]["a"]["se"] == pytest.approx(math.sqrt(2 / 5e8 + 1 / 2.5e8 + 1 / 7.5e8), rel=1e-9)


def test_tiny_standard_errors_are_no_difficulty_by_themselves():
    found = answered("study,treat1,treat2,TE,seTE\ns,a,b,1,1e-9\nt,b,c,2,1e-9\nu,a,c,3.000000001,1e-9\n", method="common")
    assert found["league"]["a"]["c"]["estimate"] == pytest.approx(3.0, abs=1e-8)
    assert found["Q"] == pytest.approx(1 / 3, rel=1e-5)


def test_a_table_of_thousands_of_studies_is_refused_at_once():
    rows = [f"s{n},a,b,0.{n % 7},0.2" for n in range(3000)]
    began = time.process_time()
    problems = answered("\n".join(["study,treat1,treat2,TE,seTE", *rows]))
    assert "3,000 independent estimates; no more than 800" in problems[0].what
    many = "\n".join(["study,treatment,events,n", *(f"s,t{n},1,9" for n in range(20_000))])
    assert "more than 10,000 rows" in answered(many)[0].what
    wide = "\n".join(["study,treatment,events,n", *(f"s,t{n},1,9" for n in range(300))])
    assert "300 treatments; no more than 200" in answered(wide)[0].what
    assert time.process_time() - began < 5.0
