"""Side effects that a treatment calls grave stand on pages and lists until they are settled, however they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import Event
from cleardays.diary.records import Diary
from cleardays.report.visit_boxes import safety_lines
from cleardays.trial.account.of_story import account_of
from cleardays.trial.told_signs import told_signs
from reference.whole_stories import START, TODAY, whole_story

PLAN = whole_story().trials["first"].plan.file
DAY = timedelta(days=1)


def signs(*events, on=TODAY, **more):
    """What stands of events of a diary."""
    return list(told_signs(PLAN, Diary((), {}, (), Beside(events=events)), on, **more))


def told(term, on=START + 4 * DAY, kind="side_effect", **more):
    """A side effect."""
    return Event(date=on, kind=kind, term=term, **more)


def test_a_mild_rash_under_lamotrigine_stands_in_the_way_until_it_is_settled():
    (sign,) = signs(told("rash on one arm", severity="mild"))
    assert (sign.code, sign.tier, sign.on, sign.open) == ("rash", "emergency", START + 4 * DAY, True)
    assert "Stop lamotrigine" in sign.do
    assert signs(told("rash on one arm", outcome="resolved", until=START + 9 * DAY)) == []


@pytest.mark.parametrize("event", [told("tired", severity="mild"), told("rash", on=START - DAY), told("rash", on=TODAY + DAY)])
def test_what_is_not_grave_or_not_of_this_time_is_no_sign(event):
    assert signs(event) == []


def test_what_was_shown_has_its_own_answer_and_what_was_told_as_a_sign_is_the_diarys():
    assert signs(told("rash"), shown={(START + 4 * DAY, "rash")}) == []
    assert len(signs(told("rash"), shown={(START + 4 * DAY, "thunderclap"), (START, "rash")})) == 1
    assert signs(told("rash", kind="red_flag")) == []
    assert len(signs(told("rash", kind="red_flag"), every=True)) == 1


def test_the_clinicians_page_shows_it_and_never_says_past_it_that_it_works():
    found = account_of(whole_story(), "first", TODAY)
    assert [(flag.code, flag.on) for flag in found.safety.in_the_way] == [("rash", START + 4 * DAY)]
    (line,) = [each for each in safety_lines(found) if each.about == "Rash"]
    assert line.grave
    assert "rash on one arm" in line.text
    story = whole_story()
    settled = [replace_event(each) for each in story.diary.beside.events]
    calm = replace(story, diary=replace(story.diary, beside=replace(story.diary.beside, events=tuple(settled))))
    assert account_of(calm, "first", TODAY).safety.in_the_way == ()


def replace_event(event):
    """It, settled where it is an effect."""
    return replace(event, outcome="resolved", until=date(2026, 3, 12)) if event.kind == "side_effect" else event
