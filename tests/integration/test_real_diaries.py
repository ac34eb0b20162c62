"""Real people's diaries, from their file to the page."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest

from cleardays.diary.importing import import_diary
from cleardays.diary.outcomes import day_series
from cleardays.diary.own_csv import read_days, write_days
from cleardays.report.html import render_html
from cleardays.report.page import compose
from cleardays.report.text import render_text
from cleardays.trial.review import review

DAY_ZERO = date(2024, 3, 4)


@pytest.fixture
def lines(reference_data):
    with (reference_data / "diaries" / "kostecki_dillon_dev.csv").open(encoding="utf-8", newline="") as file:
        return list(file)


def person(lines, who: str):
    return import_diary(lines, "kostecki_dillon_dev.csv", person=who, day_zero=DAY_ZERO)[1]


def test_the_importer_finds_the_measured_figures_of_the_whole_file(lines, reference_data):
    """People, rows, rate, days before and after the start, gaps: as measured when the file was prepared."""
    expected = json.loads((reference_data / "expected.json").read_text(encoding="utf-8"))["kostecki_dillon_dev"]
    ids = list(dict.fromkeys(row["id"] for row in csv.DictReader(lines)))
    series = [day_series(person(lines, who), "headache_day") for who in ids]
    states = [(s.first_day, i, state) for s in series for i, state in enumerate(s.states)]
    known = [(state, (first - DAY_ZERO).days + i) for first, i, state in states if state is not None]
    assert len(ids) == expected["people"]
    assert len(known) == expected["rows"]
    assert sum(state for state, _ in known) / len(known) == pytest.approx(expected["rate"], abs=5e-5)
    assert sum(day < 0 for _, day in known) == expected["person_days_before_0"]
    assert sum(day == 0 for _, day in known) == expected["at_0"]
    pairs = [(a, b) for s in series for a, b in zip(s.states, s.states[1:], strict=False) if None not in (a, b)]
    assert len(pairs) == expected["consecutive_pairs"]
    after_had = [b for a, b in pairs if a]
    assert sum(after_had) / len(after_had) == pytest.approx(expected["p_h_given_prev_h"], abs=5e-5)
    assert sum(all(x is not False for x in s.states) for s in series) == expected["always"]


def test_the_example_is_person_55_of_the_source(lines, example):
    source = person(lines, "55")
    assert example.records == source.records
    assert example.about["co_intervention"] == source.about["co_intervention"]


@pytest.mark.parametrize(("who", "unknown"), [("85", 24), ("126", 54)])
def test_unknown_days_of_real_people_stay_unknown_to_the_page(lines, who, unknown):
    diary = person(lines, who)
    again = read_days(io.StringIO(write_days(diary), newline=""), "days.csv")
    assert again.records == diary.records
    found = review(diary, "biofeedback", DAY_ZERO)
    assert found.response.days - found.response.known == unknown
    html = render_html(compose(found))
    assert html.count(": unknown</title>") == 2 * unknown  # once in the wide and once in the narrow chart
    assert render_text(compose(found)).count("○") == unknown + 1  # and once in its legend


def test_every_person_of_the_file_gets_a_whole_page(lines):
    """89 people, many with a handful of days or no baseline: a page for each, and no figure that is not finite."""
    ids = list(dict.fromkeys(row["id"] for row in csv.DictReader(lines)))
    verdicts = set()
    for who in ids:
        found = review(person(lines, who), "biofeedback", DAY_ZERO)
        page = compose(found)
        verdicts.add(found.response.verdict)
        text = render_text(page) + json.dumps(found.response.document(), allow_nan=False)
        assert not re.search(r"\b(nan|inf)\b", text)
    assert verdicts == {"too_early", "cannot_tell"}  # nobody's diary here settles it


def test_the_example_says_that_medicines_were_reduced_too(example):
    page = compose(review(example, example.about["treatment"], date.fromisoformat(example.about["start"])))
    for rendered in (render_html(page), render_text(page)):
        assert "the usual medicines were reduced at the same time" in " ".join(rendered.split())
        assert "A real person" in rendered
        assert "GPL" in rendered
