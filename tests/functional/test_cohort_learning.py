"""`cohort fit` without --independent: what all diaries teach, held a little by trials, and what each person gains by it."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources

import jsonschema
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleardays.cli.main import main

DAYS, START, EFFECT = 84, 28, -1.2


def simulated(count: int, seed: int) -> tuple[pa.Table, np.ndarray]:
    """People alike in their effect, and the true share by which the days of each fall."""
    random = np.random.default_rng(seed)
    usual = random.normal(-0.3, 0.8, count)
    effect = random.normal(EFFECT, 0.2, count)
    exposure = 1.0 - np.exp(-np.maximum(np.arange(DAYS) - START, 0) / 14.0)
    chance = 1.0 / (1.0 + np.exp(-(usual[:, None] + effect[:, None] * exposure)))
    cells = np.where(random.random((count, DAYS)) < chance, 2, 0)
    known = random.random((count, DAYS)) > 0.3
    rows = [[int(cell) if seen else None for cell, seen in zip(*pair, strict=True)] for pair in zip(cells, known, strict=True)]
    before, after = (1.0 / (1.0 + np.exp(-(usual + shift))) for shift in (0.0, effect * exposure[-1]))
    table = pa.table(
        {
            "person": [f"p{number}" for number in range(count)],
            "first_day": pa.array([date(2026, 1, 5)] * count, pa.date32()),
            "headache": pa.array(rows, pa.list_(pa.int8())),
            "start_day": pa.array([START] * count, pa.int32()),
        }
    )
    return table, 100.0 * (1.0 - after / before)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("cohort") / "diaries.parquet"
    table, truth = simulated(60, 5)
    pq.write_table(table, path)
    return path, truth


def fit(capsys, source, out, *more: str) -> tuple[int, dict, pa.Table | None]:
    code = main(["cohort", "fit", str(source), "--out", str(out), "--jobs", "1", "--json", *more])
    told = json.loads(capsys.readouterr().out)
    return code, told, pq.read_table(out) if code == 0 else None


def test_what_all_teach_brings_each_answer_nearer_to_the_truth(capsys, tmp_path, source):
    path, truth = source
    code, told, together = fit(capsys, path, tmp_path / "together.parquet")
    assert code == 0
    schema = resources.files("cleardays.cli").joinpath("schemas", "cohort-fit.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(told, json.loads(schema))
    assert not told["independent"]
    population = told["population"]
    assert population["people"] == population["of"] == 60
    assert population["settled"]
    assert population["log_evidence"] > population["log_evidence_before"]
    assert population["effect"]["mean"] == pytest.approx(EFFECT, abs=0.35)
    assert population["effect"]["sd"] < 0.8
    _, alone_told, alone = fit(capsys, path, tmp_path / "alone.parquet", "--independent")
    assert alone_told["population"] is None
    missed = [np.abs(np.array(table.column("reduction_pct").to_pylist()) - truth).mean() for table in (together, alone)]
    assert missed[0] < 0.8 * missed[1]
    assert together.column("person").to_pylist() == [f"p{number}" for number in range(60)]


def test_learning_starts_from_the_trials_of_the_treatment(capsys, tmp_path, source):
    path, _ = source
    told = fit(capsys, path, tmp_path / "a.parquet", "--treatment", "aimovig", "--indication", "episodic-migraine")[1]
    assert told["population"]["started_from"]["rule"] == "prior.evidence"
    assert "erenumab" in told["population"]["started_from"]["because"]
    without = fit(capsys, path, tmp_path / "b.parquet", "--treatment", "aimovig", "--no-evidence")[1]
    assert without["population"]["started_from"]["rule"] == "prior.reference"
    assert told["population"]["effect"] != without["population"]["effect"]


def test_same_file_and_seed_same_answers_whatever_the_processes(capsys, tmp_path, source):
    path, _ = source
    one = fit(capsys, path, tmp_path / "one.parquet")[2]
    two = fit(capsys, path, tmp_path / "two.parquet", "--jobs", "2")[2]
    assert one.equals(two)


def test_nobody_to_learn_from_is_told_with_what_to_do(capsys, tmp_path):
    table, _ = simulated(3, 1)
    path = tmp_path / "untreated.parquet"
    pq.write_table(table.drop_columns(["start_day"]), path)
    code, told, _ = fit(capsys, path, tmp_path / "out.parquet")
    assert code == 2
    assert "--independent" in told["problems"][0]["try_this"]
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("name", ["ketamine", "no such thing"])
def test_a_treatment_without_trials_cannot_start_the_learning(capsys, tmp_path, source, name):
    code, told, _ = fit(capsys, source[0], tmp_path / "out.parquet", "--treatment", name)
    assert code == 2
    assert told["problems"][0]["where"] == "--treatment"


def test_levels_taken_each_day_and_rows_with_problems_are_learned_from_as_they_are(capsys, tmp_path):
    table, _ = simulated(20, 2)
    levels = [[0.0] * START + [0.5] * 14 + [1.0] * (DAYS - START - 14)] * 20
    bad = table.column("headache").to_pylist()
    bad[3] = [7] * DAYS
    table = table.append_column("exposure", pa.array(levels, pa.list_(pa.float32())))
    table = table.set_column(2, "headache", pa.array(bad, pa.list_(pa.int8())))
    path = tmp_path / "levels.parquet"
    pq.write_table(table, path)
    code, told, out = fit(capsys, path, tmp_path / "out.parquet")
    assert code == 0
    assert told["population"]["people"] == 19
    assert out.column("status").to_pylist().count("problem") == 1
