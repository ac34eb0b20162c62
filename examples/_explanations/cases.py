"""The four cases: what is true of the person, who is taken, and what the engine answers."""

from __future__ import annotations

import math
from itertools import count
from typing import NamedTuple

from _explanations.people import MONTH, START, States, World, exposure, had, long_run, series, simulate
from cleardays.numerics import weighted
from cleardays.response.answer import Response, respond
from cleardays.response.design import centring_constant
from cleardays.response.fit import fit_checked, pretreatment_rate
from cleardays.response.priors import default_priors
from cleardays.response.summary import rates
from cleardays.response.verdict import JudgingRules
from cleardays.trial.review import judging_rules

FELLOWS = 21  # people of each kind; the one in the middle is shown
LIVED_BEFORE = 84  # days simulated before the start; the diary holds the last 28 of them
RULE = 0.50  # of the before/after rule
BAD_MONTH = 1.25  # times the person's usual month

_PERSON = World(usual=-1.2, carry=0.9, spread=0.6, persistence=0.85, effect=0.0, onset_days=14.0)
_STRONG = -2.2


class Case(NamedTuple):
    """One kind of person and diary. `fulfils` is what the before/after rule says of everyone taken."""

    id: str
    world: World
    after: int  # days since the start, in the diary
    fewest: int  # headache days in the 28 days before the start
    most: int
    fulfils: bool
    verdict: str  # that the text of the page explains
    later: int = 0  # days since the start in a second look; 0 for none
    then: str = ""  # what the second look says of the person shown


class Found(NamedTuple):
    """The person shown, among how many simulated, how many of them began as wanted, and the verdict of every fellow."""

    seed: int
    simulated: int
    began: int
    verdicts: tuple[str, ...]
    later: tuple[str, ...] = ()  # of every fellow in the second look


def all_cases() -> tuple[Case, ...]:
    """The cases, in the order of the page."""
    bad = math.ceil(BAD_MONTH * long_run(_PERSON))
    works = _PERSON._replace(effect=_STRONG)
    return (
        Case("clear-responder", works, 84, 10, 14, True, "responding"),
        Case("regression-to-the-mean", _PERSON, 84, bad, 14, True, "cannot_tell", 168, "not_responding"),
        Case("too-early", works._replace(onset_days=28.0), 28, 10, 14, False, "too_early", 84, "responding"),
        Case("informative-missingness", _PERSON._replace(logged_had=0.6, logged_clear=0.0), 84, 10, 14, True, "cannot_tell"),
    )


def diary(case: Case, seed: int, after: int = 0) -> States:
    """28 days before the start, and what follows."""
    return simulate(case.world, seed, LIVED_BEFORE, after or case.after)[LIVED_BEFORE - MONTH :]


def fulfils_rule(states: States) -> bool:
    """Whether the last 28 days have at most half of the headache days of the 28 before the start; blanks taken as clear."""
    return had(states[-MONTH:]) <= (1.0 - RULE) * had(states[:MONTH])


def answer(states: States, rules: JudgingRules | None = None) -> Response:
    """What cleardays says of the diary on its last day."""
    return respond(series(states, MONTH), exposure(), rules or judging_rules())


def find(case: Case) -> Found:
    """The first people of this kind, by seed, and the one whose P(R >= 50 %) is in their middle.

    Where there is a second look, it is the one nearest the middle of whom it says what the page explains.
    """
    rules, began, fellows = judging_rules(), 0, []
    for seed in count(1):
        states = diary(case, seed)
        if not case.fewest <= had(states[:MONTH]) <= case.most:
            continue
        began += 1
        if fulfils_rule(states) is case.fulfils:
            said = answer(states, rules)
            fellows.append((said.probability["reduction_ge_50"], seed, said.verdict))
        if len(fellows) == FELLOWS:
            break
    ordered = sorted(fellows)
    later = {each: answer(diary(case, each, case.later), rules).verdict for _, each, _ in ordered if case.later}
    from_middle = sorted(range(FELLOWS), key=lambda place: abs(place - FELLOWS // 2))
    shown = next(ordered[place][1] for place in from_middle if not later or later[ordered[place][1]] == case.then)
    return Found(shown, seed, began, tuple(verdict for _, _, verdict in fellows), tuple(later.values()))


def true_reduction(case: Case) -> float:
    """What the treatment in full takes away from the person's usual month, as a share."""
    return 1.0 - long_run(case.world, 1.0) / long_run(case.world)


class Hundred(NamedTuple):
    """A hundred people with the same diary, by what their treatment does, and how many would have had fewer days anyway."""

    half: int  # it takes away half of the days or more
    some: int  # less than half, but at least a quarter
    little: int  # less than a quarter
    anyway: int  # fewer days now than before the start even without it

    @property
    def kinds(self) -> tuple[int, int, int]:
        """The three kinds, which make a hundred."""
        return self.half, self.some, self.little


QUARTER = 0.25


def hundred(states: States) -> Hundred:
    """The posterior of one diary as a hundred people: each draw is a person who would have written this diary."""
    days, treated = series(states, MONTH), exposure()
    priors = default_priors(pretreatment_rate(days, treated), centring_constant(days), treated.treatment)
    fitted = fit_checked(days, treated, priors, seed=1)
    found, weight = rates(fitted, seed=1), fitted.draws.weight
    if found.baseline is None:
        raise ValueError(f"No day before {START} is known.")
    half = round(100 * weighted.probability(found.reduction >= RULE, weight))
    quarter = round(100 * weighted.probability(found.reduction >= QUARTER, weight))
    anyway = round(100 * weighted.probability(found.untreated < found.baseline, weight))
    return Hundred(half, quarter - half, 100 - quarter, anyway)
