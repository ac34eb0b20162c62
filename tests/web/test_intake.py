"""The first questions: one on a screen, each may be skipped or refused, and what was not asked is never taken for no."""

from __future__ import annotations

import pytest

from cleardays.trial.intake import intake_of, screen_document
from cleardays.trial.story.intake_told import PARTS
from cleardays.web.intake_words import SCREENS
from reference import app, seats


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        yield found


def answered(desk, part, **fields):
    """An answer to one question."""
    return desk.post(f"/intake/{part}", data=fields)


def answers(desk):
    """What stands, by part."""
    return {each.part: each.answer for each in intake_of(desk.story()).parts}


def test_every_part_of_the_intake_has_a_screen_whose_fields_are_those_that_are_kept():
    assert tuple(SCREENS) == tuple(PARTS)
    for part, screen in SCREENS.items():
        asked = {field.key for field in screen.fields}
        if part != "tried":
            assert asked == set(PARTS[part])
            assert screen.fields[0].key == next(iter(PARTS[part]))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("button", "kept"), [("none", "none"), ("not-known", "not known"), ("not-said", "rather not say")])
def test_each_question_can_be_answered_without_telling_anything(desk, part, button, kept):
    assert desk.get(f"/intake/{part}").status_code == 200
    page = answered(desk, part, do=button)
    assert page.status_code == 200
    assert answers(desk)[part] == kept
    assert set(answers(desk).values()) == {kept, "not asked"}


def test_a_skipped_question_stays_not_asked_and_the_conversation_goes_on_where_it_was_left(desk):
    page = desk.get("/intake")
    assert 'href="/intake/headaches"' in page.text
    answered(desk, "headaches", do="none")
    assert "1 of 11 has an answer" in desk.get("/intake").text
    assert "Question 3 of 11" in desk.get("/intake/background").text
    page = answered(desk, "background", do="none")
    assert str(page.url).endswith("/intake/conditions")
    assert answers(desk)["family"] == "not asked"
    for part in PARTS:
        page = answered(desk, part, do="not-known")
    assert str(page.url).endswith("/intake")
    assert "All of them have an answer" in page.text


def test_two_medicines_are_two_and_one_is_removed_alone(desk):
    answered(desk, "medicines", do="add", what="ibuprofen", daily_dose="71,5", unit="mg", as_needed="yes")
    page = answered(desk, "medicines", do="add", what="<i>valproate</i>")
    assert str(page.url).endswith("/intake/medicines")
    assert "&lt;i&gt;valproate&lt;/i&gt;" in page.text
    assert "Only when needed?: Yes" in page.text
    told = intake_of(desk.story()).part("medicines").entries
    assert told[0] == {"what": "ibuprofen", "daily_dose": 71.5, "unit": "mg", "as_needed": True}
    answered(desk, "medicines", do="remove", entry="0")
    assert [each["what"] for each in intake_of(desk.story()).part("medicines").entries] == ["<i>valproate</i>"]
    answered(desk, "medicines", do="remove", entry="0")
    assert answers(desk)["medicines"] == "not asked"
    assert answered(desk, "medicines", do="remove", entry="0").status_code == 422


def test_pregnancy_is_told_once_and_told_anew_in_its_place(desk):
    answered(desk, "pregnancy", do="add", plans="planning", breastfeeding="no")
    page = desk.get("/intake/pregnancy")
    assert '<option value="planning" selected>' in page.text
    answered(desk, "pregnancy", do="add", plans="no", contraception="copper_iud")
    assert screen_document(desk.story()) == {"pregnancy": "no", "contraception": "copper_iud"}


def test_a_treatment_that_was_tried_goes_to_the_ledger_and_none_is_told_as_none(desk):
    answered(desk, "tried", do="none")
    assert answers(desk)["tried"] == "none"
    answered(desk, "tried", do="add", treatment="topiramate", max_dose="100 mg", weeks="12", outcome="no effect")
    assert answers(desk)["tried"] == "told"
    (tried,) = intake_of(desk.story()).tried
    assert (tried.treatment, tried.max_dose, tried.weeks, tried.evidence) == ("topiramate", "100 mg", 12, "recall")
    ((name, _),) = desk.story().told.tried.items()
    answered(desk, "tried", do="remove", entry=name)
    assert intake_of(desk.story()).tried == ()


@pytest.mark.parametrize(
    ("part", "wrong", "field"),
    [
        ("medicines", {"what": " "}, "what"),
        ("medicines", {"what": "ibuprofen", "daily_dose": "lots"}, "daily_dose"),
        ("medicines", {"what": "ibuprofen", "daily_dose": "99999999"}, "daily_dose"),
        ("headaches", {"what": "the bad one", "days_per_28": "31"}, "days_per_28"),
        ("headaches", {"what": "the bad one", "worst": "awful"}, "worst"),
        ("conditions", {"what": "x" * 201}, "what"),
        ("tried", {"treatment": "topiramate", "max_dose": "a lot"}, "max_dose"),
        ("pregnancy", {"plans": "", "contraception": "copper_iud"}, "plans"),
    ],
)
def test_an_answer_that_cannot_be_kept_comes_back_as_typed_with_its_message(desk, part, wrong, field):
    page = answered(desk, part, do="add", **wrong)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    for typed in wrong.values():
        if typed.strip() and typed != "awful":
            assert typed in page.text
    assert desk.store.people() == ()


def test_another_button_does_not_throw_away_what_was_typed(desk):
    page = answered(desk, "conditions", do="none", what="asthma")
    assert page.status_code == 422
    assert 'value="asthma"' in page.text
    assert answered(desk, "conditions", do="dance").status_code == 422
    assert answered(desk, "nothing", do="none").status_code == 404
    assert desk.store.people() == ()


def test_who_may_not_see_the_history_sees_no_answer(desk):
    answered(desk, "conditions", do="add", what="asthma")
    for viewer, status in ((seats.DOCTOR, 200), (seats.STRANGER, 404), (seats.seeing("nurse", "plan"), 404)):
        with seats.sits(desk, viewer):
            page = desk.get("/people/me/intake/conditions")
            assert (page.status_code, "asthma" in page.text) == (status, status == 200)


def test_a_helper_answers_for_the_person_once_the_person_lets_them(desk):
    def helped():
        with seats.sits(desk, seats.HELPING):
            return desk.post("/people/me/intake/conditions", data={"do": "add", "what": "asthma"}).status_code

    assert helped() == 422
    desk.post("/helpers", data={"helper": "Hal Helper", "what": "give", "intake": "yes"})
    assert helped() == 200
    assert desk.story().told.intake["conditions"][-1].by.name == "Hal Helper"
