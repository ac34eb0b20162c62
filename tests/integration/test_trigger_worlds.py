"""How often triggers are found that are none, and missed that are, in people whose truth is known.

The figures are those of docs/explanation/triggers.md, on fewer people.
"""

from __future__ import annotations

import pytest

from reference.trigger_worlds import answers, share

PEOPLE = 100
pytestmark = pytest.mark.slow


def any_raises(found) -> float:
    return sum(any(each.verdict == "raises" for each in person.triggers) for person in found) / len(found)


@pytest.mark.parametrize("world", ["nothing, 120 days", "nothing, attacks, 180 days", "nothing, a year"])
def test_where_nothing_matters_hardly_anybody_is_told_that_something_does(world):
    assert any_raises(answers(world, PEOPLE)) <= 0.10


def test_three_times_the_odds_are_found_in_about_half_within_half_a_year():
    among_eight = answers("one of eight, 180 days", PEOPLE)
    assert share(among_eight, "raises", first=True) > 0.4
    assert share(among_eight, "raises", first=False) <= 0.10
    assert share(among_eight, "no_association", first=True) <= 0.05
    assert share(answers("one alone, 180 days", PEOPLE), "raises", first=True) > 0.45


def test_three_times_the_odds_are_found_in_most_within_a_year():
    assert share(answers("one of eight, a year", PEOPLE), "raises", first=True) > 0.65


def test_a_third_of_the_odds_is_found_in_most_within_a_year():
    assert share(answers("one protects, a year", PEOPLE), "lowers", first=True) > 0.5


def test_what_sets_attacks_off_is_found_in_about_half_within_a_year():
    assert share(answers("one of eight, attacks, a year", PEOPLE), "raises", first=True) > 0.4


@pytest.mark.parametrize("world", ["early sign, 180 days", "bad days, 180 days"])
def test_what_an_attack_brings_about_is_not_said_to_come_before_it(world):
    assert share(answers(world, PEOPLE), "raises", first=True) <= 0.05


def test_nothing_is_denied_within_half_a_year_that_is_there():
    found = answers("one of eight, attacks, 180 days", PEOPLE)
    assert share(found, "no_association", first=True) <= 0.12
