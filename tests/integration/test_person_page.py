"""The person's page: every state in plain words, honest, whole in every format, whatever somebody wrote."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from cleardays.diary.records import Diary
from cleardays.diary.red_flags import RedFlag
from cleardays.report.person_goals import GoalLine, goal_line
from cleardays.report.person_page import NO_DAY, NOT_BEGUN, SAFETY, STATES, compose_person
from cleardays.report.person_render import person_html, person_json, person_pdf, person_text
from cleardays.report.person_words import of_ten
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY
from cleardays.trial.account.making import account
from cleardays.trial.account.who import Own
from cleardays.trial.review import review
from reference.payer_cases import ONE, START, diary_of
from reference.plain_words import grade

HARDEST = 8
NASTY = '<b>#image("x")</b> $y$ *z* @ref {{ 1 }} & "q" \\'
# What the days before and after the start are, and which state must follow.
DIARIES = {
    RESPONDING: ("XX0X" * 21, "X" + "0" * 139),
    NOT_RESPONDING: ("X0" * 28, "X0" * 40),
    TOO_EARLY: ("X0" * 28, "X00X0.0" * 4),
    CANNOT_TELL: ("X0X", "X00" * 28),
}
_GOALS = (
    goal_line("No more than 4 bad days a month", "reached", had=3, known=28),
    goal_line("Work four days a week", "cannot tell", had=3, known=12),
    goal_line("Play with my kids", None),
)


def account_in(state, treatment="lamotrigine", **more):
    """An account of a diary in a state."""
    if state == NO_DAY:
        return account(Diary((), {}), treatment, START, START + 60 * ONE, review=None)
    if state == NOT_BEGUN:
        return account(diary_of("X0" * 28), treatment, None, START - ONE, review=None)
    before, after = DIARIES[RESPONDING if state == SAFETY else state]
    diary = more.pop("diary", None) or diary_of(before, after)
    found = review(diary, treatment, START)
    last = found.series.last_day
    made = account(diary, treatment, START, last, review=found, review_on=last + 14 * ONE, **more)
    if state != SAFETY:
        return made
    flag = RedFlag("thunderclap", "emergency", last, "A headache worst within a minute.", "Call now.", "", True, 1, ())
    return replace(made, safety=made.safety._replace(findings=(flag,)))


class Words(HTMLParser):
    """Collects text and tags."""

    def __init__(self, text) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick"}

    def handle_data(self, data):
        self.words.append(data)


def letters(text):
    """Only letters and figures: line breaks, joins and hyphens of a sheet apart."""
    return re.sub(r"\W", "", text)


def paper(page, **options):
    reader = PdfReader(io.BytesIO(person_pdf(page, **options)))
    return reader, " ".join(sheet.extract_text() for sheet in reader.pages)


@pytest.fixture(scope="module")
def pages():
    """The page of every state, with goals where there is a diary."""
    return {state: compose_person(account_in(state), _GOALS) for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_what_its_diary_says(pages, state):
    assert pages[state].state == state


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_read_with_eight_years_of_school(pages, state):
    page = pages[state]
    goals = [text for goal in page.goals for text in (f"{goal.goal}.", goal.answer)]
    said = " ".join([page.title, page.sentence, *page.why, *page.next, *goals, page.no_picture, page.help_head])
    assert grade(said) <= HARDEST, said
    assert grade(" ".join([page.sentence, *page.next])) <= HARDEST


@pytest.mark.parametrize("state", STATES)
def test_it_is_one_sentence_and_one_picture_and_says_what_happens_next(pages, state):
    page = pages[state]
    assert len(re.findall(r"[.!?](?:\s|$)", page.sentence)) == 1
    assert person_html(page).count('role="img"') == (1 if page.blocks else 0)
    assert page.next
    if state in (RESPONDING, NOT_RESPONDING, TOO_EARLY, CANNOT_TELL):
        assert any(re.search(r"\d{1,2} [A-Z][a-z]{2} 2026", text) for text in page.next)  # and when


@pytest.mark.parametrize("state", [state for state in STATES if state not in (SAFETY, NOT_BEGUN)])
def test_nobody_is_told_to_stop_or_change_anything_alone(pages, state):
    assert "Do not stop it or change it by yourself." in pages[state].next


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", ["a4", "letter"])
def test_on_paper_it_is_one_tagged_sheet_with_the_same_words(pages, state, size):
    page = pages[state]
    reader, text = paper(page, paper=size)
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for said in (page.sentence, *page.why, *page.next):
        assert letters(said) in letters(text)
        assert letters(said) in letters("".join(Words(person_html(page)).words))
        assert letters(said) in letters(person_text(page))


def test_an_open_warning_sign_comes_before_any_answer(pages):
    page = pages[SAFETY]
    assert page.sentence.startswith("Call your clinic first")
    assert not any("helps" in text or "of 10" in text for text in (page.sentence, *page.why, *page.next))


def test_before_there_is_an_answer_nothing_is_said_of_its_chances(pages):
    for state in (NO_DAY, NOT_BEGUN, TOO_EARLY, CANNOT_TELL):
        assert not any("10 people" in text for text in pages[state].why)
        assert pages[state].document.get("of_ten") is None


def test_chances_are_people_out_of_ten(pages):
    for state in (RESPONDING, NOT_RESPONDING):
        (line,) = (text for text in pages[state].why if "10 people" in text)
        assert "%" not in line
        assert re.search(r"In (about|fewer than|more than) [\d or]+ of them", line)


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "fewer than 1 of 10"),
        (0.08, "1 of 10"),
        (0.5, "5 of 10"),
        (0.951, "more than 9 of 10"),
        (1.0, "more than 9 of 10"),
    ],
)
def test_no_chance_is_none_of_ten_and_none_is_all(chance, said):
    assert of_ten(chance) == said


def test_every_chance_is_near_what_is_said():
    for thousandth in range(1001):
        said = [int(word) for word in re.findall(r"\d+", of_ten(thousandth / 1000))[:-1]]
        assert abs(sum(said) / len(said) - thousandth / 100) <= 1.0
        assert 1 <= min(said) <= max(said) <= 9


def test_unknown_days_are_hollow_in_the_picture_and_never_clear(pages):
    page = pages[TOO_EARLY]
    (lately,) = page.blocks[1:]
    assert lately.unknown == 4
    assert lately.had + lately.clear + lately.unknown == 28
    svg = person_html(page)
    assert svg.count("stroke-dasharray:0.1 3.4") == sum(block.unknown for block in page.blocks)
    assert "not known" in svg
    assert "<pattern" not in svg


def test_each_goal_is_answered_in_the_words_of_the_person(pages):
    page = pages[RESPONDING]
    assert [goal.goal for goal in page.goals] == [goal.goal for goal in _GOALS]
    text = " ".join(person_text(page).split())
    assert "Yes, you got there. (3 of the last 28 days)" in text
    assert "(3 of the last 28 days; 16 are not known)" in text
    assert "Only you can say." in text


def test_without_a_known_day_it_is_whole_and_asks_for_one_day(pages):
    page = pages[NO_DAY]
    assert not page.blocks
    assert "nothing to draw" in person_text(page)
    assert "one day" in page.next[0]
    assert json.loads(person_json(page))["response"] is None


@pytest.mark.parametrize("name", ["Ольга", "محمد", "ラモトリギン", "דנה", "👩🏽‍🦱💊", "x" * 10_000, NASTY])
def test_whatever_somebody_wrote_the_page_stays_whole(name):
    goals = (goal_line(name, "reached"), GoalLine("short", "Yes."))
    page = compose_person(account_in(TOO_EARLY, treatment=name[:100], own=Own(name)), goals)
    found = Words(person_html(page))
    assert not {"b", "script", "img", "link"} & set(found.tags)
    assert name[:100] in "".join(found.words)
    assert letters("What happens next") in letters(paper(page)[1])
    assert page.sentence in "".join(found.words)


def test_what_was_simulated_says_so_inside_the_picture():
    before, after = DIARIES[NOT_RESPONDING]
    page = compose_person(account_in(NOT_RESPONDING, diary=diary_of(before, after, kind="simulated")))
    html = person_html(page)
    assert "SIMULATED" in html[html.index('role="img"') : html.index("What happens next")]
    assert person_text(page).startswith("SIMULATED")
    assert json.loads(person_json(page))["simulated"] is True
    assert "SIMULATED" in paper(page)[1]


def test_the_screen_is_for_a_phone_and_asks_for_no_network(pages):
    html = person_html(pages[RESPONDING])
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html
    assert "url(" not in html
    assert "1.25rem" in html  # large letters


def test_when_something_else_changed_the_treatment_alone_gets_no_credit():
    before, after = DIARIES[RESPONDING]
    diary = diary_of(before, after, co_intervention="a new job at the same time")
    page = compose_person(account_in(RESPONDING, diary=diary))
    assert "It may be lamotrigine" in page.sentence or page.state == CANNOT_TELL
    assert not any("lamotrigine cut" in text for text in page.why)
