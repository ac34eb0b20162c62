"""The clinician's page: one sheet in a fixed order, the same in every format, true and whole whatever was told."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from cleardays.report.six_months import describe, draw_six_months
from cleardays.report.strip import PAPER
from cleardays.report.visit import NO_DAYS, compose_visit
from cleardays.report.visit_document import render_visit_json
from cleardays.report.visit_html import render_visit_html
from cleardays.report.visit_pdf import render_visit_pdf
from cleardays.report.visit_text import render_visit_text
from cleardays.report.visit_words import SAFETY_FIRST
from cleardays.trial.account.of_story import account_of
from cleardays.trial.account.who import Goal, Own, Who
from cleardays.trial.story.story import fold
from reference import stories, visits
from reference.plan_files import START

ORDER = ["Five numbers", "Day by day", "Regimens", "Safety", "Scales", "Questions for today"]
SCRIPTS = {
    "arabic": "فاطمة الزهراء",
    "hebrew": "שָׂרָה כהן",
    "chinese": "王小明",
    "devanagari": "अनीता शर्मा",
    "emoji": "Zoë 👩‍⚕️💊",
    "combining": "Z̸̡̛͖͐a̷̰̿l̵̨̈́g̶̙̈́o̷͓̐",
    "thai": "สมชาย",
    "long": "N" * 120,
}
NASTY = [
    '#import "x": *', '#read("/etc/passwd")', "</script><script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}",
    "$ x^2 $ *b* _i_ `c`",
    '<img src="http://example.org/x">', "@ref <label> \\ // /* */", "]#panic()[", "= Heading\n- list", "&amp; & < >",
]  # fmt: skip


@cache
def full():
    return compose_visit(visits.full_account())


@cache
def empty():
    return compose_visit(visits.empty_account())


def of_a_story():
    story = fold("p1", stories.placed(stories.journey()))
    return compose_visit(account_of(story, stories.TRIAL, START + timedelta(days=110)))


def sheets(page, **options):
    return PdfReader(io.BytesIO(render_visit_pdf(page, **options))).pages


def letters(text):
    return re.sub(r"\W", "", text)


class Tags(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def tags_of(html):
    parser = Tags()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("make", [full, empty, of_a_story, lambda: compose_visit(visits.with_others(20))])
def test_the_page_is_one_sheet_and_the_annex_follows_or_stands_alone(make, paper):
    page = make()
    assert len(sheets(page, paper=paper, annex="without")) == 1
    whole, alone = sheets(page, paper=paper), sheets(page, paper=paper, annex="alone")
    assert len(whole) == 1 + len(alone)
    assert "Annex: where each number comes from" in whole[1].extract_text()
    assert "Annex: where" not in whole[0].extract_text()


def test_the_parts_stand_in_their_fixed_order_in_every_format():
    page = full()
    texts = (
        sheets(page)[0].extract_text(),
        " ".join(tags_of(render_visit_html(page, annex="without")).words),
        render_visit_text(page, annex="without"),
    )
    for text in texts:
        flat = " ".join(text.split()).lower()
        start = flat.index(ORDER[0].lower())  # the title of the file may hold any of the words
        places = [flat.index(part.lower(), start) for part in ORDER]
        assert places == sorted(places)


@pytest.mark.parametrize("make", [full, empty, of_a_story])
def test_every_format_carries_the_same_words(make):
    page = make()
    paper = letters("".join(sheet.extract_text() for sheet in sheets(page)))
    html = letters("".join(tags_of(render_visit_html(page)).words))
    plain = letters(render_visit_text(page))
    document = letters(json.dumps(json.loads(render_visit_json(page)), ensure_ascii=False))
    said = [page.who, page.line, page.next_step, *page.beside, *page.small_print, *(q.because for q in page.questions)]
    said += [line.text for line in (*page.safety, *page.scales, *page.own)]
    said += [cell for row in page.numbers for cell in (row.label, row.before.said, row.recent.said, row.change, row.interval)]
    said += [entry.formula for entry in page.annex.entries] + [item.says for item in page.annex.checklist]
    for text in said:
        assert letters(text) in paper
        assert letters(text) in html
        assert letters(text) in plain
        assert letters(text) in document


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_pdf_is_tagged_titled_in_a_language_and_says_that_it_is_accessible(paper):
    reader = PdfReader(io.BytesIO(render_visit_pdf(full(), paper=paper)))
    root = reader.trailer["/Root"]
    assert str(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.endswith(full().title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    kinds = _structure(root["/StructTreeRoot"])
    assert {"/Document", "/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= kinds


def _structure(node, found=None):
    """The kinds of all elements of the tag tree."""
    found = set() if found is None else found
    stack = [node]
    while stack:
        here = stack.pop()
        here = here.get_object() if hasattr(here, "get_object") else here
        if isinstance(here, list):
            stack.extend(here)
        elif isinstance(here, dict):
            if "/S" in here:
                found.add(str(here["/S"]))
            if "/K" in here:
                stack.append(here["/K"])
    return found


def test_each_code_on_the_page_leads_to_its_paragraph_in_the_annex():
    page = full()
    codes = {row.code for row in (*page.numbers, *page.acute)} | {"A1"}
    assert codes <= {entry.code for entry in page.annex.entries}
    html = render_visit_html(page)
    ids = {attrs["id"] for _, attrs in tags_of(html).tags if attrs.get("id")}
    links = {attrs["href"] for tag, attrs in tags_of(html).tags if tag == "a"}
    assert links == {f"#annex-{code}" for code in codes}
    assert {link[1:] for link in links} <= ids
    annotations = sheets(page)[0].get("/Annots", [])
    assert len(annotations) == len(codes)


def test_the_annex_lists_just_the_days_that_were_counted_and_how_they_came_to_be_known():
    page = full()
    (headache,) = [number for number in page.account.numbers if number.item == "headache_day"]
    entry = next(entry for entry in page.annex.entries if entry.title == "Headache days")
    had = [line.text for line in entry.lines if line.about.strip() == "had"]
    counted = [_count(text.split(". Recalled")[0]) for text in had]
    assert counted == [headache.before.tally, headache.recent.tally]
    assert any("Recalled" in text and "written" in text for text in had)
    assert headache.before.per_28 == pytest.approx(28 * headache.before.tally / headache.before.known)


def _count(text):
    """How many days a list such as "3, 5–7 Mar 2026" names."""
    total = 0
    for month in text.split("; "):
        for part in month.rsplit(" ", 2)[0].split(", "):
            first, _, last = part.partition("–")
            total += int(last or first) - int(first) + 1
    return total


def test_the_annex_holds_every_day_of_the_diary():
    page = full()
    marks = [mark for month in page.annex.days for mark in month.marks if mark]
    assert len(marks) == page.account.coverage.days
    assert sum(mark.startswith("?") for mark in marks) == page.account.coverage.days - page.account.coverage.known
    assert sum(mark.endswith(".") for mark in marks) == page.account.coverage.recalled


def test_the_checklist_is_filled_from_the_data_or_says_that_it_was_not_told():
    told = {item.topic: item for item in full().annex.checklist}
    assert len(told) == 26
    assert told["Funding and interests"].says == "Not told."
    assert "not randomised" in told["What it is"].says
    assert "25 mg a day from 2 Mar 2026" in told["Treatment in each period: dose, steps, sessions, what was taken"].says
    assert "Dr Ada Field" in told["Rule of stopping fixed beforehand, and by whom; looks in between"].says
    bare = {item.topic: item.says for item in empty().annex.checklist}
    assert bare["Result with interval"] == "Not told."


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS)
def test_a_name_in_any_script_leaves_the_page_whole_and_is_never_lost_silently(name):
    page = compose_visit(visits.full_account(name=name))
    html = render_visit_html(page)
    assert letters(page.who) in letters("".join(tags_of(html).words))
    assert page.who.startswith(name[:40])
    assert name in render_visit_text(page) or len(name) > 60
    pages = sheets(page, annex="without")
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert letters("Overuse of acute medicines: no limit reached") in letters(text)
    for letter in {letter for letter in name if letter.isalpha()}:
        assert letter in text or f"[U+{ord(letter):04X}]" in text or letters("exist in no font") not in letters(text)
    assert ("[U+" in text) == (letters("exist in no font of the machine") in letters(text))
    assert b"pdfuaid" in PdfReader(io.BytesIO(render_visit_pdf(page))).trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.parametrize("told", NASTY)
def test_nothing_that_is_told_acts_as_markup(told):
    own = Own(told, (Goal(told),))
    page = compose_visit(visits.full_account(name=told, note=told, own=own))
    parser = tags_of(render_visit_html(page))
    assert not [tag for tag, _ in parser.tags if tag in ("script", "img", "iframe", "link")]
    assert letters(told) in letters("".join(parser.words))
    text = "".join(sheet.extract_text() for sheet in sheets(page))
    assert letters(told) in letters(text)
    assert "root:" not in text


def test_ten_thousand_characters_are_cut_on_the_sheet_and_whole_in_the_annex():
    words = " ".join(f"word{n}" for n in range(1400))
    page = compose_visit(visits.full_account(sentence=words, note="x" * 10_000))
    assert len(sheets(page, annex="without")) == 1
    assert "\N{HORIZONTAL ELLIPSIS}" in next(line.text for line in page.own if line.about == "In the person's words")
    annex = letters("".join(sheet.extract_text() for sheet in sheets(page)[1:]))
    assert [word for word in words.split() if word not in annex] == []
    assert words in next(line.text for line in page.annex.whole if line.about == "In the person's words")


def test_a_person_without_one_known_day_has_a_page_that_claims_nothing():
    page = empty()
    assert page.headline == "Nothing to judge yet"
    assert page.numbers == page.acute == ()
    text = sheets(page, annex="without")[0].extract_text()
    assert letters("0 of 107 days known") in letters(text)
    assert letters(NO_DAYS) in letters(text)
    assert "P(" not in text
    assert not re.search(r"\d+\.\d \(", text)


def test_an_open_finding_comes_before_any_word_that_it_works():
    from dataclasses import replace

    of = visits.full_account()
    flag = of.safety.findings[0]._replace(tier="emergency", open=True)
    page = compose_visit(replace(of, safety=of.safety._replace(findings=(flag,))))
    assert page.headline == SAFETY_FIRST
    assert "helps" not in page.line
    assert page.next_step == "Next: look at the open finding."
    assert next(line for line in page.safety if line.grave).text


def test_five_questions_are_answered_in_the_first_lines():
    """Better? by how much? sure? overuse? next step?"""
    page = full()
    assert page.headline
    assert "Headache days 15 → 9 per 28" in page.line
    assert "90\xa0% interval" in page.line
    assert "P(≥30\xa0% fewer)" in page.line
    assert page.beside[0].startswith("Overuse of acute medicines: ")
    assert page.next_step.startswith("Next: ")


def test_severity_is_told_by_height_and_by_the_word_not_by_colour_alone():
    svg = draw_six_months(full().account, palette=PAPER, font="serif", name="s")
    heights = {}
    for height, said in re.findall(r'height="([\d.]+)" style="[^"]*"><title>[^:]*: (\w+)', svg):
        heights.setdefault(said, set()).add(float(height))
    none, mild, moderate, severe = (max(heights[said]) for said in ("none", "mild", "moderate", "severe"))
    assert all(len(found) == 1 for found in heights.values())
    assert none < mild < moderate < severe
    assert 'style="fill:none"><title>' in svg
    assert "<pattern" not in svg


def test_the_strip_has_a_column_for_each_of_its_days_and_says_the_same_in_words():
    account = full().account
    svg = draw_six_months(account, palette=PAPER, font="serif", name="s")
    assert len(re.findall(r"<title>\d+ \w+ \d+: ", svg)) == len(account.days) == 182
    severe = sum(day.level == "severe" for day in account.days)
    assert f"{severe} days with severe headache" in describe(account)
    assert "200 mg from 6 Apr 2026" in describe(account)


def test_the_html_page_needs_nothing_from_anywhere_and_can_be_read_without_seeing_it():
    parser = tags_of(render_visit_html(full()))
    names = [tag for tag, _ in parser.tags]
    assert names.count("h1") == 1
    assert not [tag for tag in names if tag in ("script", "link", "iframe", "img")]
    assert all(attrs["href"].startswith("#") for tag, attrs in parser.tags if tag == "a")
    pictures = [attrs for tag, attrs in parser.tags if tag == "svg"]
    assert all(attrs.get("role") == "img" or attrs.get("aria-hidden") == "true" for attrs in pictures)
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in parser.tags if tag == "th")
    ids = [attrs["id"] for _, attrs in parser.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert next(attrs for tag, attrs in parser.tags if tag == "html")["lang"] == "en"


def test_same_account_same_bytes():
    one, other = (compose_visit(visits.full_account()) for _ in range(2))
    assert render_visit_pdf(one) == render_visit_pdf(other)
    assert render_visit_html(one) == render_visit_html(other)
    assert render_visit_json(one) == render_visit_json(other)


def test_a_long_ledger_names_what_the_sheet_has_no_room_for():
    page = compose_visit(visits.with_others(20))
    assert len(page.ledger) == 6
    assert page.ledger_more.startswith("16 earlier rows in the annex")
    entry = next(entry for entry in page.annex.entries if entry.title == "Ledger")
    assert len(entry.lines) == 22


def test_a_birth_year_and_a_name_that_were_not_told_are_said_not_to_be():
    page = compose_visit(visits.full_account(who=Who()))
    assert page.who == "Name not told"
    assert page.facts[0] == "birth year not told"


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize(
    "long", ["word " * 2000, "W" * 10_000, "漢" * 10_000, "فاطمة " * 1500], ids=["words", "one", "han", "arabic"]
)
def test_the_longest_that_can_be_told_everywhere_at_once_stays_on_one_sheet(long, paper):
    of = visits.with_others(20)
    ledger = tuple(row._replace(treatment=long[:120], reason_stopped=long, dose="1234.5 mg") for row in of.ledger)
    flag = full().account.safety.findings[0]._replace(because=long, open=True)
    effect = full().account.safety.effects[0]._replace(term=long)
    safety = full().account.safety._replace(findings=(flag,) * 5, effects=(effect,) * 5)
    own = Own(long, (Goal(long),) * 4)
    whole = visits.changed(of, treatment=long[:120], who=Who(long[:120]), ledger=ledger, safety=safety, own=own)
    page = compose_visit(visits.changed(whole, scales=full().account.scales, stop_rule=full().account.stop_rule))
    assert len(sheets(page, paper=paper, annex="without")) == 1
