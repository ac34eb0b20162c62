"""Measures against their formulas and against simulation, regressions against least squares, and spreads that are errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gamma

from cleardays.evidence.synthesis.consistency import split_nodes
from cleardays.evidence.synthesis.gls import System, fit, pool, standard_error_of_tau2, tau2_interval
from cleardays.evidence.synthesis.measures import from_events, from_exposure, from_means
from cleardays.evidence.synthesis.network import synthesise
from cleardays.evidence.synthesis.pairwise import leave_one_out, small_studies, summarise
from cleardays.evidence.synthesis.plausible import doubtful_spreads
from cleardays.evidence.synthesis.regression import regress, regress_network, without_each
from cleardays.evidence.synthesis.studies import Pair, from_pairs, join
from cleardays.problems import BadInput

HAD, SIZE = np.array([20.0, 35.0, 10.0]), np.array([100.0, 110.0, 90.0])


def test_measures_of_events_are_their_formulas_with_what_the_first_arm_makes_common():
    a, b = HAD, SIZE - HAD
    for measure, value, variance in (
        ("OR", np.log(a / b), 1 / a + 1 / b),
        ("RR", np.log(a / SIZE), 1 / a - 1 / SIZE),
        ("RD", a / SIZE, a * b / SIZE**3),
    ):
        found = from_events(measure, HAD, SIZE)
        assert found.estimate == pytest.approx(value[1:] - value[0])
        assert found.covariance == pytest.approx(np.diag(variance[1:]) + variance[0])


def test_a_study_with_an_empty_cell_gets_half_a_person_in_every_cell():
    found = from_events("OR", np.array([0.0, 4.0]), np.array([10.0, 12.0]))
    assert found.estimate[0] == pytest.approx(np.log((4.5 / 8.5) / (0.5 / 10.5)))
    assert found.covariance[0, 0] == pytest.approx(1 / 4.5 + 1 / 8.5 + 1 / 0.5 + 1 / 10.5)
    everybody = from_events("RR", np.array([10.0, 4.0]), np.array([10.0, 12.0]))
    assert everybody.estimate[0] == pytest.approx(np.log((4.5 / 13) / (10.5 / 11)))


def test_measures_of_means_and_rates_are_their_formulas():
    mean, sd, n = np.array([9.0, 7.0, 6.0]), np.array([3.0, 2.5, 3.5]), np.array([30.0, 40.0, 35.0])
    found = from_means("MD", mean, sd, n)
    assert found.estimate == pytest.approx([-2.0, -3.0])
    assert found.covariance == pytest.approx(np.diag(sd[1:] ** 2 / n[1:]) + sd[0] ** 2 / n[0])
    ratio = from_means("ROM", mean, sd, n)
    assert ratio.estimate == pytest.approx(np.log(mean[1:] / 9.0))
    assert ratio.covariance[0, 1] == pytest.approx(9.0 / 30 / 81)
    rates = from_exposure(np.array([12.0, 5.0]), np.array([40.0, 38.0]))
    assert rates.estimate[0] == pytest.approx(np.log((5 / 38) / (12 / 40)))
    assert rates.covariance[0, 0] == pytest.approx(1 / 5 + 1 / 12)
    none = from_exposure(np.array([0.0, 5.0]), np.array([40.0, 38.0]))
    assert none.estimate[0] == pytest.approx(np.log((5.5 / 38) / (0.5 / 40)))


@pytest.mark.parametrize("size", [(8, 12), (5_000, 6_000), (10_000_000, 20_000_000)])
def test_a_standardised_difference_is_corrected_exactly_whatever_the_size(size):
    n = np.array(size, dtype=float)
    found = from_means("SMD", np.array([1.0, 2.0]), np.array([2.0, 2.0]), n)
    df = n.sum() - 2
    j = gamma(df / 2) / (np.sqrt(df / 2) * gamma((df - 1) / 2)) if df < 200 else 1 - 3 / (4 * df - 1)
    assert found.estimate[0] == pytest.approx(0.5 * j, rel=1e-9)
    assert found.covariance[0, 0] == pytest.approx(1 / n[0] + 1 / n[1] + (0.5 * j) ** 2 / (2 * n.sum()))


def test_standardised_differences_of_three_arms_vary_together_as_simulated_ones_do():
    rng = np.random.default_rng(3)
    mean, n = np.array([0.0, 0.5, 1.0]), np.array([60, 80, 70])
    drawn = []
    for _ in range(8_000):
        arms = [rng.normal(m, 1.0, count) for m, count in zip(mean, n, strict=True)]
        drawn.append(
            from_means("SMD", np.array([a.mean() for a in arms]), np.array([a.std(ddof=1) for a in arms]), n * 1.0).estimate
        )
    expected = from_means("SMD", mean, np.ones(3), n * 1.0).covariance
    assert np.cov(np.array(drawn).T) == pytest.approx(expected, rel=0.06)


Y = np.array([-0.9, -1.6, -1.3, -1.4, -0.2, -0.8, -1.6, 0.0, -0.5, -1.4, -0.3])
SE = np.array([0.6, 0.4, 0.6, 0.1, 0.2, 0.1, 0.5, 0.06, 0.24, 0.27, 0.11])


def test_the_test_of_small_studies_is_weighted_least_squares_on_the_standard_error():
    found = small_studies(Y.tolist(), SE.tolist(), "common")
    root = np.linalg.cholesky(np.diag(SE**-2.0)).T
    x = np.column_stack([np.ones(len(Y)), SE])
    expected = np.linalg.lstsq(root @ x, root @ Y, rcond=None)[0]
    (slope,) = found.slopes
    assert (found.effect[0], slope.estimate) == pytest.approx(tuple(expected))
    assert slope.se**2 == pytest.approx(np.linalg.inv(x.T @ np.diag(SE**-2.0) @ x)[1, 1])
    assert small_studies(Y[:9].tolist(), SE[:9].tolist()) is None


def test_a_single_study_is_itself_and_leaving_it_out_leaves_nothing():
    found = summarise([0.4], [0.2])
    assert (found.estimate, found.se, found.df, found.p, found.i2) == (pytest.approx(0.4), pytest.approx(0.2), 0, None, None)
    assert (found.hartung_knapp, found.prediction, found.tau2_interval) == (None, None, None)
    assert leave_one_out([0.4], [0.2]) == []
    assert [each.df for each in leave_one_out(Y.tolist(), SE.tolist())] == [9] * 11


@pytest.mark.parametrize(("estimate", "se"), [([], []), ([1.0], [0.0]), ([1.0], [-1.0]), ([np.nan], [1.0]), ([1.0], [np.inf])])
def test_numbers_that_are_none_are_refused(estimate, se):
    with pytest.raises(BadInput, match="standard errors above 0"):
        summarise(estimate, se)


def test_studies_that_agree_too_well_have_no_spread_and_an_interval_that_begins_at_0():
    system = System(np.full(5, 0.3), np.ones((5, 1)), 0.04 * np.eye(5), np.eye(5))
    for method in ("REML", "DL", "PM"):
        assert fit(system, method).tau2 == 0.0
    assert tau2_interval(system) == (0.0, 0.0)
    assert pool(system, 0.0).q == pytest.approx(0.0, abs=1e-20)
    assert standard_error_of_tau2(system, fit(system, "REML")) == pytest.approx(np.sqrt(2 / 4) * 0.04)


def network(slope=0.0):
    """Two treatments against a third in studies whose people differ, without chance."""
    age = {f"s{n}": 30.0 + 3 * n for n in range(6)}
    studies = [
        from_pairs(name, [Pair("b" if n % 2 else "c", "a", (1.0 if n % 2 else 2.0) + slope * (age[name] - 40), 0.1 + 0.02 * n)])
        for n, name in enumerate(age)
    ]
    studies.append(from_pairs("direct", [Pair("c", "b", 1.0, 0.2)]))
    return join(studies, "a"), {"age": {**{name: value - 40 for name, value in age.items()}, "direct": 0.0}}


def test_a_slope_shared_by_all_treatments_is_found_again():
    studies, values = network(slope=0.25)
    found = regress_network(studies, values)
    assert found.effect == pytest.approx([1.0, 2.0], abs=1e-6)
    assert found.slopes[0].estimate == pytest.approx(0.25, abs=1e-6)
    assert found.tau2 == pytest.approx(0.0, abs=1e-8)
    assert found.explained == pytest.approx(1.0, abs=1e-6)
    assert found.df_left == 4


def test_a_covariate_that_a_study_lacks_or_that_is_the_same_everywhere_is_refused():
    studies, values = network()
    with pytest.raises(BadInput, match="covariate age: it is not known of direct"):
        regress_network(studies, {"age": {name: value for name, value in values["age"].items() if name != "direct"}})
    system = System(Y, np.ones((11, 1)), np.diag(SE**2), np.eye(11))
    with pytest.raises(BadInput, match="cannot be told apart"):
        regress(system, np.full((11, 1), 3.0), ("dose",))


def test_each_study_is_left_out_unless_the_network_falls_apart_without_it():
    studies = [
        from_pairs(name, [Pair(*pair, 0.1, 0.2)]) for name, pair in (("s", ("a", "b")), ("t", ("a", "b")), ("u", ("b", "c")))
    ]
    left = dict(without_each(join(studies, "a")))
    assert [name for name, rest in left.items() if rest is None] == ["u"]
    assert len(left["s"].studies) == 2


def test_the_split_of_a_triangle_is_the_two_estimates_that_one_works_out_by_hand():
    triangle = [
        from_pairs("s", [Pair("b", "a", 1.0, 0.3)]), from_pairs("t", [Pair("c", "b", 0.5, 0.4)]),
        from_pairs("u", [Pair("c", "a", 0.9, 0.2)]),
    ]  # fmt: skip
    found = synthesise(triangle, "MD", method="common")
    splits = split_nodes(found.network, 0.0, found.effect, found.se)
    split = next(each for each in splits if (each.treatment, each.against) == ("c", "a"))
    assert split.direct == pytest.approx((0.9, 0.2))
    assert split.indirect == pytest.approx((1.5, 0.5))
    assert split.difference == pytest.approx((-0.6, np.sqrt(0.04 + 0.25)))
    assert split.difference[0] ** 2 / split.difference[1] ** 2 == pytest.approx(found.q)


def test_standard_errors_among_standard_deviations_are_found_and_small_arms_are_not_accused():
    rows = [
        {"sd": sd, "n": n} for sd, n in (("3.1", "200"), ("0.2", "225"), ("2.9", "50"), ("0.9", "12"), ("1.4", "60"), ("", "9"))
    ]
    found = doubtful_spreads(rows, [f"line {at}" for at in range(2, 8)])
    assert [each.where for each in found] == ["line 3, column sd"]
    assert found[0].what.startswith("0.2 cannot be a standard deviation of 225 people")
