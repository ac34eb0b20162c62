"""The studies: every file holds together, and one that does not is refused with the arm and the column."""

from __future__ import annotations

import re

import pytest

from cleardays import packaged
from cleardays.catalogue.medicine_table import name_table
from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.evidence import reading
from cleardays.evidence.check import check_file, check_studies
from cleardays.evidence.findings import finding_of
from cleardays.evidence.reading import all_studies, load_study, study_ids, study_text
from cleardays.evidence.records import ARM_CELLS, PLACEBO, Study, as_study
from cleardays.plan import results
from cleardays.plan.results import check_results, results_of
from cleardays.problems import BadInput
from cleardays.sources import MEMORY, UNCONFIRMED, all_sources, source_keys


def rows_of(study: Study):
    return (*study.arms.values(), *study.results, *study.differences)


def cells_of(study: Study):
    return [(row, name, cell) for row in rows_of(study) for name, cell in row.cells.items()]


def problems_of(name: str, old: str, new: str) -> str:
    """What the check says of a file in which one text is replaced by another."""
    text = study_text(name)
    assert old in text
    return "\n".join(map(str, check_file(name, text.replace(old, new, 1))))


def test_every_study_loads_and_holds_together():
    assert check_studies() == []
    assert len(all_studies()) == len(study_ids()) > 100


def test_an_unknown_study_is_refused_with_where_to_look():
    with pytest.raises(BadInput, match="evidence-data"):
        load_study("no-such-study")


def test_every_study_says_something_holds_figures_or_says_why_not():
    for study in all_studies():
        assert study.findings or study.results or study.differences or "note" in study.head, study.id


def test_every_arm_of_a_migraine_trial_is_a_treatment_with_a_name():
    known = {entry.medicine.id for entry in name_table().entries} | {PLACEBO}
    others = {arm.of["treatment"] for study in all_studies() for arm in study.arms.values()} - known
    assert others <= {"melatonin"}


def test_a_figure_that_is_not_confirmed_never_reaches_a_pool():
    seen = 0
    for study in all_studies():
        for row, name, cell in cells_of(study):
            assert (row.sure(name) is None) == (cell.confidence == UNCONFIRMED), (study.id, name)
            seen += cell.confidence == UNCONFIRMED
    assert seen > 50


def test_what_was_read_only_in_an_extraction_sheet_or_is_remembered_is_not_confirmed():
    for study in all_studies():
        for row, name, cell in cells_of(study):
            if {MEMORY, "EXTRACTION-SHEET"} >= set(cell.source):
                assert cell.confidence == UNCONFIRMED, (study.id, row.of, name)


def test_a_figure_of_a_page_that_quotes_is_not_taken_for_one_that_was_read():
    for study in all_studies():
        for row, name, cell in cells_of(study):
            grades = {all_sources()[key].confidence for key in source_keys({"source": cell.source})}
            if grades <= {"secondary", "unconfirmed"}:
                assert cell.confidence != "confirmed", (study.id, row.of, name)


def test_a_figure_is_told_as_it_was_printed():
    assert "fell by 9.0 with the toxin (347 people)" in finding_of(load_study("preempt-2"), "headache-days")["outcome"]
    assert "(95 % CI 0.70 to 1.75)" in finding_of(load_study("candmig-3"), "migraine-days")["outcome"]
    assert finding_of(load_study("preempt-2"), "headache-days")["n"] == 705


def test_what_was_made_for_speed_says_the_same_and_is_not_needed(monkeypatch):
    fast = as_study(reading.read_data("studies/candmig-3"))
    monkeypatch.setattr(packaged, "made_from", lambda *_: None)
    slow = as_study(reading.read_data("studies/candmig-3"))
    assert fast == slow
    for study in (fast, slow):
        assert str(study.differences[0].cells["upper"].value) == "-0.70"


def test_the_people_of_a_pooled_analysis_are_those_of_its_trials():
    assert load_study("preempt-pooled").people == load_study("preempt-1").people | load_study("preempt-2").people
    assert load_study("couch-1979").people == load_study("couch-2011").people
    assert load_study("strive-52").people == load_study("strive").people


def test_open_studies_compare_nothing_and_odd_trials_are_kept_apart():
    for name in ("hering-hanit-1999", "lampl-2005", "rubio-2006", "brown-2003", "brown-2006", "strive-52"):
        assert not load_study(name).compares
    apart = {
        study.id: study.head["kept_apart"].get("sensitivity", False) for study in all_studies() if "kept_apart" in study.head
    }
    assert apart["silvestrini-2003"]
    assert apart["forward"]
    for name in ("steiner-1997", "afridi-2013", "shanmugam-2019"):
        assert not apart[name]


def test_trials_that_missed_their_aim_are_held_too():
    assert load_study("sunlight").differences[0].sure("p") == 0.1484
    assert load_study("telmisartan-trial").results
    assert finding_of(load_study("preempt-1"), "primary")["finding"] == "against"


def test_two_outcomes_or_two_times_of_the_same_people_stand_apart_in_one_study():
    tronvik = load_study("tronvik-2003")
    assert {row.of["outcome"] for row in tronvik.results} == {"headache_day", "migraine_day"}
    assert {row.of["unit_days"] for row in tronvik.results} == {84}
    assert {row.of["part"] for row in load_study("promise-2").results} == {"weeks-1-12", "weeks-13-24"}


