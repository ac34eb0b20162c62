"""The calibration study: worlds are what they claim, scores count rightly, planted faults are found."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy import stats

from cleardays.problems import BadInput
from cleardays.report.coverage_dots import Covered, draw_coverage
from cleardays.report.rank_histograms import draw_ranks
from cleardays.report.reliability import Diagram, draw_reliability
from cleardays.response.chain import level_for_rate
from cleardays.response.study.answers import Answer
from cleardays.response.study.attacks import Attacker, pace_for, touched_days, touched_share
from cleardays.response.study.before_after import beta, rule_on_run_in, rule_on_worst_month
from cleardays.response.study.chains import cycle_rate
from cleardays.response.study.control import Counted, lay, read_counts
from cleardays.response.study.figures import Figure, average, mean, pooled, reliability, share
from cleardays.response.study.hierarchical import Rows, hierarchical
from cleardays.response.study.person import Truth
from cleardays.response.study.ranks import chi_square_above, distance_above, judge_ranks, rank
from cleardays.response.study.run import OURS, Asked, generator, study_person, study_world
from cleardays.response.study.scores import look_again, score
from cleardays.response.study.structural import _filter, local_level
from cleardays.response.study.worlds import WORLDS
from cleardays.trial.review import judging_rules

RULES = judging_rules()
SVG = "{http://www.w3.org/2000/svg}"


def people_of(name, count, seed=1):
    return [WORLDS[name].person(generator(seed, name, number)) for number in range(count)]


@pytest.fixture(scope="module")
def base():
    return people_of("base", 1000)


def within(values, meant, *, reference_error=0.0):
    """The mean agrees with a published figure within three standard errors of both."""
    error = np.std(values, ddof=1) / math.sqrt(len(values))
    return abs(np.mean(values) - meant) < 3 * math.hypot(error, reference_error)


# Worlds.


def test_the_base_world_selects_people_as_the_reference_study_did(base):
    """Figures and errors of a prototype's 2,000 people: long-run 11.9, bad month 17.9, before the start 14.0 days in 28."""
    assert within([person.truth.usual for person in base], 11.9, reference_error=0.10)
    assert within([person.worst_month for person in base], 17.9, reference_error=0.13)
    assert within([person.truth.run_in for person in base], 14.0, reference_error=0.15)
    assert within([person.truth.null for person in base], 0.4)
    assert within([person.truth.reduction >= 0.5 for person in base], 0.346, reference_error=0.011)
    assert all(person.worst_month >= min(1.25 * person.truth.usual, 28) for person in base)


def test_counting_rules_call_nulls_improved_as_often_as_published(base):
    """Yes among true nulls: .26 against the worst month, .19 against the run-in, in the prototype's 800 nulls."""
    nulls = [person for person in base if person.truth.null]
    error = math.sqrt(0.25 * 0.75 / 800)
    assert within([rule_on_worst_month(person, 84).says_yes for person in nulls], 0.255, reference_error=error)
    assert within([rule_on_run_in(person, 84).says_yes for person in nulls], 0.188, reference_error=error)


def test_independent_days_are_too_sure_of_themselves(base):
    answers = [beta(person, 84, RULES) for person in base[:500]]
    inside = [a.reduction[0] <= p.truth.reduction <= a.reduction[1] for a, p in zip(answers, base, strict=False)]
    assert 0.65 < np.mean(inside) < 0.80  # .715 in the prototype, meant is .90


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_numbers_give_the_same_people_and_truths_are_possible(name):
    for person, again in zip(people_of(name, 6), people_of(name, 6), strict=True):
        assert person == again
        assert 0 < person.truth.current < 28
        assert 0 < person.truth.untreated < 28
        assert person.truth.null == (person.truth.reduction == 0)
        assert len(person.days.states) == len(person.days.recalled)
        assert person.days.known > 0


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("level-4-9", 4, 9), ("level-10-14", 10, 14), ("level-15-22", 15, 22), ("level-23-28", 23, 28),
     ("rate-23-28", 23, 28), ("chronic-daily", 26, 28), ("rare", 1, 3)],
)  # fmt: skip
def test_a_world_of_a_level_has_people_of_that_level(name, low, high):
    assert all(low <= person.truth.usual <= high for person in people_of(name, 40))


