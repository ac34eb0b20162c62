"""Batches of diaries as Arrow record batches: one row a diary in, one row a diary out, in the same order.

A row that cannot be answered says why and stops nothing. Needs pyarrow (the `frames` extra); nothing else in this
room does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cleardays.response.batch import CHANCES, NO_START, QUANTITIES, Answers, Diaries, answer_all
from cleardays.response.batch_verdict import verdicts
from cleardays.response.priors import Priors
from cleardays.response.verdict import JudgingRules

if TYPE_CHECKING:
    import pyarrow as pa

OK, PROBLEM = "ok", "problem"
HEADACHE_CODES = (0, 1, 2, 3, 9)  # clear, mild, moderate, severe, had with strength not recorded
LONGEST_DAYS = 40_000
_REQUIRED, _OPTIONAL = ("person", "first_day", "headache"), ("migraine", "exposure", "recalled", "start_day")
_COLUMNS = {"reduction_ge_30": "p_reduction_30", "reduction_ge_50": "p_reduction_50", "reduction_ge_75": "p_reduction_75"}


def fit_batch(batch: pa.RecordBatch, priors: Priors, rules: JudgingRules, *, seed: int) -> pa.RecordBatch:
    """Answer every diary of a batch.

    Args:
        batch: columns person (string), first_day (date32), headache (list of int8: 0 clear, 1 mild, 2 moderate,
            3 severe, 9 had with strength not recorded, null unknown); optional exposure (list of float32, the level
            taken each day), recalled (list of bool), start_day (int32, index of the first day of treatment; null:
            none). The last cell is the day the answer is as of.
        priors: for all of them.
        rules: the judging rules.
        seed: fixes the draws.

    Returns:
        A row for each row, in their order: person, status ("ok" or "problem"), problem, the quantities in days per 28
        with _lower and _upper (90 % intervals), p_reduction_30, 50 and 75, p_worse, verdict, ess, daily_probability.

    Raises:
        ValueError: a required column is missing, or one has another type.
    """
    problems = problems_of(batch)
    sound = np.array([problem is None for problem in problems], dtype=bool)
    diaries = _diaries(batch, sound)
    answers = answer_all(diaries, priors, seed=seed)
    return _rows(batch, problems, np.flatnonzero(sound), answers, verdicts(diaries, answers, rules))


def sound_rows(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    """Which rows have no problem; raises `ValueError` where a column is missing or has another type."""
    return np.array([problem is None for problem in problems_of(batch)], dtype=bool)


def _require_columns(batch: pa.RecordBatch) -> None:
    import pyarrow as pa

    missing = [name for name in _REQUIRED if name not in batch.schema.names]
    if missing:
        raise ValueError(f"the columns {', '.join(missing)} are missing; a diary has {', '.join(_REQUIRED)}")
    lists = {"headache": pa.types.is_integer, "exposure": pa.types.is_floating, "recalled": pa.types.is_boolean}
    for name, fits in lists.items():
        if name in batch.schema.names:
            kind = batch.schema.field(name).type
            if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or not fits(kind.value_type):
                raise ValueError(f"the column {name} is of type {kind}; it holds a list for each diary")
    if not (pa.types.is_string(_type(batch, "person")) or pa.types.is_large_string(_type(batch, "person"))):
        raise ValueError(f"the column person is of type {_type(batch, 'person')}; it holds text")
    if not pa.types.is_date(_type(batch, "first_day")):
        raise ValueError(f"the column first_day is of type {_type(batch, 'first_day')}; it holds dates")
    if "start_day" in batch.schema.names and not pa.types.is_integer(batch.schema.field("start_day").type):
        raise ValueError(f"the column start_day is of type {batch.schema.field('start_day').type}; it holds whole numbers")


def _type(batch: pa.RecordBatch, name: str) -> pa.DataType:
    return batch.schema.field(name).type


def _column(batch: pa.RecordBatch, name: str) -> pa.Array | None:
    return batch.column(name) if name in batch.schema.names else None


def _lengths(column: pa.Array) -> NDArray[np.int64]:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(pc.list_value_length(column), -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def problems_of(batch: pa.RecordBatch) -> list[str | None]:
    """What is wrong with each row; None where nothing is. Raises as `fit_batch` does."""
    _require_columns(batch)
    found: list[str | None] = [None] * batch.num_rows
    days = _lengths(batch.column("headache"))
    wrong = {
        "person is missing": _nulls(batch.column("person")),
        "first_day is missing": _nulls(batch.column("first_day")),
        "headache is missing or holds no day": days < 1,
        f"headache holds more than {LONGEST_DAYS} days": days > LONGEST_DAYS,
        "headache holds a number that is none of 0, 1, 2, 3, 9": _bad_codes(batch),
    }
    for name in ("exposure", "recalled"):
        column = _column(batch, name)
        if column is not None:
            length = _lengths(column)
            wrong[f"{name} does not have as many entries as headache"] = (length >= 0) & (length != days)
    if _column(batch, "start_day") is not None:
        wrong[f"start_day is more than {LONGEST_DAYS} days away"] = _far_off(batch)
    if _column(batch, "exposure") is not None:
        wrong["exposure holds a null, or a number that is negative or not finite"] = _bad_exposure(batch)
    for problem, rows in wrong.items():
        for row in np.flatnonzero(rows):
            found[row] = found[row] or f"{problem}."
    return found


def _far_off(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    days = batch.column("start_day").fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray((days > LONGEST_DAYS) | (days < -LONGEST_DAYS))


def _nulls(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False))


def _parents(column: pa.Array) -> NDArray[np.int64]:
    import pyarrow.compute as pc

    return np.asarray(pc.list_parent_indices(column).to_numpy(zero_copy_only=False), dtype=np.int64)


def _bad_codes(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    codes = batch.column("headache").flatten().fill_null(0).to_numpy(zero_copy_only=False)
    return _any_of(batch.num_rows, _parents(batch.column("headache")), ~np.isin(codes, HEADACHE_CODES))


def _bad_exposure(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    levels = batch.column("exposure").flatten().fill_null(-1.0).to_numpy(zero_copy_only=False)
    return _any_of(batch.num_rows, _parents(batch.column("exposure")), ~np.isfinite(levels) | (levels < 0))


def _any_of(rows: int, parents: NDArray[np.int64], wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(np.bincount(parents[wrong], minlength=rows) > 0)


def _diaries(batch: pa.RecordBatch, sound: NDArray[np.bool_]) -> Diaries:
    """The sound rows, laid end to end."""
    import pyarrow as pa

    taken = batch.filter(pa.array(sound))
    days = _lengths(taken.column("headache"))
    codes = taken.column("headache").flatten().fill_null(-1).to_numpy(zero_copy_only=False)
    first = np.concatenate([[0], np.cumsum(days)])
    recalled, exposure, start = (_column(taken, name) for name in ("recalled", "exposure", "start_day"))
    remembered = np.zeros(len(codes), dtype=bool)
    if recalled is not None:
        told = np.repeat(_lengths(recalled) >= 0, days)
        remembered[told] = recalled.flatten().fill_null(False).to_numpy(zero_copy_only=False)
    levels, exposed = np.zeros(0, dtype=np.float32), np.full(len(days), -1, dtype=np.int64)
    if exposure is not None:
        levels = exposure.flatten().to_numpy(zero_copy_only=False).astype(np.float32)
        length = _lengths(exposure)
        exposed = np.where(length >= 0, np.cumsum(np.maximum(length, 0)) - np.maximum(length, 0), -1)
    begun = np.full(len(days), NO_START, dtype=np.int64)
    if start is not None:
        there = ~_nulls(start)
        begun[there] = start.drop_null().to_numpy(zero_copy_only=False)
    return Diaries(first, begun, np.sign(codes).astype(np.int8), remembered, levels, exposed)


def _rows(
    batch: pa.RecordBatch, problems: list[str | None], at: NDArray[np.int64], answers: Answers, judged: list[str | None]
) -> pa.RecordBatch:
    import pyarrow as pa

    for row, answered in zip(at.tolist(), answers.answered.tolist(), strict=True):
        if not answered:
            problems[row] = "no day of headache is known."
    count = batch.num_rows
    there = np.array([problem is None for problem in problems], dtype=bool)

    def spread(values: NDArray[np.float64]) -> pa.Array:
        whole = np.full(count, np.nan)
        whole[at] = values
        return pa.array(whole, mask=~there | np.isnan(whole))

    verdict: list[str | None] = [None] * count
    for row, said in zip(at.tolist(), judged, strict=True):
        verdict[row] = said
    columns = {
        "person": batch.column("person").cast(pa.string()),
        "status": pa.array([OK if problem is None else PROBLEM for problem in problems], pa.string()),
        "problem": pa.array(problems, pa.string()),
    }
    for quantity in QUANTITIES:
        lower, middle, upper = answers.of(quantity)
        for name, values in ((quantity, middle), (f"{quantity}_lower", lower), (f"{quantity}_upper", upper)):
            columns[name] = spread(values)
    for chance in CHANCES:
        columns[_COLUMNS.get(chance, f"p_{chance}")] = spread(answers.chance(chance))
    columns["verdict"] = pa.array(verdict, pa.string())
    columns["ess"] = spread(answers.effective_share)
    columns["daily_probability"] = _daily(answers, there)
    return pa.RecordBatch.from_pydict(columns)


def _daily(answers: Answers, there: NDArray[np.bool_]) -> pa.Array:
    import pyarrow as pa

    kept = answers.daily[answers.answered].astype(np.float32)
    width = answers.daily.shape[1]
    offsets = np.concatenate([[0], np.cumsum(np.where(there, width, 0))]).astype(np.int32)
    nulls = pa.array(np.append(np.where(there, offsets[:-1], 0), offsets[-1]), pa.int32(), mask=np.append(~there, False))
    return pa.ListArray.from_arrays(nulls, pa.array(kept.ravel(), pa.float32()))
