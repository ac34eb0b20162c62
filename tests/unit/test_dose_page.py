"""The page and the picture of a dose-response log: every dose and count in every format, hollow where little is known."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from decimal import Decimal

import pytest

from cleardays.diary.beside import Beside
from cleardays.diary.entries import DoseEntry, Event
from cleardays.report.dose_page import compose_doses, dose_html, dose_json, dose_pdf, dose_svg, dose_text
from cleardays.report.dose_picture import describe_doses
from cleardays.trial.dose_response import dose_response
from reference.told_stories import START, begun, diary_events, diary_of, told
from reference.whole_stories import DAY, TODAY, plan_of, whole_story

SVG = "{http://www.w3.org/2000/svg}"
MARKUP = "<script>x</script> & #set page(width: 1pt) {{ 7*7 }} $x$"


def log_of(term="dizziness"):
    doses = [
        DoseEntry(date=START + n * DAY, kind="preventive", drug="candesartan", amount=Decimal(8 if n < 40 else 16), unit="mg",
                  state="taken")
        for n in range(90)
    ]  # fmt: skip
    effect = Event(date=START + 50 * DAY, kind="side_effect", term=term, severity="moderate", drug="candesartan")
    before = START - timedelta(days=56)
    diary = diary_of(
        "XX0X0X0" * 14 + "X000X0." * 7 + "....0.." * 3, before, beside=Beside(doses=tuple(doses), events=(effect,))
    )
    file = plan_of("candesartan", "episodic-migraine")
    early = diary_of("XX0X0X0" * 8, before)
    story = told([*begun("first", "candesartan", "episodic-migraine", file=file, diary=early), *diary_events(diary)])
    return dose_response(story, "first", START + 110 * DAY)


@pytest.fixture(scope="module")
def log():
    return log_of()


def flat(text):
    return " ".join(re.sub(r"[\u2068\u2069\u200b]", "", text).split())


def rects(svg):
    root = ElementTree.fromstring(svg)
    return [(each.get("style"), each.findtext(f"{SVG}title")) for each in root.iter(f"{SVG}rect")]


def test_the_page_says_first_that_it_does_not_show_what_a_dose_did(log):
    page = compose_doses(log)
    assert page.sections[0].head == "What this log can show"
    assert "does not show what a dose did" in flat(dose_text(log))


def test_every_dose_and_every_rate_stands_in_each_format(log):
    html, text, document = flat(dose_html(log)), flat(dose_text(log)), json.loads(dose_json(log))
    for said in ("8 mg a day", "16 mg a day", "Before the treatment", "dizziness (told 1 time"):
        assert said in html
        assert said in text
        assert said in flat(json.dumps(document["sections"], ensure_ascii=False))
    assert [each["dose"]["amount"] for each in document["document"]["levels"]] == [
        each.stretch.dose.amount for each in log.levels
    ]


def test_a_stretch_with_too_few_known_days_is_hollow_and_says_so():
    log = dose_response(whole_story(), "first", TODAY)
    hollow = [said for style, said in rects(dose_svg(log)) if said and "too few days to tell" in said]
    styles = [style for style, said in rects(dose_svg(log)) if said and "too few days to tell" in said]
    assert len(hollow) == sum(level.counts[1].too_few for level in log.levels)
    assert all(style.startswith("fill:none") for style in styles)


def test_a_dose_that_nobody_told_of_is_hollow_and_a_told_one_filled():
    log = dose_response(whole_story(), "first", TODAY)
    by_words = {said: style for style, said in rects(dose_svg(log)) if said and "doses" in said}
    assert {style.startswith("fill:none") for said, style in by_words.items() if "nobody told" in said} == {True}
    assert {style.startswith("fill:none") for said, style in by_words.items() if "told in the diary" in said} == {False}


def test_the_picture_tells_all_of_it_in_words_and_has_no_stripes(log):
    svg = dose_svg(log)
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc") == describe_doses(log)
    assert "pattern" not in svg
    for level in log.levels:
        assert str(level.stretch.dose.amount) in describe_doses(log)


def test_the_marks_of_the_picture_stay_within_it(log):
    root = ElementTree.fromstring(dose_svg(log))
    _, _, width, height = map(float, root.get("viewBox").split())
    for each in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(each.get(name)) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width + 0.5
        assert 0 <= y <= y + h <= height


def test_the_paper_is_a_tagged_pdf_with_the_picture_in_words(log):
    found = dose_pdf(log)
    assert found.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in found
    assert dose_pdf(log, paper="letter") != found


@pytest.mark.parametrize("words", [MARKUP, "طفح جلدي", "🤢 dizzy 山", "x" * 900], ids=["markup", "arabic", "emoji", "unbroken"])
def test_whatever_an_effect_is_called_it_stands_there_as_words(words):
    log = log_of(words)
    term = log.levels[1].effects[0].term
    assert json.loads(dose_json(log))["document"]["levels"][1]["side_effects"][0]["term"] == term
    assert "<script>x" not in dose_html(log)
    assert flat(term).replace(" ", "") in flat(dose_text(log)).replace(" ", "")
    assert dose_pdf(log).startswith(b"%PDF-")


def test_a_trial_that_was_not_begun_has_a_page_that_says_there_is_no_dose():
    log = dose_response(told(begun("first")[:-1]), "first", TODAY)
    assert "there is no dose to log" in flat(dose_text(log))
    assert "<svg" not in dose_html(log)
    assert dose_pdf(log).startswith(b"%PDF-")
    ElementTree.fromstring(dose_svg(log))


def test_an_outcome_of_which_no_day_is_known_is_said_to_be_unknown_and_has_no_table():
    text = flat(dose_text(dose_response(whole_story(), "first", TODAY)))
    assert "Days with aura: of none of these days is it known." in text
