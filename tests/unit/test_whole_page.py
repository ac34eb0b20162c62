"""The page of the whole plan: everything on it in every format, whatever people are called and whatever they wrote."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from cleardays.report.sections import told as own_words
from cleardays.report.whole_page import compose_whole, whole_html, whole_json, whole_pdf, whole_text
from cleardays.trial.story.story import Story
from cleardays.trial.whole import whole_plan
from reference.told_stories import START, begun, diary_of, event, told
from reference.whole_stories import BEFORE, DAY, TODAY, whole_story

MARKUP = (
    '<script>alert(1)</script> & "quoted" {{ 7*7 }} #set page(width: 1pt) $x$ *b* _i_ @ref `raw` [link](x) \\ % '
    "\N{RIGHT-TO-LEFT OVERRIDE}end"
)
ARABIC = "أذهب إلى حفل زفاف أختي"
HEBREW = "לישון לילה שלם"
SCRIPTS = "Zoë 山田太郎 ไม่ปวด Ωμέγα Ñandú हिन्दी"
EMOJI = "👩‍👩‍👧‍👦 🎉 no pain"
LONG = ("no more headaches at work " * 400)[:9_990].strip()
UNBROKEN = "x" * 9_990


@pytest.fixture(scope="module")
def whole():
    return whole_plan(whole_story(), TODAY)


def heads(whole):
    return [each.head for each in compose_whole(whole).sections]


def flat(text):
    return " ".join(re.sub(r"[\u2068\u2069\u200b]", "", text).split())


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self.tags, self.skip = [], [], False

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)
        self.skip = tag == "style"

    def handle_endtag(self, _tag):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.words.append(data)


def text_of(html):
    parser = _Text()
    parser.feed(html)
    return flat("".join(parser.words)), parser.tags


def test_what_is_grave_stands_first_then_what_to_take_today(whole):
    assert heads(whole)[:3] == ["Warning signs now", "Today", "What comes when"]


def test_every_part_of_the_plan_has_its_place(whole):
    assert {
        "What you want to reach", "Other medicines", "Medicines for attacks", "Care beside medicines",
        "What cannot be told apart", "Signs to know", "Whom to call", "What was revised, and why",
    } <= set(heads(whole))  # fmt: skip
    assert "Lamotrigine for migraine with aura" in heads(whole)


def test_every_sentence_of_the_page_stands_in_each_format(whole):
    html, text, document = text_of(whole_html(whole))[0], flat(whole_text(whole)), json.loads(whole_json(whole))
    for section in document["sections"]:
        for block in section["blocks"]:
            rows = (row.values() if isinstance(row, dict) else row for row in block.get("rows", ()))
            for each in (*(cell for row in rows for cell in row), *block.get("lines", ())):
                assert flat(each) in html
                assert all(part in text for part in flat(each).split(". "))


def test_the_page_reaches_for_nothing_outside_itself(whole):
    html = whole_html(whole)
    assert not re.search(r"(?:src|href)=|url\(|@import|<script|<link", html)
    assert '<html lang="en">' in html


def test_each_heading_of_the_page_is_followed_by_something(whole):
    assert all(section.blocks for section in compose_whole(whole).sections)


def test_the_paper_is_a_tagged_pdf_in_both_sizes_and_the_same_bytes_each_time(whole):
    a4, letter = whole_pdf(whole), whole_pdf(whole, paper="letter")
    assert a4.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in a4
    assert b"pdfuaid" in a4
    assert a4 != letter
    assert whole_pdf(whole) == a4


@pytest.mark.parametrize("words", [MARKUP, ARABIC, HEBREW, SCRIPTS, EMOJI, LONG, UNBROKEN], ids=lambda words: words[:8])
def test_whatever_somebody_wrote_stands_there_as_words_and_spoils_nothing(words):
    found = whole_plan(whole_story(note=words[:200], name=words[:60], why=words[:400], goal=words), TODAY)
    html, said = whole_html(found), flat(own_words(words))
    text, tags = text_of(html)
    assert said in text
    assert "script" not in tags
    assert heads(found)[1:3] == ["Today", "What comes when"] or heads(found)[:2] == ["Today", "What comes when"]
    assert said.replace(" ", "") in flat(whole_text(found)).replace(" ", "")
    assert json.loads(whole_json(found))["document"]["goals"][1]["words"] == said
    assert whole_pdf(found).startswith(b"%PDF-")


@pytest.mark.parametrize("name", [MARKUP[:150], ARABIC, EMOJI, "z" * 200], ids=lambda words: words[:8])
def test_whatever_a_medicine_is_called_it_is_asked_about_and_stands_there_as_words(name):
    said = {"part": "medicines", "answer": "told", "entries": [{"what": name}]}
    found = whole_plan(told([event("intake.told", said), *begun("first")]), TODAY)
    text = text_of(whole_html(found))[0]
    assert flat(own_words(name)) in text
    assert "nothing can be ruled out" in text
    assert whole_pdf(found).startswith(b"%PDF-")


def test_words_from_right_to_left_keep_their_direction_to_themselves():
    assert own_words(ARABIC).startswith("\N{FIRST STRONG ISOLATE}")
    assert own_words(ARABIC).endswith("\N{POP DIRECTIONAL ISOLATE}")
    assert own_words("plain words") == "plain words"


def test_a_person_without_any_trial_gets_a_page_that_is_true_and_whole():
    found = whole_plan(Story("nobody yet"), TODAY)
    text = flat(whole_text(found))
    assert "No trial is open, and nothing is planned." in text
    assert "Nobody was asked which other medicines are taken." in text
    assert "On how many days one was taken is not known." in text
    assert whole_pdf(found).startswith(b"%PDF-")
    assert "Whom to call" in text_of(whole_html(found))[0]


def test_a_person_without_a_known_day_is_said_to_be_unknown_and_never_counted_as_none():
    found = whole_plan(told(begun("first", diary=diary_of("", BEFORE))), TODAY)
    text = flat(whole_text(found))
    assert "nothing was told of medicines for attacks" in text
    assert "0 days with" not in text


def test_a_dose_that_is_due_is_said_in_tablets_with_how_often():
    text = flat(whole_text(whole_plan(told(begun("first")), START + 3 * DAY)))
    assert "Lamotrigine: 1 tablet of 25 mg once." in text


def test_before_the_first_dose_is_told_the_page_has_nobody_take_one():
    text = flat(whole_text(whole_plan(told(begun("first")[:-1]), START + 3 * DAY)))
    assert "Ask your clinician before the next dose." in text
    assert "1 tablet" not in text


def test_a_simulated_person_is_said_to_be_one_on_every_page(whole):
    simulated = whole._replace(simulated=True)
    assert "SIMULATED" in whole_html(simulated)
    assert "SIMULATED" in whole_text(simulated)
    assert json.loads(whole_json(simulated))["document"]["simulated"] is True
