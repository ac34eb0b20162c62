"""The outcomes of the diary's condition, counted in a window over the days that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleardays.diary.classified import ClassifiedDays
from cleardays.diary.conditions import COUNT, DAY, Outcome, condition_of, standard_drink_g
from cleardays.diary.records import Diary
from cleardays.diary.rules import day_rules
from cleardays.diary.tallies import Tallies
from cleardays.diary.windows import INSUFFICIENT, grade

_NAN = float("nan")


class OutcomeColumn(NamedTuple):
    """One outcome day by day: 1 had and 0 not for a day outcome, else its number; NaN where it is unknown.

    `logged` marks days that would have answered an outcome of the classified day.
    """

    outcome: Outcome
    values: NDArray[np.float64]
    logged: NDArray[np.bool_]
    tallies: Tallies

    def document(self, part: slice) -> dict[str, object]:
        """Its figures in one window. Days that were not assessed are in no denominator."""
        count: int = self.tallies.of(("assessed",), part, lambda: ~np.isnan(self.values))
        total: float = self.tallies.of(("total",), part, lambda: np.nan_to_num(self.values))
        quality = grade(count, part.stop - part.start, day_rules())
        # logged days that leave the outcome open are no random days, so the others give no rate
        open_days: int = self.tallies.of(("open",), part, lambda: np.isnan(self.values) & self.logged)
        per_28 = day_rules().window_days * total / count if quality != INSUFFICIENT and not open_days else None
        told: dict[str, object] = {"kind": self.outcome.kind, "assessed": count, "quality": quality}
        if self.outcome.kind == DAY:
            without = None if per_28 is None else 100 * (count - total) / count
            return {**told, "had": round(total), "per_28": per_28, "percent_without": without}
        if self.outcome.kind == COUNT:
            some: int = self.tallies.of(("some",), part, lambda: self.values > 0)
            return {**told, "total": total, "per_28": per_28, "per_day_with_any": total / some if some else None}
        return {**told, "mean": total / count if count else None}


def outcome_columns(diary: Diary, found: ClassifiedDays) -> list[OutcomeColumn]:
    """Every outcome of the diary's condition; see `condition_of` for what raises."""
    condition = condition_of(diary.about)
    return [
        OutcomeColumn(outcome, _values(outcome, diary, found), _logged(outcome, found), Tallies())
        for outcome in condition.outcomes
    ]


def outcomes_document(columns: Sequence[OutcomeColumn], part: slice) -> dict[str, object]:
    """All outcomes of one window, by id."""
    return {column.outcome.id: column.document(part) for column in columns}


def _logged(outcome: Outcome, found: ClassifiedDays) -> NDArray[np.bool_]:
    """Days on which headache is known, for migraine days and the like; no day for what is asked by itself."""
    if outcome.flag is None or not outcome.flag.startswith(("migraine_day", "mod_sev")):
        return np.zeros(len(found.logged), dtype=bool)
    known: NDArray[np.bool_] = found.flags["headache_day"] != 0
    return known


def _values(outcome: Outcome, diary: Diary, found: ClassifiedDays) -> NDArray[np.float64]:
    values = np.full(len(found.logged), _NAN)
    if outcome.flag is not None:
        flags = found.flags[outcome.flag]
        values[flags == 1], values[flags == -1] = 1.0, 0.0
        return values
    sex, drink_g = diary.about.get("sex"), standard_drink_g(diary.about)
    for record in diary.records:
        answer = outcome.answer(record, sex, drink_g) if outcome.kind == DAY else outcome.value(record, drink_g)
        if answer is not None:
            values[(record.date - found.first_day).days] = float(answer)
    return values
