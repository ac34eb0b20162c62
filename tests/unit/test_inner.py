"""The batched inner problem agrees with a plain dense Newton at single nodes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.design import lay_out
from cleardays.response.draws import draw
from cleardays.response.fit import fit
from cleardays.response.inner import join, solve_inner
from cleardays.response.nodes import lay_grid
from cleardays.response.onset import delayed_exposure
from cleardays.response.priors import default_priors
from cleardays.response.summary import rates
from conftest import START

PATTERNS = [("X00X0X.0X0XX00X", "00X00..X00000X0000000X00"), ("X" * 20, "X" * 40), ("X", "")]


def dense_newton(design, nodes, exposures, k):
    """Mode, negative Hessian and log evidence of node k, with one dense matrix and no tricks."""
    weeks, p = design.n_weeks, 3
    s, phi = nodes.spread[k], nodes.persistence[k]
    covariance = s**2 * phi ** np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    precision = np.zeros((weeks + p, weeks + p))
    precision[:weeks, :weeks] = np.linalg.inv(covariance)
    precision[weeks:, weeks:] = np.diag(nodes.precision[:, k])
    mean = np.concatenate([np.zeros(weeks), nodes.mean[:, k]])
    rows = np.zeros((len(design.had), weeks + p))
    rows[np.arange(len(design.had)), design.week] = 1.0
    rows[:, weeks] = 1.0
    rows[:, weeks + 1] = design.previous
    rows[:, weeks + 2] = exposures[nodes.onset_index[k]]
    z = mean.copy()
    for _ in range(200):
        prob = 1 / (1 + np.exp(-rows @ z))
        hessian = precision + rows.T @ (rows * (prob * (1 - prob))[:, None])
        step = np.linalg.solve(hessian, rows.T @ (design.had - prob) - precision @ (z - mean))
        z = z + 0.5 * step
    eta = rows @ z
    log_likelihood = np.sum(design.had * eta - np.logaddexp(0, eta))
    away = z - mean
    evidence = (
        log_likelihood
        - 0.5 * away @ precision @ away
        + 0.5 * np.linalg.slogdet(precision)[1]
        - 0.5 * np.linalg.slogdet(hessian)[1]
    )
    variance = np.einsum("ti,ij,tj->t", rows, np.linalg.inv(hessian), rows)
    c = -0.5 * prob * (1 - prob) * (1 - 2 * prob) * variance
    return z + np.linalg.solve(hessian, rows.T @ c), hessian, evidence


@pytest.fixture(params=PATTERNS, ids=["gaps", "always", "one day"])
def fitted(request, pattern_series):
    days = pattern_series(*request.param)
    exposure = ExposureSeries.started("x", START)
    design = lay_out(days, exposure)
    nodes = lay_grid(default_priors(0.5, design.centre, "x"))
    exposures = np.array([delayed_exposure(exposure, days.first_day, design.day, float(t)) for t in nodes.onset])
    model = join(design, nodes, exposures)
    return design, nodes, exposures, model, solve_inner(model)


def test_mode_shift_and_evidence_match_a_dense_newton(fitted):
    design, nodes, exposures, _, inner = fitted
    for k in (0, 67, 134):
        z, _, evidence = dense_newton(design, nodes, exposures, k)
        np.testing.assert_allclose(np.concatenate([inner.levels[:, k], inner.coefficients[:, k]]), z, atol=1e-6)
        assert inner.log_evidence[k] == pytest.approx(evidence, abs=1e-8)


def test_draws_have_the_mean_and_covariance_of_their_node(fitted):
    design, nodes, exposures, model, inner = fitted
    k = 60
    one = nodes.log_weight * 0.0 - 1e9
    one[k] = 0.0  # all the weight on one node
    weeks = np.arange(design.n_weeks)
    draws = draw(model._replace(nodes=nodes._replace(log_weight=one)), inner, weeks, count=40_000, seed=3)
    z, hessian, _ = dense_newton(design, nodes, exposures, k)
    got = np.concatenate([draws.levels, draws.coefficients])
    assert set(draws.node.tolist()) == {k}
    np.testing.assert_allclose(got.mean(axis=1), z, atol=0.03)
    np.testing.assert_allclose(np.cov(got), np.linalg.inv(hessian), atol=0.04)


def test_importance_weights_make_the_evidence_exact(pattern_series):
    """For one day at one node the integral over z is one-dimensional: the weighted draws give it exactly."""
    days = pattern_series("X")
    exposure = ExposureSeries.started("x", START)
    design = lay_out(days, exposure)
    nodes = lay_grid(default_priors(0.5, design.centre, "x"), (1, 1, 1))
    one = nodes.log_weight * 0.0 - 1e9
    one[0] = 0.0
    nodes = nodes._replace(log_weight=one)
    exposures = np.array([delayed_exposure(exposure, days.first_day, design.day, float(t)) for t in nodes.onset])
    model = join(design, nodes, exposures)
    inner = solve_inner(model)
    # eta = mu + u, normal with the two variances added; p(y = 1) by quadrature
    sd = np.sqrt(1 / nodes.precision[0, 0] + nodes.spread[0] ** 2)
    x, w = np.polynomial.hermite_e.hermegauss(80)
    exact = np.log(w @ (1 / (1 + np.exp(-(nodes.mean[0, 0] + sd * x)))) / np.sqrt(2 * np.pi))
    drawn = draw(model, inner, np.arange(design.n_weeks), count=40_000, seed=2)
    assert drawn.log_evidence == pytest.approx(exact, abs=0.002)
    assert abs(inner.log_evidence[0] - exact) > 0.003  # Laplace alone is not that close


def test_the_grid_moves_to_where_a_long_diary_has_its_hyperparameters(pattern_series):
    """Eighteen months of strong seasons: five prior nodes miss the level's spread, the moved ones do not."""
    states = list(([False] * 60 + [True] * 60) * 5)
    random = np.random.default_rng(1)
    flipped = tuple(bool(s) if random.random() > 0.1 else not s for s in states)
    days = pattern_series("0")._replace(states=flipped, recalled=(False,) * len(flipped))
    exposure = ExposureSeries.started("x", days.first_day + timedelta(days=300))
    priors = default_priors(0.5, 0.5, "x")
    coarse, fine = (
        fit(days, exposure, priors, seed=1, draws=16384),
        fit(days, exposure, priors, seed=1, draws=16384, grid=(15, 9, 5)),
    )
    assert coarse.frame.centre[0] > 1
    assert coarse.draws.log_evidence == pytest.approx(fine.draws.log_evidence, abs=0.2)
    for threshold in (0.3, 0.5):
        chances = [weighted.probability(rates(f, seed=1).reduction >= threshold, f.draws.weight) for f in (coarse, fine)]
        assert chances[0] == pytest.approx(chances[1], abs=0.02)
