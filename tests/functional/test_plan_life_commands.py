"""A plan in use, as a nurse runs it: confirm, change, session, follow; right and wrong input."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cleardays.cli.main import main
from cleardays.plan.plan_reading import parse_plan

PERSON = {
    "age": 45, "sex": "female", "weight_kg": 64, "medicines": [], "conditions": ["chronic migraine"], "allergies": [],
    "past_reactions": [], "pregnancy": "no", "supervised": True, "escort": True, "blood_pressure": [120, 80],
    "breastfeeding": False, "liver": "normal", "diary_flags": [], "egfr_ml_min": 95, "contraception": "copper_iud",
}  # fmt: skip
AT = "2026-03-01T09:30+01:00"


@pytest.fixture
def drafted(tmp_path, capsys):
    """Writes a draft, returns its path."""

    def write(treatment="lamotrigine", indication="alcohol-recovery", *options, **told):
        person = {**PERSON, "conditions": [] if "recovery" in indication else PERSON["conditions"], **told}
        (tmp_path / "person.json").write_text(json.dumps(person))
        arguments = ["--person", str(tmp_path / "person.json"), "--indication", indication, "--start", "2026-03-02", *options]
        assert main(["plan", "draft", treatment, *arguments, "--json"]) == 0
        path = tmp_path / f"{treatment}.json"
        path.write_text(capsys.readouterr().out)
        return str(path)

    return write


def ran(capsys, *arguments):
    """Exit code, what was printed, what was complained of."""
    code = main(["plan", *arguments])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return code, printed.out, printed.err


def test_a_plan_is_confirmed_changed_and_confirmed_again(drafted, tmp_path, capsys):
    out = str(tmp_path / "plan.json")
    code, words, _ = ran(capsys, "confirm", drafted(), "--by", "Dr Ada Field, neurology", "--at", AT, "--out", out)
    assert code == 0
    assert "CONFIRMED by Dr Ada Field, neurology" in words
    code, words, _ = ran(capsys, "change", out, "hold", "--on", "2026-03-10", "--days", "7", "--why", "dizzy", "--out", out)
    assert code == 0
    assert "Not confirmed" in words
    said = ran(capsys, "confirm", out, "--by", "Dr Ada Field", "--at", AT, "--json")[1]
    file = parse_plan(said, "stdout")
    assert [entry.kind for entry in file.entries] == ["drafted", "confirmed", "hold", "confirmed"]
    assert file.confirmation.by == "Dr Ada Field"
    assert file.plan.steps[0].last == date(2026, 3, 22)


def test_a_confirmed_plan_that_somebody_wrote_into_is_not_followed(drafted, tmp_path, capsys):
    out = tmp_path / "plan.json"
    assert ran(capsys, "confirm", drafted(), "--by", "Dr Ada Field", "--at", AT, "--out", str(out))[0] == 0
    assert ran(capsys, "feed", str(out), "--zone", "Europe/Berlin", "--on", "2026-03-02", "--json")[0] == 0
    plan = json.loads(out.read_text())
    for steps in (plan["steps"], *(entry["after"]["steps"] for entry in plan["history"])):
        steps[-1].update(daily_dose=1000, amount=1000, amounts=[1000])
    out.write_text(json.dumps(plan))
    code, _, said = ran(capsys, "feed", str(out), "--zone", "Europe/Berlin", "--on", "2026-03-02", "--json")
    assert (code, "changed by hand" in said) == (2, True)
    plan["confirmed"]["by"] = "Dr Nobody"
    out.write_text(json.dumps(plan))
    code, _, said = ran(capsys, "feed", str(out), "--zone", "Europe/Berlin", "--on", "2026-03-02", "--json")
    assert (code, "not what the history says" in said) == (2, True)


def test_alerts_that_were_taken_out_are_still_answered_for(drafted, tmp_path, capsys):
    spoiled = tmp_path / "spoiled.json"
    with open(drafted("baclofen"), encoding="utf-8") as file:  # noqa: PTH123 - a path from the fixture
        spoiled.write_text(json.dumps(json.load(file) | {"alerts": []}))
    code, _, said = ran(capsys, "confirm", str(spoiled), "--by", "Dr Ada Field", "--at", AT)
    assert (code, "changed by hand" in said) == (2, True)


def test_what_a_clinician_says_is_kept_on_one_line(drafted, tmp_path, capsys):
    plan, out = drafted("baclofen"), str(tmp_path / "plan.json")
    accept = "caution.alcohol-use-disorder=in weekly\ncare\x1b[2J"
    said = ["confirm", plan, "--by", "Dr\x1b[31m Ada\nField", "--at", AT, "--accept", accept, "--out", out]
    code, words, _ = ran(capsys, *said)
    assert (code, "\x1b" in words, "CONFIRMED by Dr[31m Ada Field, 2026" in words) == (0, False, True)
    assert parse_plan((tmp_path / "plan.json").read_text(), out).confirmation.accepted == {
        "caution.alcohol-use-disorder": "in weekly care[2J"
    }


def test_what_could_not_be_read_again_is_not_written(drafted, tmp_path, capsys):
    out = tmp_path / "plan.json"
    code, _, said = ran(
        capsys, "confirm", drafted(), "--by", "Dr Ada Field", "--at", "1850-03-01T09:30+01:00", "--out", str(out)
    )
    assert (code, "the plan as it would be written" in said, out.exists()) == (2, True, False)


def test_a_medicine_comes_and_goes(drafted, tmp_path, capsys):
    out = str(tmp_path / "plan.json")
    start = ["medicine-started", "--medicine", "Depakote", "--on", "2026-05-04", "--why", "started by the GP"]
    assert ran(capsys, "change", drafted(), *start, "--out", out)[0] == 0
    stop = ["medicine-stopped", "--medicine", "depakote", "--on", "2026-07-06", "--why", "stopped again"]
    code, said, _ = ran(capsys, "change", out, *stop, "--json")
    assert code == 0
    steps = json.loads(said)["steps"]
    assert [step["daily_dose"] for step in steps if step["from"] >= "2026-04-06"] == [200, 100, 150, 200]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["confirm", "{}", "--by", "  "], "no name of a clinician"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", "yesterday"], "is no time"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", "2026-03-01T09:30"], "no zone"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", "2199-03-01T09:30+01:00"], "still to come"),
        (["confirm", "{}", "--by", "Dr A. Field, " * 20, "--at", AT], "no name of a clinician"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", "2026-04-01T09:30+01:00"], "more than 14 days"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", AT, "--accept", "why not"], "names no reason"),
        (["confirm", "{}", "--by", "Dr A. Field", "--at", AT, "--accept", "x.y=so"], "no alert of this plan"),
        (["change", "{}", "jump", "--on", "2026-03-10", "--why", "x"], "is no change"),
        (["change", "{}", "hold", "--on", "2026-03-10", "--why", "x"], "whole number"),
        (["change", "{}", "hold", "--on", "2026-03-10", "--days", "3", "--why", " "], "needs its reason"),
        (["change", "{}", "hold", "--on", "2026-02-10", "--days", "3", "--why", "x"], "begins on 2026-03-02"),
        (["change", "{}", "hold", "--on", "soon", "--days", "3", "--why", "x"], "not a day"),
        (["change", "{}", "gap", "--on", "2026-03-10", "--missed-from", "2026-03-09", "--why", "x"], "hours"),
        (
            ["change", "{}", "gap", "--on", "2026-03-10", "--missed-from", "2026-03-04", "--hours", "2", "--why", "x"],
            "the dose before was planned on 2026-03-03",
        ),
        (["change", "{}", "medicine-started", "--on", "2026-03-10", "--why", "x"], "which one"),
        (["change", "{}", "medicine-stopped", "--medicine", "gold", "--on", "2026-03-10", "--why", "x"], "none that is taken"),
        (["change", "{}", "told", "--on", "2026-03-10", "--why", "x"], "what is known now"),
        (["change", "{}", "go-on", "--on", "2026-03-10", "--why", "x"], "only a clinician"),
        (
            ["change", "{}", "session", "--planned", "2026-03-10", "--on", "2026-03-10", "--why", "x"],
            "day on which it is given",
        ),
        (["change", "{}", "review", "--decision", "continue", "--on", "2026-03-10", "--why", "x"], "no review yet"),
        (["change", "nowhere.json", "hold", "--on", "2026-03-10", "--why", "x"], "cannot be read"),
        (["session", "{}", "--on", "2026-03-02"], "no session is planned"),
        (["follow", "{}", "--diary", "nowhere.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_to_do(drafted, capsys, options, complaint):
    path = drafted()
    code, _, said = ran(capsys, *(path if each == "{}" else each for each in options))
    assert code == 2
    assert complaint in said


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda plan: plan | {"format_version": 2}, "Install a newer cleardays"),
        (lambda plan: plan | {"format": "other"}, "no plan file"),
        (lambda plan: plan | {"steps": [{}]}, "as cleardays wrote it"),
        (lambda plan: plan | {"confirmed": {"by": "Dr A. Field"}}, "as cleardays wrote it"),
        (lambda plan: {key: value for key, value in plan.items() if key != "history"}, "as cleardays wrote it"),
        (
            lambda plan: plan | {"steps": [{**plan["steps"][0], "daily_dose": 400}, *plan["steps"][1:]]},
            "does not hold together",
        ),
        (lambda plan: plan | {"restart_after_gap_h": float("inf")}, "a number that is none"),
        (lambda plan: plan | {"indication": "toothache"}, "the draft was for alcohol-recovery"),
        (lambda plan: plan | {"history": [plan["history"][0] | {"data": {}}]}, "not what a draft is made from"),
        (lambda plan: plan | {"monitoring": []}, "changed by hand"),
    ],
)
def test_a_plan_file_that_was_not_written_here_is_refused(drafted, tmp_path, capsys, spoil, complaint):
    spoiled = tmp_path / "spoiled.json"
    with open(drafted(), encoding="utf-8") as file:  # noqa: PTH123 - a path from the fixture
        spoiled.write_text(json.dumps(spoil(json.load(file))))
    code, _, said = ran(capsys, "confirm", str(spoiled), "--by", "Dr A. Field", "--at", AT)
    assert code == 2
    assert complaint in said


def test_a_toxin_session_shows_its_sites_and_is_drawn(drafted, tmp_path, capsys):
    plan, picture = drafted("onabotulinumtoxina", "chronic-migraine", "--target", "165 U"), tmp_path / "head.svg"
    code, said, _ = ran(capsys, "session", plan, "--on", "2026-05-25", "--picture", str(picture), "--json")
    assert code == 0
    document = json.loads(said)
    assert sum(site["units"] for site in document["session"]["sites"]) == 165
    assert document["findings"] == []
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_a_ketamine_session_may_start_once_and_again_after_its_review_only(drafted, tmp_path, capsys):
    plan, out = drafted("ketamine", "refractory-migraine"), str(tmp_path / "again.json")
    assert json.loads(ran(capsys, "session", plan, "--on", "2026-03-02", "--json")[1])["answer"] == "not confirmed"
    assert ran(capsys, "confirm", plan, "--by", "Dr Ada Field", "--at", AT, "--out", plan)[0] == 0
    first = json.loads(ran(capsys, "session", plan, "--on", "2026-03-02", "--json")[1])
    assert first["answer"] == first["may_start"]["answer"] == "ready"
    assert first["sheet"]["amount"] is first["sheet"]["rate"] is None
    review = ["review", "--decision", "another", "--on", "2026-03-30", "--why", "a third fewer headache days"]
    assert ran(capsys, "change", plan, *review, "--by", "Dr Ada Field", "--out", out)[0] == 0
    second = json.loads(ran(capsys, "session", out, "--on", "2026-03-30", "--json")[1])
    assert second["may_start"]["answer"] == "ready"
    assert second["answer"] == "not confirmed"
    code, _, said = ran(capsys, "change", plan, *review)
    assert (code, "--by" in said) == (2, True)
    code, _, said = ran(capsys, "session", plan, "--on", "2026-03-02", "--picture", str(tmp_path / "x.svg"))
    assert (code, "without a record" in said) == (2, True)
    alone = json.loads(ran(capsys, "session", drafted("ketamine", "refractory-migraine", escort=False), "--on", "2026-03-02",
                           "--json")[1])  # fmt: skip
    assert alone["may_start"]["answer"] != "ready"
