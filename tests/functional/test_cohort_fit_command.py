"""`cleardays cohort fit`: a row out for each row in, whatever is in them, and nothing half written."""

from __future__ import annotations

import json
import os
import signal
from datetime import date
from importlib import resources

import jsonschema
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleardays.cli import registry
from cleardays.cli.main import main
from cleardays.response.arrow import fit_batch

COLUMNS = [
    "person", "status", "problem",
    "baseline", "baseline_lower", "baseline_upper", "current", "current_lower", "current_upper",
    "untreated", "untreated_lower", "untreated_upper", "reduction_pct", "reduction_pct_lower", "reduction_pct_upper",
    "change_pct", "change_pct_lower", "change_pct_upper",
    "p_reduction_30", "p_reduction_50", "p_reduction_75", "p_worse", "verdict", "ess", "daily_probability",
]  # fmt: skip


def diaries(count: int, days: int = 60) -> pa.Table:
    random = np.random.default_rng(count)
    cells = [[None if random.random() < 0.2 else int(2 * (random.random() < 0.4)) for _ in range(days)] for _ in range(count)]
    return pa.table(
        {
            "person": [f"p{number}" for number in range(count)],
            "first_day": pa.array([date(2026, 1, 5)] * count, pa.date32()),
            "headache": pa.array(cells, pa.list_(pa.int8())),
            "start_day": pa.array([28] * count, pa.int32()),
        }
    )


def fit(capsys, source, out, *more: str) -> tuple[int, dict, str]:
    jobs = [] if "--jobs" in more else ["--jobs", "1"]
    code = main(["cohort", "fit", str(source), "--out", str(out), "--independent", "--json", *jobs, *more])
    captured = capsys.readouterr()
    return code, json.loads(captured.out), captured.err


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "diaries.parquet"
    pq.write_table(diaries(23), path)
    return path


