"""The fast engine gives the answers of long NUTS runs of the same model.

The stored answers were made by benchmarks/nuts_reference.py (NumPyro, 4 chains of
4,000 draws); errors are in posterior standard deviations of those runs.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cleardays.diary.outcomes import day_series
from cleardays.diary.own_csv import read_days
from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.design import centring_constant
from cleardays.response.fit import DRAWS, fit, pretreatment_rate, recent_weeks
from cleardays.response.forecast import going_on
from cleardays.response.priors import default_priors, reference_priors
from cleardays.response.summary import rates
from conftest import EXAMPLE
from reference.diaries import reference_diaries

ANSWERS = json.loads((Path(__file__).parents[1] / "reference" / "nuts_answers.json").read_text(encoding="utf-8"))


def diaries():
    found = {name: (days, exposure) for name, days, exposure in reference_diaries()}
    if "kostecki-dillon-55" not in found:  # the one real diary that is always here
        with EXAMPLE.open(encoding="utf-8", newline="") as lines:
            example = day_series(read_days(lines, EXAMPLE.name), "headache_day")
        found["kostecki-dillon-55"] = (example, next(iter(found.values()))[1])
    return found


def fit_with(days, exposure: ExposureSeries, kind: str, *, seed: int = 1, draws: int = 16384):
    rate, centre = pretreatment_rate(days, exposure), centring_constant(days)
    priors = reference_priors(rate, centre) if kind == "reference" else default_priors(rate, centre, "the treatment")
    return fit(days, exposure, priors, seed=seed, draws=draws)


@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_posterior_matches_nuts(case):
    name, kind = case.split("/")
    known = diaries()
    if name not in known:
        pytest.skip(f"{name} is a real diary that is not on this machine (CLEARDAYS_REFERENCE_DATA)")
    expected = ANSWERS[case]
    assert expected["max_rhat"] < 1.005
    fitted = fit_with(*known[name], kind)
    found, draws = rates(fitted, seed=1), fitted.draws
    level = draws.coefficients[0] + draws.level(recent_weeks(fitted.design)).mean(axis=0)
    assert found.baseline is not None
    assert sum(going_on(fitted).daily_probability) == pytest.approx(expected["forecast_mean"], abs=0.15)
    quantities = {
        "level": level,
        "baseline": found.baseline,
        "rho": draws.coefficients[1],
        "delta": draws.coefficients[2],
        "untreated": found.untreated,
        "current": found.current,
    }
    for key, values in quantities.items():
        mean = float(draws.weight @ values)
        spread = float(np.sqrt(draws.weight @ (values - mean) ** 2))
        sd = expected[key]["sd"]
        assert abs(mean - expected[key]["mean"]) < 0.05 * sd, key
        assert spread == pytest.approx(sd, rel=0.07), key
        for got, which in zip(weighted.quantiles(values, draws.weight, (0.05, 0.5, 0.95)), ("q05", "q50", "q95"), strict=True):
            assert abs(got - expected[key][which]) < 0.15 * sd, (key, which)
    for threshold, key in ((0.5, "p50"), (0.3, "p30")):
        assert weighted.probability(found.reduction >= threshold, draws.weight) == pytest.approx(expected[key], abs=0.02)
    assert weighted.probability(found.reduction < 0, draws.weight) == pytest.approx(expected["worse"], abs=0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_the_shipped_number_of_draws_is_close_enough(case, seed):
    """With the default draws and any seed: what a person reads moves by no more than a hundredth or three."""
    name, kind = case.split("/")
    known = diaries()
    if name not in known:
        pytest.skip(f"{name} is a real diary that is not on this machine (CLEARDAYS_REFERENCE_DATA)")
    expected = ANSWERS[case]
    fitted = fit_with(*known[name], kind, seed=seed, draws=DRAWS)
    found, weight = rates(fitted, seed=seed), fitted.draws.weight
    assert fitted.effective_share > 0.4
    for values, key in ((found.current, "current"), (found.untreated, "untreated")):
        assert abs(float(weight @ values) - expected[key]["mean"]) < 0.1 * expected[key]["sd"]
    for threshold, key in ((0.5, "p50"), (0.3, "p30")):
        assert weighted.probability(found.reduction >= threshold, weight) == pytest.approx(expected[key], abs=0.03)
