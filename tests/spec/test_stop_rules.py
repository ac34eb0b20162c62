"""Rules of payers and societies: a situation, and the verdict that must follow.

Verdicts are short here: go continue, early too_early, none stop_nonresponse, episodic
stop_episodic, success stop_success, pause consider_pause, ? no verdict.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from cleardays.diary.stop_data import VERDICTS, rule_names, stop_rules
from cleardays.diary.stop_rules import judge_stop
from cleardays.problems import BadInput
from cleardays.sources import all_sources

SHORT = {
    "go": "continue", "early": "too_early", "none": "stop_nonresponse", "episodic": "stop_episodic",
    "success": "stop_success", "pause": "consider_pause", "?": None,
}  # fmt: skip


def judge(rule: str, **told):
    found = judge_stop({"rule": rule, **told})
    assert found["verdict"] in (*VERDICTS, None)
    for reason in found["reasons"]:
        assert set(reason["source"]) <= all_sources().keys()
        assert reason["because"].endswith(".")
    return found


def said(found) -> str:
    return " ".join(reason["because"] for reason in found["reasons"])


def window(n_days: int, n_logged: int, md: int) -> dict[str, int]:
    return {"n_days": n_days, "n_logged": n_logged, "md": md}


REDUCTIONS = [
    (16, 11.2, 30, "30"),  # exactly, although 16 - 11.2 is not 4.8 in binary
    (16, Decimal("11.2"), 30, "30"),
    (10, 5, 50, "30 50"),
    (10, 5.001, 49.99, "30"),
    (10, 7.001, 29.99, ""),
    (20, 5, 75, "30 50 75"),
    (7, 0, 100, "30 50 75 100"),
    (10, 10, 0, ""),
    (10, 12, -20, ""),
]


@pytest.mark.parametrize(("baseline", "current", "reduction", "reached"), REDUCTIONS)
def test_a_share_is_reached_exactly_or_not_at_all(baseline, current, reduction, reached):
    found = judge("responder", baseline=baseline, current=current)
    assert found["reduction_pct"] == pytest.approx(reduction, abs=1e-9)
    assert {share for share, answer in found["responder"].items() if answer} == set(reached.split())
    assert found["verdict"] is None


WINDOWS = [
    (window(28, 28, 12), window(28, 28, 6), 50),
    (window(28, 25, 10), window(28, 20, 4), 50),  # 11.2 and 5.6 in 28 days
    (window(28, 14, 7), window(30, 30, 10), 100 * (1 - 2 / 3)),  # half of it logged is enough
    (window(28, 13, 7), window(28, 28, 6), None),
    (window(28, 28, 7), window(28, 0, 0), None),
    (window(28, 28, 0), window(28, 28, 0), None),  # from nothing there is no reduction
]


@pytest.mark.parametrize(("baseline", "current", "reduction"), WINDOWS)
def test_windows_are_brought_to_28_days(baseline, current, reduction):
    found = judge("responder", baseline_window=baseline, current_window=current)
    assert found["reduction_pct"] == (None if reduction is None else pytest.approx(reduction))
    assert (None in found["responder"].values()) == (reduction is None)
    assert found["metric"] == "md"


def test_what_keeps_a_reduction_from_being_computed_is_said():
    assert "from nothing" in said(judge("responder", baseline=0, current=0))
    assert "13 of 28 days" in said(judge("responder", baseline_window=window(28, 13, 4), current_window=window(28, 28, 2)))
    assert "current was not told" in said(judge("responder", baseline=12))
    assert "current is not known" in said(judge("responder", baseline=12, current=None))
    scaled = judge("responder", baseline_window=window(28, 20, 10), current_window=window(28, 28, 6))
    assert "20 of 28 days" in said(scaled)


EPISODIC, CHRONIC = {"baseline_type": "episodic"}, {"baseline_type": "chronic"}
LOW, LOWER = [14, 13, 12], [9, 9, 9]
SITUATIONS = [
    # onabotulinumtoxinA, NICE: after two cycles
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 14, "cycles": 2}, "go"),  # exactly 30 %
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 14.001, "cycles": 2}, "none"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 20, "cycles": 1}, "early"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 20, "weeks": 23}, "early"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 20, "weeks": 24}, "none"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 20, "cycles": 1, "weeks": 26}, "early"),  # cycles decide
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12, "cycles": 2, "last3_hd": LOW}, "episodic"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12, "cycles": 2, "last3_hd": [15, 13, 12]}, "go"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12, "cycles": 1, "last3_hd": LOW}, "episodic"),
    ("NICE_TA260", {"baseline_hd": 16, "current_hd": 14, "cycles": 2, "last3_hd": LOW}, "none"),
    ("NICE_TA260", {"baseline_hd": 16, "current_hd": 14, "cycles": 1, "last3_hd": LOW}, "episodic"),
    ("NICE_TA260", {"cycles": 3, "last3_hd": LOW}, "episodic"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12, "cycles": 2, "last3_hd": [14, None, 12]}, "?"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12, "cycles": 2, "last3_hd": [15, None, 12]}, "go"),
    ("NICE_TA260", {"baseline_hd": 0, "current_hd": 0, "cycles": 2}, "?"),
    ("NICE_TA260", {"baseline_hd": 20, "cycles": 2}, "?"),
    ("NICE_TA260", {"baseline_hd": 20, "current_hd": 12}, "?"),  # it may be too early
    ("NICE_TA260", {"baseline": 20, "current": 12, "cycles": 2}, "?"),  # of what is not said
    ("NICE_TA260", {"hd_reduction_pct": 30, "cycles": 2}, "go"),
    # antibodies and gepants, NICE: after 12 weeks, by the baseline
    ("NICE_TA659", {"baseline": 10, "current": 5, "weeks": 12, **EPISODIC}, "go"),
    ("NICE_TA659", {"baseline": 10, "current": 5.01, "weeks": 12, **EPISODIC}, "none"),
    ("NICE_TA659", {"baseline": 10, "current": 5, "weeks": 11.9, **EPISODIC}, "early"),
    ("NICE_TA659", {"baseline_md": 18, "current_md": 12.6, "weeks": 12, **CHRONIC}, "go"),
    ("NICE_TA659", {"baseline_md": 18, "current_md": 12.61, "weeks": 12, **CHRONIC}, "none"),
    ("NICE_TA682", {"baseline_md": 10, "current_md": 6, "baseline_hd": 15, "weeks": 12}, "go"),
    ("NICE_TA682", {"baseline_md": 10, "current_md": 6, "baseline_hd": 14.9, "weeks": 12}, "none"),
    ("NICE_TA764", {"baseline_md": 10, "current_md": 4, "weeks": 12}, "go"),  # enough for either
    ("NICE_TA764", {"baseline_md": 10, "current_md": 6, "weeks": 12}, "?"),
    ("NICE_TA764", {"baseline_md": 10, "current_md": 9, "weeks": 12}, "none"),  # enough for neither
    ("NICE_TA871", {"baseline_md": 20, "current_md": 10, "months": 3, **CHRONIC}, "go"),
    ("NICE_TA973", {"baseline": 8, "current": 4, "weeks": 14, **EPISODIC}, "go"),
    ("NICE_TA973", {"baseline_window": window(28, 28, 8), "current_window": window(28, 13, 1), "weeks": 14, **EPISODIC}, "?"),
    ("NICE_TA906", {"baseline_attacks": 8, "current_attacks": 4, "weeks": 12}, "go"),
    ("NICE_TA906", {"baseline_attacks": 8, "current_attacks": 5, "weeks": 12}, "none"),
    ("NICE_TA906", {"baseline_md": 8, "current_md": 4, "weeks": 12}, "?"),  # days are no attacks
    # onabotulinumtoxinA, European federation
    ("EHF_2018_onabotA", {"baseline_hd": 20, "current_hd": 14, "cycles": 2}, "go"),
    ("EHF_2018_onabotA", {"baseline_hd": 20, "current_hd": 15, "cycles": 2}, "none"),
    ("EHF_2018_onabotA", {"baseline_hd": 20, "current_hd": 9, "cycles": 2, "last3_hd": LOWER}, "success"),
    ("EHF_2018_onabotA", {"baseline_hd": 20, "current_hd": 9, "cycles": 2, "last3_hd": [10, 9, 9]}, "go"),
    ("EHF_2018_onabotA", {"baseline_hd": 20, "current_hd": 9, "cycles": 1, "last3_hd": LOWER}, "early"),
    # antibodies, European federation
    ("EHF_2022_mAb", {"months": 2, "response": "none"}, "early"),
    ("EHF_2022_mAb", {"months": 3, "response": "none"}, "none"),
    ("EHF_2022_mAb", {"months": 3, "response": "good"}, "go"),
    ("EHF_2022_mAb", {"months_on": 11, "response": "partial"}, "go"),
    ("EHF_2022_mAb", {"months_on": 12, "response": "partial"}, "pause"),
    ("EHF_2022_mAb", {"months": 3, "months_on": 18, "response": "good"}, "pause"),
    ("EHF_2022_mAb", {"months_on": 18, "response": "none"}, "none"),
    ("EHF_2022_mAb", {"months_on": 18}, "?"),
    ("EHF_2022_mAb", {"response": "good"}, "?"),
    # injected preventives, American society: one sign is enough
    ("AHS_injectable", {"interval": "monthly", "months": 2, "hd_reduction_pct": 80}, "early"),
    ("AHS_injectable", {"interval": "monthly", "months": 3, "hd_reduction_pct": 50}, "go"),
    ("AHS_injectable", {"interval": "monthly", "months": 3, "hd_reduction_pct": 49.9}, "none"),
    ("AHS_injectable", {"interval": "quarterly", "months": 5, "hd_reduction_pct": 50}, "early"),
    ("AHS_injectable", {"interval": "quarterly", "months": 6, "baseline_hd": 16, "current_hd": 8}, "go"),
    ("AHS_injectable", {"months": 4, "hd_reduction_pct": 50}, "?"),  # too early if quarterly
    ("AHS_injectable", {"months": 6, "hd_reduction_pct": 50}, "go"),
    ("AHS_injectable", {"months": 1}, "early"),
    ("AHS_injectable", {"months": 6}, "?"),
    ("AHS_injectable", {"months": 6, "midas": [15, 10]}, "go"),
    ("AHS_injectable", {"months": 6, "midas": [15, 11]}, "none"),
    ("AHS_injectable", {"months": 6, "midas": [20, 15]}, "go"),
    ("AHS_injectable", {"months": 6, "midas": [21, 15]}, "none"),  # above 20 it takes 30 %
    ("AHS_injectable", {"months": 6, "midas": [40, 28]}, "go"),
    ("AHS_injectable", {"months": 6, "midas": [10, 0]}, "none"),  # so low a baseline is not looked at
    ("AHS_injectable", {"months": 6, "hit6": [65, 60]}, "go"),
    ("AHS_injectable", {"months": 6, "hit6": [65, 61]}, "none"),
    ("AHS_injectable", {"months": 6, "mpfid": [20.5, 15.5]}, "go"),
    ("AHS_injectable", {"months": 6, "hit6": [65, 61], "hd_reduction_pct": None}, "?"),  # it could decide
    ("AHS_injectable", {"months": 6, "hit6": [65, 60], "hd_reduction_pct": None}, "go"),
    ("AHS_injectable", {"months": 6, "midas": [None, 3]}, "?"),
    ("DGN_DMKG", {"months": 3, "midas": [40, 28]}, "go"),
    ("DGN_DMKG", {"months": 3, "midas": [15, 5], "hit6": [60, 56]}, "none"),
    ("DGN_DMKG", {"months": 2, "hd_reduction_pct": 90}, "early"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "told", "verdict"), SITUATIONS)
def test_the_verdict_of_each_rule(rule, told, verdict):
    assert judge(rule, **told)["verdict"] == SHORT[verdict]


def test_two_reasons_to_stop_are_both_named():
    both = said(judge("NICE_TA260", baseline_hd=16, current_hd=14, cycles=2, last3_hd=LOW))
    assert "12.5\N{NO-BREAK SPACE}% fewer" in both
    assert "all below 15" in both


def test_what_the_source_adds_to_a_verdict_is_said():
    assert "third cycle" in said(judge("EHF_2018_onabotA", baseline_hd=20, current_hd=18, cycles=2))
    assert "12 to 18 months" in said(judge("EHF_2022_mAb", months_on=12, response="good"))


def test_what_was_not_told_and_what_was_not_looked_at_is_named():
    found = judge("AHS_injectable", months=6, hit6=[65, 61], weeks=3, last3_hd=[1, 2, 3])
    assert "not met: headache days, midas, mpfid" in said(found)
    assert "Not looked at: weeks, last3_hd." in said(found)


@pytest.mark.parametrize("rule", ["NICE_TA659", "NICE_TA682", "NICE_TA764", "NICE_TA871", "NICE_TA973"])
def test_where_the_source_does_not_say_which_days_the_metric_is_assumed(rule):
    found = judge(rule, baseline=10, current=4, weeks=12)
    assert (found["metric_assumed"], found["metric"]) == (True, "md")
    assert judge(rule, baseline_hd=10, current_hd=4, weeks=12)["metric"] == "hd"
    assert not judge("NICE_TA260", baseline_hd=20, current_hd=10, cycles=2)["metric_assumed"]
    assert not judge("NICE_TA906", baseline_attacks=8, current_attacks=4, weeks=12)["metric_assumed"]


def test_one_figure_told_twice_must_be_the_same():
    assert judge("NICE_TA659", baseline=10, baseline_md=10.0, current=5, weeks=12)["verdict"] == "continue"
    with pytest.raises(BadInput, match="told twice"):
        judge("NICE_TA659", baseline=10, baseline_md=11, current=5, weeks=12)


def test_each_rule_is_complete():
    for name in rule_names():
        assert {"kind", "treatment_class", "population", "action", "source"} <= stop_rules()[name].keys(), name


UNUSABLE = [
    None, [], "responder", {}, {"rule": None}, {"rule": 3}, {"rule": "NICE_TA1"},
    {"rule": "responder", "baselin": 10},
    *({"rule": "responder", "baseline": value} for value in (True, "10", [10], {}, -1, float("nan"), float("inf"), 10**30)),
    *({"rule": "responder", "baseline": Decimal(text)} for text in ("NaN", "1e999999", "1e-999999", "1." + 99 * "1")),
    {"rule": "NICE_TA260", "last3_hd": [14, 13]},
    {"rule": "NICE_TA260", "last3_hd": [14, 13, 32]},
    {"rule": "NICE_TA260", "baseline_hd": 32},
    {"rule": "NICE_TA659", "baseline_type": "both"},
    {"rule": "AHS_injectable", "midas": [15]},
    {"rule": "AHS_injectable", "midas": [277, 0]},
    {"rule": "AHS_injectable", "hit6": [35, 36]},
    {"rule": "AHS_injectable", "interval": "weekly"},
    {"rule": "AHS_injectable", "hd_reduction_pct": 101},
    {"rule": "EHF_2022_mAb", "response": True},
    *({"rule": "responder", "baseline_window": given} for given in (
        3, {}, {"n_days": 28}, {"n_days": 0, "n_logged": 0}, {"n_days": 28, "n_logged": 29}, {"n_days": 28, "n_logged": 20, "md": 21},
        {"n_days": 28, "n_logged": 20, "md": 2.5}, {"n_days": 28, "n_logged": 20, "days": 2},
    )),
]  # fmt: skip


@pytest.mark.parametrize("document", UNUSABLE, ids=repr)
def test_what_cannot_be_read_is_a_problem(document):
    with pytest.raises(BadInput):
        judge_stop(document)


def test_every_problem_is_named_at_once():
    with pytest.raises(BadInput) as bad:
        judge_stop({"rule": "responder", "colour": 1, "baseline": True, "current_window": {"n_days": 28, "n_logged": 29}})
    places = [problem.where for problem in bad.value.problems]
    assert places == ["response", "response, baseline", "response, current_window, n_logged"]
