"""The payer's page in every format: all rules, all days, nothing hidden, whatever somebody wrote."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from cleardays.diary.records import Diary
from cleardays.report.payer_page import compose_payer
from cleardays.report.payer_render import payer_html, payer_json, payer_pdf, payer_text
from cleardays.trial.account.who import Who
from cleardays.trial.payers.evaluate import evaluate
from cleardays.trial.payers.facts import facts_of
from cleardays.trial.payers.packs import find_pack, packs
from cleardays.trial.review import review
from reference.payer_cases import ONE, START, THREE, diary_of, facts, tried

CHRONIC, HALF = "X0" * 14 + "X" * 16 + "0" * 12, "X000" * 42
NASTY = '<b>#image("x")</b> $y$ *z* @ref {{ 1 }} & "q" \\'
NAMES = ["Ольга Ивановна", "محمد بن سلمان", "山田 花子", "דנה", "👩🏽‍🦱 Ada", "x" * 10_000]


def page_of(pack="nice-ta260", known=None, **more):
    known = known or facts(CHRONIC, HALF)
    return compose_payer(evaluate(find_pack(pack), known), known, **more)


def letters(text):
    """Only letters and figures: line breaks, joins and hyphens of a sheet apart."""
    return re.sub(r"\W", "", text)


def paper(page, **options):
    reader = PdfReader(io.BytesIO(payer_pdf(page, **options)))
    return reader, " ".join(sheet.extract_text() for sheet in reader.pages)


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


@pytest.mark.parametrize("pack", sorted(packs()))
def test_every_rule_and_every_verdict_stands_in_every_format(pack):
    page = page_of(pack)
    screen, text, sheet = " ".join(Words(payer_html(page)).words), payer_text(page), paper(page)[1]
    for part in page.parts:
        for row in part.rows:
            for where in (screen, text, sheet):
                assert letters(row.says) in letters(where)
                assert letters(row.because) in letters(where)
    assert [rule["id"] for rule in json.loads(payer_json(page))["rules"]][1:] == [each.id for each in packs()[pack].criteria]


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_the_paper_is_tagged_and_has_a_language_and_a_title(size):
    reader, _ = paper(page_of(), paper=size)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    width = float(reader.pages[0].mediabox.width)
    assert round(width) == {"a4": 595, "letter": 612}[size]


def test_coverage_memory_and_later_changes_stand_at_the_head():
    edited = {START - 2 * ONE: START + 30 * ONE}
    known = facts(CHRONIC, HALF, edits=edited)
    page = page_of(known=known)
    assert "224 of 224 days known; 224 written by the end of the next day, 0 later from memory" in page.coverage
    assert "1 day. 28 Feb 2026 (on 1 Apr 2026)" in page.edits
    assert page.coverage in payer_text(page).replace("\n", " ")
    assert "does not say what was changed" in page_of().edits


def test_a_file_that_does_not_say_when_days_were_written_is_not_called_live():
    diary = diary_of(CHRONIC, HALF)
    undated = Diary(tuple(type(record)(date=record.date, headache=record.headache) for record in diary.records), diary.about)
    page = page_of(known=facts("", HALF, diary=undated))
    assert "by the end of the next day" not in page.coverage
    assert "224 of which it is not told when they were written" in page.coverage


def test_somebody_who_fell_below_the_threshold_on_treatment_is_told_so_with_the_baseline():
    page = page_of()
    text = " ".join(page.below)
    assert "16 headache days in the 28 days before treatment" in text
    assert "7 in the latest 28 days on treatment" in text
    assert "The fall was counted on treatment" in text
    assert not page_of(known=facts("X000" * 7, HALF)).below  # never reached: nothing fell below it


def test_a_pause_is_told_only_where_the_source_has_one():
    known = facts(CHRONIC, HALF)
    assert "This source says nothing of a pause" in " ".join(page_of(known=known).below)
    assert not page_of("ehf-2018", known).below  # it asks for no number of days to begin


def test_the_probabilities_stand_beside_the_bare_percentage():
    diary = diary_of(CHRONIC, HALF)
    page = page_of(review=review(diary, "onabotulinumtoxina", START))
    assert "fewer) 0." in page.chances
    assert page.chances.split()[0] in payer_text(page)
    assert page_of().chances.startswith("No probability is given")


def test_the_page_is_for_a_clinician_to_sign_and_says_that_nothing_is_sent():
    for text in (payer_text(page_of()), payer_html(page_of()), paper(page_of())[1]):
        assert "Signature" in text
        assert letters("sends nothing and approves nothing") in letters(text)


def test_each_counted_day_is_listed_with_its_state():
    document = json.loads(payer_json(page_of(known=facts("X" * 15 + "." * 2 + "0" * 11))))
    rule = next(rule for rule in document["rules"] if rule["id"] == "headache-days")
    days = rule["counts"][0]["days"]
    assert [day["state"] for day in days] == ["had"] * 15 + ["unknown"] * 2 + ["clear"] * 11
    assert rule["verdict"] == "meets"


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_leave_the_page_whole(name):
    ledger = (*THREE, tried("erenumab", reason_stopped=name))
    page = page_of(known=facts(CHRONIC, HALF, ledger=ledger, treatment=name[:200]), who=Who(name))
    shown = name if len(name) < 60 else name[:59]
    assert shown in payer_html(page)
    assert shown in payer_text(page).replace("\n", "")
    assert len(paper(page)[0].pages) <= 5


def test_what_somebody_wrote_never_acts_as_markup():
    ledger = (*THREE, tried("erenumab", reason_stopped=NASTY))
    page = page_of(known=facts(CHRONIC, HALF, ledger=ledger, treatment=NASTY), who=Who(NASTY))
    found = Words(payer_html(page))
    assert "b" not in found.tags
    assert NASTY in "".join(found.words)
    assert letters(NASTY) in letters(paper(page)[1])


@pytest.mark.parametrize("pack", sorted(packs()))
def test_somebody_without_a_known_day_gets_a_whole_and_true_page(pack):
    known = facts_of(Diary(()), packs()[pack].treatments[0], START, START + 200 * ONE)
    page = page_of(pack, known)
    assert "does not hold one known day" in page.coverage
    assert "Meets" not in {row.verdict for part in page.parts for row in part.rows[1:]}
    for text in (payer_text(page), "".join(Words(payer_html(page)).words), paper(page)[1]):
        assert letters(page.title).upper() in letters(text).upper()


def test_the_screen_asks_for_no_network_and_runs_no_script():
    html = payer_html(page_of())
    assert not set(Words(html).tags) & {"script", "img", "link", "iframe", "video"}
    assert "url(" not in html
    assert "prefers-color-scheme: dark" in html


def test_the_same_facts_make_the_same_bytes():
    assert payer_pdf(page_of()) == payer_pdf(page_of())
    assert payer_html(page_of()) == payer_html(page_of())