def known_share(person, wanted, first=0):
    states = person.days.states[first:]
    true = [state for state in states if state is wanted]
    return len(true), len(states)


def test_headache_days_are_missing_twice_as_often_where_the_world_says_so(base):
    rated = {name: np.mean([p.days.known / len(p.days.states) for p in people]) for name, people in (
        ("base", base[:200]), ("informative-missing", people_of("informative-missing", 200)))}  # fmt: skip
    assert all(abs(value - 0.8) < 0.015 for value in rated.values())
    person_days = [(p.truth.run_in, np.mean([s for s in p.days.states[:28] if s is not None]))
                   for p in people_of("informative-missing", 200)]  # fmt: skip
    true, seen = (np.mean([day[i] for day in person_days]) for i in (0, 1))
    share_had = true / 28
    meant = share_had * 0.72 / (share_had * 0.72 + (1 - share_had) * 0.86)
    assert seen == pytest.approx(meant, abs=0.02)


def test_who_logs_only_bad_days_has_no_clear_day_after_the_start():
    for person in people_of("bad-days-only", 20):
        assert False not in person.days.states[28:]
        assert False in person.days.states[:28] or person.truth.run_in > 20


def test_who_stops_when_better_had_fewer_days_than_who_stops_when_worse():
    def last_month_before_silence(name):
        found = []
        for person in people_of(name, 150):
            told = [i for i, state in enumerate(person.days.states) if state is not None]
            if told[-1] < 100:  # a fortnight of silence at the end is no chance
                states = person.days.states[told[-1] - 13 : told[-1] + 1]
                found.append(np.mean([state for state in states if state is not None]))
        return found

    better, worse = last_month_before_silence("stops-when-better"), last_month_before_silence("stops-when-worse")
    assert min(len(better), len(worse)) > 30
    assert np.mean(better) < 0.25 < 0.45 < np.mean(worse)


def test_recalled_days_are_marked_and_under_counted_by_the_published_share():
    """11.1 days were recalled for 13.7 that were had."""
    people = people_of("recalled-baseline", 400)
    assert all(person.days.recalled == (True,) * 28 + (False,) * 84 for person in people)
    had = np.array([[sum(person.days.states[:28]), person.truth.run_in] for person in people])
    assert had[:, 0].sum() / had[:, 1].sum() == pytest.approx(11.1 / 13.7, abs=0.03)
    assert np.mean(had[:, 0] % 5 == 0) > 0.5  # heaping
    weeks = people_of("recalled-weeks", 100)
    assert np.mean([np.mean(person.days.recalled) for person in weeks]) == pytest.approx(0.5, abs=0.04)
    marked = [mark for person in weeks for state, mark in zip(person.days.states, person.days.recalled, strict=True) if mark]
    assert all(state is not None for person in weeks for state, mark in
               zip(person.days.states, person.days.recalled, strict=True) if mark)  # fmt: skip
    assert marked


def test_effects_are_those_of_their_worlds(base):
    people = people_of("super-responders", 400)
    assert np.mean([person.truth.null for person in people]) == pytest.approx(0.7, abs=0.07)
    assert np.median([person.truth.reduction for person in people if not person.truth.null]) > 0.75
    reductions = [[person.truth.reduction for person in group if not person.truth.null] for group in (
        base, people_of("waning", 300), people_of("chronic-daily", 300), people_of("chronic-daily-logit", 300))]  # fmt: skip
    usual, waned, on_rate, on_logit = (np.median(each) for each in reductions)
    assert waned < usual - 0.2
    assert abs(on_rate - usual) < 0.08
    assert on_logit < 0.15


