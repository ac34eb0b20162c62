"""Conditions are files: each outcome is answered from the diary, and a new file needs no code."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from cleardays.diary import conditions as room
from cleardays.diary.classified import classify_diary
from cleardays.diary.conditions import condition_of, conditions, declared, outcome_ids, read_condition
from cleardays.diary.measures import measure_windows
from cleardays.diary.outcomes import OUTCOMES, day_series
from cleardays.diary.own_csv import read_days
from cleardays.diary.window_outcomes import outcome_columns
from cleardays.problems import BadInput
from cleardays.report.words import outcome_words
from cleardays.sources import all_sources

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-condition.md"


def diary(text):
    return read_days(io.StringIO(text), "days.csv")


def outcomes(text):
    (window,) = measure_windows(diary(text))
    return window["outcomes"]


def test_the_conditions_of_the_contract_are_there():
    assert {"migraine", "alcohol-recovery", "cocaine-recovery", "methamphetamine-recovery", "opioid-recovery"} <= set(
        conditions()
    )
    for indication in ("migraine-with-aura", "refractory-migraine", "cocaine-recovery-bipolar"):
        assert condition_of({"condition": indication})
    assert {"headache_day", "migraine_day", "mod_sev_headache_day", "aura_day", "acute_med_day", "use_day"} <= set(
        outcome_ids()
    )
    assert outcome_ids("scale")[0] == "craving"


def test_every_condition_and_outcome_names_known_sources():
    for condition in conditions().values():
        assert set(condition.source) <= all_sources().keys()
        for outcome in condition.outcomes:
            assert set(outcome.source) <= all_sources().keys(), outcome.id


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_that_is_judged_names_its_days_and_what_is_published_of_it(outcome):
    said = declared({}, outcome)
    assert said.id == outcome
    assert "day" in said.had[0]
    assert "day" in said.without[0]
    assert said.without[0] != "day without it"
    assert set(said.response.source) <= all_sources().keys()
    assert bool(said.response.source) is (said.response.shares or bool(said.response.says))
    assert said.headache is (outcome not in ("use_day", "craving", "drinks"))
    words = outcome_words({}, outcome)
    assert (words.one, words.many, words.without) == (*said.had, said.without)
    assert words.headache is said.headache


def test_what_is_published_of_one_substance_is_said_of_no_other():
    assert declared({"condition": "alcohol-recovery"}, "use_day").response.source == ("FDA-2015",)
    for about in ({}, {"condition": "cocaine-recovery"}):
        assert declared(about, "use_day").response.source == ()
        assert declared(about, "drinks").response.source == ()
    assert declared({}, "use_day").near_daily == ""
    assert declared({"condition": "opioid-recovery"}, "use_day").near_daily == "judge craving as well"


def test_an_outcome_that_no_condition_declares_is_spoken_of_all_the_same():
    said = declared({}, "hiccups")
    assert (said.had[0], said.without[0], said.headache) == ("such day", "day without it", False)


def test_recovery_from_alcohol_counts_assessed_days_only():
    found = outcomes(
        "#condition=alcohol-recovery\n#sex=female\ndate,use_day,standard_drinks,craving\n"
        "2026-03-01,n,0,4\n2026-03-02,,5,8\n2026-03-03,y,2.5,6\n2026-03-05,,,2\n2026-03-06,,3.5,\n"
    )
    assert (found["use_day"]["had"], found["use_day"]["assessed"]) == (3, 4)
    assert found["use_day"]["percent_without"] == 25
    assert found["heavy_drinking_day"]["had"] == 1  # 4 or more in a woman; 3.5 are fewer
    assert found["drinks"]["total"] == 11
    assert found["drinks"]["per_day_with_any"] == pytest.approx(11 / 3)
    assert found["craving"] == {"kind": "scale", "assessed": 4, "quality": "usable", "mean": 5}


@pytest.mark.parametrize(("sex", "heavy"), [("male", 1), ("female", 2), ("other", 2), (None, 2)])
def test_heavy_drinking_depends_on_sex_and_the_stricter_limit_holds_where_it_is_not_told(sex, heavy):
    about = f"#sex={sex}\n" if sex else ""
    found = outcomes(f"#condition=alcohol-recovery\n{about}date,standard_drinks\n2026-03-01,5\n2026-03-02,4\n2026-03-03,3\n")
    assert found["heavy_drinking_day"]["had"] == heavy


def test_grams_are_drinks_of_the_size_that_the_diary_says():
    text = "#condition=alcohol-recovery\n{}date,grams\n2026-03-01,56\n"
    assert outcomes(text.format(""))["drinks"]["total"] == 4
    assert outcomes(text.format("#standard_drink_g=8\n"))["drinks"]["total"] == 7


def test_a_substance_named_beside_is_use_and_an_unasked_day_is_not_abstinent():
    found = outcomes(
        "#condition=cocaine-recovery\ndate,use_day,other_use\n2026-03-01,,cocaine;alcohol\n2026-03-02,,none\n2026-03-03,,\n2026-03-04,n,cocaine\n"
    )
    assert (found["use_day"]["had"], found["use_day"]["assessed"]) == (1, 3)
    assert found["drinking_day"]["had"] == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [("n,3,", "use_day"), ("y,0,", "use_day"), ("n,,40", "use_day"), (",2,100", "grams")],
)
def test_use_and_drinks_that_contradict_each_other_are_refused(cells, column):
    with pytest.raises(BadInput) as caught:
        diary(f"#condition=alcohol-recovery\ndate,use_day,standard_drinks,grams\n2026-03-01,{cells}\n")
    assert caught.value.problems[0].where.endswith(column)
    if column == "use_day":  # a day without cocaine may be one with drinks
        assert diary(f"#condition=cocaine-recovery\ndate,use_day,standard_drinks,grams\n2026-03-01,{cells}\n").records


def test_the_series_of_use_counts_as_the_windows_do():
    told = diary(
        "#condition=alcohol-recovery\ndate,use_day,standard_drinks\n2026-03-01,n,\n2026-03-02,,5\n2026-03-03,,0\n2026-03-04,,\n"
    )
    assert day_series(told, "use_day").states == (False, True, False, None)
    assert outcomes("#condition=alcohol-recovery\ndate,standard_drinks\n2026-03-01,5\n2026-03-02,0\n")["use_day"]["had"] == 1


def test_a_condition_is_added_by_a_file_alone(monkeypatch):
    (text,) = re.findall(r"```toml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    added = read_condition(text, "nicotine-recovery.toml")
    monkeypatch.setattr(room, "conditions", lambda: {**conditions(), added.id: added})
    told = diary(
        "#condition=nicotine-recovery\ndate,use_day,other_use,craving\n2026-03-01,y,,3\n2026-03-02,,nicotine,5\n2026-03-03,n,,1\n"
    )
    columns = {column.outcome.id: column.document(slice(0, 3)) for column in outcome_columns(told, classify_diary(told))}
    assert columns["use_day"]["had"] == 2
    assert columns["craving"]["mean"] == 3


HEAD = 'id="x"\nname="x"\nversion="1"\nsource=["a"]\n[[outcome]]\nid="a"\nwords=["a","b"]\nsource=["a"]\n'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id = 3", "name is missing"),
        ("=", "not TOML"),
        (HEAD + 'kind="sum"', "no kind"),
        (HEAD + 'kind="day"', "nothing answers"),
        (HEAD + 'kind="day"\ncolumn="hunger"', "no column"),
        (HEAD + 'kind="day"\ncolum="aura"', "not known"),
    ],
)
def test_a_misspelt_condition_is_refused(text, what):
    with pytest.raises(BadInput) as caught:
        read_condition(text, "x.toml")
    assert any(what in problem.what for problem in caught.value.problems)


def test_an_unknown_condition_is_a_problem_of_the_diary():
    with pytest.raises(BadInput):
        measure_windows(diary("#condition=hiccups\ndate,headache\n2026-03-01,clear\n"))


def test_recovery_may_be_kept_without_saying_of_what():
    about = {"condition": "recovery"}
    assert condition_of(about).substance is None
    assert [outcome.id for outcome in condition_of(about).outcomes] == ["use_day", "craving", "mood"]
