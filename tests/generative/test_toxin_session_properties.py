"""What holds of every session of toxin injections, of its record, and of its picture."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleardays.catalogue.treatments import load_treatment
from cleardays.diary.series import DaySeries
from cleardays.plan.injection_record import SessionRecord, Vial, differences, parse_record
from cleardays.plan.person_reading import read_person
from cleardays.plan.screening import screen
from cleardays.plan.toxin_checks import check_sites
from cleardays.plan.toxin_sites import LEFT, RIGHT, Site, fixed_sites, paradigm, possible_totals, sites_for, tally, total_units
from cleardays.plan.wearing_off import CANNOT_TELL, wearing_off
from cleardays.problems import BadInput
from cleardays.report.head_map import draw_head_map, place_marks, site_rows
from cleardays.report.strip import PAPER

TOXIN = load_treatment("onabotulinumtoxina")
PROTOCOL = paradigm(TOXIN)
MUSCLES = tuple(PROTOCOL.muscles)
# Rules of the screen that look at sites alone.
OF_SITES = {"action.dose-above-ceiling", "action.dose-below-protocol", "action.dose-above-muscle-maximum", "action.site-not-5",
            "action.not-in-steps-of-5", "action.site-outside-protocol", "action.sites-not-bilateral"}  # fmt: skip
ONLY_HERE = {"action.site-side", "action.too-many-sites", "action.addition-not-here", "action.fixed-site-missing"}

units = st.one_of(st.just(Decimal(5)), st.decimals("0.5", "50", places=1))
any_site = st.builds(
    Site, st.sampled_from((*MUSCLES, "masseter")), st.sampled_from(("left", "right", "midline", None)), units, st.booleans()
)
sided_site = st.builds(Site, st.sampled_from((*MUSCLES, "masseter")), st.sampled_from(("left", "right")), units)
texts = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F, categories=("L", "N")), min_size=1, max_size=20)


@given(st.sampled_from(possible_totals(TOXIN)))
def test_every_possible_session_keeps_to_the_protocol(total):
    sites = sites_for(TOXIN, total)
    assert total_units(sites) == total == 5 * len(sites)
    assert sites[:31] == fixed_sites(TOXIN)
    for row in tally(TOXIN, sites):
        assert row.units <= row.muscle.most_units
        assert row.sites <= row.muscle.most_sites
        if row.muscle.per_side is not None:
            assert abs(row.by_side[LEFT] - row.by_side[RIGHT]) <= (len(sites) - 31) % 2
    added = Counter(site.muscle for site in sites if site.added)
    assert all(many <= PROTOCOL.muscles[muscle].added_sites for muscle, many in added.items())
    assert check_sites(TOXIN, sites) == ()


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_other_total_is_refused(total):
    try:
        assert total_units(sites_for(TOXIN, total)) == total
    except BadInput:
        assert total.is_nan() or total not in possible_totals(TOXIN)


@given(st.sampled_from(possible_totals(TOXIN)), st.lists(sided_site, max_size=6), st.sets(st.integers(0, 38), max_size=4))
@settings(max_examples=300)
def test_the_checks_find_what_the_screen_finds(total, more, gone):
    sites = [site for at, site in enumerate(sites_for(TOXIN, total)) if at not in gone] + more
    told = [{"muscle": site.muscle, "side": site.side, "units": float(site.units)} for site in sites]
    person = {"medicines": [], "conditions": ["chronic migraine"], "proposed": {"action": "start", "sites": told}}
    screened = {alert.code for alert in screen("onabotulinumtoxina", read_person(person)).alerts} & OF_SITES
    assert {finding.code for finding in check_sites(TOXIN, sites)} - ONLY_HERE == screened


@given(st.lists(any_site, max_size=45))
def test_no_order_of_the_sites_changes_what_is_found(sites):
    found = [Counter(finding.code for finding in check_sites(TOXIN, order)) for order in (sites, sites[::-1])]
    assert found[0] == found[1]


@given(st.sampled_from(possible_totals(TOXIN)), st.data())
def test_taking_one_site_away_or_putting_one_twice_is_always_found_or_legal(total, data):
    sites = list(sites_for(TOXIN, total))
    at = data.draw(st.integers(0, len(sites) - 1))
    fewer, more = sites[:at] + sites[at + 1 :], [*sites, sites[at]]
    same_place = [site for site in fewer if (site.muscle, site.side) == (sites[at].muscle, sites[at].side)]
    still = len(same_place) >= PROTOCOL.muscles[sites[at].muscle].fixed_a_side
    assert bool(check_sites(TOXIN, fewer)) is not still
    if sites[at].muscle in ("corrugator", "procerus", "frontalis", "cervical-paraspinal") or total == 195:
        assert check_sites(TOXIN, more)


@given(
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    texts,
    st.lists(any_site, min_size=1, max_size=40).map(tuple),
    st.none()
    | st.lists(st.builds(Vial, units, st.none() | units, st.none() | texts, st.none() | st.dates()), max_size=3).map(tuple),
    st.none() | texts,
)
def test_a_record_reads_back_as_it_was_written(on, by, sites, vials, note):
    vials = None if vials is None else tuple(v._replace(expires=None if v.expires is None else on) for v in vials)
    record = SessionRecord(on, "Botox", "U", by, sites, vials, None, note)
    assert parse_record(json.dumps(record.document())) == record
    assert differences(sites, record) == ()


@given(st.lists(any_site, max_size=60))
def test_every_site_is_drawn_or_named(sites):
    marks = place_marks(sites)
    drawn = draw_head_map(sites, palette=PAPER, font="sans-serif", name="m")
    assert drawn.count('<g class="site">') == sum(mark.spot is not None for mark in marks)
    assert ("Not on the map" in drawn) is any(mark.spot is None for mark in marks)
    assert sum(row.sites for row in site_rows(sites)) == len(sites)
    spots = [mark.spot for mark in marks if mark.spot is not None]
    assert len(set(spots)) == len(spots)


@pytest.mark.parametrize("cycles", [3, 5])
def test_without_a_difference_the_diary_is_seldom_taken_to_tell_one(cycles):
    """Headaches that come in runs, with a level that drifts from week to week: the 90 % interval keeps its promise."""
    random, told, of = np.random.default_rng(20261122), 0, 300
    first = date(2025, 1, 6)
    for _ in range(of):
        days = _headaches(random, 84 * cycles)
        series = DaySeries("headache_day", first, tuple(days), (False,) * len(days))
        view = wearing_off(TOXIN, series, [first + timedelta(days=84 * at) for at in range(cycles)])
        told += view.answer != CANNOT_TELL
    assert told / of <= 0.12


def _headaches(random, length):
    level, before, days = random.normal(0, 0.6), 0, []
    for day in range(length):
        if day % 7 == 0:
            level = 0.7 * level + random.normal(0, 0.6 * (1 - 0.7**2) ** 0.5)
        before = int(random.random() < 1 / (1 + np.exp(0.5 - level - 0.8 * (before - 0.5))))
        days.append(None if random.random() < 0.15 else bool(before))
    return days
