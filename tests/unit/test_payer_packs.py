"""The packs of payers and guidelines are data that hold together."""

from __future__ import annotations

import json

import pytest

from cleardays.problems import BadInput
from cleardays.trial.payers.check import check_pack, check_packs
from cleardays.trial.payers.packs import DATA, find_pack, packs

SCHEMA = json.loads((DATA / "pack.schema.json").read_text(encoding="utf-8"))
TA260 = (DATA / "nice-ta260.toml").read_text(encoding="utf-8")


def test_every_pack_fits_the_schema_and_every_name_in_it_is_known():
    assert not check_packs()
    assert len(packs()) == len(list(DATA.glob("*.toml"))) == 20


def test_a_pack_is_found_by_its_id_and_its_name_however_it_is_written():
    assert find_pack("nice ta260").id == find_pack("NICE TA260").id == find_pack("nice-ta260").id == "nice-ta260"


def test_a_name_that_is_no_pack_is_told_which_there_are():
    with pytest.raises(BadInput, match=r"'nice-ta1' is no pack\. Use one of .*nice-ta260"):
        find_pack("nice-ta1")


def test_every_pack_says_where_when_and_how_sure():
    for pack in packs().values():
        assert all((pack.source, pack.checked, pack.jurisdiction, pack.confidence))
        assert all(each.source for each in pack.criteria)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at_least = 15", "atleast = 15", "'atleast' was unexpected"),
        ('metric = "headache_day"', 'metric = "bad_day"', "is not one of"),
        ('"NICE-TA260 1.1"', '"NICE-TA261 1.1"', "is not known"),
        ('rule = "NICE_FAILED"', 'rule = "NICE_SOMETHING"', "is not known"),
        ('rule = "NICE_TA260"', 'rule = "NICE_TA261"', "is not known"),
        ('id = "overuse"', 'id = "preventives"', "two rules have one id"),
        ('"onabotulinumtoxina"', '"examplamide"', "not in the catalogue"),
        ("at_least = 15\n", "", "names no number"),
    ],
)
def test_a_slip_in_a_pack_is_found(old, new, said):
    assert old in TA260
    problems = check_pack("nice-ta260", TA260.replace(old, new, 1), SCHEMA)
    assert any(said in problem.what for problem in problems), problems


def test_a_rule_is_never_surer_than_its_source():
    text = (DATA / "cigna-erenumab.toml").read_text(encoding="utf-8").replace('"secondary"', '"confirmed"')
    assert any("first hand" in problem.what for problem in check_pack("cigna-erenumab", text, SCHEMA))
