"""Opening a trial: what suits, graded and with its sources; a draft that nobody may follow; never for an attack."""

from __future__ import annotations

import re

import pytest

from cleardays.catalogue.treatments import treatment_ids
from cleardays.web.pages.suitability import GRADES
from reference import app, seats, trials_web


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def looked(desk, treatment="lamotrigine", **facts):
    """The suitability page with some facts."""
    return desk.post(f"/plan/{treatment}/suitability", data={"what": "look", **facts})


def test_every_treatment_of_the_catalogue_can_be_chosen_and_is_said_not_to_end_an_attack(desk):
    page = desk.get("/plan/new").text
    for name in treatment_ids():
        assert f'<option value="{name}">' in page
    assert "None of them ends an attack" in page


def test_a_preventive_is_never_offered_as_relief_in_an_attack(desk):
    trials_web.begun(desk)
    desk.post("/plan/lamotrigine/dose", data={"what": "taken", "day": trials_web.START})
    assert "dose.told" in desk.told()
    desk.post("/attack", data={"what": "severe"})
    page = desk.get("/attack").text
    assert "Stored" in page
    assert "amotrigine" not in page
    assert re.search(r'<button[^>]*value="took"(?![^>]*hidden)', page) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"treatment": "sumatriptan"}, "treatment"),
        ({"treatment": ""}, "treatment"),
        ({"indication": "hiccups"}, "indication"),
        ({"treatment": "onabotulinumtoxina"}, "indication"),
        ({"why": "  "}, "why"),
        ({"why": "x" * 2001}, "why"),
    ],
)
def test_a_trial_that_cannot_be_opened_comes_back_as_typed_with_its_message(desk, wrong, field):
    form = {"treatment": "lamotrigine", "indication": "migraine-with-aura", "why": "aura every week", **wrong}
    page = desk.post("/plan/new", data=form)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert form["why"].strip() in page.text
    assert desk.store.people() == ()


def test_a_second_trial_of_the_same_treatment_waits_for_the_end_of_the_first(desk):
    trials_web.opened(desk)
    assert trials_web.opened(desk).status_code == 422
    desk.post("/plan/lamotrigine", data={"what": "end", "why": "changed my mind"})
    assert str(trials_web.opened(desk).url).endswith("/plan/lamotrigine-2/suitability")


def test_what_nobody_asked_is_a_question_and_never_an_all_clear(desk):
    desk.post("/plan/new", data={"treatment": "lamotrigine", "indication": "migraine-with-aura", "why": "aura"})
    page = desk.get("/plan/lamotrigine/suitability").text
    assert "Not before a clinician has answered" in page
    assert 'href="/intake/medicines"' in page
    assert "Nothing that was told stands against it" not in page


def test_findings_are_graded_with_reason_source_and_what_to_do(desk):
    trials_web.opened(desk)
    desk.post("/intake/medicines", data={"do": "add", "what": "valproate"})
    page = looked(desk, **trials_web.FACTS).text
    ask = page.partition('class="grade ask">A clinician has to decide')[2]
    assert "Valproic acid" in ask
    assert "What to do:" in ask
    assert re.search(r"<details><summary>Where it comes from</summary>\s*<ul><li>\w", ask)


def test_something_that_stands_against_it_blocks_and_no_plan_can_be_drafted(desk):
    trials_web.opened(desk)
    desk.post("/intake/allergies", data={"do": "add", "what": "lamotrigine", "reaction": "rash", "serious": "yes"})
    page = looked(desk, **trials_web.FACTS).text
    assert "Not as things stand" in page
    assert 'class="grade block"' in page
    page = trials_web.drafted(desk)
    assert page.status_code == 422
    assert "something stands against this treatment" in page.text
    assert desk.told()[-1] != "trial.planned"
    assert desk.story().trials["lamotrigine"].plan is None


def test_every_grade_of_the_screen_has_a_place_on_the_page():
    from cleardays.plan.alerts import SEVERITIES

    assert tuple(each for _, _, of in GRADES for each in of) == SEVERITIES


def test_looking_keeps_that_it_was_looked_at_and_what_was_found(desk):
    trials_web.opened(desk)
    looked(desk, **trials_web.FACTS)
    trial = desk.story().trials["lamotrigine"]
    assert (trial.phase, len(trial.screened)) == ("baseline", 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"age": "thirty"}, "age"),
        ({"age": "300"}, "age"),
        ({"liver": "purple"}, "liver"),
        ({"start": "2026-03-01"}, "start"),
        ({"start": "soon"}, "start"),
        ({"target": "a lot"}, "target"),
        ({"target": "100 puffs"}, "target"),
        ({"diary_flags": "yes"}, "diary_flags"),
        ({"jurisdiction": "mars"}, "jurisdiction"),
    ],
)
def test_a_draft_that_cannot_be_made_comes_back_as_typed_with_its_message_and_tells_nothing(desk, wrong, field):
    trials_web.opened(desk)
    before = desk.told()
    page = trials_web.drafted(desk, **{"target": "", "jurisdiction": "", **wrong})
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.told() == before


def test_a_draft_says_that_it_is_not_to_be_followed_and_cannot_be_begun(desk):
    trials_web.opened(desk)
    page = trials_web.drafted(desk)
    assert str(page.url).endswith("/plan/lamotrigine")
    assert "Do not follow this plan until a clinician has confirmed it." in page.text
    assert 'value="begin"' not in page.text
    page = desk.post("/plan/lamotrigine", data={"what": "begin"})
    assert page.status_code == 422
    assert "no confirmed plan stands" in page.text
    assert desk.story().trials["lamotrigine"].begun_on is None


def test_the_facts_of_the_last_draft_stand_in_the_form_again(desk):
    trials_web.opened(desk)
    trials_web.drafted(desk)
    page = desk.get("/plan/lamotrigine/suitability").text
    assert 'name="age" type="text" value="34"' in page
    assert '<option value="normal" selected>' in page


def test_markup_in_a_reason_or_an_illness_stays_text(desk):
    desk.post("/intake/conditions", data={"do": "add", "what": "<script>alert(1)</script>"})
    desk.post("/plan/new", data={"treatment": "lamotrigine", "indication": "migraine-with-aura", "why": "<b>why</b>"})
    for page in (desk.get("/plan/lamotrigine/suitability").text, desk.get("/plan/lamotrigine").text, desk.get("/plan").text):
        assert "<script>alert" not in page
        assert "<b>why" not in page


@pytest.mark.parametrize(
    "address", ["/people/me/plan/new", "/people/me/plan/lamotrigine", "/people/me/plan/lamotrigine/suitability"]
)
def test_who_may_not_see_the_plan_sees_nothing_of_it(desk, address):
    trials_web.opened(desk)
    trials_web.drafted(desk)
    for viewer, status in ((seats.DOCTOR, 200), (seats.NURSING, 200), (seats.STRANGER, 404), (seats.COUNTING, 404),
                           (seats.seeing("clinician", "diary"), 404)):  # fmt: skip
        with seats.sits(desk, viewer):
            assert desk.get(address).status_code == status
    assert desk.get("/plan/nothing").status_code == 404
