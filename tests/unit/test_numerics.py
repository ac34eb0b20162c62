"""The shared numerics agree with dense linear algebra and with known integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cleardays.numerics import arrowhead, quadrature, weighted
from cleardays.numerics.logistic import bernoulli_log_likelihood, logit, sigmoid


def dense(diagonal, off, border, corner, k):
    """The k-th system as one dense matrix."""
    n, p, _ = border.shape
    matrix = np.zeros((n + p, n + p))
    matrix[:n, :n] = np.diag(diagonal[:, k]) + np.diag(off[:, k], 1) + np.diag(off[:, k], -1)
    matrix[:n, n:] = border[:, :, k]
    matrix[n:, :n] = border[:, :, k].T
    matrix[n:, n:] = corner[:, :, k]
    return matrix


@pytest.fixture(params=[1, 2, 9])
def systems(request):
    random = np.random.default_rng(7)
    n, p, count = request.param, 3, 4
    off = -random.uniform(0.1, 1.0, (n - 1, count))
    diagonal = random.uniform(3.0, 4.0, (n, count))
    border = random.normal(size=(n, p, count)) * 0.3
    corner = np.stack([np.eye(p) * 9.0] * count, axis=-1)
    return diagonal, off, border, corner


def test_arrowhead_systems_solve_like_dense_ones(systems):
    diagonal, off, border, corner = systems
    random = np.random.default_rng(1)
    top, bottom = random.normal(size=diagonal.shape), random.normal(size=corner.shape[1:])
    system = arrowhead.factor(diagonal, off, border, corner)
    u, b = arrowhead.solve(system, top, bottom)
    for k in range(diagonal.shape[1]):
        matrix = dense(*systems, k)
        expected = np.linalg.solve(matrix, np.concatenate([top[:, k], bottom[:, k]]))
        np.testing.assert_allclose(np.concatenate([u[:, k], b[:, k]]), expected, rtol=1e-10)
        assert arrowhead.log_determinant(system.chain, system.schur)[k] == pytest.approx(
            np.linalg.slogdet(matrix)[1], abs=1e-10
        )


def test_chain_covariances_are_the_middle_of_the_inverse(systems):
    diagonal, off, border, corner = systems
    chain = arrowhead.factor_chain(diagonal, off)
    for k in range(diagonal.shape[1]):
        inverse = np.linalg.inv(dense(diagonal, off, border, corner, k)[: len(diagonal), : len(diagonal)])
        variances, beside = arrowhead.chain_covariances(chain)
        np.testing.assert_allclose(variances[:, k], np.diag(inverse), rtol=1e-10)
        np.testing.assert_allclose(beside[:, k], np.diag(inverse, 1), rtol=1e-10)


def test_coloured_noise_has_the_inverse_as_its_covariance():
    n = 4
    diagonal, off = np.full((n, 1), 2.5), np.full((n - 1, 1), -1.0)
    chain = arrowhead.factor_chain(diagonal, off)
    map_ = np.column_stack([arrowhead.colour_chain(chain, column[:, None])[:, 0] for column in np.eye(n)])
    matrix = np.diag(np.full(n, 2.5)) - np.diag(np.ones(n - 1), 1) - np.diag(np.ones(n - 1), -1)
    np.testing.assert_allclose(map_ @ map_.T, np.linalg.inv(matrix), rtol=1e-12)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_hermite_nodes_integrate_polynomials_exactly(count):
    x, w = quadrature.normal_nodes(count)
    for power in range(2 * count):
        expected = 0.0 if power % 2 else math.prod(range(1, power, 2))  # the moments of the standard normal
        assert float(w @ x**power) == pytest.approx(expected, abs=1e-10)


def test_weighted_quantiles_of_equal_weights_are_the_usual_ones():
    values = np.random.default_rng(3).normal(size=1001)
    got = weighted.quantiles(values, np.ones(1001), (0.05, 0.5, 0.95))
    np.testing.assert_allclose(got, np.quantile(values, [0.05, 0.5, 0.95], method="hazen"), rtol=1e-12)


def test_effective_share_counts_the_draws_that_carry_weight():
    assert weighted.effective_share(np.ones(10)) == pytest.approx(1.0)
    assert weighted.effective_share(np.array([1.0, 0.0, 0.0, 0.0])) == pytest.approx(0.25)


def test_the_logistic_function_survives_extremes():
    x = np.array([-800.0, -30.0, 0.0, 30.0, 800.0])
    p = sigmoid(x)
    assert np.all((p >= 0) & (p <= 1))
    assert p[2] == 0.5
    np.testing.assert_allclose(logit(sigmoid(np.array([-3.0, 0.2]))), [-3.0, 0.2], rtol=1e-12)
    likelihood = bernoulli_log_likelihood(np.array([1.0, 0.0]), np.array([-800.0, -800.0]))
    np.testing.assert_allclose(likelihood, [-800.0, 0.0])
