"""Figures of a study that cannot be: shares above 100, counts above the arm, too many days, a spread of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt

from cleardays.evidence.records import Cell, Row, Study
from cleardays.problems import Problem

_SHARE_ROUNDED = 1.0  # percentage points that a printed share may differ from its count
_LEAST_DISPERSION = 0.05  # variance between people over mean days in a unit, at the least


def check_figures(study: Study) -> Iterator[Problem]:
    """Everything that is wrong with the figures of a study, by arm and column."""
    for row in rows_of(study):
        where = f"{study.id}.toml, {where_of(row)}"
        yield from _check_ranges(row, where)
        yield from _check_counts(study, row, where)
        yield from _check_order(row.cells, where)
        yield from _check_deviations(row, where)
        yield from _check_errors(study, row, where)


def rows_of(study: Study) -> tuple[Row, ...]:
    """All that holds figures: arms, results and differences."""
    return (*study.arms.values(), *study.results, *study.differences)


def where_of(row: Row) -> str:
    """A row in words: its arm, what it is against, its outcome and part."""
    return ", ".join(str(row.of[key]) for key in ("id", "arm", "against", "outcome", "part") if key in row.of)


def _check_ranges(row: Row, where: str) -> Iterator[Problem]:
    unit = row.of.get("unit_days")
    for name, cell in row.cells.items():
        if name.endswith("_percent") and not 0.0 <= cell.value <= 100.0:
            yield Problem(f"{where}, column {name}", f"{cell.value} % cannot be.", "Look it up.")
        if name.endswith(("_sd", "_se")) and cell.value <= 0.0:
            yield Problem(f"{where}, column {name}", f"{cell.value} cannot be a spread.", "Look it up.")
        if name.endswith("_mean") and unit is not None and _days(row) and abs(cell.value) > unit:
            what = f"{cell.value} days in a unit of {unit} days cannot be."
            yield Problem(f"{where}, column {name}", what, "Look up the figure and unit_days.")


def _days(row: Row) -> bool:
    return str(row.of.get("outcome", "")).endswith("_day")


def _people(study: Study, row: Row) -> Cell | None:
    """How many people a row is of, where that is known."""
    arm = study.arms.get(str(row.of.get("arm")))
    return row.cells.get("analysed") or (None if arm is None else arm.cells.get("randomised"))


def _check_counts(study: Study, row: Row, where: str) -> Iterator[Problem]:
    size = _people(study, row)
    for name in ("responders50", "responders75", "responders100", "events"):
        column = name if name == "events" else f"{name}_n"
        count, share = row.cells.get(column), row.cells.get(f"{name}_percent")
        if count is None or size is None:
            continue
        if count.value > size.value:
            what = f"{count.value} of {size.value} people cannot be."
            yield Problem(f"{where}, column {column}", what, "Look up which of the two is wrong.")
        elif share is not None and abs(100.0 * count.value / size.value - share.value) > _SHARE_ROUNDED:
            what = f"{count.value} of {size.value} are {100.0 * count.value / size.value:.1f} %, not {share.value} %."
            yield Problem(f"{where}, column {name}_percent", what, "Look up which of the three is wrong.")


def _check_order(cells: Mapping[str, Cell], where: str) -> Iterator[Problem]:
    for prefix in ("followup_", "change_", ""):
        lower, upper, estimate = (cells.get(f"{prefix}{name}") for name in ("lower", "upper", "mean" if prefix else "estimate"))
        told = [cell.value for cell in (lower, estimate, upper) if cell is not None]
        if told != sorted(told):
            yield Problem(f"{where}, column {prefix}lower", f"{told} is no interval around its estimate.", "Look it up.")


def _check_deviations(row: Row, where: str) -> Iterator[Problem]:
    """A standard deviation of days between people that is far below what counting alone would make is a standard error."""
    if "unit_days" not in row.of:
        return
    for when in ("baseline", "followup", "change"):
        of = "baseline" if when == "change" and "baseline_mean" in row.cells else when
        mean, sd = row.cells.get(f"{of}_mean"), row.cells.get(f"{when}_sd")
        if mean is None or sd is None:
            continue
        if sd.value**2 < _LEAST_DISPERSION * abs(mean.value) / float(row.of.get(f"{of}_units", 1)):
            what = f"{sd.value} can only be a standard error: people differ by more than that in {mean.value} days."
            yield Problem(f"{where}, column {when}_sd", what, f"Write it as {when}_se, or look it up.")


def _check_errors(study: Study, row: Row, where: str) -> Iterator[Problem]:
    """A standard error of which the people would have to differ by more days than a unit has is a standard deviation."""
    people, unit = _people(study, row), row.of.get("unit_days")
    if people is None or unit is None or not _days(row):
        return
    for when in ("followup", "change"):
        se = row.cells.get(f"{when}_se")
        if se is not None and se.value * sqrt(people.value) > unit:
            what = f"{se.value} can only be a standard deviation: {people.value} people would differ by more than {unit} days."
            yield Problem(f"{where}, column {when}_se", what, f"Write it as {when}_sd, or look it up.")