def test_steps_of_the_dose_are_told_or_not_and_some_leave():
    told, untold = people_of("doses", 60), people_of("doses-untold", 60)
    assert {len(person.exposure.steps) for person in untold} == {1}
    levels = {tuple(step.level for step in person.exposure.steps) for person in told}
    assert (0.25, 0.5, 0.75, 1.0) in levels
    assert any(steps != tuple(sorted(steps)) for steps in levels)  # a step back
    assert any(person.treated_days < 84 for person in told)


def test_the_truth_of_a_chain_is_what_a_long_chain_does():
    random, carry, level = np.random.default_rng(5), 1.2, float(level_for_rate(np.asarray(0.3), 1.2, 0.5))
    had, count = False, 0
    for chance in random.random(60_000).tolist():
        had = chance < 1 / (1 + math.exp(-level - carry * (had - 0.5)))
        count += had
    assert count / 60_000 == pytest.approx(0.3, abs=0.01)
    tide = np.zeros(28)
    assert cycle_rate(level, carry, tide) == pytest.approx(0.3, abs=1e-6)
    tide[:5] = 1.5
    days = 28 * 2500
    had, count = False, 0
    for day, chance in enumerate(random.random(days).tolist()):
        had = chance < 1 / (1 + math.exp(-level - tide[day % 28] - carry * (had - 0.5)))
        count += had
    assert count / days == pytest.approx(cycle_rate(level, carry, tide), abs=0.01)


@pytest.mark.parametrize("share_of_days", [0.1, 0.4, 0.7])
def test_the_truth_of_attacks_is_what_a_long_run_of_them_does(share_of_days):
    attacker = Attacker(18.0, pace_for(share_of_days, 18.0))
    assert touched_share(attacker.pace, 18.0) == pytest.approx(share_of_days, abs=1e-9)
    days = touched_days(np.random.default_rng(3), attacker, np.zeros(20_000))
    assert days.mean() == pytest.approx(share_of_days, abs=0.015)


# Methods.


def test_the_rules_count_as_by_hand(base):
    person = base[0]._replace(worst_month=20.0)
    days = person.days._replace(states=(True, False) * 14 + (False,) * 56 + (True,) * 7 + (None,) * 7 + (False,) * 14)
    person = person._replace(days=days)
    # 7 of 21 known days: a third, against a half before the start and 20 of 28 in the worst month
    run_in, worst = rule_on_run_in(person, 84), rule_on_worst_month(person, 84)
    assert (run_in.half, run_in.third) == (0.0, 1.0)
    assert (worst.half, worst.third) == (1.0, 1.0)
    assert rule_on_run_in(person, 56).says_yes


def test_the_kalman_filter_agrees_with_dense_algebra():
    """Differences of the log-likelihood between two sizes of the step, and the last level, by generalised least squares."""
    values = np.array([1.0, 0, 1, np.nan, 1, 1, 0, np.nan, np.nan, 0, 0, 1])
    known = np.flatnonzero(~np.isnan(values))
    y = values[known]

    def dense(step):
        shared = np.minimum(known[:, None], known[None, :]) * step
        cover = shared + np.eye(len(known))
        inverse = np.linalg.inv(cover)
        ones = np.ones(len(known))
        start = ones @ inverse @ y / (ones @ inverse @ ones)
        away = y - start
        free = len(known) - 1 + 1.0
        scatter = (away @ inverse @ away + 0.2) / free
        level = start + step * np.minimum(known, known[-1]) @ inverse @ away
        _, size = np.linalg.slogdet(cover)
        return level, scatter, -0.5 * (free * np.log(scatter) + size + np.log(ones @ inverse @ ones))

    found, meant = [_filter(values, step) for step in (0.0, 0.05)], [dense(step) for step in (0.0, 0.05)]
    for ours, theirs in zip(found, meant, strict=True):
        assert ours[0] == pytest.approx(theirs[0], abs=1e-3)
        assert ours[1] == pytest.approx(theirs[1], rel=1e-3)
    assert found[1][3] - found[0][3] == pytest.approx(meant[1][2] - meant[0][2], abs=1e-3)


