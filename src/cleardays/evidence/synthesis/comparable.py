"""Do the rows of a table say something that can be compared: comparators, units, names."""

from __future__ import annotations

from collections.abc import Sequence

from cleardays.evidence.synthesis.rows import Row, by_study
from cleardays.problems import BadInput, Problem


def require_one_unit(rows: Sequence[Row]) -> None:
    """Refuse rows in different units, where there is a column that tells them."""
    units = dict.fromkeys(row.cells["unit"] for row in rows if row.cells.get("unit"))
    if len(units) > 1:
        first = {unit: next(row.line for row in rows if row.cells.get("unit") == unit) for unit in units}
        said = ", ".join(f"{unit} (line {line})" for unit, line in first.items())
        raise BadInput(Problem("column unit", f"the rows are in different units: {said}.", "Bring them to one, or pool apart."))


def without_comparator(rows: Sequence[Row]) -> list[Problem]:
    """Studies that compare nothing: one arm, or arms of one treatment; and treatments that stand twice in one study."""
    found: list[Problem] = []
    studies = by_study(rows, [])
    lonely = [name for name, mine in studies.items() if len({row.cells.get("treatment") for row in mine}) == 1]
    if lonely:
        said = ", ".join(lonely[:5]) + (f" and {len(lonely) - 5} more" if len(lonely) > 5 else "")
        what = f"{len(lonely)} of {len(studies)} studies have no comparator, only one treatment each: {said}."
        found.append(Problem("table", what, "Without a placebo or another treatment nothing can be compared; add its arms."))
    for name, mine in studies.items():
        twice = _second(mine)
        if twice is not None and name not in lonely:
            what = f"the study has {twice.cells.get('treatment')} twice."
            found.append(
                Problem(twice.where, what, "Add the arms together, or name the doses apart; the same people count once.")
            )
    return found


def _second(rows: Sequence[Row]) -> Row | None:
    """The first row of a study whose treatment stood there before."""
    seen: set[str | None] = set()
    for row in rows:
        if row.cells.get("treatment") in seen:
            return row
        seen.add(row.cells.get("treatment"))
    return None


def spelt_differently(rows: Sequence[Row]) -> list[Problem]:
    """Treatments whose names differ in nothing but capitals or spaces: one of them is a slip."""
    found: list[Problem] = []
    first: dict[str, tuple[str, Row]] = {}
    for row in rows:
        for column in ("treatment", "treat1", "treat2"):
            name = row.cells.get(column, "")
            known, there = first.setdefault("".join(name.split()).casefold(), (name, row))
            if known != name:
                what = f"{name} is {known} of line {there.line}, written differently."
                found.append(Problem(f"{row.where}, column {column}", what, "Write a treatment the same way everywhere."))
    return found


def alike_to_the_last_figure(rows: Sequence[Row], columns: Sequence[str]) -> list[Problem]:
    """Studies under two names with the same figures in all arms: it may be chance in small ones, or the same people twice."""
    seen: dict[frozenset[tuple[str, ...]], str] = {}
    found = []
    for name, mine in by_study(rows, []).items():
        figures = frozenset(tuple(row.cells.get(column, "") for column in columns) for row in mine)
        if figures in seen:
            what = f"{seen[figures]} and {name} have the same figures in every arm."
            found.append(Problem("table", what, "If they are the same people, keep one: they count twice here."))
        seen.setdefault(figures, name)
    return found
