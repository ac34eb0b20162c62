"""The treatment pages: complete, marked, readable, and the ones in the documentation are the ones the catalogue gives."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.screening_rules import general
from cleardays.catalogue.treatments import Treatment, catalogue_version, load_treatment, treatment_ids
from cleardays.plan.results import with_results
from cleardays.problems import BadInput
from cleardays.report import treatment_page as pages
from cleardays.report.treatment_page_clinician import NO_REGIMEN
from cleardays.report.treatment_page_found import outcome_said
from cleardays.report.treatment_page_help import asks_for, is_red_flag, speaks_of_the_person
from cleardays.report.treatment_page_plain import SECTIONS
from cleardays.report.treatment_page_words import (
    MARKS,
    all_words,
    lay,
    places,
    plain_check,
    plain_subject,
    safe,
    sentence,
    without_statistics,
)
from cleardays.sources import all_sources

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "treatments"
IDS = treatment_ids()
PAGES, PICTURES = pages.all_pages(), pages.all_pictures()
HARDEST = 8.9  # grade of a reader, Flesch-Kincaid
# What a row says, by table; the other tables say it under `says`.
SAID_UNDER = {
    "rule": "because", "silent": "because", "ask": "question", "monitor": "what", "side_effect": "term", "evidence": "outcome",
    "popular_claim": "answer", "form": "kind", "site": "muscle", "kinetics": "variant", "status": "indication",
}  # fmt: skip
supervised_only = [
    each for each in IDS if not load_treatment(each).facts("protocol") and not load_treatment(each).facts("site")
]


def told(name: str) -> Treatment:
    """A treatment with what the studies found."""
    return with_results(load_treatment(name))


def page(name: str) -> str:
    return PAGES[f"{name}.md"]


# What is folded before it is for the person too.
FOR_CLINICIANS = '<details markdown="1">\n<summary>For clinicians</summary>'


def plain(name: str) -> str:
    return page(name).partition(FOR_CLINICIANS)[0]


def folded(name: str) -> str:
    return page(name).partition(FOR_CLINICIANS)[2]


def section(name: str, title: str) -> str:
    return plain(name).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_pages_in_the_documentation_are_the_ones_that_the_catalogue_gives(name):
    again = "run python -m cleardays.report.treatment_page docs/reference/treatments"
    assert (COMMITTED / name).read_text(encoding="utf-8") == PAGES[name], again


def test_no_other_page_lies_among_them():
    lying = {path.relative_to(COMMITTED).as_posix() for path in COMMITTED.rglob("*") if path.is_file()}
    assert lying == {*PAGES, *PICTURES}


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_the_pictures_in_the_documentation_are_the_ones_that_the_trials_give(name):
    again = "run python -m cleardays.report.treatment_page docs/reference/treatments"
    assert (COMMITTED / name).read_text(encoding="utf-8") == PICTURES[name], again


@pytest.mark.parametrize("name", IDS)
def test_every_section_is_there_in_order_and_says_something(name):
    titles = re.findall(r"^## (.+)$", plain(name), re.MULTILINE)
    assert titles[:8] == list(SECTIONS)
    assert titles[8:] in ([], ["Words used on this page"])
    for title in SECTIONS:
        assert len(section(name, title).split()) > 5, title


@pytest.mark.parametrize("name", IDS)
def test_every_red_flag_stands_on_top_with_what_to_do(name):
    shown = section(name, SECTIONS[0])
    for row in load_treatment(name).facts("red_flag"):
        assert lay(row["says"]).rstrip(".")[1:] in shown, row["says"]
        assert sentence(row["action"]) in shown, row["action"]
    for row in load_treatment(name).facts("rule"):
        if row["severity"] == "critical" and speaks_of_the_person(row):
            assert lay(row["subject"])[1:] in shown


@pytest.mark.parametrize("name", IDS)
def test_an_emergency_of_every_treatment_is_on_every_page(name):
    shown, about_all = section(name, SECTIONS[0]), general()["red_flags"]
    own = {flag for row in load_treatment(name).facts("red_flag") for flag in row["flags"]}
    for flag, row in about_all["flags"].items():
        if row["severity"] == "critical" and flag not in own:
            assert all_words()["flag_said"].get(flag, row["says"])[1:] in shown
            assert row.get("action", about_all["emergency"]) in shown


@pytest.mark.parametrize("name", IDS)
def test_a_check_that_is_a_red_flag_stands_on_top_only(name):
    for row in filter(is_red_flag, load_treatment(name).facts("monitor")):
        assert plain_check(row["what"])[1:] in section(name, SECTIONS[0])
        assert plain_check(row["what"])[1:] not in section(name, SECTIONS[5])


@pytest.mark.parametrize("name", IDS)
def test_emergencies_come_before_what_can_wait(name):
    shown = section(name, SECTIONS[0])
    places: dict[bool, list[int]] = {True: [], False: []}
    for row in load_treatment(name).facts("red_flag"):
        places[row["severity"] == "critical"].append(shown.index(lay(row["says"]).rstrip(".")[1:]))
    if places[True] and places[False]:
        assert max(places[True]) < min(places[False])


@pytest.mark.parametrize("name", IDS)
def test_every_unconfirmed_fact_carries_its_mark_in_the_folded_part(name):
    rows = [line for line in folded(name).splitlines() if line.startswith("| ")]
    for table, fact in told(name).all_facts():
        said = safe(str(fact.get(SAID_UNDER.get(table, "says"), "")))
        where = " ".join(f"`{key}`" for key in fact["source"]).replace(" ", ", ")
        found = [line for line in rows if said in line and where in line]
        assert found, (table, said)
        if fact["confidence"] in MARKS:
            assert any(line.endswith(f"| {MARKS[fact['confidence']]} |") for line in found), (table, said)


# How the plain part says a fact, by table.
PLAINLY = {
    "judge": lambda row: sentence(row["says"]),
    "stopping": lambda row: sentence(row["says"]),
    "missed": lambda row: sentence(row["says"]),
    "popular_claim": lambda row: sentence(row["answer"]),
    "red_flag": lambda row: lay(row["says"]).rstrip(".")[1:],
    "evidence": outcome_said,
    "monitor": lambda row: plain_check(row["what"]).partition(",")[0][1:],
    "side_effect": lambda row: f"`{row['source'][0]}`",
}


@pytest.mark.parametrize("name", IDS)
def test_every_unconfirmed_fact_carries_its_mark_in_the_plain_part(name):
    treatment, lines = told(name), plain(name).splitlines()
    for table, said in PLAINLY.items():
        for row in treatment.facts(table):
            if row["confidence"] in MARKS and not row.get("outcome", "").rstrip(".").endswith(("size only", "scope only")):
                found = [line for line in lines if said(row) in line]
                assert any(f"*({MARKS[row['confidence']]})*" in line for line in found), (table, said(row))


@pytest.mark.parametrize("name", IDS)
def test_every_dose_for_migraine_names_its_source_and_how_sure_it_is(name):
    trial = section(name, SECTIONS[3])
    for row in load_treatment(name).facts("protocol"):
        if any("migraine" in each for each in row["indications"]):
            assert f"`{row['source'][0]}`" in trial
            assert MARKS.get(row["confidence"], "") in trial


def test_a_session_under_supervision_has_no_dose_that_could_be_taken_home():
    assert set(supervised_only) == {"ketamine", "esketamine"}
    for name in supervised_only:
        assert not re.search(r"\d\s*(mg|ug|mL)\b", plain(name))
        assert "never a medicine to take at home" in section(name, SECTIONS[3])
        doses = folded(name).partition(f"\n### {NO_REGIMEN}\n")[2].partition("\n### ")[0]
        for row in load_treatment(name).facts("study_dose"):
            assert safe(row["says"]) not in plain(name)
            assert safe(row["says"]) not in folded(name).replace(doses, "")


def test_a_dose_of_a_study_stands_beside_what_came_of_it():
    assert NO_REGIMEN.startswith("Doses in studies. No regimen")
    rows = [line for line in folded("ketamine").partition(NO_REGIMEN)[2].partition("\n### ")[0].splitlines() if "`" in line]
    assert len(rows) == len(load_treatment("ketamine").facts("study_dose"))
    (once,) = (line for line in rows if "`Etchison2018`" in line)
    assert "Etchison 2018: **against**" in once
    (from_memory,) = (line for line in rows if "`label-knowledge`" in line)
    assert "No result of this source is held" in from_memory


@pytest.mark.parametrize("name", IDS)
def test_no_page_says_that_its_list_stops_a_medicine_when_it_does_not(name):
    top, stopping = section(name, SECTIONS[0]), section(name, SECTIONS[7])
    assert SECTIONS[0] == "When to call for help at once"
    if "says when to stop at once" in stopping:
        assert re.search(r"\b(Stop|Take no further dose)\b", top)
    if name in (
        "baclofen",
        "propranolol",
        "metoprolol",
        "atenolol",
        "timolol",
        "amitriptyline",
        "nortriptyline",
        "venlafaxine",
    ):
        assert "In an emergency call for help" in stopping


@pytest.mark.parametrize("name", IDS)
def test_the_greatest_doses_stand_after_the_steps_with_their_source(name):
    lines = section(name, SECTIONS[3]).partition("**The greatest doses**")[2].splitlines()
    for row in load_treatment(name).facts("ceiling"):
        number = f"{row['amount']:g} "
        assert any(f"`{row['source'][0]}`" in line and (number in line or not row["amount"]) for line in lines), row


def test_a_ceiling_by_kidney_is_on_the_page_and_no_rise_is_offered_at_the_top():
    shown = section("baclofen", SECTIONS[3])
    for limit in (
        "50 to 80 mL/min: at most 25 mg",
        "30 to 50 mL/min: at most 15 mg",
        "below 30 mL/min, or dialysis: not to be",
    ):
        assert limit in shown
    assert "A further rise" not in section("topiramate", SECTIONS[3])


def test_a_gap_is_told_by_what_it_does():
    assert "call before you take any" in section("lamotrigine", SECTIONS[3])
    assert "352 hours (about 14.6 days)" in section("lamotrigine", SECTIONS[3])
    assert "oestrogen | 60 hours (about 2.5 days)" in section("lamotrigine", SECTIONS[3])
    assert "call before you take any" not in section("baclofen", SECTIONS[3])
    assert "get an answer the same day" in section("baclofen", SECTIONS[3])


@pytest.mark.parametrize("name", IDS)
def test_a_moderate_caution_stands_for_the_person_too(name):
    who = section(name, SECTIONS[2])
    for row in load_treatment(name).facts("rule"):
        about = asks_for(row["when"])
        if (
            row["severity"] == "moderate"
            and speaks_of_the_person(row)
            and not about & {"flag", "started_within_days", "stopped"}
        ):
            assert plain_subject(row["subject"]) in who, row["subject"]


def test_no_kind_of_the_cautions_is_a_wall_and_what_is_asked_of_all_is_open():
    who = section("baclofen", SECTIONS[2])
    assert "<summary>Illnesses: 9 more</summary>" in who
    for name in IDS:
        assert "<summary>Pregnancy" not in plain(name)
        assert "<summary>Kidneys" not in plain(name)


@pytest.mark.parametrize("name", supervised_only)
def test_the_blood_pressure_before_a_session_is_told(name):
    who = section(name, SECTIONS[2])
    assert "above 160/100 mmHg before the session" in who.partition("**Tell the clinician first")[0]
    assert "above 140/90 mmHg before the session" in who.partition("**Tell the clinician first")[2]


def test_what_ends_an_attack_is_no_result_on_prevention():
    found = section("ketamine", SECTIONS[4])
    before, _, after = found.partition("**To end an attack")
    assert "No trial in this list shows that it prevents migraine." in before
    assert "Blind trial" not in before
    for study in ("Afridi", "Kaube", "Yuan"):
        assert f"**{study}" in after


@pytest.mark.parametrize("name", IDS)
def test_results_are_not_counted_and_only_a_trial_noted_as_blind_is_called_so(name):
    found = section(name, SECTIONS[4])
    assert not re.search(r"\d+ (results|of them|speak)", found)
    blind = sum("blind" in row["design"] and "single-blind" not in row["design"] for row in told(name).facts("evidence"))
    assert found.count("Blind trial") <= blind


def test_the_lead_is_no_surer_than_what_it_retells():
    for name, marked in (
        ("rimegepant", "read at second hand"),
        ("atenolol", "not confirmed"),
        ("nortriptyline", "not confirmed"),
    ):
        lead = all_words()["treatment"][name]["hope"]
        assert f"*({marked})*" in next(line for line in plain(name).splitlines() if lead in line)


def test_trade_names_carry_a_mark():
    for name in IDS:
        for line in plain(name).splitlines():
            assert not line.startswith("It is sold as") or line.endswith("*(not confirmed)*")


@pytest.mark.parametrize("name", IDS)
def test_a_rule_of_one_country_names_it(name):
    lines = plain(name).splitlines()
    for table in ("stopping", "judge"):
        for row in load_treatment(name).facts(table):
            if "jurisdiction" in row:
                (line,) = (each for each in lines if sentence(row["says"]) in each)
                assert f"(In {places(row)}.)" in line


def test_a_figure_gets_no_period_comparison_or_meaning_that_its_source_does_not_give():
    outcomes = {(name, row["study"]): row["outcome"] for name in IDS for row in told(name).facts("evidence") if "study" in row}
    for key in (
        ("topiramate", "Chronic migraine"), ("amitriptyline", "Goncalves 2016"),
        ("amitriptyline", "Tricyclic meta-analysis (Xu 2017)"), ("atogepant", "Meta-analysis of 3 RCTs"),
    ):  # fmt: skip
        assert "a month" not in outcomes[key]
        assert "not noted" in outcomes[key]
    assert not any(re.search(r"established as effective|probably effective", each) for each in outcomes.values())
    for said in outcomes.values():
        assert not re.search(r"\b(fewer|less)\b[^.]*\(-", said), said


def test_a_country_of_the_union_with_its_own_status_is_taken_out_of_it():
    who = section("baclofen", SECTIONS[2])
    assert "Approved in France for recovery from alcohol" in who
    assert "the rest of the European Union and the United Kingdom for recovery from alcohol" in who


def test_the_injection_sites_add_up_on_the_page():
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \|", section("onabotulinumtoxina", SECTIONS[3]), re.MULTILINE)
    parts = [(int(sites), int(units)) for title, sites, units in rows if title != "**All**"]
    assert (sum(sites for sites, _ in parts), sum(units for _, units in parts)) == (31, 155)
    assert rows[-1] == ("**All**", "31", "155")


@pytest.mark.parametrize("name", IDS)
def test_a_preventive_is_never_offered_for_an_attack(name):
    lead = plain(name).partition("\n## ")[0]
    assert "no rescue" in lead or "never add a dose for an attack" in lead


@pytest.mark.parametrize("name", IDS)
def test_off_label_is_explained_where_it_is_said_and_kept_apart_from_the_proof(name):
    who = section(name, SECTIONS[2])
    off_label = any(row["standing"] == "off-label" for row in load_treatment(name).facts("status"))
    assert ("A doctor may still prescribe it" in who) == off_label
    assert "how strong the proof is another" in who


@pytest.mark.parametrize("name", IDS)
def test_results_against_a_treatment_are_on_the_page(name):
    found = section(name, SECTIONS[4])
    against = [row for row in told(name).facts("evidence") if row["finding"] == "against"]
    assert found.lower().count("**speaks against it**") == len(against)


@pytest.mark.parametrize("name", IDS)
def test_the_folded_part_has_every_rule_by_severity_and_every_source(name):
    text, treatment = folded(name), told(name)
    order = re.findall(r"^#### (\w+)$", text, re.MULTILINE)
    assert order == [each for each in ("Critical", "Contraindicated", "Major", "Moderate", "Minor") if each in order]
    for row in treatment.facts("rule"):
        assert f"| `{row['code']}` | {row['severity']} | {safe(row['subject'])} |" in text
    for _, fact in treatment.all_facts():
        for key in fact["source"]:
            assert safe(all_sources()[key.partition(" ")[0]].citation) in text


def test_a_conflict_about_the_mechanism_is_flagged():
    assert "**Conflict:**" in folded("ketamine")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_says_once_that_it_is_no_advice_and_names_the_catalogue(name):
    text = PAGES[name]
    assert text.count(pages.ADVICE) == text.count(catalogue_version()) == 1


def test_side_effects_stand_side_by_side_with_the_source_of_every_figure():
    rows = PAGES["side-effects.md"].splitlines()
    for name in IDS:
        own = [line for line in rows if f"]({name}.md)" in line]
        for fact in load_treatment(name).facts("side_effect"):
            mark = MARKS.get(fact["confidence"], "")
            found = [line for line in own if all(f"`{key}`" in line for key in fact["source"]) and mark in line]
            assert any(safe(fact["term"]).lower() in line.lower() for line in found), fact


def test_an_effect_that_sources_name_differently_is_one_effect():
    (row,) = (line for line in PAGES["side-effects.md"].splitlines() if line.startswith("| **Sleepiness** | [Baclofen]"))
    assert "“drowsiness”: 10 to 63 %" in row
    assert "“somnolence”: 10.2 %" in row
    assert "`CH-LIORESAL`" in row
    assert "`GLOBALRPH-BAC`" in row


def test_the_plain_words_are_of_treatments_in_the_catalogue_and_hold_no_number():
    for name, words in all_words()["treatment"].items():
        assert name in IDS
        # CGRP, beta1 and the like are names.
        assert not re.search(r"(?<![A-Za-z])\d", " ".join(words.values())), name
    for row in all_words()["suits"]:
        assert set(row["source"]) <= all_sources().keys()


def test_a_treatment_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="examplamide"):
        pages.treatment_page("examplamide")


def test_the_pages_are_written_where_they_are_wanted(tmp_path, capsys):
    assert pages.main([str(tmp_path / "new")]) == 0
    written = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert written == {*PAGES, *PICTURES}
    assert pages.main([]) == 2
    assert "Say where" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["lamotrigine", "onabotulinumtoxina"])
def test_the_fold_holds_its_tables_when_rendered(name):
    markdown = pytest.importorskip("markdown", reason="comes with the extra docs")
    html = markdown.markdown(page(name), extensions=["tables", "md_in_html", "toc"])
    inside = html.partition("<summary>For clinicians</summary>")[2].partition("</details>")[0]
    assert html.count("<details>") == html.count("</details>") == html.count("<summary>")
    assert inside.count("<table>") > 10
    assert "\n| " not in html


# How hard the plain part is to read.


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out; within 3 % of a pronouncing dictionary over all pages."""
    stem = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$", lambda end: end[0][0], word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", stem)))


