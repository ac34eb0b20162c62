"""Reading studies from a table: one row an arm, or one row a pair.

Arms: study, treatment and events with n, or mean, sd and n, or events with exposure. Pairs: study, treat1, treat2, TE
and seTE, treat1 minus treat2 and for ratios on the log scale; a study of several arms gives all its pairs. Whatever cannot
be pooled truthfully is refused, with the line, the study, the arm and the column.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cleardays.evidence.synthesis.comparable import (
    alike_to_the_last_figure,
    require_one_unit,
    spelt_differently,
    without_comparator,
)
from cleardays.evidence.synthesis.measures import (
    EVENTS,
    EXPOSURE,
    MEANS,
    MEASURES,
    RATIOS,
    Effects,
    from_events,
    from_exposure,
    from_means,
)
from cleardays.evidence.synthesis.plausible import doubtful_spreads
from cleardays.evidence.synthesis.rows import LARGEST, SMALLEST, Row, by_study, number, read_rows
from cleardays.evidence.synthesis.studies import Pair, Study, from_pairs
from cleardays.problems import BadInput, Problem

_WHOLE = "a whole number of people or events"
# Beyond these pooling takes more than seconds; the largest networks published have a few hundred studies.
MOST_ESTIMATES, MOST_TREATMENTS = 800, 200
# A log ratio beyond it is none: e to the 50th is more than there are people, days or grams in any study.
LARGEST_LOG = 50.0


class Kind(NamedTuple):
    """What the rows are: the columns they need, the measures they can give, and the default among these."""

    name: str
    columns: tuple[str, ...]
    measures: tuple[str, ...]
    default: str | None


PAIRS = Kind("pairs", ("treat1", "treat2", "te", "sete"), MEASURES, None)
KINDS = (
    PAIRS,
    Kind("means", ("treatment", "mean", "sd", "n"), MEANS, "MD"),
    Kind("exposure", ("treatment", "events", "exposure"), EXPOSURE, "IRR"),
    Kind("events", ("treatment", "events", "n"), EVENTS, "OR"),
)


class Read(NamedTuple):
    """The studies of a table, the measure, and what was done to them that a reader should know."""

    studies: tuple[Study, ...]
    measure: str | None
    notes: tuple[Problem, ...]


def read_table(lines: Iterable[str], measure: str | None = None) -> Read:
    """Studies from the lines of a comma-separated table.

    Args:
        lines: with a header.
        measure: of the effect; None takes the usual one of what the columns hold.

    Raises:
        BadInput: with everything that keeps it from being pooled.
    """
    rows, columns = read_rows(lines)
    kind = _kind(rows, columns)
    if measure is not None and measure not in kind.measures:
        what = f"{measure} cannot be had from {kind.name}."
        raise BadInput(Problem("--measure", what, f"Choose one of {', '.join(kind.measures)}."))
    chosen = measure or kind.default
    require_one_unit(rows)
    _require_not_too_many(rows, kind)
    studies = _pairs(rows, chosen) if kind is PAIRS else _arms(rows, kind, str(chosen))
    notes = () if kind.name not in ("events", "exposure") else _corrected(rows, kind)
    notes = (*notes, *alike_to_the_last_figure(rows, kind.columns))
    return Read(tuple(studies), chosen, notes)


def _require_not_too_many(rows: Sequence[Row], kind: Kind) -> None:
    columns = ("treat1", "treat2") if kind is PAIRS else ("treatment",)
    treatments = {row.cells.get(column) for row in rows for column in columns}
    studies = by_study(rows, []).values()
    estimates = sum(len({row.cells.get(column) for row in mine for column in columns}) - 1 for mine in studies)
    limits = ((len(treatments), MOST_TREATMENTS, "treatments"), (estimates, MOST_ESTIMATES, "independent estimates"))
    for count, most, named in limits:
        if count > most:
            what = f"it has {count:,} {named}; no more than {most:,} are pooled at once."
            raise BadInput(Problem("table", what, "Check that the columns are the right ones, or pool it in parts."))


def _kind(rows: Sequence[Row], columns: set[str]) -> Kind:
    if "study" not in columns:
        raise BadInput(Problem("header", "there is no column study.", "Name the study of each row in a column called study."))
    for kind in KINDS:
        if columns.issuperset(kind.columns):
            return kind
    nearest = min(KINDS, key=lambda kind: (len(set(kind.columns) - columns), -len(kind.columns)))
    missing = ", ".join(column for column in nearest.columns if column not in columns)
    what = f"the columns {', '.join(sorted(columns))} cannot be pooled; for {nearest.name} there is no {missing}."
    sets = "; or ".join(", ".join(("study", *kind.columns)) for kind in KINDS)
    found = []
    if "treatment" in columns:
        found += without_comparator(rows) + doubtful_spreads([row.cells for row in rows], [row.where for row in rows])
    raise BadInput([*found, Problem("header", what, f"Give {sets}.")])


def _pairs(rows: Sequence[Row], measure: str | None) -> list[Study]:
    largest = LARGEST_LOG if measure in RATIOS else LARGEST
    problems = spelt_differently(rows)
    studies = []
    for name, mine in by_study(rows, problems).items():
        pairs = []
        for row in mine:
            estimate = number(row, "te", problems, lambda value: abs(value) <= largest, "is no logarithm of a ratio")
            se = number(row, "sete", problems, lambda value: value > SMALLEST, "is no standard error: it has to be above 0")
            one, other = (row.cells.get(side, "") for side in ("treat1", "treat2"))
            if not one or not other:
                problems.append(Problem(row.where, "a treatment is not named.", "Name both."))
            elif not math.isnan(estimate + se):
                pairs.append(Pair(one, other, estimate, se))
        if len(pairs) == len(mine):
            try:
                studies.append(from_pairs(name, pairs))
            except BadInput as bad:
                problems += [problem._replace(where=f"line {mine[0].line}, study {problem.where}") for problem in bad.problems]
    if problems:
        raise BadInput(problems)
    return studies


def _arms(rows: Sequence[Row], kind: Kind, measure: str) -> list[Study]:
    problems = spelt_differently(rows)
    studies = []
    for name, mine in by_study(rows, problems).items():
        numbers = {column: [_cell(row, column, kind, measure, problems) for row in mine] for column in kind.columns[1:]}
        treatments = tuple(row.cells.get("treatment", "") for row in mine)
        for row, treatment in zip(mine, treatments, strict=True):
            if not treatment:
                problems.append(Problem(f"{row.where}, column treatment", "it is empty.", "Name the treatment of the arm."))
        if kind.name == "events":
            _require_no_more_than_all(mine, numbers, problems)
        if len(mine) > 1 and not any(math.isnan(value) for values in numbers.values() for value in values):
            effects = _effects(measure, {column: np.array(values) for column, values in numbers.items()})
            studies.append(Study(name, treatments, effects.estimate, effects.covariance))
    problems += without_comparator(rows)
    if kind.name == "means":
        problems += doubtful_spreads([row.cells for row in rows], [row.where for row in rows])
    if problems:
        raise BadInput(problems)
    return studies


def _cell(row: Row, column: str, kind: Kind, measure: str, problems: list[Problem]) -> float:
    if column == "n" and kind.name == "means":
        return number(row, column, problems, lambda value: value >= 2.0, "has no standard deviation: it takes two people")
    if column == "n":
        return number(row, column, problems, lambda value: value >= 1.0 and value.is_integer(), f"has to be {_WHOLE} above 0")
    if column in ("exposure", "sd"):
        return number(row, column, problems, lambda value: value > SMALLEST, "has to be above 0")
    if column == "events":
        return number(row, column, problems, lambda value: value >= 0.0 and value.is_integer(), f"has to be {_WHOLE}")
    if measure == "ROM":
        return number(row, column, problems, lambda value: value > SMALLEST, "has no ratio: for ROM a mean has to be above 0")
    return number(row, column, problems, math.isfinite, "is no number")


def _require_no_more_than_all(rows: Sequence[Row], numbers: Mapping[str, list[float]], problems: list[Problem]) -> None:
    for at, (row, had, size) in enumerate(zip(rows, numbers["events"], numbers["n"], strict=True)):
        if had > size:
            what = f"{had:g} of {size:g} people had the event."
            problems.append(Problem(f"{row.where}, column events", what, "Look up which of the two is wrong."))
            numbers["events"][at] = math.nan


def _effects(measure: str, of: Mapping[str, np.ndarray]) -> Effects:
    if measure in EVENTS:
        return from_events(measure, of["events"], of["n"])
    if measure in MEANS:
        return from_means(measure, of["mean"], of["sd"], of["n"])
    return from_exposure(of["events"], of["exposure"])


def _corrected(rows: Sequence[Row], kind: Kind) -> tuple[Problem, ...]:
    """Which studies had an empty cell."""
    empty = []
    for name, mine in by_study(rows, []).items():
        had = [float(row.cells["events"]) for row in mine]
        all_had = kind.name == "events" and any(float(row.cells["n"]) == each for row, each in zip(mine, had, strict=True))
        if 0.0 in had or all_had:
            empty.append(name)
    if not empty:
        return ()
    what = (
        f"nobody, or everybody, had the event in some arm of: {', '.join(empty)}. Half a person was added to each cell there."
    )
    return (Problem("table", what, "Nothing to do; another correction would give a slightly different answer."),)
