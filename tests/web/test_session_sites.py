"""Injections on the head: by clinicians and nurses alone, amounts by place, held against what a session may have."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.plan.toxin_sites import paradigm
from cleardays.report.head_map import place_marks
from cleardays.trial.story.versions import standing
from cleardays.web.session_sites import places_of, planned, sites_typed
from reference import app, seats, trials_web

TOXIN = "onabotulinumtoxina"
ADDRESS = f"/people/me/plan/{TOXIN}/sites/{trials_web.START}"
VIAL = {"product": "Botox", "vial-1-units": "200", "vial-1-saline": "4", "vial-1-lot": "C1234", "vial-1-expires": "2027-01-31"}


@pytest.fixture
def desk(tmp_path):
    with app.desk(tmp_path) as found:
        trials_web.opened(found, TOXIN, "chronic-migraine")
        trials_web.drafted(found, TOXIN)
        trials_web.confirmed(found, TOXIN)
        with seats.sits(found, seats.DOCTOR):
            yield found


def fields(page):
    """The fields of the sites, as they stand on the page."""
    return dict(re.findall(r'name="(site-[^"]+)" value="([^"]*)"', page.text))


def kept(desk, **other):
    """The form is kept as it stands, with some fields otherwise."""
    form = {**fields(desk.get(ADDRESS)), **VIAL, "qualification": "neurologist", "do": "keep", **other}
    return desk.post(ADDRESS, data=form)


def held(desk):
    """The sessions that stand."""
    return standing(desk.story().told.sessions)


def test_every_place_of_the_protocol_has_a_mark_on_the_head_that_leads_to_its_field(desk):
    page = desk.get(ADDRESS)
    places = places_of(load_treatment(TOXIN))
    marks = place_marks(sites_typed(places, {}))
    assert all(mark.spot is not None for mark in marks)
    assert re.findall(r'<a href="#(site-[^"]+)">', page.text) == [each.field for each in places]
    for each in places:
        assert f'<input id="{each.field}"' in page.text
        assert f'<label for="{each.field}">' in page.text
    assert "style=" not in page.text


def test_the_fields_stand_as_planned_and_add_up_to_the_plan():
    toxin = load_treatment(TOXIN)
    places, fixed = places_of(toxin), paradigm(toxin)
    sites = [site for muscle in fixed.muscles.values() for site in muscle.fixed()]
    typed = planned(places, sites)
    again = [site for site in sites_typed(places, typed) if site.units]
    assert sorted(again) == sorted(sites)
    assert sum((site.units for site in again), Decimal(0)) == fixed.least
    assert len(places) == sum(muscle.most_sites for muscle in fixed.muscles.values())


def test_what_was_given_is_kept_as_given_with_product_lot_and_who(desk):
    page = kept(desk, **{"site-temporalis-left-added-1": "5", "start": "09:30", "note": "<b>more</b> left"})
    assert page.status_code == 200, page.text
    ((name, session),) = held(desk).items()
    assert (name, session.held_by, session.trial) == (f"{TOXIN}.{trials_web.START}", "Dr Ada Field", TOXIN)
    record = session.file
    assert record.units == paradigm(load_treatment(TOXIN)).least + 5
    assert (record.vials[0].lot, record.start) == ("C1234", "09:30")
    page = desk.get(ADDRESS)
    assert fields(page)["site-temporalis-left-added-1"] == "5"
    assert "&lt;b&gt;more&lt;/b&gt;" in page.text


def test_a_site_that_was_left_out_is_left_out_and_shown_beside_the_plan(desk):
    form = {**fields(desk.get(ADDRESS)), **VIAL, "site-procerus-midline-fixed-1": "0", "do": "look"}
    page = desk.post(ADDRESS, data=form)
    assert "procerus, midline: 5 U less than planned" in page.text
    assert held(desk) == {}


def test_more_than_a_session_may_have_is_said_and_kept_only_after_it_was_read(desk):
    page = kept(desk, **{"site-trapezius-left-fixed-1": "80"})
    assert page.status_code == 422
    assert "More than a session may have." in page.text
    assert 'name="seen"' in page.text
    assert held(desk) == {}
    page = kept(desk, seen="yes", **{"site-trapezius-left-fixed-1": "80"})
    assert page.status_code == 200
    assert len(held(desk)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"site-procerus-midline-fixed-1": "five"}, "site-procerus-midline-fixed-1"),
        ({"site-procerus-midline-fixed-1": "-5"}, "site-procerus-midline-fixed-1"),
        ({"product": ""}, "product"),
        ({"vial-1-units": "some"}, "vial-1-units"),
        ({"start": "25:99"}, "start"),
        ({"start": "10:00", "end": "09:00"}, "end"),
    ],
)
def test_a_record_that_cannot_be_kept_comes_back_as_typed_with_its_message(desk, wrong, field):
    before = desk.told()
    page = kept(desk, **wrong)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert desk.told() == before


def test_a_nurse_writes_down_who_injected_and_their_qualification(desk):
    with seats.sits(desk, seats.NURSING):
        assert kept(desk, qualification="").status_code == 422
        assert kept(desk, held_by="Dr Bo Marsh", qualification="neurologist").status_code == 200
    ((_, session),) = held(desk).items()
    assert (session.held_by, session.qualification, session.told_by.role) == ("Dr Bo Marsh", "neurologist", "nurse")


@pytest.mark.parametrize("viewer", [seats.HELPING, seats.COUNTING, seats.STRANGER, seats.seeing("clinician", "diary")])
def test_nobody_else_opens_the_sheet_or_records_a_session(desk, viewer):
    form = {**fields(desk.get(ADDRESS)), **VIAL, "do": "keep"}
    with seats.sits(desk, viewer):
        assert desk.get(ADDRESS).status_code == 404
        assert desk.post(ADDRESS, data=form).status_code == 404
    assert held(desk) == {}


def test_the_person_sees_no_sheet_of_their_own_session_to_record(tmp_path):
    with app.desk(tmp_path) as desk:
        trials_web.opened(desk, TOXIN, "chronic-migraine")
        trials_web.drafted(desk, TOXIN)
        for address in (ADDRESS, f"/plan/{TOXIN}/sites/{trials_web.START}"):
            assert desk.get(address).status_code == 404
            assert desk.post(address, data={"do": "keep"}).status_code in (404, 405)
        assert "Records of the sessions" not in desk.get(f"/plan/{TOXIN}").text


def test_a_session_to_come_is_not_recorded_yet(tmp_path):
    with app.desk(tmp_path) as desk:
        trials_web.opened(desk, TOXIN, "chronic-migraine")
        trials_web.drafted(desk, TOXIN, start="2026-03-20")
        with seats.sits(desk, seats.DOCTOR):
            address = f"/people/me/plan/{TOXIN}/sites/2026-03-20"
            page = desk.get(address)
            assert "It is not to be held." in page.text
            form = {**fields(page), **VIAL, "qualification": "neurologist", "do": "keep", "seen": "yes"}
            assert desk.post(address, data=form).status_code == 422
            assert desk.get(f"/people/me/plan/{TOXIN}/sites/2026-03-21").status_code == 404
        assert held(desk) == {}
