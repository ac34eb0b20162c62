"""Properties of the calibration study that hold for any figures."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleardays.response.study.figures import pooled, reliability, share
from cleardays.response.study.keeping import baseline_from_memory, most_days, weeks_from_memory
from cleardays.response.study.ranks import judge_ranks, rank

SHARES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(SHARES, SHARES)
def test_bins_lose_nobody_and_pooling_is_counting_together(one, other):
    diagrams = [reliability(np.array([p for p, _ in each]), np.array([h for _, h in each])) for each in (one, other)]
    together = reliability(np.array([p for p, _ in one + other]), np.array([h for _, h in one + other]))
    assert sum(each.people for each in together) == len(one) + len(other)
    for each, meant in zip(pooled(diagrams), together, strict=True):
        assert each.people == meant.people
        if each.people:
            assert abs(each.forecast - meant.forecast) < 1e-9
            assert each.observed == meant.observed


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_a_share_is_never_certain(true):
    found = share(np.array(true, dtype=bool))
    assert 0 <= found.value <= 1
    assert found.error > 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200))
def test_ranks_are_all_counted_and_their_probabilities_are_some(ranks):
    found = judge_ranks("effect", ranks)
    assert sum(found.counts) == len(ranks)
    assert 0 <= found.chi_square_p <= 1
    assert 0 <= found.difference_p <= 1
    assert 0 <= found.difference <= 1


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=50), st.floats(-6, 6))
def test_a_rank_falls_when_everything_is_mirrored(draws, truth):
    values, weight = np.array(draws), np.ones(len(draws))
    ties = float((values == truth).mean())
    assert abs(rank(values, weight, truth) + rank(-values, weight, -truth) + ties - 1) < 1e-9


@given(st.lists(st.booleans(), min_size=14, max_size=60), st.integers(0, 1000))
def test_memory_marks_days_and_never_leaves_them_unknown(states, seed):
    true = np.array(states)
    for keep in (weeks_from_memory, baseline_from_memory, most_days):
        kept, recalled = keep(np.random.default_rng(seed), true, 7)
        assert len(kept) == len(recalled) == len(states)
        assert all(state is not None for state, mark in zip(kept, recalled, strict=True) if mark)
        for state, mark, was in zip(kept, recalled, states, strict=True):
            assert mark or state is None or state == was
