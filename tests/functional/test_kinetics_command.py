"""`cleardays kinetics` as a user meets it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from cleardays.cli.main import main
from functional.test_screen_command import schema


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
