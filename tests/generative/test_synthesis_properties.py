"""What holds for any pooled network: differences add up, names and order do not matter, and each method is what it says."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleardays.evidence.synthesis.consistency import direct_evidence, split_nodes
from cleardays.evidence.synthesis.document import as_document
from cleardays.evidence.synthesis.gls import METHODS, System, fit, log_restricted, pool, tau2_interval
from cleardays.evidence.synthesis.network import synthesise, system_of
from cleardays.evidence.synthesis.pairwise import summarise
from cleardays.evidence.synthesis.studies import Pair, Study, from_pairs
from cleardays.numerics.distributions import chi_square_quantile
from cleardays.problems import BadInput

TREATMENTS = ("amber", "blue", "coral", "dun", "ecru")
VALUE = st.floats(-3, 3).map(lambda value: round(value, 6))
SPREAD = st.floats(0.05, 2)
METHOD = st.sampled_from(METHODS)


def study(name, treatments, values, spreads):
    variance = np.array(spreads) ** 2
    return Study(name, tuple(treatments), np.array(values[1:]) - values[0], np.diag(variance[1:]) + variance[0])


@st.composite
def networks(draw, spread=SPREAD, least=0):
    """A chain that connects all treatments, and whatever studies of two to four of them."""
    count = draw(st.integers(2, len(TREATMENTS)))
    designs = [TREATMENTS[at : at + 2] for at in range(count - 1)]
    more = st.lists(st.sampled_from(TREATMENTS[:count]), min_size=2, max_size=min(4, count), unique=True)
    designs += draw(st.lists(more, min_size=least, max_size=7))
    return [
        study(f"s{at}", design, *(draw(st.lists(what, min_size=len(design), max_size=len(design))) for what in (VALUE, spread)))
        for at, design in enumerate(designs)
    ]


def pairs_of(found):
    return {(one, other): found.against(one, other) for one in found.treatments for other in found.treatments}


def same(one, other, near):
    assert one.keys() == other.keys()
    for key in one:
        assert one[key] == pytest.approx(other[key], rel=near, abs=near), key


@given(networks(), METHOD)
def test_differences_are_antisymmetric_and_add_up(studies, method):
    found = synthesise(studies, "MD", method=method)
    effect = found.effect
    assert effect == pytest.approx(-effect.T, abs=1e-12)
    assert found.se == pytest.approx(found.se.T, rel=1e-12)
    for by_way_of in range(len(effect)):
        assert effect[:, [by_way_of]] + effect[[by_way_of]] == pytest.approx(effect, abs=1e-9)


@given(networks(), METHOD, st.randoms(use_true_random=False))
def test_names_order_and_reference_change_nothing(studies, method, rng: random.Random):
    found = synthesise(studies, "MD", method=method)
    new = dict(zip(TREATMENTS, rng.sample([f"t{n}" for n in range(9)], len(TREATMENTS)), strict=True))
    turned = [reordered(each, new, rng) for each in rng.sample(studies, len(studies))]
    other = synthesise(turned, "MD", method=method, reference=new[rng.choice(found.treatments)])
    same({(new[a], new[b]): pair for (a, b), pair in pairs_of(found).items()}, pairs_of(other), 1e-7)
    assert other.pooled.tau2 == pytest.approx(found.pooled.tau2, rel=1e-6, abs=1e-8)
    assert other.q == pytest.approx(found.q, rel=1e-9, abs=1e-9)
    for name, score in found.p_scores.items():
        assert other.p_scores[new[name]] == pytest.approx(score, abs=1e-6)
    direct = {(new[a], new[b]): float(found.direct_share[i, j]) for i, a in enumerate(found.treatments)
              for j, b in enumerate(found.treatments)}  # fmt: skip
    for (a, b), share in direct.items():
        assert other.direct_share[other.treatments.index(a), other.treatments.index(b)] == pytest.approx(share, abs=1e-6)


def reordered(each, new, rng):
    """The same study around another of its arms, under other names."""
    order = rng.sample(range(len(each.treatments)), len(each.treatments))
    value = np.concatenate([[0.0], each.estimate])
    whole = np.zeros((len(value), len(value)))
    whole[1:, 1:] = each.covariance
    turn = np.eye(len(value))[order]
    turn = turn[1:] - turn[0]
    return Study(each.name, tuple(new[each.treatments[at]] for at in order), turn @ value, turn @ whole @ turn.T)


@given(networks(), METHOD)
def test_all_pairs_of_a_study_say_what_its_arms_say(studies, method):
    again = []
    for each in studies:
        alone = synthesise([each], "MD", method="common")
        names = alone.treatments
        pairs = [Pair(a, b, *alone.against(a, b)) for at, a in enumerate(names) for b in names[at + 1 :]]
        again.append(from_pairs(each.name, pairs))
    one, other = (synthesise(each, "MD", method=method) for each in (studies, again))
    same(pairs_of(one), pairs_of(other), 1e-6)
    assert other.q == pytest.approx(one.q, rel=1e-6, abs=1e-6)


@given(networks())
def test_a_study_of_treatments_that_nothing_connects_is_refused(studies):
    apart = study("apart", ("x", "y"), (0.0, 1.0), (1.0, 1.0))
    with pytest.raises(BadInput, match=r"2 parts that nothing connects: .*x, y"):
        synthesise([*studies, apart], "MD")


@given(st.lists(st.tuples(VALUE, st.floats(0.01, 5)), min_size=1, max_size=12), METHOD)
def test_a_network_of_two_treatments_is_the_pair(rows, method):
    estimate, se = zip(*rows, strict=True)
    pair = summarise(estimate, se, method)
    studies = [from_pairs(f"s{at}", [Pair("b", "a", *row)]) for at, row in enumerate(rows)]
    found = synthesise(studies, "MD", method=method, reference="a")
    assert found.against("b", "a") == pytest.approx((pair.estimate, pair.se), rel=1e-9, abs=1e-9)
    assert (found.pooled.tau2, found.q, found.df) == pytest.approx((pair.tau2, pair.q, pair.df), rel=1e-9, abs=1e-9)
    assert found.i2 == (None if pair.i2 is None else pytest.approx(pair.i2, abs=1e-9))
    if pair.prediction is not None:
        wide = [float(end[1, 0]) for end in found.prediction]
        assert wide == pytest.approx(list(pair.prediction), rel=1e-8, abs=1e-8)
        assert pair.prediction.lower <= pair.interval.lower <= pair.estimate <= pair.interval.upper <= pair.prediction.upper


@given(networks(), METHOD, st.sampled_from(["desirable", "undesirable"]))
def test_every_figure_stays_in_its_bounds(studies, method, small):
    found = synthesise(studies, "MD", method=method, small_values=small)
    document = as_document(found, "MD")
    json.dumps(document, allow_nan=False)
    assert found.pooled.tau2 >= 0.0
    assert found.i2 is None or 0.0 <= found.i2 <= 1.0
    scores = list(found.p_scores.values())
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert np.mean(scores) == pytest.approx(0.5, abs=1e-9)
    parts = found.decomposition
    assert parts.within >= 0.0
    assert parts.between >= 0.0
    assert parts.within + parts.between == pytest.approx(found.q, rel=1e-7, abs=1e-7)
    assert parts.df_within + parts.df_between == found.df
    assert sum(q for _, q, _ in parts.by_design) == pytest.approx(parts.within)
    assert ((found.direct_share >= 0.0) & (found.direct_share <= 1.0)).all()
    lower, upper = found.interval
    assert (lower <= upper).all()
    if found.prediction is not None:
        wide = found.prediction
        assert (wide[0] <= lower + 1e-12).all()
        assert (upper <= wide[1] + 1e-12).all()
    if found.tau2_interval is not None:
        assert 0.0 <= found.tau2_interval[0] <= found.tau2_interval[1]


@given(networks(), METHOD)
def test_direct_and_indirect_evidence_make_up_the_whole(studies, method):
    found = synthesise(studies, "MD", method=method)
    direct = direct_evidence(found.network, found.pooled.tau2)
    for split in split_nodes(found.network, found.pooled.tau2, found.effect, found.se):
        estimate, se = found.against(split.treatment, split.against)
        assert split.direct == pytest.approx(direct[split.treatment, split.against][:2])
        assert se <= split.direct[1] * (1 + 1e-9)
        if split.indirect is None:
            assert split.share == 1.0
            continue
        weights = split.direct[1] ** -2, split.indirect[1] ** -2
        assert sum(weights) == pytest.approx(se**-2, rel=1e-6)
        assert np.average((split.direct[0], split.indirect[0]), weights=weights) == pytest.approx(estimate, abs=1e-6)
        assert 0.0 <= split.p <= 1.0


@given(st.integers(3, 4), st.data())
def test_a_lone_study_of_several_arms_has_no_indirect_evidence(count, data):
    values, spreads = (data.draw(st.lists(what, min_size=count, max_size=count)) for what in (VALUE, SPREAD))
    found = synthesise([study("s", TREATMENTS[:count], values, spreads)], "MD")
    off = ~np.eye(count, dtype=bool)
    assert found.direct_share[off] == pytest.approx(1.0)
    assert all(each.indirect is None for each in split_nodes(found.network, 0.0, found.effect, found.se))


@settings(max_examples=150)
@given(networks(least=2))
def test_reml_is_the_highest_point_of_the_restricted_likelihood(studies):
    system = system_of(synthesise(studies, "MD", method="common").network)
    assume(system.df)
    found = fit(system, "REML")
    height = log_restricted(found)
    top = 10.0 * max(found.tau2, float(np.ptp(system.y)) ** 2, 0.01)
    for tau2 in np.concatenate([np.linspace(0.0, top, 120), found.tau2 * np.linspace(0.9, 1.1, 21)]):
        assert log_restricted(pool(system, float(tau2))) <= height + 1e-7 * (1.0 + abs(height)), tau2


@given(networks(least=2))
def test_pm_makes_q_its_degrees_of_freedom_and_the_interval_is_where_q_is_a_quantile(studies):
    system = system_of(synthesise(studies, "MD", method="common").network)
    assume(system.df)
    tau2 = fit(system, "PM").tau2
    q = pool(system, tau2).q
    assert q == pytest.approx(system.df, rel=1e-6) if tau2 else q <= system.df * (1 + 1e-9)
    for end, level in zip(tau2_interval(system), (0.975, 0.025), strict=True):
        wanted = chi_square_quantile(level, system.df)
        q = pool(system, end).q
        assert q == pytest.approx(wanted, rel=1e-6) if end else q <= wanted * (1 + 1e-9)


@given(networks(), METHOD, st.sampled_from([1e-6, 1e-3, 0.3, 7.0, 1e4]))
def test_another_unit_changes_the_unit_alone(studies, method, factor):
    scaled = [each._replace(estimate=each.estimate * factor, covariance=each.covariance * factor**2) for each in studies]
    one, other = (synthesise(each, "MD", method=method) for each in (studies, scaled))
    assert other.effect == pytest.approx(one.effect * factor, rel=1e-6, abs=1e-7 * factor)
    assert other.se == pytest.approx(one.se * factor, rel=1e-6)
    assert other.pooled.tau2 == pytest.approx(one.pooled.tau2 * factor**2, rel=1e-5, abs=1e-8 * factor**2)
    assert other.q == pytest.approx(one.q, rel=1e-9, abs=1e-9)


@given(networks(spread=st.sampled_from([1e-4, 0.01, 1.0, 30.0])), METHOD)
def test_precise_studies_beside_vague_ones_change_nothing_of_that(studies, method):
    found = synthesise(studies, "MD", method=method)
    other = synthesise(studies[::-1], "MD", method=method, reference=found.treatments[-1])
    same(pairs_of(found), pairs_of(other), 1e-5)


def test_a_likelihood_with_several_summits_is_climbed_to_the_highest():
    rng = np.random.default_rng(0)
    for _ in range(60):  # among them some whose summit nearest to the DL estimate is a low one
        count = rng.integers(3, 9)
        se = 10 ** rng.uniform(-3, 1, count)
        y = rng.normal(size=count) * rng.choice([0.01, 0.3, 3], count)
        system = System(y, np.ones((count, 1)), np.diag(se**2), np.eye(count))
        grid = [log_restricted(pool(system, float(tau2))) for tau2 in (0.0, *np.geomspace(1e-7, 1e3, 300))]
        assert log_restricted(fit(system, "REML")) >= max(grid) - 1e-9 * (1.0 + abs(max(grid)))
