"""The head map: whole, readable, inside its frame, and the same in words."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.plan.toxin_sites import Site, fixed_sites, possible_totals, sites_for
from cleardays.report.head_map import describe_sites, draw_head_map, place_marks, table_html
from cleardays.report.head_outline import PLACES, TALL, VIEWS, WIDE
from cleardays.report.strip import PAPER, SCREEN

TOXIN = load_treatment("onabotulinumtoxina")
SVG = "{http://www.w3.org/2000/svg}"
IMAGE = Path(__file__).parents[2] / "docs" / "images" / "head-map.svg"
CIRCLE, DIAMOND = 9, 12  # radius, and half of the diagonal
ONE_SIDED = [site._replace(side="left") if site.added else site for site in sites_for(TOXIN, Decimal(195))]


def drawn(sites, palette=PAPER):
    return draw_head_map(sites, palette=palette, font="sans-serif", name="m")


def groups(picture):
    return [group for group in ElementTree.fromstring(picture).iter(f"{SVG}g") if group.get("class") == "site"]


@pytest.mark.parametrize("palette", [PAPER, SCREEN])
@pytest.mark.parametrize("total", possible_totals(TOXIN))
def test_every_site_is_drawn_with_its_units_and_its_words(total, palette):
    sites = sites_for(TOXIN, total)
    found = groups(drawn(sites, palette))
    assert len(found) == len(sites)
    assert [group.find(f"{SVG}text").text for group in found] == ["5"] * len(sites)
    for site, group in zip(sites, found, strict=True):
        # the shape, not the colour, tells what was added
        assert (group.find(f"{SVG}path") is not None) is site.added
        assert (group.find(f"{SVG}circle") is not None) is not site.added
        assert ("added" in group.find(f"{SVG}title").text) is site.added


def test_the_muscles_of_the_protocol_have_places_for_all_that_may_be_there():
    for site in fixed_sites(TOXIN):
        assert site.muscle in PLACES
    for row in TOXIN.facts("site"):
        place = PLACES[row["muscle"]]
        assert len(place.fixed) == row.get("per_side", 1)
        assert len(place.added) == row.get("optional_sites", 0)  # all of them may be on one side


@pytest.mark.parametrize("sites", [sites_for(TOXIN, Decimal(195)), ONE_SIDED])
def test_no_mark_lies_on_another_or_outside_the_frame(sites):
    marks = [(mark.spot, mark.site.added) for mark in place_marks(sites)]
    for (x, y), added in marks:
        reach = DIAMOND if added else CIRCLE
        assert reach < x < WIDE - reach
        assert reach < y < TALL - reach
    for ((x, y), added), ((u, v), too) in combinations(marks, 2):
        across, straight = abs(x - u) + abs(y - v), math.hypot(x - u, y - v)
        if added and too:
            assert across >= 2 * DIAMOND
        elif added or too:
            assert (across - DIAMOND) / math.sqrt(2) >= CIRCLE or straight >= CIRCLE + DIAMOND
        else:
            assert straight >= 2 * CIRCLE


def test_each_side_is_where_a_reader_looks_for_it():
    at = {(mark.site.muscle, mark.site.side): mark.spot for mark in place_marks(fixed_sites(TOXIN))}
    assert at["frontalis", "left"][0] > WIDE / 4 > at["frontalis", "right"][0]  # a face looks at the reader
    assert at["trapezius", "left"][0] < WIDE / 2 < at["trapezius", "right"][0]  # a back does not
    assert VIEWS["right"].left < at["temporalis", "right"][0] < VIEWS["left"].left < at["temporalis", "left"][0]
    assert at["procerus", "midline"][0] == VIEWS["front"].wide / 2


def test_what_has_no_place_is_named_and_not_lost():
    astray = (Site("masseter", "left", Decimal("2.5")), Site("temporalis", None, Decimal(5)), Site("<b>", "left", Decimal(5)))
    picture = drawn([*fixed_sites(TOXIN), *astray])
    ElementTree.fromstring(picture)
    said = " ".join(re.findall(r">([^<]*)</text>", picture))
    assert "Not on the map: Masseter left: 2.5 U; Temporalis side not told: 5 U; &lt;b&gt; left: 5 U." in said
    assert "167.5 U in 34 sites" in said
    assert "<b>" not in table_html(astray)


def test_the_words_and_the_table_hold_the_same_sums():
    sites = sites_for(TOXIN, Decimal(175))
    assert describe_sites(sites).startswith("Sites of injection: 175 U in 35 sites. Corrugator, left: 5 U in 1 site;")
    table = ElementTree.fromstring(table_html(sites))
    rows = [[cell.text or "" for cell in row] for row in table.find("tbody")]
    assert sum(float(row[4]) for row in rows) == 175
    assert sum(int(row[2]) for row in rows) == 35
    assert ["Temporalis", "left", "5", "1", "25"] in rows
    assert [cell.text for cell in table.find("tfoot")[0]] == ["Total", None, "35", "4", "175"]


def test_the_sums_beside_the_heads_are_those_of_the_muscles():
    said = re.findall(r">([^<]*)</text>", drawn(sites_for(TOXIN, Decimal(195))))
    for label in (
        "Frontalis 20 U",
        "Corrugator 10 U",
        "Procerus 5 U",
        "Temporalis right 25 U",
        "Temporalis left 25 U",
        "40 U",
        "50 U",
    ):
        assert label in said
    assert "195 U in 39 sites" in said


def test_the_picture_of_the_documentation_is_what_is_drawn_now():
    sites = sites_for(TOXIN, Decimal(175))
    now = draw_head_map(sites, palette=PAPER, font="sans-serif", name="head-map", alone=True)
    assert IMAGE.read_text(encoding="utf-8") == now + "\n"
