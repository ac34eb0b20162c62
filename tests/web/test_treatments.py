"""The treatments in the app: readable by anybody, the same facts as in the reference, nothing that the policy forbids."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cleardays.catalogue.treatments import treatment_ids
from cleardays.report.treatment_html import MARKS_SAID, facts_html, index_html, side_effects_html, treatment_html
from cleardays.report.treatment_page import treatment_page
from cleardays.sources import MARKS
from reference import app

_EMPTY = {"br", "rect", "circle", "path", "polygon", "polyline", "line"}


class Checked(HTMLParser):
    """Reads a page and refuses what is not closed, named twice, or styled by itself."""

    def __init__(self, page):
        super().__init__()
        self.open, self.ids, self.words, self.levels = [], [], [], []
        self.feed(page)
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        if tag not in _EMPTY:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        assert not [name for name, _ in attrs if name == "style" or name.startswith("on")]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_startendtag(self, tag, attrs):  # noqa: ARG002  # as it is called
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag not in _EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "svg" not in self.open:
            self.words.append(data)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with app.desk(tmp_path_factory.mktemp("treatments")) as found:
        yield found


def words_of(text):
    """The words of a text, without markup and without order."""
    text = re.sub(r"<[^>]*>|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|&lt;|&gt;|---", " ", text)
    return set(re.findall(r"[^\W_]{2,}", text))


@pytest.mark.parametrize("treatment", treatment_ids())
def test_each_page_is_well_formed_and_holds_every_word_of_the_reference(treatment):
    plain, facts = treatment_html(treatment, "/treatments"), facts_html(treatment, "/treatments")
    shown = [word for page in (plain, facts) for word in Checked(page.body).words]
    missing = words_of(treatment_page(treatment).rpartition("---")[0]) - words_of(" ".join(shown))
    assert missing <= {"For", "clinicians"}
    assert not [each for each in shown if "**" in each or "](" in each or "`" in each]


@pytest.mark.parametrize("treatment", treatment_ids())
def test_headings_go_down_one_step_at_a_time(treatment):
    for page in (treatment_html(treatment, "/t"), facts_html(treatment, "/t")):
        levels = Checked(page.body).levels
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_page_has_its_sources_in_full_at_its_end(desk):
    page = desk.get("/treatments/lamotrigine").text
    cited = set(re.findall(r"<code>([\w-]+)</code>", page.partition("<h2>Sources</h2>")[0]))
    listed = set(re.findall(r"<li><code>([\w-]+)</code>", page.partition("<h2>Sources</h2>")[2]))
    assert listed
    assert listed <= cited


def test_plain_words_come_first_and_the_tables_for_clinicians_are_one_link_away(desk):
    page = desk.get("/treatments/ketamine").text
    assert page.index("When to call for help at once") < page.index("What it is and what it does")
    assert "Contraindicated" not in page
    assert "/treatments/ketamine/facts" in page
    assert "Contraindicated" in desk.get("/treatments/ketamine/facts").text


def test_every_link_of_every_page_leads_somewhere(desk):
    pages = [index_html("/treatments"), side_effects_html("/treatments")]
    pages += [treatment_html(each, "/treatments") for each in treatment_ids()]
    found = {where for page in pages for where in re.findall(r'href="([^"]*)"', page.body)}
    assert "#marks" in found
    for where in sorted(found - {"#marks"}):
        assert where.removeprefix("/treatments").lstrip("/") in {"", "side-effects", *treatment_ids()}
    assert {mark for mark, _ in MARKS_SAID} == set(MARKS.values())
    assert 'id="marks"' in desk.get("/treatments/erenumab").text


@pytest.mark.parametrize(
    ("name", "leads_to"), [("Botox", "onabotulinumtoxina"), ("TOPAMAX", "topiramate"), ("lamictal", "lamotrigine")]
)
def test_any_name_of_a_treatment_leads_to_its_page(desk, name, leads_to):
    answer = desk.get(f"/treatments/{name}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/treatments/{leads_to}"


@pytest.mark.parametrize("name", ["nothing", "%00", "<b>", "a" * 5000, "..%2f..%2fetc", "paracetamol"])
@pytest.mark.parametrize("after", ["", "/facts"])
def test_what_the_catalogue_does_not_know_has_no_page_and_is_never_guessed(desk, name, after):
    answer = desk.get(f"/treatments/{name}{after}", follow_redirects=False)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_the_list_and_the_side_effects_are_there_for_anybody(desk):
    assert "Erenumab" in desk.get("/treatments").text
    assert "Compare with care" in desk.get("/treatments/side-effects").text
