"""Pages to take along: what each is, what is refused and why, and that none of them weakens the app's own policy."""

from __future__ import annotations

import json
from html import unescape

import pytest

from cleardays.trial.payers.packs import packs
from cleardays.web.roles import ANSWER, CLINICIAN, HELPER, PLAN
from reference import app, lived

TOXIN = "onabotulinumtoxina"
BEGINS = {"html": b"<!doctype html>", "pdf": b"%PDF-", "txt": b"SIMULATED", "json": b"{"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with lived.desk(tmp_path_factory.mktemp("reports"), TOXIN, 168) as found:
        found.app.state.house.buckets.take = lambda *_: 0.0  # many tests ask in one minute
        yield found


def asked(desk, ending="html", how="get", **fields):
    """A page, asked for in an address or by a form."""
    fields = {"trial": TOXIN, **fields}
    address = f"/reports/page.{ending}"
    return desk.get(address, params=fields) if how == "get" else desk.post(address, data=fields)


@pytest.mark.parametrize("page", ["clinician", "person", "payer", "whole", "doses"])
@pytest.mark.parametrize("ending", BEGINS)
def test_each_page_comes_in_each_form_and_says_that_nobody_real_is_in_it(desk, page, ending):
    answer = asked(desk, ending, "post", page=page, pack="nice-ta260" if page == "payer" else "", keep="1")
    assert answer.status_code == 200, answer.text
    assert answer.content.lower().startswith(BEGINS[ending].lower())
    if ending != "pdf":
        assert "simulated" in answer.text.lower()
    if ending == "json":
        assert json.loads(answer.content)["simulated"] is True
    assert answer.headers["content-disposition"] == f'attachment; filename="cleardays-{page}-2026-05-11.{ending}"'


def test_a_page_has_a_policy_of_its_own_and_the_app_keeps_its_strict_one(desk):
    own = asked(desk).headers["content-security-policy"]
    assert own.startswith("sandbox; default-src 'none'")
    assert "script-src" not in own
    for address in ("/reports", "/answer", "/reports/shared"):
        policy = desk.get(address).headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "style-src 'self'" in policy
    assert "unsafe-inline" not in asked(desk, page="nothing").headers["content-security-policy"]
    assert asked(desk).headers["cache-control"] == "no-store"


def test_a_page_holds_no_script_and_loads_nothing(desk):
    for page in ("clinician", "person", "whole", "doses"):
        text = asked(desk, page=page).text
        assert "<script" not in text
        assert "src=" not in text


def test_a_page_is_read_up_to_the_day_that_was_asked_for(desk):
    assert "20 Jan 2026" in asked(desk, page="person", ending="txt", on="2026-01-20").text
    assert "Too early" in asked(desk, page="clinician", on="2026-01-20").text
    assert "Probably helps" in asked(desk, page="clinician").text


def test_the_name_on_the_page_is_the_one_that_was_typed_and_no_markup(desk):
    answer = asked(desk, "html", "post", name="<b>Ada</b> أدا")
    assert "&lt;b&gt;Ada&lt;/b&gt;" in answer.text
    assert "أدا" in answer.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"page": "nothing"}, "page"),
        ({"trial": "another"}, "trial"),
        ({"on": "yesterday"}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "2031-01-01"}, "on"),
        ({"page": "payer"}, "pack"),
        ({"page": "payer", "pack": "<i>"}, "pack"),
    ],
)
@pytest.mark.parametrize("how", ["get", "post"])
def test_what_cannot_be_made_is_said_beside_its_field_and_what_was_typed_stays(desk, fields, field, how):
    answer = asked(desk, "pdf", how, **{"name": "Ada & Co", **fields})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert 'value="Ada &amp; Co"' in answer.text
    assert answer.text.count('class="message"') == 2  # that it cannot be made, and why
    if field not in ("page", "trial"):
        assert f'id="{field}-wrong"' in answer.text


@pytest.mark.parametrize("ending", ["exe", "html.pdf", "", "..", "PDF"])
def test_an_ending_that_is_not_offered_is_not_found(desk, ending):
    assert desk.get(f"/reports/page.{ending}", params={"trial": TOXIN}).status_code == 404


def test_the_rules_of_every_payer_can_be_chosen_by_name_and_each_makes_its_page(desk):
    form = desk.get("/reports").text
    for pack in packs().values():
        assert f'value="{pack.id}"' in form
        answer = asked(desk, page="payer", pack=pack.id)
        assert answer.status_code == 200
        assert pack.name in unescape(answer.text)


def test_the_questions_of_a_payer_are_asked_and_their_answers_count(desk):
    form = desk.post("/reports", data={"page": "payer", "pack": "humber-north-yorkshire", "trial": TOXIN}).text
    assert "Is the overuse managed?" in form
    name = form.partition("Is the overuse managed?")[2].partition('name="')[2].partition('"')[0]
    unsaid, yes, no = (
        asked(desk, page="payer", pack="humber-north-yorkshire", ending="json", **{name: said}).text
        for said in ("", "yes", "no")
    )
    assert len({unsaid, yes, no}) == 3


def test_before_there_is_a_trial_only_the_whole_plan_is_offered(tmp_path):
    with app.desk(tmp_path) as found:
        found.post("/attack", data={"what": "mild"})
        form = found.get("/reports").text
        assert 'value="whole" checked' in form
        assert 'value="clinician"' not in form
        assert found.get("/reports/page.html", params={"page": "clinician"}).status_code == 422
        assert found.get("/reports/page.html", params={"page": "whole"}).status_code == 200


def test_a_page_of_the_plan_is_for_those_to_whom_the_plan_is_shown(tmp_path):
    with lived.desk(tmp_path, TOXIN, 20) as found:
        lived.look_as(found, CLINICIAN, shown={"me": (ANSWER,)})
        fields = {"trial": TOXIN, "page": "doses"}
        assert found.get("/people/me/reports/page.html", params=fields).status_code == 422
        lived.look_as(found, CLINICIAN, shown={"me": (ANSWER, PLAN)})
        assert found.get("/people/me/reports/page.html", params=fields).status_code == 200
        lived.look_as(found, HELPER, shown={"me": (PLAN,)})
        assert found.get("/people/me/reports/page.html", params=fields).status_code == 404


def test_no_page_tells_of_recovery_to_whom_that_is_not_shown(tmp_path):
    with lived.desk(tmp_path, "lamotrigine-recovery", 60) as found:
        lived.look_as(found, CLINICIAN, shown={"me": (ANSWER, PLAN)})
        for page in ("clinician", "person", "doses", "whole"):
            fields = {"trial": "lamotrigine-recovery", "page": page}
            answer = found.get("/people/me/reports/page.html", params=fields)
            assert answer.status_code == 422
            assert "craving" not in answer.text.lower()
