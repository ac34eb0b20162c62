"""Rows of a record batch as people to learn a population from: those whose treatment has begun and who know some day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cleardays.diary.series import DaySeries
from cleardays.quantities import ExposureSeries, ExposureStep
from cleardays.response.arrow import sound_rows
from cleardays.response.population import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pyarrow as pa

_TREATMENT = "the treatment"


def people_of(batch: pa.RecordBatch, rows: Sequence[int]) -> list[Person]:
    """The people of some rows, without those whose row has a problem, who know no day, or whose treatment has not begun.

    Args:
        batch: as `response.arrow.fit_batch` takes it.
        rows: which of its rows.
    """
    sound = sound_rows(batch)
    wanted = [row for row in rows if sound[row]]
    told = batch.take(wanted).to_pylist() if wanted else []
    people = (_person(row) for row in told)
    return [person for person in people if person is not None]


def _person(row: dict[str, object]) -> Person | None:
    cells: list[int | None] = row["headache"]  # type: ignore[assignment]  # the schema was checked
    states = tuple(None if cell is None else cell > 0 for cell in cells)
    recalled: list[bool | None] | None = row.get("recalled")  # type: ignore[assignment]
    first: date = row["first_day"]  # type: ignore[assignment]
    days = DaySeries("headache_day", first, states, tuple(bool(each) for each in recalled or (False,) * len(states)))
    exposure = _exposure(row, first, len(states))
    if exposure is None or not days.known or exposure.start > days.last_day:
        return None
    return Person(days, exposure)


def _exposure(row: dict[str, object], first: date, length: int) -> ExposureSeries | None:
    """The levels taken each day as steps; without them, in full from the first day of treatment on."""
    start: int | None = row.get("start_day")  # type: ignore[assignment]
    levels: list[float] | None = row.get("exposure")  # type: ignore[assignment]
    if levels is None:
        return None if start is None else ExposureSeries.started(_TREATMENT, first + timedelta(days=start))
    steps, before = [], 0.0
    for day in range(length):
        if levels[day] != before:
            before = levels[day]
            steps.append(ExposureStep(first + timedelta(days=day), float(before)))
    if not steps:
        return None
    origin = None if start is None else first + timedelta(days=start)
    return ExposureSeries(_TREATMENT, tuple(steps), origin)
