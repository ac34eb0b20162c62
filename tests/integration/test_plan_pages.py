"""The one-page plan in every format: one sheet for every treatment, the same words, nothing without its band."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from cleardays.report.plan_page import compose_plan
from cleardays.report.plan_render import plan_html, plan_pdf, plan_svg, plan_text
from reference.plan_files import KINDS, PAIRS, RASH, UNREAD, confirmed, of_kind, plan_file

DAY = timedelta(days=1)


def letters(text):
    """Only letters and figures: line breaks and hyphens of a sheet apart."""
    return re.sub(r"\W", "", text)


def paper(page, **options):
    reader = PdfReader(io.BytesIO(plan_pdf(page, **options)))
    return len(reader.pages), " ".join(sheet.extract_text() for sheet in reader.pages)


class Words(HTMLParser):
    """Collects text, tags and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def screen(page):
    parser = Words()
    parser.feed(plan_html(page))
    return parser


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
@pytest.mark.parametrize("size", ["a4", "letter"])
def test_every_treatment_fits_on_one_sheet_with_its_doses(pair, size):
    page = compose_plan(plan_file(pair))
    sheets, text = paper(page, paper=size)
    assert sheets == 1
    for row in (*page.doses, *page.sessions):
        assert letters(row.dose) in letters(text)
        assert letters(row.days) in letters(text)
    assert "DRAFT" in text


@pytest.mark.parametrize("kind", KINDS)
def test_text_screen_and_paper_carry_the_same_words(kind):
    page = compose_plan(of_kind(kind))
    shown = [plan_text(page), " ".join(screen(page).words), paper(page)[1]]
    said = [page.band.head, page.band.text, page.title, *page.missed, *page.stopping, *page.checks, *page.prepare]
    said += [text for each in page.watches for text in (each.signs, each.when, each.action)]
    said += [text for row in (*page.doses, *page.sessions) for text in (row.days, row.dose, row.beside)]
    said += [page.review_day, *page.review, *page.emergencies]
    for where in shown:
        for text in said:
            assert letters(text).lower() in letters(where).lower(), text


def sizes_of(page):
    """The size of each text on the sheet."""
    found = []

    def seen(text, _matrix, place, _font, size):
        if text.strip():
            found.append((text, size * abs(place[3])))

    PdfReader(io.BytesIO(plan_pdf(page))).pages[0].extract_text(visitor_text=seen)
    return found


def test_a_plan_of_sixteen_steps_still_fits_in_letters_that_can_be_read():
    """Twice as many steps as anything drafts, every second day named, with a long name of the clinician."""
    file = of_kind("with valproate")
    short, last = file.plan.steps[0], file.plan.steps[-1]
    steps = [short._replace(first=short.first + DAY * 14 * at, last=short.first + DAY * (14 * at + 13)) for at in range(15)]
    plan = file.plan._replace(steps=(*steps, last._replace(first=short.first + DAY * 14 * 15)))
    for page in (
        compose_plan(file._replace(plan=plan)),
        compose_plan(confirmed(file, by="Ada Field " * 10)._replace(plan=plan)),
    ):
        sheets, text = paper(page)
        assert sheets == 1
        assert len(page.doses) == 16
        for row in page.doses:
            assert letters(row.days) in letters(text)
        assert max(size for said, size in sizes_of(page) if "tablet" in said) >= 8


@pytest.mark.parametrize("kind", KINDS)
def test_doses_are_in_large_letters(kind):
    """14 points and more is what guidance on large print asks for."""
    page = compose_plan(of_kind(kind))
    words = page.doses[0].dose.split()[0] if page.doses else page.sessions[0].dose.split()[0]
    assert max(size for said, size in sizes_of(page) if words in said) >= 14


@pytest.mark.parametrize("kind", KINDS)
def test_no_format_shows_a_dose_without_the_word_draft(kind):
    file = of_kind(kind)
    page = compose_plan(file)
    for shown in (plan_text(page), plan_html(page), paper(page)[1], plan_svg(file)):
        assert "DRAFT" in shown
    signed = confirmed(file)
    page = compose_plan(signed)
    for shown in (plan_text(page), plan_html(page), paper(page)[1], plan_svg(signed)):
        assert "DRAFT" not in shown
        assert "CONFIRMED" in shown
        assert "Ada Field" in shown


@pytest.mark.parametrize("told", [RASH, UNREAD], ids=["refused", "incomplete"])
def test_without_a_plan_no_format_has_a_dose(told):
    file = plan_file(("lamotrigine", "migraine-with-aura"), **told)
    page = compose_plan(file)
    sheets, text = paper(page)
    assert sheets == 1
    for shown in (plan_text(page), " ".join(screen(page).words), text, plan_svg(file)):
        assert not re.search(r"\d\s?mg\b", shown)
    assert "Whom to call" in text


def test_the_page_needs_nothing_from_anywhere_and_runs_no_script():
    html = plan_html(compose_plan(of_kind("toxin")))
    assert not re.search(r"(?:src|href)\s*=", html)
    assert "url(" not in html
    assert "@import" not in html
    assert "<script" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_can_be_read_without_seeing_it(kind):
    parser = screen(compose_plan(of_kind(kind)))
    names = [tag for tag, _ in parser.tags]
    assert names.count("h1") == 1
    ids = [attrs["id"] for _, attrs in parser.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    for tag, attrs in parser.tags:
        if tag == "svg":
            assert attrs["role"] == "img"
            assert all(label in ids for label in attrs["aria-labelledby"].split())


def test_what_was_written_is_escaped_and_never_markup():
    file = confirmed(of_kind("alone"), by="Dr <script>Ada</script> #pagebreak() & Co")
    page = compose_plan(file)
    assert "<script" not in plan_html(page)
    sheets, text = paper(page)
    assert sheets == 1
    assert "#pagebreak()" in text


def test_letters_that_no_font_has_do_not_stop_the_sheet():
    page = compose_plan(confirmed(of_kind("alone"), by="Dr \N{CUNEIFORM SIGN A}\N{CUNEIFORM SIGN AB} Field"))
    sheets, text = paper(page)
    assert sheets == 1
    assert letters("Some letters exist in no font") in letters(text)
    assert "[U+12000]" in text


def test_the_same_plan_gives_the_same_bytes():
    page = compose_plan(of_kind("with valproate"))
    assert plan_pdf(page) == plan_pdf(page)
    assert plan_html(page) == plan_html(page)


def test_the_text_is_at_most_78_columns_wide():
    for kind in KINDS:
        assert max(map(len, plan_text(compose_plan(of_kind(kind))).splitlines())) <= 78
