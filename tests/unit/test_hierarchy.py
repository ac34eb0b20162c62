"""The normal hierarchical model against sums over a dense grid, and against the closed form where tau is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from cleardays.evidence.synthesis.bayes import believe
from cleardays.evidence.synthesis.studies import Pair, from_pairs, join
from cleardays.numerics.hierarchy import posterior

Y = np.array([-0.9, -0.2, -0.5, 0.3, -1.4])
V = np.diag([0.04, 0.09, 0.01, 0.16, 0.25])
ONES = np.ones((5, 1))
TAUS = np.linspace(0.0, 3.0, 3001)
EFFECTS = np.linspace(-4.0, 4.0, 1601)


def on_a_grid(scale, sd):
    """Weights of (tau, effect) over the whole grid, normalised."""
    spread = np.sqrt(np.diag(V)[:, None] + TAUS[None] ** 2)
    log = norm.logpdf(TAUS / scale)[:, None] + norm.logpdf(EFFECTS / sd)[None]
    for at in range(len(Y)):
        log = log + norm.logpdf((Y[at] - EFFECTS[None]) / spread[at][:, None]) - np.log(spread[at])[:, None]
    weight = np.exp(log - log.max())
    weight[0] *= 0.5  # the first of the sums over tau stands at its end
    return weight / weight.sum()


@pytest.mark.parametrize(("scale", "sd"), [(0.25, 1.0), (0.5, 0.4), (0.6, 10.0)])
def test_the_posterior_is_what_a_dense_grid_adds_up_to(scale, sd):
    grid = on_a_grid(scale, sd)
    of_effect, of_tau = grid.sum(axis=0), grid.sum(axis=1)
    found = posterior(Y, ONES, V, np.eye(5), mean=np.zeros(1), sd=np.array([sd]), tau_scale=scale)
    effect = found.of(np.ones((1, 1)))
    centre = of_effect @ EFFECTS
    assert effect.centre[0] == pytest.approx(centre, abs=1e-4)
    assert effect.spread[0] == pytest.approx(np.sqrt(of_effect @ (EFFECTS - centre) ** 2), abs=1e-4)
    for level in (0.025, 0.5, 0.975):
        at = effect.quantile(level)
        assert effect.below(at)[0] == pytest.approx(level, abs=1e-9)
        assert np.interp(at[0], EFFECTS + 0.0025, np.cumsum(of_effect)) == pytest.approx(level, abs=2e-4)
    assert found.tau_mean == pytest.approx(of_tau @ TAUS, abs=1e-3)
    for level in (0.1, 0.5, 0.9):
        assert np.interp(found.tau_quantile(level), TAUS, np.cumsum(of_tau)) == pytest.approx(level, abs=0.01)


def test_the_next_study_adds_the_spread_between_studies_at_each_tau():
    grid = on_a_grid(0.25, 1.0)
    found = posterior(Y, ONES, V, np.eye(5), mean=np.zeros(1), sd=np.ones(1), tau_scale=0.25)
    new = found.of(np.ones((1, 1)), predictive=1.0)
    centre = grid.sum(axis=0) @ EFFECTS
    variance = grid.sum(axis=0) @ (EFFECTS - centre) ** 2 + grid.sum(axis=1) @ TAUS**2
    assert new.centre[0] == pytest.approx(centre, abs=1e-4)
    assert new.spread[0] == pytest.approx(np.sqrt(variance), abs=1e-4)
    below = sum(grid[at] @ norm.cdf((0.0 - EFFECTS) / max(tau, 1e-9)) for at, tau in enumerate(TAUS))
    assert new.below(0.0)[0] == pytest.approx(below, abs=2e-3)


def test_with_a_known_tau_the_posterior_is_conjugate_and_the_evidence_a_normal_density():
    x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 1.0], [-1.0, 1.0]])
    d = np.eye(5)
    d[3, 4] = d[4, 3] = 0.5
    mean, sd = np.array([0.2, -0.1]), np.array([0.7, 1.5])
    found = posterior(Y, x, V, d, mean=mean, sd=sd, tau_scale=0.3)
    heights = []
    for at in range(0, len(found.tau), 9):
        sigma = V + found.tau[at] ** 2 * d
        precision = np.diag(sd**-2) + x.T @ np.linalg.solve(sigma, x)
        centre = np.linalg.solve(precision, mean / sd**2 + x.T @ np.linalg.solve(sigma, Y))
        assert found.mean[at] == pytest.approx(centre, abs=1e-10)
        assert found.covariance[at] == pytest.approx(np.linalg.inv(precision), abs=1e-10)
    for tau in TAUS:
        heights.append(
            multivariate_normal.pdf(Y, x @ mean, V + tau**2 * d + x @ np.diag(sd**2) @ x.T) * 2 * norm.pdf(tau / 0.3) / 0.3
        )
    assert found.log_evidence == pytest.approx(np.log(np.trapezoid(heights, TAUS)), abs=1e-4)


def test_two_scales_of_tau_give_the_same_answer_where_the_studies_tell_it():
    rng = np.random.default_rng(4)
    y = rng.normal(0.0, 0.4, 200)
    v = np.full(200, 0.01)
    spreads = []
    for scale in (0.3, 0.6):
        found = posterior(y, np.ones((200, 1)), np.diag(v), np.eye(200), mean=np.zeros(1), sd=np.ones(1), tau_scale=scale)
        spreads.append(found.tau_mean)
    assert spreads[0] == pytest.approx(spreads[1], rel=0.02)
    assert spreads[0] == pytest.approx(np.sqrt(y.var() - 0.01), rel=0.05)


def test_beliefs_about_a_network_turn_round_with_the_pair_and_widen_for_the_next_study():
    studies = [from_pairs(f"s{n}", [Pair("b", "a", -0.3 - 0.1 * n, 0.2)]) for n in range(4)]
    studies.append(from_pairs("t", [Pair("c", "a", 0.4, 0.1)]))
    belief = believe(join(studies, "a"))
    one, other = belief.effect("b", "c"), belief.effect("c", "b")
    assert one.centre == pytest.approx(-other.centre)
    assert one.spread == pytest.approx(other.spread)
    assert one.below(0.0)[0] == pytest.approx(1.0 - other.below(0.0)[0])
    assert one.centre == pytest.approx(belief.effect("b", "a").centre - belief.effect("c", "a").centre)
    assert belief.effect("b", "c", next_study=True).spread[0] > one.spread[0]
