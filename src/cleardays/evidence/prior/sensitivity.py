"""What the prior would be under other assumptions: nine analyses, one thing changed in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from cleardays.evidence.prior.arms import Assumptions
from cleardays.evidence.prior.expected import expect
from cleardays.evidence.prior.multiplier import FAMILIES
from cleardays.evidence.prior.pooled import Pool, pool_trials
from cleardays.evidence.prior.stored import Expected
from cleardays.evidence.records import Study

PHI = (0.2, 1.0, 1.5)  # beside the usual 0.5
RHO = (-0.5, 0.5)  # beside none
SPREADS = (0.2, 0.6)  # c^2 of an arm that prints none, beside the usual 0.35


class Variant(NamedTuple):
    """One analysis: which of the nine, what is assumed, and what comes out."""

    number: int
    changed: str
    ratio: float
    chance_50: float
    chance_50_placebo: float
    own_sd: float

    @classmethod
    def of(cls, number: int, changed: str, found: Expected, stays: float = 1.0) -> Variant:
        """From a prior; `stays` is the share of people who go on and so can respond."""
        chances = (stays * found.chance_of(0.5), found.chance_of(0.5, treated=False))
        return cls(number, changed, found.ratio, *chances, found.own.variance**0.5)


class Pools:
    """The pools that the analyses need, each made once for all treatments."""

    def __init__(self, records: Sequence[Study]) -> None:
        make = partial(pool_trials, records)
        usual = Assumptions()
        self.usual = make(usual)
        self.by_phi = {phi: make(usual._replace(phi=phi)) for phi in PHI}
        self.by_family = {family: make(usual._replace(family=family)) for family in FAMILIES if family != usual.family}
        self.by_spread = {c2: make(usual._replace(c2_unknown=c2)) for c2 in SPREADS}
        self.logit = make(usual._replace(scale="logit"))
        self.apart = make(usual, kept_apart=True)
        self.one_month = make(usual._replace(own_months=False))
        self.days = make(usual._replace(days_only=True))
        self.alike = make(usual._replace(covariates=False))
        self.no_entry = make(usual._replace(entry=False))


def variants(pools: Pools, treatment: str, indication: str, stopped: float | None) -> list[Variant]:
    """All nine analyses of one prior, those that its trials allow.

    Args:
        pools: of all trials.
        treatment: catalogue id.
        indication: of the people.
        stopped: share of people in the trials of the treatment who stopped for harm; None where none says it.
    """
    return list(_variants(pools, treatment, indication, stopped))


def _variants(pools: Pools, treatment: str, indication: str, stopped: float | None) -> Iterator[Variant]:
    def found(pool: Pool, rho: float = 0.0) -> Expected | None:
        return expect(pool, treatment, indication, rho=rho) if treatment in pool.treatments else None

    each: list[tuple[int, str, Expected | None, float]] = [
        (1, "effect on the odds of a day instead of on the number of days", found(pools.logit), 1.0),
        *((2, f"variance of a person's months {phi:g} times their mean", found(pools.by_phi[phi]), 1.0) for phi in PHI),
        *((3, f"{family} law over people", found(pool), 1.0) for family, pool in pools.by_family.items()),
        *(
            (6, f"squared variation over people of {c2:g} where no spread is printed", found(pool), 1.0)
            for c2, pool in pools.by_spread.items()
        ),
        *(
            (4, f"correlation {rho:g} of natural change and the treatment's own part", found(pools.usual, rho), 1.0)
            for rho in RHO
        ),
        (5, "with the trials that are kept apart for drop-outs or size", found(pools.apart), 1.0),
        (6, "every share of responders read as of one month", found(pools.one_month), 1.0),
        (7, "days only, no attacks", found(pools.days), 1.0),
        (8, "chronic migraine and failed preventives not told apart", found(pools.alike), 1.0),
        (9, "entry limits not corrected for", found(pools.no_entry), 1.0),
    ]
    if stopped is not None:
        each.insert(9, (5, f"whoever stopped for harm ({stopped:.0%}) did not respond", found(pools.usual), 1.0 - stopped))
    for number, changed, prior, stays in each:
        if prior is not None:
            yield Variant.of(number, changed, prior, stays)
