"""The batched inner problem agrees with dense algebra at single nodes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import numpy as np
import pytest

from cleardays.numerics import weighted
from cleardays.quantities import ExposureSeries
from cleardays.response.design import exposures_at, lay_out
from cleardays.response.draws import draw, draw_block, white_noise
from cleardays.response.fit import fit
from cleardays.response.inner import gradient, solve_inner
from cleardays.response.model import join, look
from cleardays.response.nodes import Beside, lay_grid
from cleardays.response.pieces import assemble
from cleardays.response.priors import default_priors
from cleardays.response.summary import rates
from conftest import START

PATTERNS = [("X00X0X.0X0XX00X", "X00X00..X00000X0000000X00"), ("X" * 20, "X" * 40), ("X", "")]


def set_up(days):
    exposure = ExposureSeries.started("x", START)
    design = lay_out(days, exposure)
    nodes = lay_grid(default_priors(0.5, design.centre, "x"), beside=Beside(recalled=design.recalled))
    return join(design, nodes, exposures_at(exposure, design.first_day, len(design.week_of_day), nodes.onset.tolist()))


def dense_information(model, levels, b):
    """The observed information of every node as one dense matrix each, (K, W + p, W + p)."""
    here = look(model, levels, b, curved=True)
    v = here.information
    diagonal, off, border, corner = assemble(model.prior, model.pieces, model.x, v, here.passage.information)
    weeks = len(levels)
    full = np.zeros((diagonal.shape[1], weeks + len(b), weeks + len(b)))
    at = np.arange(weeks)
    full[:, at, at] = diagonal.T
    full[:, at[1:], at[:-1]] = full[:, at[:-1], at[1:]] = off.T
    full[:, :weeks, weeks:] = border.transpose(2, 0, 1)
    full[:, weeks:, :weeks] = border.transpose(2, 1, 0)
    full[:, weeks:, weeks:] = corner.transpose(2, 0, 1)
    return full


def dense_answer(model):
    """Mode, information, evidence and full skew shift of every node, with dense matrices and half steps."""
    weeks, nodes = model.design.n_weeks, model.nodes
    z = np.vstack([np.zeros((weeks, len(nodes.spread))), nodes.mean])
    for _ in range(80):
        step = np.linalg.solve(
            dense_information(model, z[:weeks], z[weeks:]),
            np.vstack(gradient(model, look(model, z[:weeks], z[weeks:]))).T[:, :, None],
        )
        z = z + 0.5 * step[:, :, 0].T
    information = dense_information(model, z[:weeks], z[weeks:])
    evidence = look(model, z[:weeks], z[weeks:]).log_posterior - 0.5 * np.linalg.slogdet(information)[1]
    inverse, c = np.linalg.inv(information), np.zeros_like(z)
    for i in range(len(z)):  # c_i = sum_jk V_jk d^3 log posterior / (dz_i dz_j dz_k) / 2, by differences of the information
        move = np.zeros_like(z)
        move[i] = 1e-4
        there, back = z + move, z - move
        third = (
            dense_information(model, there[:weeks], there[weeks:]) - dense_information(model, back[:weeks], back[weeks:])
        ) / 2e-4
        c[i] = -0.5 * np.einsum("kij,kij->k", inverse, third)
    return z, information, evidence, np.einsum("kij,jk->ik", inverse, c)


@pytest.fixture(params=PATTERNS, ids=["gaps", "always", "one day"])
def fitted(request, pattern_series):
    model = set_up(pattern_series(*request.param))
    return model, solve_inner(model), dense_answer(model)


def test_mode_and_evidence_match_a_dense_newton(fitted):
    _, inner, (_, _, evidence, _) = fitted
    assert inner.settled
    np.testing.assert_allclose(inner.log_evidence, evidence, atol=1e-9)


def test_the_shift_towards_the_mean_is_nearly_that_of_all_third_derivatives(fitted):
    """Exact for certain days. The chance after a run is taken as linear on the logit scale; far nodes show it."""
    _, inner, (mode, information, _, shift) = fitted
    found = np.vstack([inner.levels, inner.coefficients]) - mode
    sds = np.sqrt(np.diagonal(np.linalg.inv(information), axis1=1, axis2=2)).T
    away = np.abs((found - shift) / sds)
    assert away.max() < 0.08
    assert np.median(away) < 0.005
    assert np.abs(shift / sds).max() > 0.1  # there is something to shift


def test_draws_have_the_mean_and_covariance_of_their_node(fitted):
    model, inner, (_, information, _, _) = fitted
    k, nodes = 60, model.nodes
    one = nodes.log_weight * 0.0 - 1e9
    one[k] = 0.0  # all the weight on one node
    weeks = np.arange(model.design.n_weeks)
    model = model._replace(nodes=nodes._replace(log_weight=one))
    draws = draw(model, inner, weeks, partial(draw_block, model, inner), count=40_000, seed=3)
    got = np.concatenate([draws.levels, draws.coefficients])
    assert set(draws.node.tolist()) == {k}
    np.testing.assert_allclose(got.mean(axis=1), np.concatenate([inner.levels[:, k], inner.coefficients[:, k]]), atol=0.03)
    np.testing.assert_allclose(np.cov(got), np.linalg.inv(information[k]), atol=0.04)


def test_noise_is_even_in_each_dimension_and_independent_between_them():
    white = white_noise(6, 2048, seed=4)
    ranked = np.sort(white, axis=1)
    assert np.abs(ranked - ranked[0]).max() < 1e-12  # the same values in each dimension
    np.testing.assert_allclose(white.mean(axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose((white**2).mean(axis=1), 1.0, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(white), np.eye(6), atol=0.08)
    np.testing.assert_array_equal(white_noise(4, 2048, seed=4), white[:4])


def test_importance_weights_make_the_evidence_exact(pattern_series):
    """For one day at one node the integral over z is one-dimensional: the weighted draws give it exactly."""
    exposure = ExposureSeries.started("x", START)
    design = lay_out(pattern_series("X"), exposure)
    nodes = lay_grid(default_priors(0.5, design.centre, "x"), (1, 1, 1))
    one = nodes.log_weight * 0.0 - 1e9
    one[0] = 0.0
    nodes = nodes._replace(log_weight=one)
    model = join(design, nodes, exposures_at(exposure, design.first_day, len(design.week_of_day), nodes.onset.tolist()))
    inner = solve_inner(model)
    # a = mu + u normal with the two variances added, rho apart from it; the long-run chance by quadrature over both
    sd = np.sqrt(1 / nodes.precision[0, 0] + nodes.spread[0] ** 2)
    x, w = np.polynomial.hermite_e.hermegauss(60)
    a = nodes.mean[0, 0] + sd * x[:, None]
    rho = nodes.mean[1, 0] + x[None] / np.sqrt(nodes.precision[1, 0])
    up, down = 1 / (1 + np.exp(-(a + rho * (1 - design.centre)))), 1 / (1 + np.exp(-(a - rho * design.centre)))
    exact = np.log(w @ (down / (1 - up + down)) @ w / (2 * np.pi))
    drawn = draw(model, inner, np.arange(design.n_weeks), partial(draw_block, model, inner), count=40_000, seed=2)
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