def test_each_row_is_answered_in_its_place_with_the_columns_of_the_reference(capsys, tmp_path, source):
    code, told, _ = fit(capsys, source, tmp_path / "out.parquet")
    text = resources.files("cleardays.cli").joinpath("schemas", "cohort-fit.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(told, json.loads(text))
    found = pq.read_table(tmp_path / "out.parquet")
    assert code == 0
    assert (told["diaries"], told["answered"], told["problems"]) == (23, 23, 0)
    assert found.column_names == COLUMNS
    assert found["person"].to_pylist() == [f"p{number}" for number in range(23)]
    assert {len(each) for each in found["daily_probability"].to_pylist()} == {28}


def test_the_answers_are_those_of_the_batch_itself_however_the_file_is_cut(tmp_path, source):
    table = pq.read_table(source)
    alone = fit_batch(table.to_batches()[0], *registry._beliefs(), seed=1)
    for rows in (1, 7, 100):
        registry.fit_file(str(source), str(tmp_path / "out.parquet"), jobs=1, seed=1, tell=lambda _: None, rows=rows)
        assert (
            pq.read_table(tmp_path / "out.parquet").combine_chunks().to_pylist() == pa.Table.from_batches([alone]).to_pylist()
        )


def test_two_processes_give_the_same_rows_in_the_same_order_and_tell_how_far_they_are(tmp_path, source):
    told, found = [], []
    for jobs in (1, 2):
        out = tmp_path / f"{jobs}.parquet"
        registry.fit_file(str(source), str(out), jobs=jobs, seed=1, tell=told.append, rows=5)
        found.append(pq.read_table(out).to_pylist())
    assert found[0] == found[1]
    assert [(each.done, each.of) for each in told if each.done == each.of] == [(23, 23)] * 2


def test_a_bad_diary_gets_a_row_that_says_why_and_stops_nothing(capsys, tmp_path):
    table = diaries(5)
    cells = table["headache"].to_pylist()
    cells[1], cells[3] = [7] * 60, []
    path = tmp_path / "in.parquet"
    pq.write_table(table.set_column(2, "headache", pa.array(cells, pa.list_(pa.int8()))), path)
    _, told, _ = fit(capsys, path, tmp_path / "out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (told["diaries"], told["answered"], told["problems"]) == (5, 3, 2)
    assert [row["status"] for row in rows] == ["ok", "problem", "ok", "problem", "ok"]
    assert "none of 0, 1, 2, 3, 9" in rows[1]["problem"]


def test_a_start_centuries_away_is_a_bad_row_and_no_more(capsys, tmp_path):
    table = diaries(4)
    path = tmp_path / "in.parquet"
    pq.write_table(table.set_column(3, "start_day", pa.array([28, 10**12, -(10**12), None], pa.int64())), path)
    code, told, _ = fit(capsys, path, tmp_path / "out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (code, told["answered"]) == (0, 2)
    assert ["start_day" in (row["problem"] or "") for row in rows] == [False, True, True, False]


def test_no_file_beside_the_results_is_touched(capsys, tmp_path, source):
    mine = tmp_path / "out.parquet.part"
    mine.write_text("mine", encoding="utf-8")
    fit(capsys, source, tmp_path / "out.parquet")
    assert mine.read_text(encoding="utf-8") == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["diaries.parquet", "out.parquet", "out.parquet.part"]


@pytest.mark.parametrize("out", ["-", "."])
def test_what_is_no_file_is_refused_before_the_work(capsys, monkeypatch, tmp_path, source, out):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_written", None)
    code, told, _ = fit(capsys, source, out)
    assert (code, told["problems"][0]["where"]) == (2, "--out")


def test_a_file_without_rows_has_a_result_without_rows(capsys, tmp_path, source):
    pq.write_table(diaries(23).slice(0, 0), source)
    _, told, _ = fit(capsys, source, tmp_path / "out.parquet")
    assert told["diaries"] == pq.read_metadata(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(b"person,day\n"), "no Parquet file"),
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: pq.write_table(diaries(3).drop(["headache"]), path), "headache are missing"),
        (lambda path: pq.write_table(diaries(3).set_column(3, "start_day", pa.array(list("abc"))), path), "start_day"),
        (lambda path: pq.write_table(diaries(3).set_column(1, "first_day", pa.array(list("abc"))), path), "holds dates"),
        (lambda path: pq.write_table(diaries(3).set_column(0, "person", pa.array([1, 2, 3])), path), "holds text"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(capsys, tmp_path, source, spoil, says):
    spoil(source)
    out = tmp_path / "out.parquet"
    code, told, _ = fit(capsys, source, out)
    assert code == 2
    assert says in told["problems"][0]["what"]
    assert not list(tmp_path.glob("out*")) + list(tmp_path.glob(".cohort-*"))


def test_a_damaged_file_leaves_an_older_result_alone(capsys, tmp_path, source):
    out = tmp_path / "out.parquet"
    fit(capsys, source, out)
    before, raw = out.read_bytes(), bytearray(source.read_bytes())
    raw[10:400] = bytes(390)
    source.write_bytes(raw)
    code, told, _ = fit(capsys, source, out)
    assert code == 2
    assert "damaged" in told["problems"][0]["what"]
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".cohort-*"))


@pytest.mark.parametrize(
    ("more", "says"),
    [(["--jobs", "0"], "--jobs"), (["--engine", "abacus"], "--engine"), (["--seed", "x"], "--seed")],
)
def test_options_that_make_no_sense_are_named(capsys, tmp_path, source, more, says):
    code, told, _ = fit(capsys, source, tmp_path / "out.parquet", *more)
    assert (code, told["problems"][0]["where"]) == (2, says)


def test_the_diaries_are_never_overwritten(capsys, source):
    before = source.read_bytes()
    code, told, _ = fit(capsys, source, source)
    assert code == 2
    assert "itself" in told["problems"][0]["what"]
    assert source.read_bytes() == before


def test_a_process_that_dies_loses_no_diary(monkeypatch, tmp_path, source):
    """The first process is killed as soon as it is there; its batches are handed out again."""
    killed = []
    fresh = registry._pool

    def pool(jobs):
        made = fresh(jobs)
        if not killed:
            victim = made.submit(os.getpid).result()
            killed.append(victim)
            os.kill(victim, signal.SIGKILL)
        return made

    monkeypatch.setattr(registry, "_pool", pool)
    counts = registry.fit_file(str(source), str(tmp_path / "out.parquet"), jobs=2, seed=1, tell=lambda _: None, rows=5)
    assert killed
    assert counts == (23, 23, 0)
    assert pq.read_table(tmp_path / "out.parquet")["person"].to_pylist() == [f"p{number}" for number in range(23)]


def test_every_core_works_unless_told_otherwise(capsys, tmp_path, source):
    code = main(["cohort", "fit", str(source), "--out", str(tmp_path / "out.parquet"), "--independent", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["jobs"], told["answered"]) == (0, len(os.sched_getaffinity(0)), 23)
