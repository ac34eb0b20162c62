"""What a file of diaries teaches of the people in it, before each of them is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleardays.problems import BadInput, Problem
from cleardays.response.arrow_people import people_of
from cleardays.response.design import centring_constant
from cleardays.response.expectation import evidence_priors
from cleardays.response.fit import pretreatment_rate
from cleardays.response.population import Learned, Person, learn_priors
from cleardays.response.priors import Priors, reference_priors

if TYPE_CHECKING:
    import pyarrow as pa

    from cleardays.evidence.prior.stored import Expected

# Enough for the means and spreads of a population: from some hundred on, what is left open is far below what people differ by.
MOST = 200


class Population(NamedTuple):
    """What was learned, from how many of how many diaries, and what it started from."""

    learned: Learned
    of: int
    start: Priors

    def document(self) -> dict[str, object]:
        """As it stands in JSON output; normal laws over people, the effect on the logit scale."""
        priors = self.learned.priors
        laws = {
            "level": (priors.level_mean, priors.level_sd),
            "carry": (priors.carry_mean, priors.carry_sd),
            "effect": (priors.effect.means[0], priors.effect.sds[0]),
        }
        return {
            "people": self.learned.people,
            "of": self.of,
            **{name: {"mean": mean, "sd": sd} for name, (mean, sd) in laws.items()},
            "weekly_spread": priors.spread_median,
            "weekly_persistence": priors.persistence_median,
            "log_evidence": self.learned.log_evidence,
            "log_evidence_before": self.learned.log_evidence_before,
            "settled": self.learned.settled,
            "started_from": self.start.effect.reason.document(),
        }


def learn(batches: Iterator[pa.RecordBatch], rows: int, expected: Expected | None, *, seed: int) -> Population:
    """Learn from diaries spread evenly through the file, held a little by what the trials (or the reference priors) say.

    Args:
        batches: the file.
        rows: of the file.
        expected: what trials of the treatment let expect; None starts from the reference priors.
        seed: fixes the draws.

    Raises:
        BadInput: nobody in the file has begun a treatment and knows some day.
    """
    people = _spread(batches, rows)
    if not people:
        what = "nobody in the file has begun a treatment and knows some day, so there is nothing to learn."
        raise BadInput(Problem("cohort fit", what, "Add --independent: each diary by itself."))
    start = _start(people, expected)
    return Population(learn_priors(people, start, seed=seed), rows, start)


def _spread(batches: Iterator[pa.RecordBatch], rows: int) -> list[Person]:
    wanted = {int(at) for at in np.linspace(0, max(rows - 1, 0), min(MOST, rows)).round()}
    people: list[Person] = []
    first = 0
    for batch in batches:
        people += people_of(batch, [at - first for at in sorted(wanted) if first <= at < first + batch.num_rows])
        first += batch.num_rows
    return people


def _start(people: list[Person], expected: Expected | None) -> Priors:
    """At the rate that these people have on average: the trials speak of ratios, the model of the logit."""
    rate = float(np.mean([pretreatment_rate(person.days, person.exposure) for person in people]))
    centre = float(np.mean([centring_constant(person.days) for person in people]))
    return reference_priors(rate, centre) if expected is None else evidence_priors(rate, centre, expected)
