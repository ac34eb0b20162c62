"""One world after another: people, what every method says of them, and the scores.

A person's figures depend on the seed, the world's name and the person's number alone, so they can be worked out in
any order and in any number of processes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cleardays.evidence.prior.stored import Expected
from cleardays.response.study import engine
from cleardays.response.study.answers import Answer
from cleardays.response.study.before_after import beta, rule_on_run_in, rule_on_worst_month
from cleardays.response.study.figures import Figure, mean, share
from cleardays.response.study.hierarchical import Rows, hierarchical
from cleardays.response.study.person import Person, Truth
from cleardays.response.study.scores import HALF, LOOKS, Scores, look_again, score
from cleardays.response.study.structural import local_level
from cleardays.response.study.worlds import World
from cleardays.response.verdict import CANNOT_TELL, JudgingRules

OURS, BETA, STRUCTURAL, HIERARCHICAL = "cleardays", "beta", "local-level", "hierarchical"
WORST_MONTH, RUN_IN = "rule-worst-month", "rule-run-in"
METHODS = {
    OURS: "the response model of cleardays",
    WORST_MONTH: "the 50 % rule against the remembered worst month",
    RUN_IN: "the 50 % rule against the days before the start",
    BETA: "independent days, beta before and after",
    STRUCTURAL: "a local-level structural model of the days before",
    HIERARCHICAL: "a hierarchical logistic model without a level",
}
LOOKED_AT = (OURS, BETA, STRUCTURAL)
_LOOK_SHARE = 4  # one person in so many is looked at again and again


class Asked(NamedTuple):
    """What a study is run with."""

    people: int
    seed: int
    evidence: bool
    rules: JudgingRules
    expected: Expected | None = None  # what trials say of these people

    @property
    def last_day_rules(self) -> JudgingRules:
        """The rules, with full weeks of treatment judged on their last day and not on the day after it."""
        return self.rules._replace(judge_after_days=self.rules.judge_after_days - 1)

    @property
    def looked_at(self) -> int:
        """How many people of each world are looked at again and again."""
        return -(-self.people // _LOOK_SHARE)


class Result(NamedTuple):
    """What came of one person; `looks` is empty for those who are looked at once."""

    truth: Truth
    worst_month: float
    known: float  # share of the diary's days
    answers: dict[str, Answer]
    looks: dict[str, tuple[str, ...]]
    rows: Rows


class WorldStudy(NamedTuple):
    """One world: who its people are, and how right each method was."""

    world: World
    effective: Figure
    nulls: Figure
    usual: Figure
    worst_month: Figure
    run_in: Figure
    known: Figure
    declined: Figure
    scores: dict[str, Scores]

    def document(self) -> dict[str, object]:
        """As it stands in JSON output."""
        facts = {
            "effective": self.effective,
            "true_nulls": self.nulls,
            "usual_days": self.usual,
            "worst_month_days": self.worst_month,
            "run_in_days": self.run_in,
            "known_share": self.known,
            "cannot_tell": self.declined,
        }
        return {
            "world": self.world.name,
            "group": self.world.group,
            "says": self.world.says,
            **{name: figure.document() for name, figure in facts.items()},
            "methods": {name: scores.document() for name, scores in self.scores.items()},
        }


def generator(seed: int, name: str, index: int) -> np.random.Generator:
    """The random numbers of one person of a world."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), index])


def study_person(world: World, index: int, asked: Asked) -> Result:
    """One person, and what every method says that looks at one person alone."""
    person = world.person(generator(asked.seed, world.name, index))
    days = person.treated_days
    looks: dict[str, tuple[str, ...]] = {}
    if index < asked.looked_at:
        looks = {name: _looked(person, name, asked) for name in LOOKED_AT}
    return Result(
        truth=person.truth,
        worst_month=person.worst_month,
        known=person.days.known / len(person.days.states),
        answers={name: _ask(person, name, days, asked.last_day_rules, asked) for name in METHODS if name != HIERARCHICAL},
        looks=looks,
        rows=_rows(person),
    )


def _ask(person: Person, name: str, days: int, rules: JudgingRules, asked: Asked) -> Answer:
    if name == OURS:
        seen = person.seen(days)
        return engine.answer(seen, person.exposure, rules, HALF, evidence=asked.evidence, expected=asked.expected)
    if name == WORST_MONTH:
        return rule_on_worst_month(person, days)
    if name == RUN_IN:
        return rule_on_run_in(person, days)
    return beta(person, days, rules) if name == BETA else local_level(person, days, rules)


def _looked(person: Person, name: str, asked: Asked) -> tuple[str, ...]:
    """The verdict at each look as far as the diary goes, however early."""
    early = asked.rules._replace(judge_after_days=0)
    looks = [day for day in LOOKS if day <= person.treated_days] or [LOOKS[0]]
    return tuple(_ask(person, name, day, early, asked).verdict for day in looks)


def _rows(person: Person) -> Rows:
    states = person.days.states
    known = np.array([index for index, state in enumerate(states) if state is not None])
    wanted = np.append(known, len(states) - 1)
    exposure = engine.typical_exposure(person.exposure, person.days.first_day, wanted)
    return Rows(np.array([float(states[index] is True) for index in known]), exposure[:-1], float(exposure[-1]))


def study_world(world: World, results: Sequence[Result], asked: Asked) -> WorldStudy:
    """The scores of every method on the people of a world, in the order of their numbers."""
    truths = [result.truth for result in results]
    of = {name: [result.answers[name] for result in results] for name in METHODS if name != HIERARCHICAL}
    of[HIERARCHICAL] = hierarchical([result.rows for result in results], asked.rules)
    scores = {name: score(truths, of[name]) for name in METHODS}
    looked = [result for result in results if result.looks]
    for name in LOOKED_AT:
        scores[name] = look_again(scores[name], [result.truth for result in looked], [result.looks[name] for result in looked])
    return WorldStudy(
        world,
        effective=_share([truth.reduction >= HALF for truth in truths]),
        nulls=_share([truth.null for truth in truths]),
        usual=_mean([truth.usual for truth in truths]),
        worst_month=_mean([result.worst_month for result in results]),
        run_in=_mean([truth.run_in for truth in truths]),
        known=_mean([result.known for result in results]),
        declined=_share([answer.verdict == CANNOT_TELL for answer in of[OURS]]),
        scores=scores,
    )


def _share(true: list[bool]) -> Figure:
    found = share(np.array(true, dtype=bool))
    assert found is not None  # a world has people
    return found


def _mean(values: list[float]) -> Figure:
    found = mean(np.array(values))
    assert found is not None  # a world has people
    return found