@cache
def medicine_names() -> re.Pattern[str]:
    names = (each for entry in name_table().entries for each in (entry.inn, *entry.names, *entry.brands))
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)", re.IGNORECASE)


def prose(text: str) -> list[str]:
    """The sentences of a page: no tables, headings, source keys, marks and links; medicines by a short word."""
    lines = [line for line in text.splitlines() if line.strip() and line[0] not in "|#"]
    bare = (re.sub(r"`[^`]*`| ?\*\([^)]*\)\*|\[[^\]]*\]\([^)]*\)|\*", "", line).strip(" -") for line in lines)
    return [each for line in bare for each in re.split(r"(?<=[.!?])\s+", medicine_names().sub("it", line))]


def grade(sentences: list[str]) -> float:
    """Flesch-Kincaid grade. Source: Kincaid and others 1975. Points of a list of under five words are no sentences."""
    said = [each for each in (re.findall(r"[A-Za-z][A-Za-z’'-]*", one) for one in sentences) if len(each) >= 5]
    words = [word for one in said for word in one]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_plain_part_is_easy_to_read(name):
    assert grade(prose(PAGES[name].partition(FOR_CLINICIANS)[0])) <= HARDEST


def test_the_measure_of_reading_knows_hard_from_easy():
    assert grade(["Call now if your eyes or lips swell up."]) < 3
    assert (
        grade(["Anticonvulsants demonstrate heterogeneous tolerability profiles necessitating individualised titration."]) > 20
    )


