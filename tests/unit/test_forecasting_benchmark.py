"""The forecasters and scores of benchmarks/forecasting.py, and what the engine must hold against them on real diaries."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))
benchmark = importlib.import_module("forecasting")
comparators = importlib.import_module("_forecasting.comparators")
diaries = importlib.import_module("_forecasting.diaries")
mixed = importlib.import_module("_forecasting.mixed")
scores = importlib.import_module("_forecasting.scores")

MARGIN = 0.005  # nats a forecast by which ours may lose to the best comparator before the test fails


def simulated(count: int, seed: int, days: int = 60) -> list:
    """People with rates of their own and a day in eight unknown."""
    random = np.random.default_rng(seed)
    people = []
    for i in range(count):
        states = (random.random(days) < random.beta(2, 2)).astype(float)
        states[1:][random.random(days - 1) < 0.12] = np.nan
        people.append(diaries.PersonDays(str(i), states, int(random.integers(-10, 40))))
    return people


def forecasts(p, came, person=None):
    return scores.Forecasts(np.arange(len(p)) if person is None else person, np.asarray(p), np.asarray(came, dtype=float))


def test_questions_are_asked_only_where_enough_is_known_and_scored_only_where_something_came():
    states = np.array([1, 0, 1, 1, np.nan, 0, 0, 1, np.nan, 1, 0], dtype=float)
    diary = diaries.PersonDays("a", states, 3)
    tomorrow = diaries.tomorrow(diary)
    assert tomorrow.on.tolist() == [8, 9]
    assert tomorrow.came[:, 0].tolist() == [1, 0]
    assert np.isnan(tomorrow.came[:, 1:]).all()
    month = diaries.coming_month(diary)
    assert month.on.tolist() == [7]
    assert np.isnan(month.came[0, [0, *range(3, 28)]]).all()
    assert month.came[0, 1:3].tolist() == [1, 0]


def test_nobody_is_learned_from_and_forecast_at_once():
    people = simulated(11, seed=1)
    seen = []
    for others, mine in diaries.folds(people, 4):
        assert {d.person for d in others} & {d.person for d in mine} == set()
        assert len(others) + len(mine) == 11
        seen += [d.person for d in mine]
    assert sorted(seen, key=int) == [str(i) for i in range(11)]


@pytest.mark.parametrize("name", benchmark.METHODS)
def test_no_forecaster_reads_a_day_after_the_one_on_which_it_is_asked(name):
    people = simulated(7, seed=2)
    diary, others, on = people[0], people[1:], np.array([20, 31])
    turned = diary._replace(states=np.concatenate([diary.states[:32], 1 - diary.states[32:]]))
    for forecaster in benchmark.METHODS[name](others):
        said = forecaster(diary, on)
        assert said.shape == (2, 28)
        assert ((said > 0) & (said < 1)).all()
        np.testing.assert_array_equal(said, forecaster(turned, on))


def test_a_frequency_of_people_who_are_alike_is_drawn_to_their_rate():
    random = np.random.default_rng(3)
    alike = [diaries.PersonDays(str(i), (random.random(60) < 0.3).astype(float), 0) for i in range(30)]
    forecaster = comparators.frequency(alike, diaries.tomorrow)
    always = diaries.PersonDays("x", np.ones(28), 0)
    assert forecaster(always, np.array([27]))[0, 0] < 0.45


def test_a_markov_chain_passes_through_days_without_a_word():
    after_clear, after_had = np.array([0.2]), np.array([0.7])
    today = 1.0
    for _ in range(3):
        today = 0.2 + 0.5 * today
    got = comparators.passed_through(np.array([1.0]), np.array([3]), after_clear, after_had)
    assert got[0] == pytest.approx(today)


def test_the_mixed_model_gives_the_estimates_of_lme4_on_the_real_diaries(reference_data):
    """lme4 1.1-31 (Laplace); ours is exact, so they may differ a little."""
    people = diaries.read_kostecki_dillon(reference_data / benchmark.FILE)
    rows = [mixed.rows(diary)[1:] for diary in people]
    null = mixed.fit_mixed([(x[:, :1], y) for x, y in rows])
    assert null.coefficients[0] == pytest.approx(0.942, abs=0.01)
    assert null.sd == pytest.approx(1.564, abs=0.02)
    follows = [(x[x[:, 2] == 0][:, :2], y[x[:, 2] == 0]) for x, y in rows]
    lagged = mixed.fit_mixed([person for person in follows if len(person[1])])
    assert lagged.coefficients[1] == pytest.approx(1.033, abs=0.01)
    assert lagged.sd == pytest.approx(1.257, abs=0.02)


def test_the_auc_is_the_share_of_pairs_in_the_right_order():
    random = np.random.default_rng(4)
    p, came = random.integers(1, 9, 60) / 10, random.random(60) < 0.5
    pairs = p[came][:, None] - p[~came]
    assert scores.auc(forecasts(p, came)) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_calibration_finds_how_forecasts_were_distorted_and_how_sure_that_is():
    random = np.random.default_rng(5)
    eta = random.normal(0, 1.5, 20_000)
    came = random.random(20_000) < 1 / (1 + np.exp(-eta))
    said = 1 / (1 + np.exp(-(2 * eta + 1)))  # twice too bold, and 1 too high
    slope, intercept, slope_se, _ = scores.calibration(forecasts(said, came))
    assert slope == pytest.approx(0.5, abs=4 * slope_se)
    assert intercept == pytest.approx(-0.5, abs=0.08)
    assert 0.005 < slope_se < 0.02


def test_a_paired_difference_draws_whole_people_again():
    person = np.repeat(np.arange(40), 25)
    each = np.random.default_rng(6).normal(0.1, 1.0, 40)
    found = scores.paired(each[person], np.zeros(1000), person, seed=1)
    half = 1.96 * each.std() / 40**0.5
    assert found.estimate == pytest.approx(each.mean())
    assert found.upper - found.lower == pytest.approx(2 * half, rel=0.1)
    assert scores.paired(np.full(1000, 2.0), np.full(1000, 1.0), person, seed=1).said == "worse"


@pytest.mark.slow
def test_with_learned_priors_real_days_are_foretold_no_worse_than_by_the_best_simple_forecaster(reference_data):
    people = diaries.read_kostecki_dillon(reference_data / benchmark.FILE)
    methods = {benchmark.OURS: benchmark.METHODS[benchmark.OURS], **benchmark.COMPARATORS}
    found = {name: benchmark.forecast_all(people, method, 5) for name, method in methods.items()}
    for question in benchmark.QUESTIONS:
        losses = {name: by_question[question].log_loss.mean() for name, by_question in found.items()}
        ours = losses.pop(benchmark.OURS)
        assert ours < min(losses.values()) + MARGIN, question