def test_a_local_level_sees_a_plain_change_and_no_change(base):
    person = base[0]
    fallen = person.days._replace(states=(True, True, False, True) * 7 + (True, False, False, False, False, False, False) * 12)
    same = person.days._replace(states=(True, False, False, True) * 28)
    assert local_level(person._replace(days=fallen), 84, RULES).half > 0.95
    assert local_level(person._replace(days=same), 84, RULES).half < 0.05


def test_a_hierarchical_model_is_right_about_people_of_its_own_kind():
    random, exposure = np.random.default_rng(2), np.concatenate([np.zeros(60), np.ones(60)])
    people, truths = [], []
    for _ in range(150):
        usual, effect = random.normal(-0.5, 0.8), random.normal(-0.6, 0.7)
        had = (random.random(120) < 1 / (1 + np.exp(-usual - effect * exposure))).astype(float)
        people.append(Rows(had, exposure, 1.0))
        truths.append((28 / (1 + math.exp(-usual - effect)), (1 + math.exp(-usual)) / (1 + math.exp(-usual - effect))))
    answers = hierarchical(people, RULES)
    current = [answer.current[0] <= truth[0] <= answer.current[1] for answer, truth in zip(answers, truths, strict=True)]
    reduced = [
        answer.reduction[0] <= 1 - truth[1] <= answer.reduction[1] for answer, truth in zip(answers, truths, strict=True)
    ]
    assert 0.83 < np.mean(current) < 0.97
    assert 0.83 < np.mean(reduced) < 0.97


# Figures and scores.


def test_figures_are_those_counted_by_hand():
    assert mean(np.array([1.0, 2.0, 3.0])) == Figure(2.0, pytest.approx(1 / math.sqrt(3)), 3)
    assert mean(np.array([])) is None
    true = np.array([True, False, True, True])
    found = share(true, np.array([True, True, True, False]))
    assert found == Figure(pytest.approx(2 / 3), pytest.approx(math.sqrt(0.625 * 0.375 / 3)), 3)
    assert share(true, np.zeros(4, dtype=bool)) is None
    assert share(np.zeros(60, dtype=bool)).error > 0  # nobody of sixty is not never
    bins = reliability(np.array([0.0, 0.05, 0.95, 1.0]), np.array([False, True, True, True]))
    assert [each.people for each in bins] == [2, *[0] * 8, 2]
    assert (bins[0].forecast, bins[0].observed.value) == (0.025, 0.5)
    assert bins[5].observed is None
    assert average([Figure(0.2, 0.03, 10), None, Figure(0.4, 0.04, 30)]) == Figure(pytest.approx(0.3), pytest.approx(0.025), 40)
    assert average([None]) is None
    both = pooled([bins, reliability(np.array([0.01]), np.array([False]))])
    assert both[0].people == 3
    assert both[0].observed.value == pytest.approx(1 / 3)
    assert both[0].forecast == pytest.approx(0.02)
    assert both[5].people == 0


def truth(reduction, current=10.0, *, null=False):
    return Truth(current, current / (1 - reduction), null, 12.0, 14.0)


HAND = (
    (truth(0.6), Answer(0.9, 0.95, "responding", (0.3, 0.8), (8.0, 12.0))),
    (truth(0.6), Answer(0.4, 0.7, "cannot_tell", (0.0, 0.5), (11.0, 12.0))),
    (truth(0.4), Answer(0.8, 0.9, "responding", (0.2, 0.7), (9.0, 11.0))),
    (truth(0.0, null=True), Answer(0.1, 0.2, "not_responding", (-0.4, 0.3), (10.0, 14.0))),
)


