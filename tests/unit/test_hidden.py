"""Unknown and recalled days are summed over exactly, and the derivatives are those of that sum."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cleardays.quantities import DayCovariate, ExposureSeries
from cleardays.response.design import CARRY, EFFECT, Circumstances, exposures_at, lay_out
from cleardays.response.inner import gradient
from cleardays.response.model import join, log_posterior, look
from cleardays.response.nodes import Beside, lay_grid
from cleardays.response.pieces import assemble
from cleardays.response.priors import reference_priors
from cleardays.response.runs import Seen, lay_runs
from conftest import START
from reference.diaries import series
from reference.paths import log_likelihood

# X had, 0 clear, . unknown, x and o the same as X and 0 from memory; and how many days come before the start
DIARIES = {
    "one unknown day": ("X0.XX0X", 3),
    "recalled beside known": ("X0.X..0x.oX", 4),
    "begins with unknown days": ("..X....0XX", 3),
    "a gap too long to go through": ("X........0X0..", 5),
    "ends on a recalled day": ("xo.xX0...o", 2),
    "everything recalled": ("xoxxo.oXx", 2),
    "recalled after a long gap": ("0X.......x..o0", 9),
}


def placed(pattern: str, before: int):
    """Days, design, model and a random place (levels, coefficients) of every node."""
    days = series(START - timedelta(days=before), pattern)
    weekend = DayCovariate("weekend", START, (0.0, 1.0, 0.5, 0.0, 1.0))
    beside = Circumstances((ExposureSeries.started("other", START + timedelta(days=1)),), (weekend,))
    exposure = ExposureSeries.started("x", START)
    design = lay_out(days, exposure, beside)
    nodes = lay_grid(reference_priors(0.5, design.centre), (2, 1, 2), None, Beside(1, 1, design.recalled))
    model = join(design, nodes, exposures_at(exposure, design.first_day, len(design.week_of_day), nodes.onset.tolist()))
    random = np.random.default_rng(5)
    return days, model, random.normal(size=(design.n_weeks, len(nodes.spread))), random.normal(size=(5, len(nodes.spread)))


def log_posterior_at(model, levels, b):
    """One place for each node, in order."""
    return log_posterior(model, np.arange(b.shape[1]), levels, b)[0]


@pytest.fixture(params=DIARIES.values(), ids=DIARIES.keys())
def place(request):
    return placed(*request.param)


def test_the_filter_sums_over_all_paths(place):
    days, model, levels, b = place
    design, nodes = model.design, model.nodes
    found = look(model, levels, b).log_posterior - model.prior.log_density(levels, b, model.prior.pull(levels, b))
    known = np.arange(design.n_days)
    for k in range(len(nodes.spread)):
        a = design.row_of_day[known] @ b[:, k] + levels[design.week_of_day[known], k]
        a = a + model.exposures[nodes.onset_index[k], known] * b[EFFECT, k]
        expected = log_likelihood(days, a, b[CARRY, k], design.centre, nodes.recall.sensitivity[k], nodes.recall.specificity[k])
        assert found[k] == pytest.approx(expected, abs=1e-11)


def test_without_derivatives_the_likelihood_is_the_same(place):
    _, model, levels, b = place
    np.testing.assert_allclose(log_posterior_at(model, levels, b), look(model, levels, b).log_posterior, rtol=1e-13)


def test_gradient_and_observed_information_are_those_of_the_log_posterior(place):
    _, model, levels, b = place
    weeks, step, z = len(levels), 1e-5, np.vstack([levels, b])

    def slope(at):
        return np.vstack(gradient(model, look(model, at[:weeks], at[weeks:])))

    def each(function):
        moves = [step * np.eye(len(z))[i][:, None] for i in range(len(z))]
        return np.array([(function(z + move) - function(z - move)) / (2 * step) for move in moves])

    np.testing.assert_allclose(slope(z), each(lambda at: log_posterior_at(model, at[:weeks], at[weeks:])), atol=1e-7)
    here = look(model, levels, b, curved=True)
    v = here.information
    diagonal, off, border, corner = assemble(model.prior, model.pieces, model.x, v, here.passage.information)
    expected = -each(slope)
    got = np.zeros_like(expected)
    got[np.arange(weeks), np.arange(weeks)] = diagonal
    got[np.arange(1, weeks), np.arange(weeks - 1)] = got[np.arange(weeks - 1), np.arange(1, weeks)] = off
    got[:weeks, weeks:], got[weeks:, :weeks], got[weeks:, weeks:] = border, border.swapaxes(0, 1), corner
    np.testing.assert_allclose(got, expected, atol=1e-7)


def test_long_recalled_stretches_leave_out_only_levels_two_weeks_back():
    """Thirty recalled days: the gradient is that of the log posterior but for what passed through a whole week."""
    _, model, levels, b = placed("xo0" + "xooxoxx" * 5 + "X0X", 7)
    b[CARRY] = 0.7
    step, z, weeks = 1e-5, np.vstack([levels, b]), len(levels)
    got = np.vstack(gradient(model, look(model, levels, b)))
    for i in range(len(z)):
        move = step * np.eye(len(z))[i][:, None]
        there, back = z + move, z - move
        rise = log_posterior_at(model, there[:weeks], there[weeks:]) - log_posterior_at(model, back[:weeks], back[weeks:])
        np.testing.assert_allclose(got[i], rise / (2 * step), atol=2e-4)


def test_a_gap_of_six_days_is_gone_through_and_of_seven_is_not():
    for unknown, cells in ((6, 7), (7, 7)):
        states = (True,) + (None,) * unknown + (False,)
        plain, runs = lay_runs(states, (False,) * len(states))
        second = [(int(d), int(s)) for d, s in zip(runs.day, runs.seen, strict=True) if d > 0]
        assert len(plain) == 0
        assert len(second) == cells
        assert second[-1] == (unknown + 1, Seen.CLEAR)
        assert runs.before.tolist() == ([1, 2] if unknown == 6 else [2, 2])


def test_what_is_forgotten_over_a_longer_gap_is_little():
    """Seven unknown days and more: the state before them would have moved the chance of the next day by next to nothing."""
    for carry, most in ((0.7, 1e-6), (1.5, 5e-4)):
        for a in np.linspace(-3, 3, 25):
            up, down = 1 / (1 + np.exp(-(a + carry / 2))), 1 / (1 + np.exp(-(a - carry / 2)))
            assert abs(up - down) ** 8 < most


def test_certain_days_after_certain_days_are_plain_rows():
    plain, runs = lay_runs((True, False, None, True, True, True), (False, False, False, False, True, False))
    assert plain.tolist() == [1]
    assert sorted(runs.day.tolist()) == [0, 2, 3, 4, 5]