def test_an_interval_of_a_difference_is_held_where_it_was_printed():
    found = {
        (study.id, row.of["arm"])
        for study in all_studies()
        for row in study.differences
        if row.sure("lower") is not None and row.sure("upper") is not None
    }
    assert {("candmig-3", "candesartan-16"), ("progress", "atogepant-60"), ("liberty", "erenumab")} <= found
    assert {("tepper-2017", "erenumab-140"), ("evolve-2", "galcanezumab-240"), ("addolorato-2007", "baclofen")} <= found


@pytest.mark.parametrize(
    ("study", "old", "new", "said"),
    [
        (
            "strive",
            'arm = "erenumab-140"',
            'arm = "erenumab-14"',
            r"erenumab-14, migraine_day, column arm: erenumab-14 is none",
        ),
        ("strive", "responders50_n = 135", "responders50_n = 153", r"erenumab-70, migraine_day, column responders50_percent"),
        (
            "strive",
            "responders50_n = 135",
            "responders50_n = 335",
            r"erenumab-70, migraine_day, column responders50_n: 335 of 312",
        ),
        (
            "strive",
            "responders50_percent = 43.3",
            "responders50_percent = 143.3",
            r"erenumab-70.*responders50_percent: 143.3 %",
        ),
        (
            "silvestrini-2003",
            "baseline_sd = 3.2",
            "baseline_sd = 0.4",
            r"topiramate, headache_day, column baseline_sd: 0.4 can only",
        ),
        (
            "diener-2007",
            "change_sd = {value = 6.3",
            "change_sd = {value = 0.3",
            r"topiramate, .*change_sd: 0.3 can only be a standard error",
        ),
        ("halo-cm", "change_se = 0.3", "change_se = 5.8", r"quarterly, .*change_se: 5.8 can only be a standard deviation"),
        ("halo-cm", "baseline_mean = 13.2", "baseline_mean = 31.2", r"quarterly, .*baseline_mean: 31.2 days in a unit of 28"),
        ("strive", "unit_days = 28", "unit_days = 30", r"column unit_days: its arms count migraine_day in different units"),
        ("strive", 'source = ["STRIVE"]', 'source = ["STRIFE"]', r"the source STRIFE is not known"),
        (
            "strive",
            "In months 4 to 6 they fell by {erenumab-70 migraine_day change_mean size}",
            "317 people",
            r"317 is a figure",
        ),
        ("candmig-3", "change_lower = -2.41", "change_lower = -1.41", r"candesartan-16, migraine_day, column change_lower"),
        ("strive", "{placebo randomised}", "{placebo rndomised}", r"finding migraine-days: there is no figure"),
        ("liberty", 'source = ["JHP-T4", "Reuter2018"]\nconfidence', "source = []\nconfidence", r"finding, responders, source"),
        (
            "tepper-2017",
            'confidence = "unconfirmed"\n',
            'confidence = "confirmed"\n',
            r"responders, column confidence: it is confirmed",
        ),
        ("strive", "change_mean = -3.2", 'change_mean = "-3.2"', r"result, erenumab-70, migraine_day, change_mean"),
        ("strive", "change_mean = -3.2", "change_maen = -3.2", r"result, erenumab-70, migraine_day: .*change_maen"),
        (
            "focus",
            "change_mean = -3.7",
            'change_mean = {value = -3.7, confidence = "confirmed"}',
            r"quarterly.*column change_mean: it is",
        ),
        (
            "tronvik-2003",
            'outcome = "migraine_day"',
            'outcome = "headache_day"',
            r"candesartan, headache_day: it stands there twice",
        ),
    ],
)
def test_a_file_with_one_error_is_refused_with_the_arm_and_the_column(study, old, new, said):
    found = problems_of(study, old, new)
    assert re.search(said, found), found


def test_a_randomised_study_needs_something_to_compare_with():
    text = study_text("arise").replace('treatment = "placebo"', 'treatment = "erenumab"')
    assert "nothing to compare it with" in "\n".join(map(str, check_file("arise", text)))


def test_a_file_that_is_no_toml_or_has_another_name_is_refused():
    assert "no TOML" in str(check_file("strive", "id = ")[0])
    assert "its id is strive" in str(check_file("stride", study_text("strive"))[0])


@pytest.mark.parametrize("treatment", treatment_ids())
def test_every_row_of_the_catalogue_names_a_finding_and_shows_it(treatment):
    rows, told = load_treatment(treatment).facts("evidence"), results_of(load_treatment(treatment))
    assert len(rows) == len(told) > 0
    for row, result in zip(rows, told, strict=True):
        assert set(row) == {"trial", "finding"}
        assert result["trial"] == row["trial"]
        assert {"study", "design", "outcome", "finding", "source", "confidence"} <= set(result)
        assert "{" not in result["outcome"]


def test_every_finding_is_shown_by_all_that_it_speaks_of():
    assert list(check_results()) == []


def test_a_row_without_a_study_and_a_finding_that_nobody_shows_are_refused(monkeypatch):
    rows = ({"trial": "strive", "finding": "migraine-day"}, *load_treatment("erenumab").facts("evidence")[1:])
    broken = load_treatment("erenumab")._replace(tables={"evidence": (*rows, rows[1])})
    monkeypatch.setattr(results, "load_treatment", lambda name: broken if name == "erenumab" else load_treatment(name))
    said = "\n".join(map(str, check_results()))
    assert "erenumab.toml, evidence strive migraine-day: there is no finding migraine-day on erenumab" in said
    assert "strive.toml, finding migraine-days: erenumab does not show it" in said
    assert "it stands there twice" in said


def test_the_cells_of_an_arm_are_people_never_shares_of_days():
    assert set(ARM_CELLS) == {"randomised", "treated", "stopped_harm_n", "stopped_harm_percent", "stopped_any_n"}
