"""What is said of something that goes along with an outcome, from its draws; and what holds for headaches only."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import norm

from cleardays.diary.records import DayRecord, Diary
from cleardays.diary.rules import read_rules
from cleardays.problems import BadInput
from cleardays.response.associations import Association
from cleardays.trial.review import review
from cleardays.trial.trigger_factors import NAMED, Logged
from cleardays.trial.trigger_verdicts import size_of, verdict_of
from cleardays.trial.triggers import triggers

FIRST = date(2026, 1, 1)
RULES = read_rules("trigger_rules")


def said_of(odds: float, sd: float):
    """The size, verdict and reason of something whose log odds ratio is N(log odds, sd)."""
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000, np.log(odds), sd)
    chance = 1.0 / (1.0 + np.exp(-draws))
    found = Association("noise", draws, chance, np.full(4000, 0.5), (float(np.log(odds)), sd))
    size = size_of(found, RULES)
    return size, *verdict_of(found, size, Logged("noise", NAMED, "noise", (), False, (), ()), RULES, "headache day")


def recovery(about=None, **columns) -> Diary:
    """140 days of a recovery from alcohol use, every third one a day of use, with numbers and words of each day."""
    random = np.random.default_rng(4)
    records = tuple(
        DayRecord(
            date=FIRST + timedelta(days=n),
            use_day=n % 3 == 0,
            craving=int(random.integers(0, 9)),
            triggers=("noise",) if random.random() < 0.4 else (),
        )
        for n in range(140)
    )
    return Diary(records, {"condition": "alcohol-recovery"} if about is None else about)


@pytest.mark.parametrize("odds", [1.24, 1 / 1.24])
def test_what_more_likely_than_not_matters_is_not_denied(odds):
    size, verdict, reason = said_of(odds, 0.11)
    assert size.probability_within >= RULES["no-association"]["probability"]
    assert max(size.probability_raises, size.probability_lowers) == pytest.approx(0.617, abs=0.005)
    assert (verdict, reason.rule) == ("cannot_tell", "trigger.undecided")


@pytest.mark.parametrize("odds", [0.9, 1.0, 1.1, 1.19])
def test_what_is_denied_is_an_association_of_a_size_and_no_smaller_one(odds):
    size, verdict, reason = said_of(odds, 0.11)
    assert verdict == "no_association"
    assert max(size.probability_raises, size.probability_lowers) < RULES["no-association"]["relevant_below"]
    assert "no association of a size over 1.5. A smaller one is possible." in reason.because
    assert "matter" not in reason.because


def test_where_no_attacks_are_asked_about_nothing_is_an_early_sign_of_one():
    found = triggers(recovery(), outcome="use_day")
    compared = {each.logged.name: each for each in found.triggers if each.size is not None}
    assert {"strong craving", "noise"} <= compared.keys()
    assert not any(each.logged.early_sign for each in found.triggers)
    assert "trigger.early-sign" not in {reason.rule for each in found.triggers for reason in each.reasons}
    assert not found.headache


def test_days_of_use_in_a_diary_of_headaches_are_no_attacks_either():
    assert not triggers(recovery({}), outcome="use_day").headache
    clear = Diary(tuple(DayRecord(date=FIRST + timedelta(days=n), headache="clear") for n in range(9)))
    assert triggers(clear).headache


@pytest.mark.parametrize("start", ["garbage", "4.3.2026", "2026-02-30"])
def test_a_start_of_the_diary_that_is_no_day_is_told(start):
    diary = recovery({"treatment": "naltrexone", "start": start})
    with pytest.raises(BadInput, match="#start") as told:
        triggers(diary, outcome="use_day")
    assert start in told.value.problems[0].what
    asked = triggers(diary, outcome="use_day", start=date(2026, 2, 1))
    assert asked.started == ("the treatment", date(2026, 2, 1), "option")


def test_a_start_left_empty_is_no_start():
    assert triggers(recovery({"start": ""}), outcome="use_day").started is None


def test_a_review_refuses_the_same_outcome_in_the_same_words():
    diary = Diary(
        tuple(DayRecord(date=FIRST + timedelta(days=n), headache="mild" if n % 3 else "clear", triggers=()) for n in range(60))
    )
    refused = []
    for ask in (triggers, lambda diary, outcome: review(diary, "topiramate", FIRST + timedelta(days=30), outcome=outcome)):
        with pytest.raises(BadInput, match="do not say whether they count as migraine_day") as told:
            ask(diary, outcome="migraine_day")
        refused.append(told.value.problems)
    assert refused[0] == refused[1]
