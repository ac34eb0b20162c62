"""Over many lives of the five people: does the truth lie where the pages say, as often as they say?"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cleardays.trial.demonstration.deciding import LAST, combined
from cleardays.trial.demonstration.journey import simulate
from cleardays.trial.demonstration.revealed import BEFORE, NOW, REDUCTION, WITHOUT
from cleardays.trial.demonstration.truth import case_names, read_case

ROOT = Path(__file__).resolve().parents[2]
NAMES, LIVES = case_names(), range(20)
# Of 100 intervals of 90 %, 84 or fewer hold the truth in 4 of 100 sets. The worlds of these people are not the model's.
ENOUGH = 85
# The rate before is pulled towards the middle, and bad days are left out more often: fewer of its intervals hold the truth.
ENOUGH_BEFORE = 75


@cache
def lives(name):
    """So many lives of one person, each with its whole trial."""
    return [simulate(name, seed) for seed in LIVES]


@pytest.mark.slow
@pytest.mark.parametrize(("figure", "enough"), [(NOW, ENOUGH), (WITHOUT, ENOUGH), (REDUCTION, ENOUGH), (BEFORE, ENOUGH_BEFORE)])
def test_nine_of_ten_intervals_hold_the_truth_over_all_five_people(figure, enough):
    found = [whole.revealed[0].of(figure).inside for name in NAMES for whole in lives(name)]
    said = [inside for inside in found if inside is not None]
    assert len(said) == len(NAMES) * len(LIVES)
    assert 100 * sum(said) / len(said) >= enough


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_decided_follows_from_what_is_said_in_every_life(name):
    case = read_case(name)
    for whole in lives(name):
        for at, decided in enumerate(whole.decisions[: len(whole.reviews)]):
            verdict = combined([each.response.verdict for each in (whole.reviews[at], *whole.beside[at])])
            open_ = verdict in ("cannot_tell", "too_early") and at + 1 == case.looks
            assert decided.decision == case.decisions[LAST if open_ else verdict]["decision"]


@pytest.mark.slow
def test_a_person_whom_the_medicine_takes_three_of_four_auras_from_is_mostly_found_out_and_never_told_the_contrary():
    verdicts = Counter(whole.reviews[-1].response.verdict for whole in lives("lamotrigine-aura"))
    assert verdicts["responding"] >= 12
    assert not verdicts["not_responding"]


@pytest.mark.slow
def test_where_the_medicine_does_nothing_at_all_few_are_told_that_it_helps():
    """People who come at their worst, after five weeks of diary: the fall of a bad spell looks much like an effect."""
    verdicts = Counter(whole.reviews[-1].response.verdict for whole in lives("baclofen"))
    assert verdicts["responding"] <= 5


@pytest.mark.slow
def test_where_half_the_days_after_the_session_are_missing_nobody_is_told_anything():
    assert {whole.reviews[-1].response.verdict for whole in lives("ketamine")} == {"cannot_tell"}


@pytest.mark.slow
def test_a_side_effect_of_a_session_comes_only_where_that_session_was_given():
    for whole in lives("onabotulinumtoxina"):
        trial = whole.story.trials["onabotulinumtoxina"]
        sessions = len([event for event in whole.events if event.kind == "session.held"])
        swallowing = [effect for effect in whole.story.diary.beside.events if effect.term == "trouble swallowing"]
        assert bool(swallowing) is (sessions == 3)
        assert trial.phase == "ended"


@pytest.mark.slow
def test_the_tutorial_says_how_often_the_intervals_really_held_the_truth():
    page = (ROOT / "docs" / "tutorial" / "five-trials.md").read_text(encoding="utf-8")
    for figure, called in (
        (NOW, "in the last 28 days"),
        (WITHOUT, "in the same days without the treatment"),
        (REDUCTION, "taken away by it"),
        (BEFORE, "before"),
    ):
        found = [whole.revealed[0].of(figure).inside for name in NAMES for whole in lives(name)]
        assert f"| {called} | {sum(map(bool, found))} |\n" in page, (called, sum(map(bool, found)))
    helped = sum(whole.reviews[-1].response.verdict == "responding" for whole in lives("baclofen"))
    assert f'the page says "probably helps" in {helped}.' in page