def test_scores_are_those_counted_by_hand():
    found = score([t for t, _ in HAND], [a for _, a in HAND])
    assert found.brier_half.value == pytest.approx((0.01 + 0.36 + 0.64 + 0.01) / 4)
    assert found.brier_third.value == pytest.approx((0.05**2 + 0.3**2 + 0.1**2 + 0.2**2) / 4)
    assert found.wrong.value == 0.5
    assert (found.false_yes.value, found.false_yes.people) == (0.5, 2)
    assert (found.missed.value, found.missed.people) == (0.5, 2)
    assert (found.yes_of_null.value, found.yes_of_null.people) == (0.0, 1)
    assert found.responding_of_null.value == 0.0
    assert found.cover_reduction.value == 0.75
    assert found.cover_current.value == 0.75
    assert found.decided.value == 0.75
    assert found.wrong_of_decided.value == pytest.approx(1 / 3)
    assert found.days_to_decision is None


def test_days_to_a_decision_are_those_of_the_first_look_that_decides():
    truths = [t for t, _ in HAND]
    rows = [
        ("cannot_tell", "responding", "not_responding", "cannot_tell", "cannot_tell"),  # day 42, right
        ("cannot_tell",) * 5,  # never: counts with day 84
        ("responding",) * 5,  # day 28, wrong
        ("cannot_tell", "cannot_tell", "not_responding"),  # day 56 of a short diary, right
    ]
    found = look_again(score(truths, [a for _, a in HAND]), truths, rows)
    assert found.days_to_decision.value == pytest.approx((42 + 84 + 28 + 56) / 4)
    assert found.decided_by_last_look.value == 0.75
    assert found.wrong_of_first_decisions.value == pytest.approx(1 / 3)


# Ranks.


def conjugate_ranks(stretch, seed=0, people=500):
    """A normal mean with known variance: posterior draws are exact, then drawn together or apart by a factor."""
    random, ranks = np.random.default_rng(seed), []
    for _ in range(people):
        true = random.normal()
        seen = true + random.normal()
        draws = seen / 2 + stretch * math.sqrt(0.5) * random.normal(size=999)
        ranks.append(rank(draws, np.ones(999), true))
    return judge_ranks("effect", ranks)


def test_ranks_are_uniform_when_the_draws_are_right_and_not_when_they_are_thirty_per_cent_too_narrow():
    right, narrow = [conjugate_ranks(1.0, seed) for seed in range(8)], conjugate_ranks(0.7)
    assert all(sum(each.counts) == each.people == 500 for each in right)
    for name in ("chi_square_p", "difference_p"):
        assert sum(getattr(each, name) < 0.05 for each in right) <= 2  # one in twenty is meant
    assert narrow.chi_square_p < 1e-6
    assert narrow.counts[0] + narrow.counts[-1] > 1.5 * (right[0].counts[0] + right[0].counts[-1])


def test_ranks_show_draws_that_lie_too_high():
    random = np.random.default_rng(8)
    shifted = judge_ranks("effect", [float(stats.norm.cdf(random.normal() - 0.3)) for _ in range(600)])
    assert shifted.difference_p < 1e-6


@pytest.mark.parametrize("degrees", [1, 2, 7, 18, 19])
@pytest.mark.parametrize("value", [0.0, 0.4, 12.0, 45.0])
def test_the_chi_square_tail_agrees_with_scipy(value, degrees):
    assert chi_square_above(value, degrees) == pytest.approx(stats.chi2.sf(value, degrees), abs=1e-12)


@pytest.mark.parametrize("distance", [0.01, 0.04, 0.08, 0.15])
def test_the_tail_of_the_greatest_distance_agrees_with_scipy(distance):
    assert distance_above(distance, 200) == pytest.approx(stats.kstwo.sf(distance, 200), abs=0.01)


# The control.

TABLE = "subject,trt,base,period,y\n" + "".join(f"{s},{arm},8,{p},{2 * p}\n" for s, arm in (("1", "placebo"), ("2", "drug"))
                                                for p in (1, 2, 3, 4))  # fmt: skip


