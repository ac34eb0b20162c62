"""What was simulated says so: in each picture, on each page, and in each file that a program reads."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest

from cleardays.cli.pages import page_writers
from cleardays.plan.plan_reading import parse_plan
from cleardays.report.page import compose
from cleardays.report.plan_page import compose_plan
from cleardays.report.plan_render import plan_html, plan_pdf, plan_svg, plan_text
from cleardays.report.simulated import SAID, label_data, label_html, stamp
from cleardays.report.strip import NARROW, PAPER, SCREEN, WIDE, draw_strip
from cleardays.trial.demonstration.journey import simulate
from reference.plan_files import confirmed, plan_file

SVG = "{http://www.w3.org/2000/svg}"


@cache
def simulated(name="ketamine"):
    """One case: nothing of it is ever changed."""
    return simulate(name)


def pictures(html):
    """Every picture with a meaning in an HTML document."""
    return re.findall(r'<svg\b[^>]*\brole="img".*?</svg>', html, flags=re.DOTALL)


def carries_the_label(picture):
    """In its title, in its description, and in letters inside the part that is shown."""
    root = ET.fromstring(picture)
    _, top, _, tall = map(float, root.get("viewBox").split())
    written = [each for each in root.iter(f"{SVG}text") if each.text == SAID]
    titles = [root.find(f"{SVG}{name}").text for name in ("title", "desc")]
    return len(written) == 1 and top <= float(written[0].get("y")) <= top + tall and all(
        text.startswith("SIMULATED. ") for text in titles
    )  # fmt: skip


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize("palette", [SCREEN, PAPER])
def test_a_picture_that_is_cut_out_of_its_page_still_says_it(layout, palette):
    drawn = draw_strip(simulated().reviews[-1], layout, palette=palette, font="Sans", name="days")
    assert not carries_the_label(drawn)
    assert carries_the_label(stamp(drawn))


def test_the_label_hides_no_part_of_the_picture_and_is_set_once():
    drawn = draw_strip(simulated().reviews[-1], WIDE, palette=PAPER, font="Sans", name="days")
    once = stamp(drawn)
    x, y, wide, tall = map(float, ET.fromstring(drawn).get("viewBox").split())
    found = list(map(float, ET.fromstring(once).get("viewBox").split()))
    assert found[0] == x
    assert found[2] == wide
    assert found[1] < y
    assert found[1] + found[3] == pytest.approx(y + tall)
    assert stamp(once) == once


def test_every_picture_of_every_page_and_the_page_itself_carry_the_label():
    whole = simulated()
    file = compose_plan(whole.story.trials["ketamine"].plans[0].file)
    for html in (page_writers(compose(whole.reviews[-1]))[".html"]().decode(), plan_html(file)):
        assert pictures(html)
        assert all(carries_the_label(each) for each in pictures(html))
        assert "<title>SIMULATED: " in html
        assert html.count(f'<p role="note" style="margin:0;padding:.4rem 1rem;text-align:center;font-weight:700;'
                          f'border-block:2px solid currentColor">{SAID}</p>') == 2  # fmt: skip


def test_text_and_json_say_it_first():
    writers = page_writers(compose(simulated().reviews[-1]))
    text, document = writers[".txt"]().decode(), json.loads(writers[".json"]())
    assert text.startswith(SAID)
    assert text.rstrip().endswith(f"{SAID}.")
    assert document["simulated"] is True
    assert document["response"]["simulated"] is True
    assert simulated().reviews[-1].document()["simulated"] is True


def test_a_sheet_of_paper_says_it_in_its_title_and_in_every_description(monkeypatch):
    from cleardays.report import sheet

    seen = {}
    monkeypatch.setattr(sheet, "_compiled", lambda _, data, **__: seen.update(json.loads(data)) or b"")
    page_writers(compose(simulated().reviews[-1]))[".pdf"]()
    assert seen["title"].startswith("SIMULATED: ")
    assert seen["strip"]["alt"].startswith("SIMULATED. ")
    assert carries_the_label(seen["strip"]["svg"])


def test_a_labelled_sheet_is_still_an_accessible_pdf_and_differs_from_one_without_the_label():
    page = compose(simulated().reviews[-1])
    real = page._replace(review=page.review._replace(about={**page.review.about, "kind": "real"}))
    marked, plain = (page_writers(each)[".pdf"]() for each in (page, real))
    assert b"pdfuaid" in marked
    assert marked != plain


def test_a_plan_of_nobody_real_keeps_saying_so_through_its_file_its_changes_and_its_pages():
    whole = simulated()
    for told in whole.story.trials["ketamine"].plans:
        file = parse_plan(json.dumps(told.document), "plan")
        assert file.simulated
        assert file.document()["simulated"] is True
        page = compose_plan(file)
        assert plan_text(page).startswith(SAID)
        assert SAID in plan_svg(file)
        assert b"pdfuaid" in plan_pdf(page)


def test_of_somebody_real_nothing_is_labelled():
    file = confirmed(plan_file(("lamotrigine", "migraine-with-aura")))
    page = compose_plan(file)
    assert "simulated" not in file.document()
    assert not any("SIMULATED" in each for each in (plan_html(page), plan_text(page), plan_svg(file)))


def test_small_marks_of_a_legend_stay_as_they_are_and_words_that_look_like_a_picture_too():
    mark = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 18" aria-hidden="true"></svg>'
    assert stamp(mark) == mark
    html = f"<html><head><title>x</title></head><body>&lt;svg role=&quot;img&quot;&gt; {mark}</body></html>"
    assert mark in label_html(html)
    assert label_data({"title": "x", "rows": [{"alt": "", "n": 1}]})["rows"] == [{"alt": "", "n": 1}]
