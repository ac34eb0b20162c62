"""Reading studies from a table: one row an arm, or one row a pair.

Arms: study, treatment and events with n, or mean, sd and n, or events with exposure. Pairs: study, treat1, treat2, TE
and seTE, treat1 minus treat2 and for ratios on the log scale; a study of several arms gives all its pairs. Whatever cannot
be pooled truthfully is refused, with the line, the study, the arm and the column.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cleardays.evidence.synthesis.measures import (
    EVENTS,
    EXPOSURE,
    MEANS,
    MEASURES,
    Effects,
    from_events,
    from_exposure,
    from_means,
)
from cleardays.evidence.synthesis.plausible import doubtful_spreads
from cleardays.evidence.synthesis.studies import Pair, Study, from_pairs
from cleardays.problems import BadInput, Problem, enough, shown

# Other names that a column goes by, in lower case.
_ALSO_CALLED = {
    "study": ("studlab", "study_id", "studyid"),
    "treatment": ("treat", "intervention", "agent"),
    "n": ("sample_size", "total"),
    "events": ("event", "responders", "r"),
    "exposure": ("time", "person_time"),
    "te": (),
    "sete": (),
    "treat1": (),
    "treat2": (),
    "mean": (),
    "sd": (),
    "unit": ("units",),
}


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


class Row(NamedTuple):
    """One line of the table: where it is, and its cells by our names."""

    line: int
    cells: Mapping[str, str]

    @property
    def where(self) -> str:
        """As it stands in a problem."""
        arm = self.cells.get("treatment") or f"{self.cells.get('treat1', '?')} against {self.cells.get('treat2', '?')}"
        return f"line {self.line}, study {self.cells.get('study', '?')}, {arm}"


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
    rows, columns = _rows(lines)
    kind = _kind(rows, columns)
    if measure is not None and measure not in kind.measures:
        what = f"{measure} cannot be had from {kind.name}."
        raise BadInput(Problem("--measure", what, f"Choose one of {', '.join(kind.measures)}."))
    chosen = measure or kind.default
    _require_one_unit(rows)
    studies = _pairs(rows) if kind is PAIRS else _arms(rows, kind, str(chosen))
    notes = () if kind.name not in ("events", "exposure") else _corrected(rows, kind)
    return Read(tuple(studies), chosen, notes)


def _rows(lines: Iterable[str]) -> tuple[list[Row], set[str]]:
    reader = csv.reader(lines)
    header = next(reader, None)
    if not header or not any(name.strip() for name in header):
        raise BadInput(Problem("table", "it is empty.", "Give a header and one row for each arm."))
    names = [_named(name) for name in header]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadInput(Problem("header", f"the column {twice[0]} stands there twice.", "Keep one of them."))
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(reader.line_num, dict(zip(names, (cell.strip() for cell in cells), strict=False))))
    except csv.Error as error:
        raise BadInput(Problem(f"line {reader.line_num}", f"it is no row of a table ({error}).", "Check the quotes.")) from None
    if not rows:
        raise BadInput(Problem("table", "it has a header, but no rows.", "Give one row for each arm."))
    return rows, set(names)


def _named(name: str) -> str:
    plain = name.strip().lstrip("\N{BYTE ORDER MARK}").lower()
    return next((ours for ours, others in _ALSO_CALLED.items() if plain == ours or plain in others), plain)


def _kind(rows: Sequence[Row], columns: set[str]) -> Kind:
    if "study" not in columns:
        raise BadInput(Problem("header", "there is no column study.", "Name the study of each row in a column called study."))
    for kind in KINDS:
        if columns.issuperset(kind.columns):
            return kind
    what = f"the columns {', '.join(sorted(columns))} are none of the sets that can be pooled."
    sets = "; or ".join(", ".join(("study", *kind.columns)) for kind in KINDS)
    found = []
    if "treatment" in columns:
        found += _without_comparator(rows) + doubtful_spreads([row.cells for row in rows], [row.where for row in rows])
    raise BadInput([*found, Problem("header", what, f"Give {sets}.")])


def _require_one_unit(rows: Sequence[Row]) -> None:
    units = dict.fromkeys(row.cells["unit"] for row in rows if row.cells.get("unit"))
    if len(units) > 1:
        first = {unit: next(row.line for row in rows if row.cells.get("unit") == unit) for unit in units}
        said = ", ".join(f"{unit} (line {line})" for unit, line in first.items())
        raise BadInput(Problem("column unit", f"the rows are in different units: {said}.", "Bring them to one, or pool apart."))


def _by_study(rows: Sequence[Row], problems: list[Problem]) -> dict[str, list[Row]]:
    by_study: dict[str, list[Row]] = {}
    for row in rows:
        name = row.cells.get("study", "")
        if not name:
            problems.append(Problem(f"line {row.line}, column study", "it is empty.", "Name the study."))
        by_study.setdefault(name, []).append(row)
    return by_study


def _number(row: Row, column: str, problems: list[Problem], holds: Callable[[float], bool], must: str) -> float:
    """The number in a cell; NaN, and a problem, where there is none or it cannot be."""
    text = row.cells.get(column, "")
    where = f"{row.where}, column {column}"
    enough(problems, "table")
    try:
        value = float(text)
    except ValueError:
        said = "it is empty." if not text else f"{shown(text)} is no number."
        problems.append(Problem(where, said, "Give the number, or leave the study out."))
        return math.nan
    if not math.isfinite(value) or not holds(value):
        problems.append(Problem(where, f"{shown(text)} {must}.", "Look it up in the source."))
        return math.nan
    return value


def _pairs(rows: Sequence[Row]) -> list[Study]:
    problems: list[Problem] = []
    studies = []
    for name, mine in _by_study(rows, problems).items():
        pairs = []
        for row in mine:
            estimate = _number(row, "te", problems, math.isfinite, "is no number")
            se = _number(row, "sete", problems, lambda value: value > 0.0, "is no standard error: it has to be above 0")
            one, other = (row.cells.get(side, "") for side in ("treat1", "treat2"))
            if not one or not other:
                problems.append(Problem(row.where, "a treatment is not named.", "Name both."))
            elif not math.isnan(estimate + se):
                pairs.append(Pair(one, other, estimate, se))
        if len(pairs) == len(mine):
            try:
                studies.append(from_pairs(name, pairs))
            except BadInput as bad:
                problems += [problem._replace(where=f"study {problem.where}") for problem in bad.problems]
    if problems:
        raise BadInput(problems)
    return studies


def _arms(rows: Sequence[Row], kind: Kind, measure: str) -> list[Study]:
    problems: list[Problem] = []
    studies = []
    for name, mine in _by_study(rows, problems).items():
        numbers = {column: [_cell(row, column, measure, problems) for row in mine] for column in kind.columns[1:]}
        treatments = tuple(row.cells.get("treatment", "") for row in mine)
        for row, treatment in zip(mine, treatments, strict=True):
            if not treatment:
                problems.append(Problem(f"{row.where}, column treatment", "it is empty.", "Name the treatment of the arm."))
        if kind.name == "events":
            _require_no_more_than_all(mine, numbers, problems)
        if not any(math.isnan(value) for values in numbers.values() for value in values):
            effects = _effects(measure, {column: np.array(values) for column, values in numbers.items()})
            studies.append(Study(name, treatments, effects.estimate, effects.covariance))
    problems += _without_comparator(rows)
    if kind.name == "means":
        problems += doubtful_spreads([row.cells for row in rows], [row.where for row in rows])
    if problems:
        raise BadInput(problems)
    return studies


def _cell(row: Row, column: str, measure: str, problems: list[Problem]) -> float:
    if column in ("n", "exposure", "sd"):
        return _number(row, column, problems, lambda value: value > 0.0, "has to be above 0")
    if column == "events":
        return _number(row, column, problems, lambda value: value >= 0.0, "cannot be: no fewer than 0 have an event")
    if measure == "ROM":
        return _number(row, column, problems, lambda value: value > 0.0, "has no ratio: for ROM a mean has to be above 0")
    return _number(row, column, problems, math.isfinite, "is no number")


def _require_no_more_than_all(rows: Sequence[Row], numbers: Mapping[str, list[float]], problems: list[Problem]) -> None:
    for row, had, size in zip(rows, numbers["events"], numbers["n"], strict=True):
        if had > size:
            what = f"{had:g} of {size:g} people had the event."
            problems.append(Problem(f"{row.where}, column events", what, "Look up which of the two is wrong."))
            numbers["events"][rows.index(row)] = math.nan


def _effects(measure: str, of: Mapping[str, np.ndarray]) -> Effects:
    if measure in EVENTS:
        return from_events(measure, of["events"], of["n"])
    if measure in MEANS:
        return from_means(measure, of["mean"], of["sd"], of["n"])
    return from_exposure(of["events"], of["exposure"])


def _without_comparator(rows: Sequence[Row]) -> list[Problem]:
    """Studies that compare nothing: one arm, or arms of one treatment; and treatments that stand twice in one study."""
    found: list[Problem] = []
    by_study = _by_study(rows, [])
    lonely = [name for name, mine in by_study.items() if len({row.cells.get("treatment") for row in mine}) == 1]
    if lonely:
        said = ", ".join(lonely[:5]) + (f" and {len(lonely) - 5} more" if len(lonely) > 5 else "")
        what = f"{len(lonely)} of {len(by_study)} studies have no comparator, only one treatment each: {said}."
        found.append(Problem("table", what, "Without a placebo or another treatment nothing can be compared; add its arms."))
    for name, mine in by_study.items():
        named = [row.cells.get("treatment") for row in mine]
        twice = next((row for index, row in enumerate(mine) if row.cells.get("treatment") in named[:index]), None)
        if twice is not None and name not in lonely:
            what = f"the study has {twice.cells.get('treatment')} twice."
            found.append(
                Problem(twice.where, what, "Add the arms together, or name the doses apart; the same people count once.")
            )
    return found


def _corrected(rows: Sequence[Row], kind: Kind) -> tuple[Problem, ...]:
    """Which studies had an empty cell."""
    empty = []
    for name, mine in _by_study(rows, []).items():
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
