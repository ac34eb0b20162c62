"""How often relief, remission and months with fewer are told wrongly, in people whose truth is known.

The figures are those of docs/explanation/sessions-and-remission.md, on fewer people.
"""

from __future__ import annotations

import pytest

from reference.session_worlds import lasting, reliefs, share

PEOPLE = 40
pytestmark = pytest.mark.slow


def stretch_of(each):
    return each.stretch.answer


@pytest.mark.parametrize("world", ["nothing, 3 sessions", "nothing, 6 sessions", "nothing, bad weeks, 6 sessions"])
def test_where_sessions_relieve_nothing_hardly_anybody_is_told_that_they_do(world):
    assert share(reliefs(world, PEOPLE), "likely") <= 0.10


def test_relief_is_found_the_oftener_the_more_sessions_there_were():
    three, six = (reliefs(f"relief, {count} sessions", PEOPLE) for count in (3, 6))
    assert share(three, "likely") < share(six, "likely")
    assert share(six, "likely") > 0.45
    assert share(six, "unlikely") <= 0.08


def test_one_session_never_settles_it():
    assert share(reliefs("nothing, 1 session", PEOPLE), "cannot_tell") == 1.0


@pytest.mark.parametrize("world", ["no change", "no change, few days"])
def test_without_any_change_hardly_anybody_is_told_of_a_remission(world):
    assert share(lasting(world, PEOPLE), "remission", stretch_of) <= 0.08


@pytest.mark.parametrize("world", ["gone", "gone, few days"])
def test_what_is_gone_for_months_is_told_as_such(world):
    assert share(lasting(world, PEOPLE), "remission", stretch_of) > 0.85


def test_what_comes_back_is_told():
    ended = [each.ended.answer for each in lasting("gone and back", PEOPLE) if each.ended is not None]
    assert len(ended) > 0.85 * PEOPLE
    assert ended.count("back") > 0.6 * len(ended)


def test_months_of_who_began_often_are_seldom_said_to_be_fewer_without_a_change():
    same, halved = (
        [each.months for each in lasting(world, PEOPLE) if each.months is not None]
        for world in ("often, no change", "often, halved")
    )
    assert share(same, "episodic") <= 0.10
    assert share(halved, "episodic") > share(same, "episodic")
    assert share(halved, "frequent") <= 0.10
