"""The fast engine gives the answers of long NUTS runs of the same model.

The stored answers were made by benchmarks/nuts_reference.py (NumPyro, 4 chains of
4,000 draws or more); errors are in posterior standard deviations of those runs.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cleardays.diary.outcomes import day_series
from cleardays.diary.own_csv import read_days
from cleardays.numerics import weighted
from cleardays.response.design import BESIDE, CARRY, EFFECT, USUAL, Circumstances, centring_constant
from cleardays.response.fit import DRAWS, fit, pretreatment_rate, recent_weeks
from cleardays.response.forecast import going_on
from cleardays.response.priors import default_priors, reference_priors
from cleardays.response.summary import rates
from conftest import EXAMPLE
from reference.diaries import THE_TREATMENT, Case, reference_diaries

ANSWERS = json.loads((Path(__file__).parents[1] / "reference" / "nuts_answers.json").read_text(encoding="utf-8"))


def cases() -> dict[str, Case]:
    found = {case.name: case for case in reference_diaries()}
    if "kostecki-dillon-55" not in found:  # the one real diary that is always here
        with EXAMPLE.open(encoding="utf-8", newline="") as lines:
            example = day_series(read_days(lines, EXAMPLE.name), "headache_day")
        found["kostecki-dillon-55"] = Case("kostecki-dillon-55", example, THE_TREATMENT)
    return found


def fit_with(case: Case, kind: str, *, seed: int = 1, draws: int = 16384):
    rate, centre = pretreatment_rate(case.days, case.exposure), centring_constant(case.days)
    priors = reference_priors(rate, centre) if kind == "reference" else default_priors(rate, centre, "the treatment")
    beside = Circumstances(case.others, case.covariates)
    return fit(case.days, case.exposure, priors, seed=seed, beside=beside, draws=draws)


def case_of(name: str) -> Case:
    known = cases()
    if name not in known:
        pytest.skip(f"{name} is a real diary that is not on this machine (CLEARDAYS_REFERENCE_DATA)")
    return known[name]


def quantities(fitted, found):
    coefficients, level = fitted.draws.coefficients, fitted.draws.level(recent_weeks(fitted.design)).mean(axis=0)
    named = {
        "level": coefficients[USUAL] + level,
        "baseline": found.baseline,
        "rho": coefficients[CARRY],
        "delta": coefficients[EFFECT],
        "untreated": found.untreated,
        "current": found.current,
    }
    return {**named, "delta_2": coefficients[BESIDE]} if fitted.beside.others else named


def test_at_least_twenty_four_diaries_are_compared_half_of_them_real():
    names = {name.split("/")[0] for name in ANSWERS}
    assert len(names) >= 24
    assert sum(name.startswith("kostecki-dillon") for name in names) >= 12


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_posterior_matches_nuts(name):
    expected = ANSWERS[name]
    assert expected["max_rhat"] < 1.005
    assert expected["min_ess"] > 3000
    fitted = fit_with(case_of(name.split("/")[0]), name.split("/")[1])
    found, weight = rates(fitted, seed=1), fitted.draws.weight
    assert sum(going_on(fitted).daily_probability or ()) == pytest.approx(expected["forecast_mean"], abs=0.15)
    for key, values in quantities(fitted, found).items():
        if expected[key] is None:
            assert values is None
            continue
        mean = float(weight @ values)
        spread = float(np.sqrt(weight @ (values - mean) ** 2))
        sd = expected[key]["sd"]
        assert abs(mean - expected[key]["mean"]) < 0.05 * sd, key
        assert spread == pytest.approx(sd, rel=0.07), key
        for got, which in zip(weighted.quantiles(values, weight, (0.05, 0.5, 0.95)), ("q05", "q50", "q95"), strict=True):
            assert abs(got - expected[key][which]) < 0.15 * sd, (key, which)
    for threshold, key in ((0.5, "p50"), (0.3, "p30"), (0.75, "p75")):
        assert weighted.probability(found.reduction >= threshold, weight) == pytest.approx(expected[key], abs=0.02)
    assert weighted.probability(found.reduction < 0, weight) == pytest.approx(expected["worse"], abs=0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_shipped_number_of_draws_is_close_enough(name, seed):
    """With the default draws and any seed: what a person reads moves by no more than a hundredth or three."""
    expected = ANSWERS[name]
    fitted = fit_with(case_of(name.split("/")[0]), name.split("/")[1], seed=seed, draws=DRAWS)
    found, weight = rates(fitted, seed=seed), fitted.draws.weight
    assert fitted.effective_share > 0.4
    for values, key in ((found.current, "current"), (found.untreated, "untreated")):
        assert abs(float(weight @ values) - expected[key]["mean"]) < 0.1 * expected[key]["sd"]
    for threshold, key in ((0.5, "p50"), (0.3, "p30")):
        assert weighted.probability(found.reduction >= threshold, weight) == pytest.approx(expected[key], abs=0.03)
