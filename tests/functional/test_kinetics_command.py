"""`cleardays kinetics` as a user meets it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from cleardays.cli.main import main
from functional.test_screen_command import schema

BAND = ("lower_mg_per_l", "mg_per_l", "upper_mg_per_l")


def kinetics(capsys, *arguments):
    code = main(["kinetics", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_it_gives_the_document_of_its_schema(capsys):
    code, out, _ = kinetics(capsys, "lamotrigine", "--with", "valproate", "--weight", "70", "--daily-dose", "100 mg", "--json")
    found = json.loads(out)
    assert code == 0
    jsonschema.validate(found, schema("kinetics"))
    assert found["variant"] == "valproate"
    assert found["css_avg_mg_per_l"] == pytest.approx(5.5, abs=0.05)


def test_a_series_rises_to_the_steady_level(capsys):
    _, out, _ = kinetics(capsys, "Lamictal", "--daily-dose", "0.2 g", "--series", "--json")
    found = json.loads(out)
    jsonschema.validate(found, schema("kinetics"))
    levels = found["series"]["mg_per_l"]
    assert found["series"]["hour"][:3] == [0, 1, 2]
    assert levels[0] == 0
    assert sum(levels[-25:-1]) / 24 == pytest.approx(found["css_avg_mg_per_l"], rel=0.05)


def test_a_series_has_the_band_where_it_is_known(capsys):
    _, out, _ = kinetics(capsys, "lamotrigine", "--daily-dose", "200 mg", "--series", "--json")
    found = json.loads(out)
    series, band = found["series"], found["css_avg_band"]
    assert found["clearance_cv_percent"] == 40
    assert all(low <= mid <= high for low, mid, high in zip(*(series[k] for k in BAND), strict=True))
    assert sum(series["upper_mg_per_l"][-25:-1]) / 24 == pytest.approx(
        band["upper"], rel=0.15
    )  # the slowest are not steady yet
    assert series["coverage"] == band["coverage"] == 0.9
    assert found["accumulation"] == pytest.approx(2.08, abs=0.01)
    code, out, _ = kinetics(capsys, "erenumab", "--daily-dose", "5 mg", "--series", "--json")
    found = json.loads(out)
    assert code == 0
    jsonschema.validate(found, schema("kinetics"))
    assert found["series"] is found["css_avg_band"] is found["clearance_cv_percent"] is None


def test_weeks_without_the_pill(capsys):
    asked = ("lamotrigine", "--with", "Microgynon", "--daily-dose", "200 mg", "--series", "--pill-cycle", "21/7")
    _, out, _ = kinetics(capsys, *asked, "--json")
    found = json.loads(out)
    jsonschema.validate(found, schema("kinetics"))
    assert found["pill_cycle"]["rise"] == pytest.approx(2, abs=0.1)
    assert found["series"]["hour"][-1] == 56 * 24
    _, out, _ = kinetics(capsys, *asked)
    assert "By the end of the last days without the pill the level before a dose is 2.0 times as high." in out
    _, plain, _ = kinetics(capsys, *asked[:-2], "--json")
    assert "pill_cycle" not in json.loads(plain)


def test_the_words_have_the_accumulation_and_the_band(capsys):
    _, out, _ = kinetics(capsys, "lamotrigine", "--daily-dose", "200 mg", "--weight", "70")
    assert "accumulation, once a day          2.08 times the first dose" in out
    assert "mean level in 9 of 10 people      1.82 to 6.45 mg/l" in out
    assert "varies by 40 %" in out


def test_the_words_say_what_is_not_known(capsys):
    code, out, _ = kinetics(capsys, "lamotrigine", "--with", "valproate", "--with", "carbamazepine")
    assert code == 0
    assert "Variant: inducer+valproate" in out
    assert "not known" in out
    assert "no level was measured" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("lamotrigine", "--weight", "heavy"),
        ("lamotrigine", "--weight", "7000"),
        ("lamotrigine", "--daily-dose", "2 tablets"),
        ("lamotrigine", "--daily-dose", "mg"),
        ("lamotrigine", "--series"),
        ("lamotrigine", "--with", "Microgynon", "--pill-cycle", "21/7"),
        ("lamotrigine", "--daily-dose", "200 mg", "--series", "--pill-cycle", "21/7"),
        ("lamotrigine", "--with", "Microgynon", "--daily-dose", "200 mg", "--series", "--pill-cycle", "monthly"),
        ("lamotrigine", "--with", "Microgynon", "--daily-dose", "200 mg", "--series", "--pill-cycle", "21/0"),
        ("lamotrigine", "--with", "Microgynon", "--daily-dose", "200 mg", "--series", "--pill-cycle", "365/7"),
        ("lamotrigine", "--with", "Zorbaquexin"),
        ("Zorbaquexin",),
        ("lamotrigine", "--person", "/no/such/file"),
    ],
)
def test_bad_input_is_a_problem(capsys, arguments):
    code, out, err = kinetics(capsys, *arguments, "--json")
    assert code == 2
    jsonschema.validate(json.loads(out), schema("problems"))
    assert err.startswith("cleardays: ")
