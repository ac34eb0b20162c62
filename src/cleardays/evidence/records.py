"""A study as it is held: who took part, arms, results and differences, each figure with its source and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

from cleardays.sources import UNCONFIRMED, least_sure

PLACEBO = "placebo"
# The figures of a result, of a difference and of an arm; everything else in these tables says what they are of.
RESULT_CELLS = (
    "analysed",
    *(f"{when}_{what}" for when in ("baseline", "followup", "change") for what in ("mean", "sd", "se", "lower", "upper")),
    *(f"responders{share}_{what}" for share in (50, 75, 100) for what in ("n", "percent")),
    "events",
    "events_percent",
)  # fmt: skip
DIFFERENCE_CELLS = ("estimate", "lower", "upper", "p")
ARM_CELLS = ("randomised", "treated", "stopped_harm_n", "stopped_harm_percent", "stopped_any_n")


class Figure(float):
    """A number that is told as it was printed.

    >>> Figure("-0.70"), f"{Figure('-0.70')}", Figure("-0.70") * 2
    (-0.70, '-0.70', -1.4)
    """

    printed: str

    def __new__(cls, printed: str) -> Self:
        """From its letters."""
        made = super().__new__(cls, printed)
        made.printed = printed
        return made

    def __repr__(self) -> str:
        """With the noughts that were printed."""
        return self.printed


class Cell(NamedTuple):
    """One figure as it was printed."""

    value: float | int
    source: tuple[str, ...]
    confidence: str

    @property
    def sure(self) -> bool:
        """Whether it was read somewhere, and so may feed a pool or a prior."""
        return self.confidence != UNCONFIRMED


class Row(NamedTuple):
    """An arm, a result or a difference: what it is of, and its figures."""

    of: Mapping[str, Any]
    cells: Mapping[str, Cell]

    def sure(self, name: str) -> float | None:
        """A figure that may feed a pool; None where it is not there or is only remembered."""
        cell = self.cells.get(name)
        return float(cell.value) if cell is not None and cell.sure else None


class Study(NamedTuple):
    """One study. `head` is its own description, as in the file."""

    id: str
    head: Mapping[str, Any]
    arms: Mapping[str, Row]
    results: tuple[Row, ...]
    differences: tuple[Row, ...]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        """As the field calls it."""
        return str(self.head["name"])

    @property
    def people(self) -> frozenset[str]:
        """Who took part: studies that share a group share people, and never stand in one pool."""
        return frozenset(self.head.get("people", (self.id,)))

    @property
    def population(self) -> str:
        """The kind of people, for example `chronic`."""
        return str(self.head.get("population", {}).get("kind", "elsewhere"))

    @property
    def failed_preventives(self) -> int:
        """How many preventives must have failed for somebody to take part; 0 where none had to."""
        return int(self.head.get("population", {}).get("failed_preventives", (0, 0))[0])

    @property
    def compares(self) -> bool:
        """Whether people were allotted by chance to something that the treatment can be compared with."""
        return bool(self.head.get("randomised")) and self.head.get("design") in ("parallel", "crossover")

    def treatment_of(self, arm: str) -> str:
        """What an arm was given."""
        return str(self.arms[arm].of["treatment"])

    def of_outcome(self, outcome: str) -> Iterator[Row]:
        """The results of an outcome, arm by arm."""
        return (row for row in self.results if row.of["outcome"] == outcome)

    def cell(self, arm: str, *path: str) -> Cell:
        """A figure by its place: (arm, cell), or (arm, outcome, cell), or (arm, outcome, part, cell).

        Raises:
            KeyError: there is no such figure.
        """
        if len(path) == 1:
            return self.arms[arm].cells[path[0]]
        *which, name = path
        for row in self.results:
            if row.of["arm"] == arm and [row.of["outcome"], row.of.get("part")][: len(which)] == which and name in row.cells:
                return row.cells[name]
        raise KeyError((arm, *path))


def as_study(document: Mapping[str, Any]) -> Study:
    """A parsed file as a study."""
    tables = ("arm", "result", "difference", "finding")
    head = {name: value for name, value in document.items() if name not in tables}
    arms = {str(arm["id"]): _row(arm, ARM_CELLS, head) for arm in document.get("arm", ())}
    return Study(
        str(head["id"]),
        head,
        arms,
        tuple(_row(result, RESULT_CELLS, head) for result in document.get("result", ())),
        tuple(_row(difference, DIFFERENCE_CELLS, head) for difference in document.get("difference", ())),
        tuple(document.get("finding", ())),
    )


def _row(table: Mapping[str, Any], names: tuple[str, ...], head: Mapping[str, Any]) -> Row:
    """Figures take their source and confidence from the row where they have none of their own, and the row from the study."""
    source, confidence = table.get("source", head["source"]), table.get("confidence", head["confidence"])
    cells = {}
    for name in names:
        if name in table:
            told = table[name] if isinstance(table[name], dict) else {"value": table[name]}
            cells[name] = Cell(told["value"], tuple(told.get("source", source)), told.get("confidence", confidence))
    return Row({name: value for name, value in table.items() if name not in names}, cells)


def surest_of(cells: Iterator[Cell]) -> str | None:
    """How sure a statement is that rests on all of these: as sure as the least sure."""
    return least_sure(cell.confidence for cell in cells)
