"""The clinic's list of the day, a person's page there, consents, and who looked."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape

import pytest

from cleardays.report.visit import compose_visit
from cleardays.trial.account.of_story import account_of
from cleardays.trial.story import kinds
from cleardays.trial.story.events import Actor, Event
from cleardays.web.ahead import Ahead
from cleardays.web.board import SILENT_AFTER_DAYS
from cleardays.web.roles import FAMILIES
from reference.clinic import clinic
from reference.stories import START, days, journey, told
from reference.whole_stories import TODAY, whole_events


@pytest.fixture
def house(tmp_path):
    with clinic(tmp_path) as found:
        found.clock.now = datetime.combine(START + timedelta(days=121), datetime.min.time(), UTC) + timedelta(hours=8)
        yield found


def tell(house, person="ada", events=None):
    """A journey up to its decision, unless told otherwise."""
    house.store.append(person, journey()[:-1] if events is None else events)


def flag(on, tier="emergency"):
    """A warning sign that was shown."""
    body = {"entry": "rash", "code": "rash", "tier": tier, "on": on.isoformat(), "shown": "A rash",
            "to": {"name": "Ada", "role": "person"}}  # fmt: skip
    return Event(kinds.FLAG_SHOWN, datetime.combine(on, datetime.min.time(), UTC), Actor("cleardays", "software"), body)


def test_a_row_says_who_why_and_since_when_and_only_what_is_shown(house):
    tell(house)
    tell(house, events=[flag(START + timedelta(days=120))])
    desk = house.at("nora")
    assert "ada" not in desk.get("/clinic").text
    house.show("ada", "clinic", "plan")
    page = desk.get("/clinic").text
    assert "ada" in page
    assert "To decide" in page
    assert "A rash" not in page
    house.show("ada", "clinic", "diary")
    page = desk.get("/clinic").text
    assert page.index("A rash") < page.index("the answer is there")
    assert "Not writing" in page


def test_filters_are_plain_links_and_keep_the_others_out(house):
    tell(house)
    house.show("ada", "nora", "plan")
    desk = house.at("nora")
    assert "ada" in desk.get("/clinic?of=decision").text
    assert "Nobody waits here" in desk.get("/clinic?of=flags").text
    assert desk.get("/clinic?of=nonsense").status_code == 200


def test_a_call_is_written_down_for_the_person_and_told_of_the_sign_which_stays_open_for_a_clinician(house):
    tell(house, events=[flag(START + timedelta(days=120))])
    house.show("ada", "clinic", "diary")
    desk = house.at("nora")
    page = desk.post("/clinic/ada/done", data={"what": "called", "of": "flags"}).text
    assert "Done today" in page
    (told,) = house.store.story("ada").told.flags.values()
    assert [each.done for each in told.done] == ["called somebody"]
    assert told.open
    assert "wrote down that you were called" in house.at("ada").get("/audit").text
    house.clock.later(days=1)
    assert "Done today" not in desk.get("/clinic").text or "Sign in" in desk.get("/clinic").text


def test_who_wrote_nothing_for_some_days_of_a_trial_is_on_the_list(house):
    tell(house, events=journey()[:-3])
    house.show("ada", "clinic", "diary", "plan")
    desk = house.at("nora")
    assert "Nothing was written" in desk.get("/clinic").text
    today = house.clock.now.date()
    tell(house, events=days(today - timedelta(days=SILENT_AFTER_DAYS - 1), "0"))
    assert "Nothing was written" not in desk.get("/clinic").text


def test_the_page_of_a_person_is_that_of_the_visit_once_all_of_it_is_shown(house):
    tell(house, events=journey()[:-3])
    house.show("ada", "doc", "plan")
    desk = house.at("doc")
    part = desk.get("/clinic/ada")
    assert part.status_code == 200
    assert "made of more than this person shows" in part.text
    assert "In their own words" not in part.text
    house.show("ada", "doc", "diary", "answer", "history")
    page = desk.get("/clinic/ada").text
    assert "In their own words" in page
    assert "<svg" in page
    assert "style=" not in page


def test_a_clinician_opens_a_review_and_decides_and_a_nurse_does_neither(house):
    tell(house, events=journey()[:-3])
    house.show("ada", "clinic", "diary", "plan", "answer", "history")
    doc, nurse = house.at("doc"), house.at("nora")
    assert nurse.post("/clinic/ada/first/review").status_code == 404
    assert doc.post("/clinic/ada/first/review").status_code == 200
    assert house.store.story("ada").trials["first"].phase == "decision"
    bad = doc.post("/clinic/ada/first/decide", data={"decision": "continue", "why": "", "again": ""})
    assert bad.status_code == 422
    again = (house.clock.now.date() + timedelta(days=84)).isoformat()
    sent = {"decision": "continue", "why": "fewer days", "again": again}
    assert nurse.post("/clinic/ada/first/decide", data=sent).status_code == 404
    assert doc.post("/clinic/ada/first/decide", data=sent).status_code == 200
    assert house.store.story("ada").trials["first"].phase == "maintenance"


def test_going_on_asks_about_each_goal_in_the_persons_words_and_a_stop_waits_for_none(house):
    goal = told("goal.told", {"entry": "wedding", "words": "dance at the wedding"}, START - timedelta(days=31))
    tell(house, events=[goal, *journey()[:-3]])
    house.show("ada", "clinic", "diary", "plan", "answer", "history")
    doc = house.at("doc")
    assert "dance at the wedding" in doc.post("/clinic/ada/first/review").text
    again = (house.clock.now.date() + timedelta(days=84)).isoformat()
    sent = {"decision": "continue", "why": "fewer days", "again": again}
    for word in ("", "perhaps"):
        page = doc.post("/clinic/ada/first/decide", data={**sent, "goal-wedding": word})
        assert page.status_code == 422
        assert 'id="goal-wedding-wrong"' in page.text
    assert doc.post("/clinic/ada/first/decide", data={**sent, "goal-wedding": "partly"}).status_code == 200
    (decision,) = house.store.story("ada").trials["first"].decisions
    assert [(each.entry, each.answer) for each in decision.goals] == [("wedding", "partly")]
    doc.post("/clinic/ada/first/review")
    assert doc.post("/clinic/ada/first/decide", data={"decision": "stop", "why": "no use"}).status_code == 200


def test_the_person_gives_and_takes_back_each_family_by_itself(house):
    tell(house)
    ada, nurse = house.at("ada"), house.at("nora")
    sent = {"to": "clinic", "plan": "yes", "what": "show"}
    assert ada.post("/consents", data=sent).status_code == 200
    assert "ada" in nurse.get("/clinic").text
    assert ada.post("/consents", data={"to": "clinic", "what": "nothing"}).status_code == 200
    assert "ada" not in nurse.get("/clinic").text
    assert nurse.get("/clinic/ada").status_code == 404
    assert ada.post("/consents", data={"to": "a" + "0" * 24, "plan": "yes", "what": "show"}).status_code == 422


def test_every_look_is_written_down_and_the_keeper_sees_only_how_many(house):
    tell(house)
    house.show("ada", "doc", "diary", "plan", "answer", "history")
    house.at("doc").get("/people/ada/goals")
    house.at("doc").get("/clinic/ada")
    page = house.at("ada").get("/audit").text
    assert page.count("Doc") == 2
    assert "Bob" not in house.at("bob").get("/audit").text
    keeper = house.at("kim").get("/accounts").text
    assert "read" in keeper
    assert house.at("kim").get("/audit").status_code == 404


@pytest.mark.slow
def test_a_rash_that_came_in_with_a_file_is_a_sign_on_the_list_and_on_the_persons_page_until_it_is_settled(house):
    house.store.add_person("mara")
    house.clock.now = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=8)
    tell(house, "mara", whole_events())
    house.show("mara", "clinic", *FAMILIES)
    desk = house.at("doc")
    assert "A rash" in desk.get("/clinic?of=flags").text
    assert "rash on one arm" in desk.get("/clinic/mara").text


def test_a_second_look_at_the_list_reads_only_the_stories_that_moved_on(house, monkeypatch):
    told, people = journey()[:-1], [f"p{number:02}" for number in range(30)]
    for person in people:
        house.store.add_person(person)
        tell(house, person, told)
        house.show(person, "clinic", "diary", "plan")
    desk = house.at("nora")
    while "looked through yet" in (page := desk.get("/clinic").text):
        pass
    assert page.count("To decide</strong>") == len(people)
    tell(house, "p07", [flag(START + timedelta(days=120))])
    stories, read = house.app.state.house.stories, list[str]()
    monkeypatch.setattr(stories, "of", lambda person, of=stories.of: read.append(person) or of(person))
    assert "A rash" in desk.get("/clinic").text
    assert read == ["p07"]


def test_the_list_is_worked_out_before_anybody_looks_and_again_when_a_story_moves_on(house):
    for number in range(12):
        house.store.add_person(f"p{number:02}")
        tell(house, f"p{number:02}")
        house.show(f"p{number:02}", "clinic", "diary", "plan")
    desk, own = house.at("nora"), house.app.state.house
    own.board.rows = partial(own.board.rows, budget_s=-1)  # no look reads a story itself
    assert "12 people were not looked through yet" in desk.get("/clinic").text
    with Ahead(own, pause_s=0.01):
        comes(lambda: desk.get("/clinic").text.count("To decide</strong>") == 12)
        tell(house, "p07", [flag(START + timedelta(days=120))])
        comes(lambda: "A rash" in desk.get("/clinic").text)


def comes(what):
    """Wait until it is so."""
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_count_of_few_people_is_withheld_and_no_name_is_in_any_count(house):
    for number in range(12):
        house.store.add_person(f"q{number}")
        house.store.append(f"q{number}", journey()[:1] if number else journey()[:-1])
        house.show(f"q{number}", "clinic", "plan")
    desk = house.at("rae")
    lines = desk.get("/cohort/counts.csv").text.splitlines()
    assert lines[1:] == ["lamotrigine,migraine-with-aura,decision,", "lamotrigine,migraine-with-aura,screening,10"]
    assert "fewer than 10" in desk.get("/cohort").text
    assert "q3" not in desk.get("/cohort").text
    assert desk.get("/people/q3/goals").status_code == 404


def test_somebody_is_found_by_a_part_of_the_name_however_it_is_written_and_nobody_who_shows_nothing(house):
    for name in ("Jörg Müller", "jo"):
        house.store.add_person(name)
        house.store.append(name, days(START, "0"))
        house.show(name, "clinic", "diary")
    house.store.add_person("Jonas")
    desk = house.at("nora")
    page = desk.get("/clinic?name=MULL").text
    assert "Jörg Müller" in page
    assert "Not on this list" in page
    assert "Jonas" not in desk.get("/clinic?name=jo").text
    assert "Nobody of that name" in desk.get("/clinic?name=zz").text
    seen = [each.seen for each in house.store.accounts.audit.of_person("Jörg Müller")]
    assert [each.act for each in seen] == ["listed"]


def test_who_is_shown_the_plan_alone_writes_down_a_call_and_tells_of_no_sign(house):
    tell(house)
    tell(house, events=[flag(START + timedelta(days=120))])
    house.show("ada", "clinic", "plan")
    before = house.store.head("ada")
    assert "Done today" in house.at("nora").post("/clinic/ada/done", data={"what": "called"}).text
    assert house.store.head("ada") == before
    house.store.accounts.consents.withdraw("ada", "clinic", now=house.clock())
    assert house.at("nora").post("/clinic/ada/done", data={"what": "seen"}).status_code == 404


def test_the_page_of_a_person_says_all_that_the_sheet_for_the_visit_says(house):
    tell(house, events=journey()[:-3])
    house.show("ada", "doc", "diary", "plan", "answer", "history")
    desk = house.at("doc")
    page = " ".join(unescape(re.sub(r"<[^>]+>", " ", desk.get("/clinic/ada").text)).split())
    story = house.store.story("ada")
    visit = compose_visit(account_of(story, "first", house.clock.now.date(), digest=house.store.head("ada").digest))
    said = [visit.title, visit.who, *visit.facts, visit.headline, visit.line, visit.next_step, *visit.compared, *visit.beside]
    said += [text for row in visit.numbers for text in (row.label, row.before.said, row.recent.said, row.change, row.note)]
    said += [text for row in visit.acute for text in (row.label, row.before.said, row.recent.said, row.month)]
    said += [text for row in visit.ledger for text in row if isinstance(text, str)]
    said += [text for row in (*visit.safety, *visit.scales, *visit.own) for text in (row.about, row.text)]
    said += [visit.ledger_more, visit.ledger_rule, *(each.because for each in visit.questions), *visit.small_print]
    assert [text for text in said if " ".join(text.split()) not in page] == []
    assert len(said) > 40


def test_why_somebody_is_on_the_list_stands_on_their_page_too_also_without_a_trial(house):
    tell(house, events=[flag(START + timedelta(days=120))])
    house.show("ada", "clinic", "diary", "plan", "answer", "history")
    page = house.at("nora").get("/clinic/ada").text
    assert "A rash" in page
    assert "No trial was opened yet" in page