# The plain part is for a person.

OF_THE_SOFTWARE = r"\b(catalogue|collected sources?|the policy|the draft|the diary can|tag)\b"


@pytest.mark.parametrize("name", IDS)
def test_the_plain_part_speaks_of_the_treatment_and_not_of_the_software(name):
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", "", plain(name))
    assert not re.search(OF_THE_SOFTWARE, text, re.IGNORECASE)


@pytest.mark.parametrize("name", IDS)
def test_statistics_are_for_the_clinician(name):
    for row in told(name).facts("evidence"):
        assert safe(row["outcome"]) in folded(name)
    assert not re.search(r"95 % CI|\bSMD\b|\bIQR\b|\bITT\b|\bSD \d|\bp ?[=<] ?0", plain(name))


@pytest.mark.parametrize("name", IDS)
def test_no_list_of_the_plain_part_is_long_without_groups(name):
    run = 0
    for line in plain(name).partition("\n## What the trials found")[0].splitlines():
        run = run + 1 if line.startswith("- ") else 0 if not line.startswith("    - ") else run
        assert run <= 12, line


@pytest.mark.parametrize("name", IDS)
def test_a_value_of_the_body_is_said_with_its_unit(name):
    for found in re.findall(
        r"(?:eGFR|[Cc]reatinine clearance|[Hh]eart rate|[Pp]otassium) (?:above|below) [\d.]+[^,.;)]*", plain(name)
    ):
        assert re.search(r"\d (?:mL/min|beats a minute|mmol/L)", found), found


def test_a_dose_that_is_not_daily_is_not_called_one_a_day():
    assert "The dose aimed at is 120 mg every 30 days." in section("galcanezumab", SECTIONS[3])
    assert "mg a day" not in section("galcanezumab", SECTIONS[3])


def test_brackets_with_figures_of_people_are_kept():
    said = "Attacks fell by 3 (70 people) and by 1 (SD 0.4). At least half: 48 % (9 of 70)."
    assert without_statistics(said) == "Attacks fell by 3 (70 people) and by 1. At least half: 48 % (9 of 70)."


def test_the_plain_words_stand_for_texts_of_the_catalogue():
    subjects = {row["subject"] for name in IDS for row in load_treatment(name).facts("rule")}
    checks = {row["what"] for name in IDS for row in load_treatment(name).facts("monitor")}
    assert all_words()["subject"].keys() <= subjects
    assert all_words()["check"].keys() <= checks
    for flags in all_words()["flag_group"].values():
        assert set(flags) <= general()["red_flags"]["flags"].keys()
    assert plain_subject("no such subject") == "no such subject"
