"""Many diaries at once get the answers of one at a time; a bad row stops nothing."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cleardays.diary.series import DaySeries
from cleardays.numerics import weighted
from cleardays.response import batch as batches
from cleardays.response.arrow import fit_batch
from cleardays.response.batch import NO_START, QUANTITIES, Diaries, answer_all
from cleardays.response.batch_verdict import verdicts
from cleardays.response.fit import BASELINE_DAYS
from cleardays.response.priors import reference_priors
from cleardays.response.verdict import ask, judge, reasons_to_decline
from cleardays.trial.review import judging_rules

PRIORS, RULES = reference_priors(0.4, 0.4), judging_rules()
NAMES = [f"{quantity}{bound}" for quantity in QUANTITIES for bound in ("", "_lower", "_upper")]


def simulated(count: int, seed: int, *, selective: bool = False) -> Diaries:
    """Diaries of 1 to 250 days, with gaps, recalled days, and starts from before the first day to after the last."""
    random = np.random.default_rng(seed)
    states, recalled, first, start = [], [], [0], []
    for _ in range(count):
        n = int(random.integers(1, 250))
        had = random.random(n) < random.uniform(0.02, 0.98)
        known = random.random(n) > random.choice([0.0, 0.2, 0.5])
        if selective:
            known &= ~(np.concatenate([[False], ~had[:-1]]) & (random.random(n) < 0.7))
        states.append(np.where(known, had, -1))
        recalled.append(random.random(n) < random.choice([0.0, 0.0, 0.3]))
        first.append(first[-1] + n)
        start.append(int(random.choice([NO_START, int(random.integers(-30, n + 30)), n // 3], p=[0.1, 0.3, 0.6])))
    exposed = np.full(count, -1)
    state, memory = np.concatenate(states).astype(np.int8), np.concatenate(recalled)
    return Diaries(np.array(first), np.array(start), state, memory, np.zeros(0, np.float32), exposed)


def test_a_batch_answers_as_one_fit_at_a_time_does(monkeypatch):
    diaries = simulated(25, seed=1)
    levels = np.random.default_rng(2).random(int(diaries.first[-1])).astype(np.float32)
    diaries = diaries._replace(levels=levels, exposed=np.where(np.arange(25) % 3 == 0, diaries.first[:-1], -1))
    together = answer_all(diaries, PRIORS, seed=1)
    monkeypatch.setattr(batches, "kernel", lambda: None)
    monkeypatch.setattr("cleardays.response.kernel.kernel", lambda: None)
    alone = answer_all(diaries, PRIORS, seed=1)
    np.testing.assert_array_equal(together.answered, alone.answered)
    np.testing.assert_allclose(together.numbers, alone.numbers, atol=1e-3, rtol=1e-5)
    np.testing.assert_allclose(together.daily, alone.daily, atol=1e-6)


def test_each_diary_is_answered_whatever_its_neighbours_are():
    diaries = simulated(12, seed=3)
    together = answer_all(diaries, PRIORS, seed=1)
    for index in (0, 5, 11):
        days = slice(int(diaries.first[index]), int(diaries.first[index + 1]))
        one = Diaries(
            np.array([0, days.stop - days.start]),
            diaries.start[index : index + 1],
            diaries.state[days],
            diaries.recalled[days],
            diaries.levels,
            diaries.exposed[index : index + 1],
        )
        np.testing.assert_array_equal(answer_all(one, PRIORS, seed=1).numbers[0], together.numbers[index])


@pytest.mark.parametrize("selective", [False, True])
def test_verdicts_are_those_of_one_diary_at_a_time(selective):
    diaries = simulated(120, seed=4, selective=selective)
    answers = answer_all(diaries, PRIORS, seed=1, draws=64)
    found = verdicts(diaries, answers, RULES)
    seen = set()
    for index, verdict in enumerate(found):
        days, exposure = diaries.series(index)
        if not days.known or diaries.start[index] == NO_START:
            assert verdict is None
            continue
        before = days.before(exposure.start, BASELINE_DAYS)
        estimate = answers.of("baseline")[1][index]
        question = ask(RULES, exposure.start, before, None if np.isnan(estimate) else float(estimate), None)
        chance = answers.chance("reduction_ge_50" if question.threshold == 0.5 else "reduction_ge_30")[index]
        decline = reasons_to_decline(RULES, days, exposure.start, before)
        expected, _ = judge(
            question, RULES, as_of=days.last_day, start=exposure.start, probability=float(chance), decline=decline
        )
        assert verdict == expected, (index, [reason.rule for reason in decline])
        seen.add(verdict)
    assert {"too_early", "cannot_tell"} <= seen


def test_pruned_sorting_gives_the_quantiles_of_a_full_sort():
    """The intervals of the compiled batch are those of numerics.weighted (draws of equal value and heavy ones included)."""
    diaries = simulated(30, seed=6)
    answers = answer_all(diaries, PRIORS, seed=2, draws=97)
    lower, middle, upper = answers.of("current")
    known = answers.answered
    assert np.all(lower[known] <= middle[known])
    assert np.all(middle[known] <= upper[known])
    assert weighted.quantiles(np.array([1.0, 1.0, 2.0]), np.array([0.5, 0.25, 0.25]), (0.5,))[0] == 1.0


def rows(**columns):
    types = {
        "person": pa.string(), "first_day": pa.date32(), "headache": pa.list_(pa.int8()), "exposure": pa.list_(pa.float32()),
        "recalled": pa.list_(pa.bool_()), "start_day": pa.int32(),
    }  # fmt: skip
    return pa.RecordBatch.from_pydict({name: pa.array(values, types[name]) for name, values in columns.items()})


def test_rows_come_back_in_order_and_bad_ones_say_why():
    good = [0, 2, None, 9, 1, 0, 0] * 12
    headache = [good, None, [], [0, 7], [None, None], good, good, good]
    found = fit_batch(
        rows(
            person=["a", "b", "c", "d", "e", "f", None, "h"],
            first_day=[date(2026, 1, 1)] * 8,
            headache=headache,
            exposure=[None, None, None, None, None, [1.0], None, [float("nan")] * len(good)],
            start_day=[28] * 8,
        ),
        PRIORS,
        RULES,
        seed=1,
    ).to_pylist()
    assert [row["person"] for row in found] == ["a", "b", "c", "d", "e", "f", None, "h"]
    assert [row["status"] for row in found] == ["ok"] + ["problem"] * 7
    problems = [row["problem"] for row in found]
    assert problems[0] is None
    for problem, word in zip(
        problems[1:], ("headache", "no day", "0, 1, 2, 3, 9", "no day of", "entries", "person", "not finite"), strict=True
    ):
        assert word in problem
    assert len(found[0]["daily_probability"]) == 28
    assert all(found[0][name] is not None for name in NAMES)
    assert all(found[1][name] is None for name in [*NAMES, "verdict", "ess", "daily_probability"])


def test_strengths_of_headache_are_all_headache_days_and_null_is_unknown():
    same = [[1, 2, 3, 9, 0, None] * 20, [9, 9, 9, 9, 0, None] * 20]
    found = fit_batch(
        rows(person=["a", "b"], first_day=[date(2026, 1, 1)] * 2, headache=same, start_day=[40, 40]), PRIORS, RULES, seed=1
    ).to_pylist()
    assert {name: value for name, value in found[0].items() if name != "person"} == {
        name: value for name, value in found[1].items() if name != "person"
    }


def test_nothing_started_means_no_reduction_and_no_verdict():
    found = fit_batch(
        rows(person=["a"], first_day=[date(2026, 1, 1)], headache=[[0, 9] * 30], start_day=[None]), PRIORS, RULES, seed=1
    ).to_pylist()[0]
    assert found["status"] == "ok"
    assert found["current"] == pytest.approx(14, abs=4)
    assert [found[name] for name in ("baseline", "reduction_pct", "p_reduction_50", "verdict")] == [None] * 4


def test_the_calendar_does_not_matter():
    headache = [[0, 9, 1, 0, None, 0, 3] * 16] * 2
    first = [date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=3)]
    found = fit_batch(rows(person=["a", "b"], first_day=first, headache=headache, start_day=[30, 30]), PRIORS, RULES, seed=1)
    one, other = (row | {"person": ""} for row in found.to_pylist())
    assert one == other


def test_missing_or_misnamed_columns_are_refused():
    with pytest.raises(ValueError, match="headache"):
        fit_batch(rows(person=["a"], first_day=[date(2026, 1, 1)]), PRIORS, RULES, seed=1)
    wrong = pa.RecordBatch.from_pydict({"person": ["a"], "first_day": [date(2026, 1, 1)], "headache": ["0101"]})
    with pytest.raises(ValueError, match="list"):
        fit_batch(wrong, PRIORS, RULES, seed=1)


def test_an_empty_batch_is_answered_with_an_empty_batch():
    found = fit_batch(rows(person=[], first_day=[], headache=[], start_day=[]), PRIORS, RULES, seed=1)
    assert found.num_rows == 0


def test_series_of_a_batch_read_as_they_were_laid():
    diaries = Diaries(
        np.array([0, 3]),
        np.array([1]),
        np.array([1, -1, 0], np.int8),
        np.array([False, False, True]),
        np.zeros(0, np.float32),
        np.array([-1]),
    )
    days, exposure = diaries.series(0)
    assert days == DaySeries("headache_day", days.first_day, (True, None, False), (False, False, True))
    assert exposure.start == days.first_day + timedelta(days=1)
