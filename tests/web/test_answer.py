"""The answer on the screen: each state says what it knows and no more, and nobody sees what is not for them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from cleardays.trial.story.events import Event
from cleardays.web import answers
from cleardays.web.roles import ANSWER, CLINICIAN, NOBODY, NURSE, PERSON, PLAN, RECOVERY
from reference import app, lived, stories

TOXIN, RECOVER = "onabotulinumtoxina", "lamotrigine-recovery"


class Said(HTMLParser):
    """The words of a page, without the pictures'; its ids; and the attributes of every tag."""

    def __init__(self, page):
        super().__init__()
        self.words, self.ids, self.attributes, self._inside = [], [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._inside += tag == "svg"
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        self._inside -= tag == "svg"

    def handle_data(self, data):
        if not self._inside:
            self.words.append(data)


def said(answer):
    """The words of an answer of the server."""
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", " ".join(Said(answer.text).words))


# the case, days after the first dose, what the card says, its figures, its day
STATES = {
    "not begun": (TOXIN, -2, "You have not begun", "There is nothing to compare yet.", "Begins on 24 Nov 2025"),
    "too early": (TOXIN, 20, "It is too early to say", "smoothed: about", "Can be told from 11 May 2026"),
    "helps": (TOXIN, 168, "It looks like onabotulinumtoxinA helps you.", "90", "No day is set yet to look at it together."),
    "does not help": (RECOVER, 95, "does not help you enough", "Mean craving per day", "No day is set yet"),
    "cannot tell": ("baclofen", 97, "how much is not clear yet", "smoothed: about", "Likely settled by 21 Jun 2026"),
    "safety first": ("lamotrigine-aura", 15, "Call your clinic first", "The figures can wait.", "Open since 10 Apr 2026"),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_one_sentence_one_interval_or_why_there_is_none_and_one_date_or_that_none_is_set(tmp_path, state):
    case, days, sentence, interval, day = STATES[state]
    with lived.desk(tmp_path, case, days) as desk:
        page = said(desk.get("/answer"))
    for each in (sentence, interval, day, "SIMULATED: nobody real is in it"):
        assert each in page


def test_a_warning_sign_leaves_no_figure_and_no_picture_on_the_page(tmp_path):
    with lived.desk(tmp_path, "lamotrigine-aura", 15) as desk:
        page = desk.get("/answer").text
    assert "Three futures" not in page
    assert "smoothed" not in page
    assert "Whom to call" in page


def test_days_that_nobody_told_leave_no_figure_however_the_rest_looks(tmp_path):
    with lived.desk(tmp_path, "ketamine", 20) as desk:
        page = said(desk.get("/answer"))
    assert "No figure is given" in page
    assert "There is no picture of futures" in page


def test_a_trial_begun_without_a_known_day_says_so_and_asks_for_one_evening(tmp_path):
    told = [event for event in stories.journey() if event.kind != "day.told"]
    with app.desk(tmp_path, app.Clock(stories.at(stories.START, 20))) as desk:
        desk.store.add_person("me")
        desk.store.append("me", [event for event in told if event.at <= desk.clock.now])
        page = said(desk.get("/answer"))
    assert "no day is written down" in page
    assert "Write down one day" in page


def test_recovery_is_spoken_of_without_pain_and_without_headaches(tmp_path):
    with lived.desk(tmp_path, RECOVER, 60) as desk:
        page = said(desk.get("/answer")).lower()
    before_help = page.partition("when to get help")[0]
    assert "craving" in before_help
    assert "pain" not in before_help
    assert "headache" not in before_help
    assert "relapse" not in before_help


def test_the_days_and_futures_can_be_read_without_seeing_them(tmp_path):
    with lived.desk(tmp_path, TOXIN, 168) as desk:
        page = said(desk.get("/answer"))
    assert "If it stays as it was before: about 20" in page
    assert "If it goes as for people in the trials: about 12" in page
    assert "As your diary has it now: about 11" in page
    assert "11 May 2026" in page.partition("The last 28 days")[2]
    assert "not known" in page.partition("The last 28 days")[2]


@pytest.mark.parametrize("address", ["/answer", f"/answer/{TOXIN}", f"/answer/{TOXIN}/why"])
def test_no_page_of_an_answer_holds_a_style_a_script_or_an_id_twice(tmp_path, address):
    with lived.desk(tmp_path, TOXIN, 168) as desk:
        page = desk.get(address).text
    found = Said(page)
    assert not [name for name, _ in found.attributes if name == "style" or name.startswith("on")]
    assert "<style" not in page
    assert len(found.ids) == len(set(found.ids))


def test_pictures_of_somebody_made_up_say_so_inside_the_picture(tmp_path):
    with lived.desk(tmp_path, TOXIN, 168) as desk:
        page = desk.get("/answer").text
    pictures = re.findall(r'<svg[^>]*role="img".*?</svg>', page, re.DOTALL)
    assert len(pictures) == 3
    assert all("SIMULATED" in picture for picture in pictures)


def test_why_tells_the_parts_of_the_change_what_was_assumed_what_is_known_and_the_sources(tmp_path):
    with lived.desk(tmp_path, TOXIN, 168) as desk:
        page = said(desk.get(f"/answer/{TOXIN}/why"))
    parts = ("Came by itself", "Came with onabotulinumtoxinA")
    for each in (*parts, "in 100 before the diary", "225 of 253 days are known", "Sources"):
        assert each in page
    assert "[PREEMPT-BASE] " in page


def test_why_of_an_answer_that_is_not_judged_gives_no_parts(tmp_path):
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        page = said(desk.get(f"/answer/{TOXIN}/why"))
    assert "Came by itself" not in page
    assert "told once the answer is judged" in page


def test_several_trials_have_a_card_each_and_one_that_cannot_be_answered_holds_no_other_back(tmp_path):
    events, now = lived.told_until(TOXIN, 100)
    second = [event._replace(trial="again") for event in events if event.trial == TOXIN and event.kind in (
        "trial.opened", "trial.screened", "trial.planned", "trial.confirmed", "trial.begun")]  # fmt: skip
    told = sorted([*events, *second, *stories_opened(now)], key=lambda event: event.at)
    with app.desk(tmp_path, app.Clock(now)) as desk:
        desk.store.add_person("me")
        desk.store.append("me", told)
        page = desk.get("/answer").text
    assert page.count('class="card answer"') == 3
    assert "is a trial of onabotulinumtoxina too" in page
    assert "You have not begun propranolol yet." in page


def stories_opened(now):
    """A third trial, of which nothing but its opening is told."""
    body = {"treatment": "propranolol", "indication": "episodic-migraine", "why": "to try", "on": now.date().isoformat()}
    return [Event("trial.opened", now, stories.PERSON, body, "third")]


def test_an_ended_trial_is_answered_as_of_its_last_day(tmp_path):
    with lived.desk(tmp_path, RECOVER, 300) as desk:
        assert "No trial is running" in said(desk.get("/answer"))
        assert "Read up to 23 Jun 2026" in said(desk.get(f"/answer/{RECOVER}"))


def test_before_anything_was_told_the_page_says_what_would_be_needed(tmp_path):
    with app.desk(tmp_path) as desk:
        assert "No trial is running" in said(desk.get("/answer"))


@pytest.mark.parametrize("trial", ["nothing", "..%2F..", "%00", "<b>", "a" * 5000])
@pytest.mark.parametrize("after", ["", "/why"])
def test_a_trial_that_is_not_there_is_not_found(tmp_path, trial, after):
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        answer = desk.get(f"/answer/{trial}{after}")
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_another_persons_trial_is_no_trial_of_ones_own(tmp_path):
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        desk.store.add_person("bob")
        lived.look_as(desk, PERSON, person="bob")
        assert desk.get(f"/answer/{TOXIN}").status_code == 404
        assert desk.get(f"/people/me/answer/{TOXIN}").status_code == 404


@pytest.mark.parametrize(
    ("role", "families", "status"),
    [
        (CLINICIAN, (ANSWER,), 200),
        (NURSE, (ANSWER,), 200),
        (CLINICIAN, (PLAN,), 404),
        (CLINICIAN, (), 404),
        (NOBODY, (ANSWER,), 401),
    ],
)
def test_an_answer_is_shown_to_those_to_whom_the_person_shows_it(tmp_path, role, families, status):
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        lived.look_as(desk, role, shown={"me": families})
        for address in ("/people/me/answer", f"/people/me/answer/{TOXIN}", f"/people/me/answer/{TOXIN}/why"):
            answer = desk.get(address, follow_redirects=False)
            assert answer.status_code == (303 if status == 401 else status)


def test_an_answer_of_recovery_is_not_even_named_to_whom_that_is_not_shown(tmp_path):
    with lived.desk(tmp_path, RECOVER, 60) as desk:
        lived.look_as(desk, CLINICIAN, shown={"me": (ANSWER, PLAN)})
        page = desk.get("/people/me/answer")
        assert "lamotrigine" not in page.text.lower()
        assert desk.get(f"/people/me/answer/{RECOVER}").status_code == 404
        lived.look_as(desk, CLINICIAN, shown={"me": (ANSWER, RECOVERY)})
        assert "craving" in desk.get("/people/me/answer").text


def test_an_answer_is_worked_out_once_for_a_story_as_it_stands_and_anew_after_an_entry(tmp_path, monkeypatch):
    worked, real = [], answers.account_of

    def counted(*args, **kwargs):
        worked.append(args[1])
        return real(*args, **kwargs)

    monkeypatch.setattr(answers, "account_of", counted)
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        for address in ("/answer", f"/answer/{TOXIN}", f"/answer/{TOXIN}/why"):
            desk.get(address)
        assert worked == [TOXIN]
        desk.post("/attack", data={"what": "severe"})
        desk.get("/answer")
        assert worked == [TOXIN, TOXIN]
        desk.clock.later(days=1)
        desk.get("/answer")
        assert len(worked) == 3


def test_an_answer_that_failed_is_tried_again_and_says_each_time_why(tmp_path, monkeypatch):
    with lived.desk(tmp_path, TOXIN, 20) as desk:
        real, fails = answers.account_of, [True]

        def failing(*args, **kwargs):
            if fails:
                raise stories_refused()
            return real(*args, **kwargs)

        monkeypatch.setattr(answers, "account_of", failing)
        assert desk.get("/answer").status_code == 422
        fails.clear()
        assert desk.get("/answer").status_code == 200


def stories_refused():
    """A refusal of the domain."""
    from cleardays.problems import BadInput, Problem

    return BadInput(Problem("plan", "its doses do not fit.", "Look at the plan."))


def test_names_that_hold_markup_stay_names(tmp_path):
    name = "<script>alert(1)</script>"
    body = {"treatment": name, "indication": "episodic-migraine", "why": "x", "on": "2026-03-04"}
    with app.desk(tmp_path) as desk:
        desk.store.add_person("me")
        desk.store.append("me", [Event("trial.opened", desk.clock.now, stories.PERSON, body, "odd")])
        page = desk.get("/answer").text
    assert "<script>alert" not in page
    assert "alert(1)" in page
