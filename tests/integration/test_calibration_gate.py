"""The calibration study at the size of a night: every world, few people in each, and the gate on all of them together.

The published table (docs/explanation/response-model.md) is of more people; bounds here are the gate's (coverage 0.88 to
0.92, Brier 0.13, wrong calls 0.185), each widened by about two Monte-Carlo errors of so many people.
"""

from __future__ import annotations

import pytest

from cleardays.response.study import engine
from cleardays.response.study.answers import Answer
from cleardays.response.study.person import Truth
from cleardays.response.study.run import HALF, Asked, generator
from cleardays.response.study.scores import Scores, score
from cleardays.response.study.worlds import WORLDS
from cleardays.trial.review import judging_rules

PEOPLE, SEED = 40, 2026
# What the documentation names as failing: logging that depends on the day, and effects much larger than believed.
NAMED = ("bad-days-only", "bad-days-mostly", "super-responders")
LEVELS = ("level-4-9", "level-10-14", "level-15-22", "level-23-28", "rate-15-22", "rate-23-28")
pytestmark = pytest.mark.slow


def asked(name: str, *, evidence: bool) -> list[tuple[Truth, Answer]]:
    """The truth and the model's answer of the people of a world."""
    rules = Asked(PEOPLE, SEED, evidence, judging_rules()).last_day_rules
    people = (WORLDS[name].person(generator(SEED, name, number)) for number in range(PEOPLE))
    return [
        (person.truth, engine.answer(person.seen(person.treated_days), person.exposure, rules, HALF, evidence=evidence))
        for person in people
    ]


@pytest.fixture(scope="module")
def everybody() -> dict[str, list[tuple[Truth, Answer]]]:
    return {name: asked(name, evidence=True) for name in WORLDS}


def scores(people: list[tuple[Truth, Answer]]) -> Scores:
    return score([truth for truth, _ in people], [answer for _, answer in people])


def test_all_worlds_together_pass_the_gate(everybody):
    found = scores([each for name, people in everybody.items() if name not in NAMED for each in people])
    assert 0.86 <= found.cover_reduction.value <= 0.94
    assert found.brier_half.value <= 0.14
    assert found.wrong.value <= 0.205


def test_the_levels_together_pass_the_gate(everybody):
    found = scores([each for name in LEVELS for each in everybody[name]])
    assert 0.85 <= found.cover_reduction.value <= 0.96
    assert found.brier_half.value <= 0.15
    assert found.wrong.value <= 0.22


def test_no_world_but_those_named_is_covered_far_less_than_promised(everybody):
    cover = {name: scores(people).cover_reduction.value for name, people in everybody.items() if name not in NAMED}
    assert min(cover.values()) >= 0.70, cover  # 0.80 less about two errors of 40 people


def test_decided_calls_are_rarely_wrong(everybody):
    assert scores([each for people in everybody.values() for each in people]).wrong_of_decided.value <= 0.09


def test_the_reference_prior_passes_in_the_base_world():
    found = scores(asked("base", evidence=False))
    assert found.cover_reduction.value >= 0.78
    assert found.wrong.value <= 0.30
