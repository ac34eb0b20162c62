"""Priors learned from many diaries: simulated people give back the population they came from."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cleardays.diary.series import DaySeries
from cleardays.numerics.logistic import logit, sigmoid
from cleardays.quantities import ExposureSeries
from cleardays.response.fit import fit
from cleardays.response.population import Person, _look, _Population, _population, _Search, learn_priors
from cleardays.response.priors import Priors, reference_priors
from conftest import START

EXPOSURE = ExposureSeries.started("examplamide", START)
REFERENCE = reference_priors(0.5, 0.5)
# a population unlike the reference priors: frequent headache, people far apart, strong carry-over, little drift
UNLIKE = REFERENCE._replace(level_mean=1.0, level_sd=1.5, carry_mean=1.3, carry_sd=0.3, spread_median=0.3)
RARE = REFERENCE._replace(level_mean=-2.0, level_sd=0.6, carry_mean=1.3)
BEFORE, DAYS = 21, 56


def simulate(priors: Priors, seed: int, days: int = DAYS) -> Person:
    """One person drawn from the priors, a tenth of the days unknown."""
    random = np.random.default_rng(seed)
    level, carry = random.normal(priors.level_mean, priors.level_sd), random.normal(priors.carry_mean, priors.carry_sd)
    effect = random.normal(priors.effect.means[0], priors.effect.sds[0])
    spread = priors.spread_median * np.exp(priors.spread_log_sd * random.normal())
    persistence = sigmoid(logit(np.array(priors.persistence_median)) + priors.persistence_logit_sd * random.normal())
    tau = priors.onset_median_days * np.exp(priors.onset_log_sd * random.normal())
    weeks = [spread * random.normal()]
    for _ in range(days // 7):
        weeks.append(persistence * weeks[-1] + spread * np.sqrt(1 - persistence**2) * random.normal())
    usual = float(sigmoid(np.array(level)))  # the centre: about the share of days had
    states, had = [], random.random() < usual
    for day in range(days):
        exposed = 1 - np.exp(-max(day - BEFORE, 0) / tau)
        eta = level + weeks[day // 7] + effect * exposed + carry * (had - usual)
        had = bool(random.random() < 1 / (1 + np.exp(-eta)))
        states.append(had if day == 0 or random.random() > 0.1 else None)
    return Person(DaySeries("headache_day", START - timedelta(days=BEFORE), tuple(states), (False,) * days), EXPOSURE)


def population(priors: Priors, count: int, seed: int) -> list[Person]:
    return [simulate(priors, 1000 * seed + i) for i in range(count)]


def distance(found: Priors, truth: Priors) -> float:
    """How far the learned level and carry-over are from the truth: root of the mean square, logits."""
    away = [found.level_mean - truth.level_mean, found.level_sd - truth.level_sd, found.carry_mean - truth.carry_mean]
    return float(np.sqrt(np.mean(np.square(away))))


def evidence(people: list[Person], priors: Priors, draws: int = 256) -> float:
    return sum(fit(p.days, p.exposure, priors, seed=1, draws=draws).draws.log_evidence for p in people)


def test_sixty_simulated_people_give_back_their_level_its_spread_and_their_carry_over():
    people = [simulate(UNLIKE, 1000 + i, days=140) for i in range(60)]
    learned = learn_priors(people, REFERENCE)
    assert learned.settled
    assert learned.people == 60
    assert learned.priors.level_mean == pytest.approx(UNLIKE.level_mean, abs=0.4)
    assert learned.priors.level_sd == pytest.approx(UNLIKE.level_sd, abs=0.3)
    # the centre of the previous-day term comes from the diary itself, which makes the carry-over of a short one a little small
    assert learned.priors.carry_mean == pytest.approx(UNLIKE.carry_mean, abs=0.35)
    assert learned.priors.spread_median < REFERENCE.spread_median
    assert learned.log_evidence > evidence(people, UNLIKE, draws=1024)


def test_more_people_come_closer_to_the_truth():
    far, near = (
        np.mean(
            [distance(learn_priors(population(UNLIKE, count, seed), REFERENCE, draws=256).priors, UNLIKE) for seed in (2, 3, 4)]
        )
        for count in (6, 48)
    )
    assert near < 0.6 * far


def test_new_people_are_more_probable_under_what_was_learned_from_others():
    learned = learn_priors(population(RARE, 20, seed=5), REFERENCE, draws=256)
    new = population(RARE, 20, seed=6)
    assert learned.log_evidence > learned.log_evidence_before
    assert evidence(new, learned.priors) > evidence(new, REFERENCE) + 5.0


def test_people_like_the_starting_priors_change_them_little():
    learned = learn_priors(population(REFERENCE, 40, seed=7), REFERENCE, draws=256).priors
    assert learned.level_mean == pytest.approx(REFERENCE.level_mean, abs=0.5)
    assert learned.level_sd == pytest.approx(REFERENCE.level_sd, abs=0.35)
    assert learned.carry_mean == pytest.approx(REFERENCE.carry_mean, abs=0.25)


def test_the_more_people_the_start_counts_as_the_less_it_moves():
    people = population(UNLIKE, 8, seed=8)
    moved = [
        abs(learn_priors(people, REFERENCE, worth=w, draws=256).priors.level_mean - REFERENCE.level_mean)
        for w in (1.0, 8.0, 1e4)
    ]
    assert moved[0] > moved[1] > moved[2]
    assert moved[2] < 0.01


def test_the_slope_of_the_log_evidence_is_that_of_finite_differences():
    people, here = population(UNLIKE, 12, seed=9), _population(REFERENCE)
    search = _Search(people, REFERENCE, here, effect=True, worth=4.0, draws=2048, seed=1)
    view, h = _look(search, here), 0.05
    for coordinate in (*range(5), 5, 6, 7):
        step = np.zeros(10)
        step[coordinate] = h
        up, down = (_look(search, _Population(here.mean + way[:5], here.log_sd + way[5:])).objective for way in (step, -step))
        assert view.gradient[coordinate] == pytest.approx((up - down) / (2 * h), abs=0.06 * len(people) ** 0.5, rel=0.05)


def test_learning_is_the_same_every_time_and_asks_no_order_of_the_people():
    people = population(UNLIKE, 6, seed=10)
    first, again, turned = (learn_priors(order, REFERENCE, draws=256).priors for order in (people, people, people[::-1]))
    assert first.level_mean == again.level_mean
    assert first.effect.means == again.effect.means
    assert turned.level_mean == pytest.approx(first.level_mean, abs=1e-6)


def test_the_effect_is_left_alone_when_it_is_not_to_be_learned():
    people = population(UNLIKE, 6, seed=11)
    kept = learn_priors(people, REFERENCE, effect=False, draws=256).priors
    learned = learn_priors(people, REFERENCE, effect=True, draws=256).priors
    assert kept.effect == REFERENCE.effect
    assert kept.level_mean != REFERENCE.level_mean
    assert learned.effect.means != REFERENCE.effect.means
    assert "6 other people" in learned.effect.reason.because


def test_one_person_ill_on_every_day_moves_the_start_without_running_away():
    states = (True,) * 40
    days = DaySeries("headache_day", START - timedelta(days=20), states, (False,) * 40)
    learned = learn_priors([Person(days, EXPOSURE)], REFERENCE).priors
    assert REFERENCE.level_mean < learned.level_mean < 1.0
    assert 0.5 < learned.level_sd < 2.0
    assert 0.3 < learned.spread_median < 1.2


def test_nobody_and_a_start_that_counts_for_nothing_are_refused():
    with pytest.raises(ValueError, match="no diary"):
        learn_priors([], REFERENCE)
    with pytest.raises(ValueError, match="above 0"):
        learn_priors(population(UNLIKE, 1, seed=12), REFERENCE, worth=0.0)
