"""`cleardays evidence`: what trials let expect, in JSON and in words, for every treatment and indication."""

from __future__ import annotations

import json
from importlib import resources
from xml.etree import ElementTree

import jsonschema
import pytest

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.cli.main import main
from cleardays.evidence.answer import describe
from cleardays.evidence.reading import load_study, study_ids
from cleardays.evidence.speaking import KNOWN
from cleardays.sources import all_sources

PAIRS = sorted({(name, each) for name in treatment_ids() for each in (*load_treatment(name).indications, *KNOWN)})


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    text = resources.files("cleardays.cli").joinpath("schemas", "evidence.schema.json").read_text(encoding="utf-8")
    found = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["evidence", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(("treatment", "indication"), PAIRS)
def test_every_answer_holds_to_its_schema_and_names_known_sources(treatment, indication, schema):
    document = json.loads(json.dumps(describe(treatment, indication), allow_nan=False))
    jsonschema.Draft202012Validator(schema).validate(document)
    named = {key.partition(" ")[0] for study in document["studies"] for key in study["source"]}
    named |= {key.partition(" ")[0] for each in document["findings"].values() for said in each for key in said["source"]}
    assert named <= set(all_sources())
    assert {study["id"] for study in document["studies"]} <= set(study_ids())
    # a prior and the reason for having none exclude each other
    assert (document["expected"] is None) == (document["no_prior"] is not None)
    assert (document["expected"] is None) == (not document["trials"])


def test_the_command_prints_what_the_room_says(capsys):
    code, out, _ = run(capsys, "Botox", "--indication", "chronic-migraine", "--json")
    assert code == 0
    assert json.loads(out) == json.loads(json.dumps(describe("onabotulinumtoxina", "chronic-migraine")))


def test_the_words_say_of_100_people_what_the_numbers_say(capsys):
    code, out, _ = run(capsys, "erenumab", "--indication", "episodic-migraine")
    assert code == 0
    of_100 = describe("erenumab", "episodic-migraine")["of_100"]
    said = " ".join(out.split())
    assert f"about {of_100['treated']['reduction_ge_50']} would have half as many days or fewer" in said
    assert f"about {of_100['placebo']['reduction_ge_50']} with placebo" in said
    assert "Nobody can say beforehand who." in said
    assert max(len(line) for line in out.splitlines()) <= 110


@pytest.mark.parametrize(
    ("treatment", "indication", "named"),
    [
        ("baclofen", "chronic-migraine", "No study of baclofen in chronic migraine"),
        ("ketamine", "refractory-migraine", "only studies without a comparison"),
        ("lamotrigine", "migraine-with-aura", "only studies without a comparison"),
    ],
)
def test_where_nothing_was_compared_the_answer_says_so_and_shows_no_people(capsys, treatment, indication, named):
    code, out, _ = run(capsys, treatment, "--indication", indication)
    assert code == 0
    said = " ".join(out.split())
    assert named in said
    assert "Very low certainty" in said
    assert "Of 100 people" not in said


def test_evidence_for_and_against_stands_side_by_side(capsys):
    """PREEMPT 1 missed its endpoint; that stands beside what speaks for the toxin."""
    _, out, _ = run(capsys, "onabotulinumtoxina", "--indication", "chronic-migraine")
    assert out.index("Speaks for it") < out.index("Speaks against it")
    assert "the primary outcome was negative" in " ".join(out.split())
    found = describe("lamotrigine", "cocaine-recovery-bipolar")["findings"]
    assert found["for"]
    assert found["against"]


def test_recovery_is_shown_on_its_own_outcomes():
    found = describe("baclofen", "alcohol-recovery")
    outcomes = {row["outcome"] for study in found["studies"] for row in study["results"]}
    assert outcomes & {"abstinence", "drinks", "abstinent_day"}
    assert not outcomes & {"headache_day", "migraine_day"}


def test_people_in_whom_preventives_failed_are_other_people():
    first = {study["id"] for study in describe("fremanezumab", "chronic-migraine")["studies"] if study["used"]}
    assert load_study("focus").failed_preventives >= 2
    assert "focus" not in first


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("erenumab",), "--indication"),
        (("erenumab", "--indication", "hair"), "hair"),
        (("erenumab", "--indication", "chronic-migraine-bipolar"), "chronic-migraine-bipolar"),
        (("nothing-like-it", "--indication", "chronic-migraine"), "nothing-like-it"),
        ((), "TREATMENT"),
    ],
)
def test_a_wrong_question_is_refused_with_what_to_do(capsys, arguments, named):
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 2
    assert named in err
    assert json.loads(out)["problems"][0]["try_this"]


@pytest.mark.parametrize("kind", ["people", "trials", "network", "assumed", "futures"])
@pytest.mark.parametrize(
    ("treatment", "indication"),
    [("botox", "chronic-migraine"), ("baclofen", "chronic-migraine"), ("lamotrigine", "alcohol-recovery")],
)
def test_every_picture_is_drawn_or_says_that_there_is_nothing_to_draw(capsys, tmp_path, kind, treatment, indication):
    file = tmp_path / "picture.svg"
    days = ("--days", "18") if kind == "futures" else ()
    code, out, _ = run(capsys, treatment, "--indication", indication, "--picture", kind, "--out", str(file), *days)
    assert code == 0
    assert out.strip() == str(file)
    root = ElementTree.parse(file).getroot()
    assert root.tag.endswith("svg")
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--picture", "people"), "--out"),
        (("--picture", "futures", "--out", "x.svg"), "--days"),
        (("--picture", "futures", "--out", "x.svg", "--days", "40"), "40"),
        (("--picture", "cake", "--out", "x.svg"), "cake"),
        (("--out", "x.svg"), "nothing is drawn"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(capsys, tmp_path, monkeypatch, arguments, named):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "botox", "--indication", "chronic-migraine", *arguments)
    assert code == 2
    assert named in err
    assert not list(tmp_path.iterdir())
