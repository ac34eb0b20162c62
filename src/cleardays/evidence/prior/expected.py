"""From the pooled trials to what one person may expect: nu and gamma are taken as independent unless `rho` says otherwise."""

from __future__ import annotations

import numpy as np

from cleardays.evidence.population import INDICATIONS, People, alike, people_of
from cleardays.evidence.prior.arms import people_in
from cleardays.evidence.prior.multiplier import even_quantiles, family_of, with_log_variance
from cleardays.evidence.prior.pooled import Pool
from cleardays.evidence.prior.stored import Expected, Part
from cleardays.evidence.records import PLACEBO, Cell
from cleardays.sources import least_sure, source_keys

QUANTILES = 201
_LEAST_VARIANCE = 0.04  # of gamma over people: they are never all alike, and trials tell this spread badly (our choice)


def expect(pool: Pool, treatment: str, indication: str, *, rho: float = 0.0, certainty: str = "not judged") -> Expected | None:
    """The prior from a pool; None where no trial of the treatment in such people compares it with anything.

    Args:
        pool: the trials.
        treatment: catalogue id.
        indication: one of `INDICATIONS`.
        rho: correlation of nu and gamma over people.
        certainty: of the evidence, as it was judged.
    """
    people = INDICATIONS[indication]
    direct = studies_in(pool, treatment, people)
    if not direct:
        return None
    base, base_se, base_tau = pool.natural_change(people)
    effect, effect_se, effect_tau = pool.effect(treatment, people)
    c2_placebo, _ = pool.spread(PLACEBO, people)
    c2, spread_from = pool.spread(treatment, people)
    family = pool.assumed.family
    shared = float(np.sqrt(base_se**2 + base_tau**2 + effect_se**2 + effect_tau**2))
    ratio, ratio_placebo = pool.ratio(base + effect, people), pool.ratio(base, people)
    without = family_of(family, ratio_placebo, c2_placebo)
    own_over_people = max(_own_variance(family_of(family, ratio, c2).log_variance, without.log_variance, rho), _LEAST_VARIANCE)
    law = with_log_variance(family, ratio, without.log_variance + own_over_people)
    natural = Part(without.log_mean, without.log_variance + base_se**2 + base_tau**2)
    own = Part(law.log_mean - without.log_mean, own_over_people + effect_se**2 + effect_tau**2)
    used = _used(pool, treatment)
    base_shared = float(np.sqrt(base_se**2 + base_tau**2))
    return Expected(
        treatment,
        indication,
        even_quantiles(law, shared, QUANTILES),
        even_quantiles(without, base_shared, QUANTILES),
        natural,
        own,
        ratio,
        ratio_placebo,
        shared,
        direct,
        _people(pool, direct),
        certainty,
        source_keys({"source": [key for cell in used.values() for key in cell.source]}),
        least_sure(cell.confidence for cell in used.values()) or "derived",
        _placebo_studies(pool),
        spread_from,
        tuple(used),
        family,
        pool.assumed.phi,
    )


def _own_variance(treated: float, placebo: float, rho: float) -> float:
    """Var gamma from Var theta = Var nu + Var gamma + 2 rho sd nu sd gamma; 0 where there is none left."""
    side = rho * np.sqrt(placebo)
    root = side**2 + treated - placebo
    return float(max(0.0, -side + np.sqrt(root)) ** 2) if root > 0.0 else 0.0


def studies_in(pool: Pool, treatment: str, people: People) -> tuple[str, ...]:
    """Studies of a treatment in such people: chronic or not, several preventives failed or not."""
    found = []
    for rates in pool.rates:
        if alike(people_of(rates[0].study), people) and any(rate.treatment == treatment for rate in rates):
            found.append(rates[0].study.id)
    return tuple(sorted(found))


def _placebo_studies(pool: Pool) -> tuple[str, ...]:
    return tuple(
        sorted(
            rate.study.id for rates in pool.rates for rate in rates if rate.treatment == PLACEBO and rate.log_ratio is not None
        )
    )


def _used(pool: Pool, treatment: str) -> dict[str, Cell]:
    """The figures of all studies of a treatment, by study and place."""
    return {
        f"{rate.study.id} {place}": cell
        for rates in pool.rates
        if any(rate.treatment == treatment for rate in rates)
        for rate in rates
        for place, cell in rate.used
    }


def _people(pool: Pool, studies: tuple[str, ...]) -> int:
    """On the treatment and on placebo (or what else it was compared with), in these studies."""
    return int(sum(people_in(rates) for rates in pool.rates if rates[0].study.id in studies))
