"""How sure a plan is of what it says: never surer than its sources, in the document, in words, on the page, in a file."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cleardays.catalogue.planning import policy
from cleardays.catalogue.resolving import resolve
from cleardays.catalogue.treatments import load_treatment
from cleardays.cli.commands.plan_words import lines
from cleardays.cli.marks import mark, reasoned, sourced
from cleardays.plan.change_data import ALLOWED, NEEDED, is_made_from
from cleardays.plan.change_kinds import KINDS
from cleardays.plan.changes import replay, replayed
from cleardays.plan.confirmation import lapsed
from cleardays.plan.injections import units_proposed
from cleardays.plan.kinetic_variant import kinetics_of
from cleardays.plan.person_document import person_document
from cleardays.plan.person_reading import read_person
from cleardays.plan.plan_reading import parse_plan
from cleardays.plan.redrafting import difference
from cleardays.plan.session_rules import leeway
from cleardays.plan.tablets import Strengths
from cleardays.plan.toxin_checks import check_sites
from cleardays.plan.toxin_sites import Site
from cleardays.problems import BadInput
from cleardays.report.plan_page import compose_plan
from cleardays.report.plan_render import plan_html, plan_text
from cleardays.sources import CONFIDENCES, MEMORY, UNCONFIRMED, Reason, least_sure, source_keys
from reference.confirmed_plans import changed, confirmed, drafted
from reference.plan_files import KINDS as PAGES
from reference.plan_files import PAIRS, RASH, START, WELL, of_kind, plan_file

DAY = timedelta(days=1)
EARLY = datetime(2026, 3, 1, 9, tzinfo=UTC)
LAMOTRIGINE = ("lamotrigine", "migraine-with-aura")


def row(*source, confidence):
    return {"source": list(source), "confidence": confidence}


def document(file):
    return json.loads(json.dumps(file.document()))


def read(said):
    return parse_plan(json.dumps(said), "plan.json")


def flat(text):
    return re.sub(r"\s+", " ", text)


def reasons_in(said):
    """Every reason of a document, wherever it stands."""
    if isinstance(said, dict):
        if {"rule", "because", "source"} <= said.keys():
            yield said
        for value in said.values():
            yield from reasons_in(value)
    elif isinstance(said, list):
        for value in said:
            yield from reasons_in(value)


# --- A reason and its rows


def test_a_reason_has_the_sources_of_all_its_rows_once_and_is_as_sure_as_the_least_sure():
    reason = Reason.of("r", "b", row("B 2", "A", confidence="confirmed"), row("A 1", "C", confidence="derived"))
    assert reason == Reason("r", "b", ("B", "A", "C"), "derived")
    assert Reason.of("r", "b") == Reason("r", "b", (), None)
    assert source_keys() == ()


@pytest.mark.parametrize("worse", range(len(CONFIDENCES)))
def test_the_worst_confidence_wins_whatever_the_order(worse):
    for better in range(worse + 1):
        pair = (CONFIDENCES[better], CONFIDENCES[worse])
        assert least_sure(pair) == least_sure(reversed(pair)) == CONFIDENCES[worse]
    assert least_sure([]) is None


def test_a_reason_that_rests_on_another_is_no_surer_than_it():
    sure, doubtful, decided = Reason("a", "a", ("A",), "confirmed"), Reason("b", "b", ("B",), "design"), Reason("c", "c")
    assert sure.resting_on(doubtful) == Reason("a", "a", ("A", "B"), "design")
    assert decided.resting_on(sure) == Reason("c", "c", ("A",), "confirmed")
    assert decided.resting_on(decided) == decided


def test_the_document_of_a_reason_without_facts_is_as_it_was():
    assert Reason("r", "b", ("A",)).document() == {"rule": "r", "because": "b", "source": ["A"]}
    assert Reason("r", "b", ("A",), "design").document()["confidence"] == "design"


def test_a_doubtful_fact_is_marked_and_a_decision_is_not():
    assert [mark(each) for each in (None, *CONFIDENCES)] == [
        "", "", " [read at second hand]", " [worked out]", " [our choice]", " [not confirmed]",
    ]  # fmt: skip
    assert sourced("x", ["A", "B"], "design") == "x [A, B] [our choice]"
    assert reasoned(Reason("r", "b")) == "b"


# --- The document


@pytest.mark.parametrize("pair", PAIRS)
def test_whatever_names_a_source_says_how_sure_it_is(pair):
    said = document(plan_file(pair))
    for reason in reasons_in(said):
        assert (reason.get("confidence") in CONFIDENCES) == bool(reason["source"]), reason
    for each in (*said["monitoring"], *said["alerts"], *([said["stop_rule"]] if said["stop_rule"] else [])):
        assert each["confidence"] in CONFIDENCES
    assert (said["restart"] is None) == (said["restart_after_gap_h"] is None)


@pytest.mark.parametrize("pair", PAIRS)
def test_no_step_is_surer_than_its_schedule_and_no_taper_than_its_rows(pair):
    plan, treatment = plan_file(pair).plan, load_treatment(pair[0])
    schedules = {each["id"]: each["confidence"] for each in treatment.facts("protocol")}
    for step in plan.steps:
        assert step.reason.confidence == schedules[plan.protocol]
    rows = [each for each in treatment.facts("stopping") if each.get("draft")]
    for step in plan.taper:
        assert CONFIDENCES.index(step.reason.confidence) >= max(CONFIDENCES.index(each["confidence"]) for each in rows)


def test_the_gap_of_baclofen_is_not_confirmed_and_that_of_lamotrigine_is_worked_out():
    baclofen, lamotrigine = plan_file(("baclofen", "chronic-migraine")).plan, plan_file(LAMOTRIGINE).plan
    assert (baclofen.restart_after_gap_h, baclofen.restart.confidence) == (24.0, "unconfirmed")
    assert baclofen.restart.source == (MEMORY,)
    assert (lamotrigine.restart_after_gap_h, lamotrigine.restart.confidence) == (127.0, "derived")
    assert "5 half-lives of 25.4 h" in lamotrigine.restart.because


def test_what_holds_by_a_class_of_memory_is_not_confirmed_however_sure_the_fact_is():
    from_memory, known = (kinetics_of("lamotrigine", beside=[name]) for name in ("fosphenytoin", "phenytoin"))
    assert from_memory.restart_after_gap_h == known.restart_after_gap_h == 70.0
    assert (known.restart.confidence, from_memory.restart.confidence) == ("derived", UNCONFIRMED)
    assert MEMORY in from_memory.restart.source
    assert MEMORY not in known.restart.source


@pytest.mark.parametrize(("name", "sure"), [("fosphenytoin", False), ("phenytoin", True)])
def test_what_comes_by_a_class_of_memory_changes_the_plan_unconfirmed(name, sure):
    person = person_document(read_person({**WELL, "medicines": [name]}))
    found = changed(plan_file(LAMOTRIGINE), "told", START + 60 * DAY, person=person).plan
    told = [reason for reason in found.reasons if reason.rule == "change.told" and reason.source]
    assert told
    assert {reason.confidence != UNCONFIRMED and MEMORY not in reason.source for reason in told} == {sure}


def test_after_what_shortened_the_gap_went_the_reason_is_that_of_the_gap_that_stays():
    file = plan_file(LAMOTRIGINE, medicines=["carbamazepine"])
    later = changed(file, "told", START + 70 * DAY, person=person_document(read_person(WELL)))
    assert later.plan.restart_after_gap_h == 70.0
    assert later.plan.restart.because.startswith("70 h from dose to dose")


# --- A gap


def after(file, days, hours):
    on = START + 40 * DAY
    return changed(file, "gap", on, missed_from=(on - days * DAY).isoformat(), hours=hours).plan.reasons[1]


def test_a_gap_says_what_the_sources_say_of_the_person_and_nothing_of_other_people():
    reason = after(plan_file(LAMOTRIGINE), 6, 168)
    assert (reason.rule, reason.confidence) == ("gap.anew", "derived")
    assert "127 h from dose to dose" in reason.because
    assert "12-16 h" not in reason.because  # the half-life with the pill
    assert "Sidhu2006" not in reason.source


def test_a_gap_of_baclofen_asks_and_says_that_nobody_confirmed_its_hours():
    reason = after(plan_file(("baclofen", "chronic-migraine")), 2, 72)
    assert (reason.rule, reason.confidence) == ("gap.ask", "unconfirmed")


@pytest.mark.parametrize("days", [3, 9])
def test_where_the_sources_have_no_rule_the_limit_is_our_choice(days):
    reason = after(plan_file(("topiramate", "episodic-migraine")), days, 24 * (days + 1))
    assert reason.rule == ("gap.go-on" if days < 7 else "gap.anew")
    assert "catalogue-policy" in reason.source
    assert CONFIDENCES.index(reason.confidence) >= CONFIDENCES.index("design")


def test_the_leeway_of_a_gap_that_is_told_is_that_of_the_policy():
    leeway = policy().gap_leeway / timedelta(hours=1)
    file = plan_file(LAMOTRIGINE)
    assert after(file, 6, 168 - leeway).rule == "gap.anew"
    with pytest.raises(BadInput, match=f"at least {168 - leeway:g} hours"):
        after(file, 6, 168 - leeway - 1)


# --- In words and on the page


def test_doubtful_figures_are_marked_in_words():
    said = "\n".join(lines(of_kind("many steps").plan))
    gap = next(line for line in said.splitlines() if line.startswith("A gap of more than 24 hours"))
    assert gap.endswith("[label-knowledge] [not confirmed]")
    assert re.search(r"is given up where .* \[our choice\]", said)
    assert re.search(r"slow end: .* \[our choice\]", said)
    assert re.search(r"falls, at each step\. .* \[not confirmed\]", said)


def test_the_target_of_a_session_is_none_of_each_day():
    assert "target 175 U each time" in "\n".join(lines(of_kind("toxin").plan))


def test_doubtful_figures_are_marked_on_the_page_in_every_form():
    page = compose_plan(of_kind("many steps"))
    for said in (plan_text(page), plan_html(page)):
        assert "More than 24 hours (not confirmed) since your last dose?" in flat(said)
        assert re.search(r"goes down in 6 steps over 18 days \(our choice\)", flat(said))
        assert "nobody can tell if it helps (our choice)" in flat(said)
        assert "Schedule baclofen-migraine (our choice)." in flat(said)
        assert "Of the things to watch, 1, 2 and 3 are not confirmed." in flat(said)


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_no_mark_comes_between_a_sign_and_what_to_do(kind):
    for thing in compose_plan(of_kind(kind)).watches:
        assert "not confirmed" not in f"{thing.signs} {thing.when} {thing.action}"


def test_a_confirmed_fact_has_no_mark_on_the_page():
    page = compose_plan(of_kind("alone"))
    assert any("over 14 days. Plan that" in said for said in page.stopping)  # read in the label itself


def test_an_alert_on_the_page_says_how_sure_it_is():
    timolol = compose_plan(plan_file(("timolol", "episodic-migraine"), conditions=["asthma"]))
    assert [notice.what.endswith(" (not confirmed)") for notice in timolol.notices] == [True]
    rash = compose_plan(plan_file(LAMOTRIGINE, **RASH))
    assert not any(notice.what.endswith(")") for notice in rash.notices)  # read in the label
    recovery = compose_plan(of_kind("recovery"))
    assert any(" (our choice): " in said or " (not confirmed): " in said for said in recovery.to_weigh)


# --- In a file


@pytest.mark.parametrize("pair", PAIRS)
def test_a_plan_file_keeps_how_sure_it_is(pair):
    file = plan_file(pair)
    assert document(read(document(file))) == document(file)
    assert read(document(file)).plan == file.plan


def paths(said, here=()):
    """Where a document says how sure something is."""
    if isinstance(said, dict):
        if "confidence" in said:
            yield here
        for key, value in said.items():
            yield from paths(value, (*here, key))
    elif isinstance(said, list):
        for key, value in enumerate(said):
            yield from paths(value, (*here, key))


def written_into(said, path, **values):
    found = copy.deepcopy(said)
    inside = found
    for key in path:
        inside = inside[key]
    inside.update(values)
    return found


@pytest.mark.parametrize("pair", [("baclofen", "chronic-migraine"), ("onabotulinumtoxina", "chronic-migraine")])
def test_nobody_makes_a_confirmed_plan_surer_by_writing_so(pair):
    file = confirmed(drafted(*pair), EARLY)
    said = document(file)
    assert lapsed(read(said), START) == ()
    at = list(paths(said))
    assert {path[0] for path in at} >= {"stop_rule", "review", "monitoring", "reasons", "history"}
    survived = []
    for path in at:
        try:
            wrong = read(written_into(said, path, confidence="secondary", source=["LTG-PDR"]))
        except BadInput:
            continue
        survived += [path] if not lapsed(wrong, START) else []
    assert survived == []


def test_nobody_makes_the_steps_of_every_version_surer_by_writing_so():
    said = document(confirmed(drafted(*LAMOTRIGINE), EARLY))
    for steps in (said["steps"], *(entry["after"]["steps"] for entry in said["history"])):
        for step in steps:
            step["reason"]["confidence"] = "confirmed"
    assert [reason.rule for reason in lapsed(read(said), START)] == ["confirmation.edited"]


def test_what_does_not_belong_to_a_change_is_refused_in_a_file():
    said = document(changed(confirmed(drafted(*LAMOTRIGINE), EARLY), "hold", START + 3 * DAY, days=2))
    said["history"][-1]["data"]["dose"] = "25 mg"
    with pytest.raises(BadInput, match="not what hold is made from"):
        read(said)


def test_one_table_says_what_belongs_to_each_change():
    assert set(NEEDED) == set(ALLOWED) == set(KINDS)
    assert all(NEEDED[kind].keys() <= ALLOWED[kind].keys() for kind in KINDS)
    assert is_made_from("session", {"planned": "2026-03-02", "given": None})
    assert not is_made_from("gap", {"missed_from": "2026-03-02"})
    assert not is_made_from("hold", {"days": True})


# --- Made anew


def test_a_plan_is_made_anew_once_however_many_versions_it_has(monkeypatch):
    file = drafted(*LAMOTRIGINE)
    for number in range(6):
        file = changed(file, "hold", START + (number + 1) * DAY, days=1)
    made, hold = [], KINDS["hold"]
    monkeypatch.setitem(KINDS, "hold", lambda state, what: made.append(what) or hold(state, what))
    assert difference(file) is None
    assert len(made) == 6


def test_what_a_replay_says_of_each_version_is_what_the_versions_up_to_it_make():
    file = confirmed(drafted(*LAMOTRIGINE), EARLY)
    file = confirmed(changed(file, "hold", START + 3 * DAY, days=2), EARLY)
    file = changed(file, "slow", START + 9 * DAY, times=2)
    again = replay(file)
    for number, entry in enumerate(again.entries, 1):
        alone = replay(file._replace(entries=file.entries[:number]))
        assert alone.entries[-1].after == entry.after
    assert replayed(file).plan == again.plan == file.plan


# --- Our own choices, and figures of the catalogue


def test_no_more_tablets_are_taken_at_once_than_the_policy_has():
    most, one = policy().tablets, Strengths.of([{"kind": "tablet", "unit": "mg", "strengths": [10]}], "mg")
    assert one.makes(Decimal(10 * most))
    assert not one.makes(Decimal(10 * (most + 1)))


def test_a_reading_counts_within_the_minutes_of_the_policy():
    assert leeway((0.0, 20.0, 60.0), 1) == policy().reading_min
    assert leeway((0.0, 20.0, 24.0), 1) == 2.0 < policy().reading_min


def test_our_choices_say_that_they_are_ours():
    assert Reason.of("x", "x", policy().choices) == Reason("x", "x", ("catalogue-policy",), "design")


def test_what_lies_beyond_whole_sites_is_counted_by_the_ceiling_of_the_treatment():
    told = read_person({"proposed": {"action": "start", "amount": 157, "unit": "U"}})
    a_site = next(row for row in load_treatment("onabotulinumtoxina").facts("ceiling") if row["per"] == "site")
    by_name = {name: units_proposed(told, resolve(name)) for name in ("onabotulinumtoxina", "lamotrigine", "baclofen")}
    beyond = {name: found["proposed.units.beyond_whole_sites"] for name, found in by_name.items()}
    assert beyond == {"onabotulinumtoxina": 157 % a_site["amount"], "lamotrigine": None, "baclofen": None}


@pytest.mark.parametrize("product", [None, "Dysport", "Xyzzy"])
def test_every_finding_on_a_list_of_sites_says_how_sure_it_is(product):
    sites = (
        Site("frontalis", "midline", Decimal(5)),
        Site("temporalis", "left", Decimal(60)),
        Site("biceps", "left", Decimal(5)),
    )
    found = check_sites(load_treatment("onabotulinumtoxina"), sites, product=product)
    assert {each.confidence for each in found} <= set(CONFIDENCES)
    assert {each.document()["confidence"] for each in found} >= {"confirmed", "derived"}


def test_a_level_is_as_sure_as_its_own_figures_and_not_as_the_gap():
    found = kinetics_of("baclofen")
    assert (found.restart.confidence, found.confidence) == (UNCONFIRMED, UNCONFIRMED)
    assert MEMORY not in found.levels_from.source
    assert found.levels_from.confidence == "confirmed"
