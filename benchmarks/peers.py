"""The example diary through one way of answering: its P(R >= 50 %), what it costs the first time, and again.

    python benchmarks/peers.py kernel|numpy|nuts|structural

`nuts` is the same model in NumPyro, four chains of 1,000 draws after 1,000 of warm-up; `structural` a local level of
statsmodels, fitted to the days before and forecast over the last 28 (as CausalImpact does). Prints one JSON object with CPU
seconds. `response.py` runs each in a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
EXAMPLE, START, HALF, DRAWS = HERE.parent / "examples" / "kostecki_dillon_55.csv", date(2024, 3, 4), 0.5, 512


def ours() -> Callable[[], float]:
    """The engine alone: one diary, reference prior, 45 nodes, 512 draws."""
    from cleardays.cli.files import load_diary
    from cleardays.diary.outcomes import day_series
    from cleardays.numerics import weighted
    from cleardays.quantities import ExposureSeries
    from cleardays.response.design import centring_constant
    from cleardays.response.fit import fit, pretreatment_rate
    from cleardays.response.priors import reference_priors
    from cleardays.response.summary import rates

    days, exposure = day_series(load_diary(str(EXAMPLE)), "headache_day"), ExposureSeries.started("x", START)

    def answer() -> float:
        priors = reference_priors(pretreatment_rate(days, exposure), centring_constant(days))
        fitted = fit(days, exposure, priors, seed=1, draws=DRAWS)
        return weighted.probability(rates(fitted, seed=1).reduction >= HALF, fitted.draws.weight)

    return answer


def nuts() -> Callable[[], float]:
    """The same model sampled by NumPyro; the second answer does not compile again."""
    import jax
    import numpy as np
    import nuts_reference
    from numpyro.infer import MCMC, NUTS

    from cleardays.cli.files import load_diary
    from cleardays.diary.outcomes import day_series
    from cleardays.quantities import ExposureSeries
    from reference.day_rows import lay_out
    from reference.diaries import Case
    from reference.reading import Draws

    case = Case("example", day_series(load_diary(str(EXAMPLE)), "headache_day"), ExposureSeries.started("x", START))
    rows = lay_out(case)
    priors = nuts_reference.priors_of(case, "reference", rows.centre)
    how = {"num_warmup": 1000, "num_samples": 1000, "num_chains": 4, "chain_method": "vectorized", "progress_bar": False}
    run = MCMC(NUTS(nuts_reference.model, target_accept_prob=0.95), **how)

    def answer() -> float:
        run.run(jax.random.PRNGKey(1), rows, priors)
        draws = Draws({name: np.asarray(value) for name, value in run.get_samples(group_by_chain=True).items()}, rows)
        return float(np.mean(1.0 - draws.current() / draws.untreated() >= HALF))

    return answer


def structural() -> Callable[[], float]:
    """A local level of the days before, forecast over the last 28 days and held against them."""
    import warnings
    from statistics import NormalDist

    import numpy as np
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    from cleardays.cli.files import load_diary
    from cleardays.diary.outcomes import day_series

    days = day_series(load_diary(str(EXAMPLE)), "headache_day")
    values = np.array([np.nan if state is None else float(state) for state in days.states])
    begun = (START - days.first_day).days
    recent = np.nanmean(values[-28:])

    def answer() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = UnobservedComponents(values[:begun], level="llevel").fit(disp=False)
            paths = found.simulate(len(values) - begun, anchor="end", repetitions=DRAWS, rng=1)
        would_be = paths.reshape(len(values) - begun, -1)[-28:].mean(axis=0)
        chance = NormalDist(float(would_be.mean()), float(would_be.std()))
        return 1.0 - chance.cdf(float(recent) / (1.0 - HALF))

    return answer


WAYS = {"kernel": ours, "numpy": ours, "nuts": nuts, "structural": structural}


def main() -> None:
    """Answer once and again; the first includes importing."""
    way = sys.argv[1]
    os.environ["CLEARDAYS_KERNEL"] = "off" if way == "numpy" else "on"
    began = time.process_time()
    answer = WAYS[way]()
    chance = answer()
    cold = time.process_time() - began
    again = []
    for _ in range(3 if way == "nuts" else 15):
        began = time.process_time()
        answer()
        again.append(time.process_time() - began)
    print(json.dumps({"p50": chance, "cold_s": cold, "steady_s": min(again)}))


if __name__ == "__main__":
    main()