def test_counts_are_read_and_laid_on_days():
    people = read_counts(TABLE.splitlines(), "t.csv")
    assert people == [Counted("1", "placebo", 8, (2, 4, 6, 8)), Counted("2", "drug", 8, (2, 4, 6, 8))]
    many = Counted("3", "drug", 0, (1, 0, 900, 3))
    days = lay(np.random.default_rng(1), many).states
    spells = [sum(days[first:last]) for first, last in ((0, 56), (56, 70), (70, 84), (84, 98), (98, 112))]
    assert spells[:4] == [0, 1, 0, 14]
    assert 1 <= spells[4] <= 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("trt", "arm"), "no column trt"),
        (("placebo", "sugar"), "nobody has placebo"),
        (("1,placebo,8,2,4", "1,placebo,8,2,four"), "line 3: y is 'four'"),
        (("1,placebo,8,2,4", "1,placebo,8,2,-4"), "line 3: y is '-4'"),
        (("1,placebo,8,2,4", "1,drug,8,2,4"), "line 3: this row does not go"),
        (("1,placebo,8,2,4\n", ""), "person 1 has not all 4 periods"),
        (("1,placebo,8,2,4", "1,placebo,8,1,4"), "line 3: this row does not go"),
    ],
)
def test_a_table_of_counts_that_cannot_be_used_says_why(change, said):
    with pytest.raises(BadInput) as bad:
        read_counts(TABLE.replace(*change).splitlines(), "t.csv")
    assert said in str(bad.value)


# Pictures.


def parsed(picture):
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert "prefers-color-scheme: dark" in picture
    return root.find(f"{SVG}desc").text, [each.text for each in root.iter(f"{SVG}title")]


def test_a_reliability_diagram_says_each_bin_in_words():
    bins = reliability(np.array([0.12, 0.14, 0.9]), np.array([False, True, True]))
    described, titles = parsed(draw_reliability("People <&>", Diagram("ours", bins), Diagram("theirs", bins)))
    assert "ours: 2 people given 0.13 on average, 0.50 came true; 1 people given 0.90" in described
    assert "theirs: 2 people given 0.13 on average, 0.50 came true" in titles
    assert "2 people from 0.1 to 0.2" in titles


def test_a_picture_of_coverage_has_each_world_and_leaves_out_what_is_not_known():
    rows = [Covered("base", "a", Figure(0.9, 0.02, 100), Figure(0.85, 0.03, 100)), Covered("odd", "b", None, None)]
    described, titles = parsed(draw_coverage("Truths inside", rows))
    assert "base: R 0.90 (error 0.02), days now 0.85 (error 0.03); odd: no interval" in described
    assert "base: R 0.90 (error 0.02)" in titles


def test_a_histogram_outlines_columns_outside_the_band():
    flat, peaked = ([number / 400 for number in range(400)], [0.5 + number / 8000 for number in range(400)])
    _, even = parsed(draw_ranks("Ranks", [judge_ranks("effect", flat)]))
    described, uneven = parsed(draw_ranks("Ranks", [judge_ranks("effect", peaked)]))
    assert not any("outside" in title for title in even)
    assert "effect, ranks 0.5 to 0.55: 400 people, outside the band" in uneven
    assert "p 0.00" in described


# The gate.


@pytest.mark.slow
def test_answers_hold_in_the_base_world():
    """Bounds are those of the gate for 2,000 people (coverage .88-.92, Brier .13, wrong .185), each widened by about two
    Monte-Carlo errors of 400 people: .015 for the coverage, .009 for Brier, .02 for wrong calls."""  # fmt: skip
    asked = Asked(400, 1, evidence=False, rules=RULES)
    results = [study_person(WORLDS["base"], number, asked._replace(people=1)) for number in range(400)]
    found = study_world(WORLDS["base"], results, asked).scores[OURS]
    assert 0.86 <= found.cover_reduction.value <= 0.94
    assert found.brier_half.value <= 0.15
    assert found.wrong.value <= 0.22
