"""`cleardays evidence nma` as a user meets it: its document, its words, its options, and what it refuses."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from importlib import resources

import jsonschema
import pytest

ARMS = """study,treatment,events,n
one,Placebo,20,100
one,A,35,100
two,Placebo,12,80
two,B,30,82
three,A,40,120
three,B,41,118
four,Placebo,0,30
four,A,3,31
"""
PAIRS = "study,treat1,treat2,TE,seTE\none,A,Placebo,-1.2,0.4\ntwo,B,Placebo,-0.7,0.3\nthree,A,B,-0.2,0.35\n"
MEANS = "study,treatment,mean,sd,n\none,Placebo,9.1,3.2,60\none,A,7.4,3.4,62\ntwo,Placebo,8.8,3.0,55\ntwo,A,7.9,3.1,57\n"
RATES = "study,treatment,events,exposure\none,Placebo,120,40.5\none,A,80,41\n"


def cleardays(*arguments, table=ARMS):
    command = [sys.executable, "-m", "cleardays", "evidence", "nma", *arguments]
    return subprocess.run(command, input=table.encode(), capture_output=True, check=False)


def schema(name):
    return json.loads(resources.files("cleardays.cli").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))


def pooled(*options, table=ARMS):
    done = cleardays("-", "--json", *options, table=table)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema("evidence-nma"))
    return document


def words(*options, table=ARMS):
    done = cleardays("-", *options, table=table)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("table", "measure"),
    [(ARMS, "OR"), (MEANS, "MD"), (RATES, "IRR"), (PAIRS, None)],
    ids=["events", "means", "exposure", "pairs"],
)
def test_each_kind_of_table_gives_the_document_of_its_schema(table, measure):
    found = pooled(table=table)
    assert found["measure"] == measure
    assert found["treatments"][0] == found["reference"] == "A"
    assert found["league"]["A"]["Placebo"]["estimate"] == pytest.approx(-found["league"]["Placebo"]["A"]["estimate"])
    assert (found["prediction"] is None) == (found["df_Q"] == 0)


def test_two_arms_of_one_study_give_the_odds_ratio_that_one_works_out_by_hand():
    found = pooled("--reference", "Placebo", table="study,treatment,events,n\none,Placebo,20,100\none,A,35,100\n")
    pair = found["league"]["A"]["Placebo"]
    assert pair["estimate"] == pytest.approx(math.log((35 / 65) / (20 / 80)))
    assert pair["se"] == pytest.approx(math.sqrt(1 / 35 + 1 / 65 + 1 / 20 + 1 / 80))
    assert pair["upper"] - pair["estimate"] == pytest.approx(1.959964 * pair["se"], rel=1e-6)
    assert (found["k"], found["df_Q"], found["I2"], found["p_Q"], found["tau2_interval"]) == (1, 0, None, None, None)
    assert found["splits"][0]["indirect"] is None


@pytest.mark.parametrize("method", ["REML", "DL", "PM", "common"])
def test_each_method_is_the_one_asked_for(method):
    found = pooled("--method", method)
    assert found["method"] == method
    assert (found["tau2"] == 0.0) or method != "common"
    assert (found["tau2_interval"] is None) == (method == "common")


@pytest.mark.parametrize(("measure", "table"), [("RR", ARMS), ("RD", ARMS), ("SMD", MEANS), ("ROM", MEANS), ("OR", PAIRS)])
def test_another_measure_can_be_asked_for(measure, table):
    found = pooled("--measure", measure, table=table)
    assert found["measure"] == measure
    assert found["small_values"] == ("desirable" if table is MEANS else "undesirable")


def test_the_reference_may_be_written_in_small_letters_and_the_ranking_turned_round():
    found = pooled("--reference", "placebo")
    assert found["treatments"] == ["Placebo", "A", "B"]
    turned = pooled("--small-values", "desirable")
    assert turned["small_values"] == "desirable"
    for name, score in found["p_scores"].items():
        assert turned["p_scores"][name] == pytest.approx(1.0 - score)


def test_a_study_with_an_empty_cell_is_named_in_the_document_and_in_the_words():
    (note,) = pooled()["problems"]
    assert "four" in note["what"]
    assert "Half a person was added to each cell" in note["what"]
    assert "in some arm of: four." in words()


def test_the_words_tell_each_treatment_against_the_reference_on_the_scale_that_people_read():
    said, found = words("--reference", "Placebo"), pooled("--reference", "Placebo")
    assert "4 studies, 3 treatments\nEach treatment against Placebo, odds ratios; highest P-score first:" in said
    line = next(line for line in said.splitlines() if line.split()[:1] == ["B"])
    pair, wide = found["league"]["B"]["Placebo"], found["prediction"]["B"]["Placebo"]
    for value in (*(pair[key] for key in ("estimate", "lower", "upper")), wide["lower"], wide["upper"]):
        assert f"{math.exp(value):.2f}" in line
    assert f"{found['direct_share']['B']['Placebo']:.0%}" in line
    assert line.endswith(f"{found['p_scores']['B']:.2f}")
    for told in ("Between studies: tau", "on the log scale, by REML", "degrees of freedom, p =", "large values being good",
                 "no share of people helped", "in a new study:", "direct:"):  # fmt: skip
        assert told in said, told


def test_the_words_of_a_single_study_say_that_nothing_is_left_over():
    said = words(table=RATES)
    assert "1 study, 2 treatments" in said
    assert "No study is left over to tell differences between studies from chance; tau is taken as 0." in said
    assert "in a new study" not in said


def test_the_words_of_estimates_without_a_measure_keep_their_scale_and_say_which_end_is_good():
    said = words(table=PAIRS)
    assert "on the scale of the estimates" in said
    assert "small values being good" in said
    assert "odds ratios" in words("--measure", "OR", table=PAIRS)


def test_small_differences_are_told_with_enough_decimals():
    said = words("--reference", "a", "--measure", "RD", table="study,treatment,events,n\ns,a,100,100000\ns,b,150,100000\n")
    assert "0.00050" in said


def test_very_wide_intervals_of_ratios_are_told_without_a_fault():
    said = words("--measure", "OR", table="study,treat1,treat2,TE,seTE\none,A,B,1,900\ntwo,A,B,-40,800\n")
    assert "e+304" in said


def test_a_file_is_read_like_standard_input(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("\ufeff" + ARMS, encoding="utf-8")
    done = cleardays(str(path), "--json")
    assert json.loads(done.stdout) == pooled()


@pytest.mark.parametrize(
    ("arguments", "table", "said"),
    [
        (["-"], "", "standard input: the file is empty. It needs a header row such as study,treatment,events,n"),
        (["no-such-file.csv"], "", "no-such-file.csv: the file cannot be read"),
        (["-"], "study;treatment;events;n\n", "standard input, header: its columns are separated by semicolons."),
        (["-"], ARMS.replace("35,100", "135,100"), "line 3, study one, A, column events: 135 of 100 people had the event."),
        (["-"], ARMS.replace("A,35", "A,inf"), "line 3, study one, A, column events: 'inf' is no number."),
        (["-", "--reference", "C"], ARMS, "--reference: no study has C. Its treatments are A, B, Placebo."),
        (["-", "--measure", "MD"], ARMS, "MD cannot be had from events."),
        (["-", "--method", "ML"], ARMS, "--method"),
        (["-"], ARMS + "five,C,1,9\nfive,D,2,9\n", "standard input, network: the studies form 2 parts"),
        (["-"], "study,treatment,events,n\none,A,1,9\n", "1 of 1 studies have no comparator"),
    ],
)
def test_wrong_input_exits_2_and_says_what_to_do(arguments, table, said):
    for options in ([], ["--json"]):
        done = cleardays(*arguments, *options, table=table)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr.decode()
        assert b"Traceback" not in done.stderr
        if options:
            document = json.loads(done.stdout)
            jsonschema.validate(document, schema("problems"))
        else:
            assert done.stdout == b""
