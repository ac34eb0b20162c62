"""The picture of coverage: in each world, how many truths lay inside the 90 % interval?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleardays.report.reliability import LAYOUT, line, mark, picture, span_of
from cleardays.report.strip import SCREEN
from cleardays.report.vitals_panels import text
from cleardays.response.study.figures import Figure

_WIDTH, _NAMES, _ROW, _TOP = 560.0, 190.0, 21.0, 66.0
_MEANT = 0.9
_TICKS = (0.0, 0.25, 0.5, 0.75, _MEANT, 1.0)
_RIGHT = 16.0


class Covered(NamedTuple):
    """One world: its name, its group, and the coverage of R and of the days now."""

    name: str
    group: str
    reduction: Figure | None
    current: Figure | None


def draw_coverage(title: str, rows: Sequence[Covered]) -> str:
    """A row for each world: a dot for R, a hollow square for the days per 28 now, whiskers of twice the error."""
    layout, palette, parts = LAYOUT, SCREEN, list[str]()
    parts.append(text(layout, 2, layout.letters, title, palette.ink, weight="600"))
    for at, said, hollow in ((8.0, "the reduction R", False), (150.0, "days per 28 now", True)):
        parts.append(mark(at, 30, 4.2, said, palette, hollow=hollow))
        parts.append(text(layout, at + 9, 34, said, palette.ink, small=True))
    y, body = _TOP, list[str]()
    for index, row in enumerate(rows):
        if index and row.group != rows[index - 1].group:
            y += 7
        body.append(text(layout, _NAMES - 8, y + 4, row.name, palette.ink, "end", small=True))
        for figure, what, hollow, shift in ((row.reduction, "R", False, -3.0), (row.current, "days now", True, 3.0)):
            if figure is None:
                continue
            low, high = span_of(figure)
            colour = palette.treatment if hollow else palette.had
            body.append(line(_x(low), y + shift, _x(high), y + shift, colour, 1.2))
            body.append(
                mark(_x(figure.value), y + shift, 3.2, f"{row.name}: {_cover_said(what, figure)}", palette, hollow=hollow)
            )
        y += _ROW
    for tick in _TICKS:
        thick, colour = (1.4, palette.muted) if tick == _MEANT else (0.7, palette.soft)
        parts.append(line(_x(tick), _TOP - 12, _x(tick), y - 8, colour, thick))
        parts.append(text(layout, _x(tick), _TOP - 16, f"{tick:g}", palette.muted, "middle", small=True))
    told = "; ".join(f"{row.name}: {_row_said(row)}" for row in rows)
    described = f"{title}. Meant is {_MEANT:g}. {told}."
    return picture(_WIDTH, y + 4, title, described, [*parts, *body], "coverage")


def _x(share: float) -> float:
    return _NAMES + (_WIDTH - _NAMES - _RIGHT) * share


def _cover_said(what: str, figure: Figure) -> str:
    return f"{what} {figure.value:.2f} (error {figure.error:.2f})"


def _row_said(row: Covered) -> str:
    told = [_cover_said(what, each) for what, each in (("R", row.reduction), ("days now", row.current)) if each is not None]
    return ", ".join(told) or "no interval"
