"""The picture of what one person may expect before the diary: fifty equally likely futures of the days in 28.

Quantile dots (Kay 2016): each dot is 2 chances in 100. Solid dots have come down to half or fewer; the row without the
treatment is drawn fainter. What is drawn is the rate in the long run, not the count of one month.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cleardays.problems import BadInput, Problem
from cleardays.report.evidence_sheet import (
    LEFT,
    RIGHT,
    Label,
    Look,
    Sheet,
    named,
    nothing,
    part_of,
    points,
    shape,
    spoken,
)
from cleardays.report.treatment_page_words import word

DOTS = 50
MONTH = 28.0
_HALF = 0.5
_COLUMNS = 28  # of dots, about so many across
_TIGHT = 1e-9
_LARGEST = 4.6  # radius of a dot
_APART = 0.8  # between two dots of a column
_TALLEST = 120.0  # of a column
_FURTHEST = 4.0  # times the days before: where the axis ends at the latest
_EDGE = 6.0
_MOST_TICKS = 8


class Futures(NamedTuple):
    """Fifty equally likely rates, in days per 28, the lowest first; how many are at most half, how many above today's."""

    days: tuple[float, ...]
    half: int
    above: int


def futures(multiplier: Sequence[float], days_before: float) -> Futures:
    """The fifty futures of a person.

    Args:
        multiplier: equally likely values of rate with treatment over rate before, at least one.
        days_before: the person's own rate before, days per 28.
    """
    values = np.sort(np.asarray(multiplier, dtype=float))
    at = (np.arange(DOTS) + 0.5) / DOTS
    ratios = np.interp(at, (np.arange(values.size) + 0.5) / values.size, values)
    days = tuple(float(each) for each in np.minimum(ratios * days_before, MONTH))
    return Futures(days, int((ratios <= _HALF).sum()), int((np.array(days) > days_before).sum()))


def draw_curve(document: Mapping[str, Any], indication: str, days_before: float, look: Look | None = None) -> str:
    """The fifty futures with the treatment above the fifty on placebo, as an SVG element.

    Args:
        document: what is stored of the treatment.
        indication: one of its indications.
        days_before: the person's own days per 28 before, above 0.
        look: colours, font, prefix of the ids.
    """
    if not 0.0 < days_before <= MONTH:
        what = f"{days_before:g} days in 28 before the treatment cannot be drawn."
        raise BadInput(Problem("days_before", what, "Give a number above 0 and at most 28."))
    look = look or Look("curve")
    treatment, part = str(document["treatment"]), part_of(document, indication)
    title = f"{named(treatment)}: what the trials let you expect"
    if part is None:
        return nothing(title, treatment, indication, look)
    expected = part["expected"]
    rows = [(spoken(treatment), futures(expected["multiplier"], days_before)),
            ("placebo", futures(expected["placebo"], days_before))]  # fmt: skip
    scale = _scale(rows, days_before)
    sheet = Sheet(look)
    sheet.say(title, bold=True)
    sheet.say(_reading(indication, days_before), muted=True, small=True)
    for at, (name, found) in enumerate(rows):
        sheet.y += 8.0
        sheet.say(_row_said(name, found, days_before), bold=at == 0)
        _dots(sheet, scale, found, faint=at > 0)
    _axis(sheet, scale, days_before)
    beyond = f"Dots at the right end: {say_days(scale.end - scale.column)} or more." if _is_cut(rows, scale) else ""
    if beyond:
        sheet.say(beyond, muted=True, small=True)
    sheet.y += 4.0
    plain = _plain(treatment, rows[0][1], rows[1][1], days_before)
    sheet.say(plain)
    told = [
        _reading(indication, days_before),
        *(f"{_row_said(name, found, days_before)}." for name, found in rows),
        beyond,
        plain,
    ]
    return sheet.finish(title, " ".join(filter(None, told)))


def say_days(days: float) -> str:
    """A number of days, whole where it is.

    >>> say_days(4.0), say_days(4.5), say_days(1.0)
    ('4 days', '4.5 days', '1 day')
    """
    said = f"{days:.1f}".removesuffix(".0")
    return f"{said} day" if said == "1" else f"{said} days"


class _Scale(NamedTuple):
    """Days across the picture, and the width of a column of dots; a column ends where half of the days does."""

    end: float
    column: float
    highest: int  # dots in a column

    def x(self, days: float) -> float:
        return LEFT + _EDGE + (RIGHT - LEFT - 2.0 * _EDGE) * min(days / self.end, 1.0)

    @property
    def radius(self) -> float:
        return min(0.47 * (self.x(self.column) - self.x(0.0)), _LARGEST, 0.5 * (_TALLEST / self.highest - _APART))

    def columns(self, days: Sequence[float]) -> list[int]:
        """In which column each dot stands; one at the end of a column is inside."""
        return [max(0, math.ceil(min(each, self.end) / self.column - _TIGHT) - 1) for each in days]


def _scale(rows: Sequence[tuple[str, Futures]], days_before: float) -> _Scale:
    half = _HALF * days_before
    end = min(MONTH, _FURTHEST * days_before, max(days_before * 1.1, *(found.days[-1] for _, found in rows)))
    column = half / max(1, math.ceil(half * _COLUMNS / end - _TIGHT))
    scale = _Scale(column * math.ceil(end / column - _TIGHT), column, 1)
    placed = [scale.columns(found.days) for _, found in rows]
    return scale._replace(highest=max(each.count(at) for each in placed for at in each))


def _is_cut(rows: Sequence[tuple[str, Futures]], scale: _Scale) -> bool:
    return any(found.days[-1] > scale.end + _TIGHT for _, found in rows)


def _dots(sheet: Sheet, scale: _Scale, found: Futures, *, faint: bool) -> None:
    palette, radius = sheet.palette, scale.radius
    columns, step = scale.columns(found.days), 2 * radius + _APART
    tall = max(columns.count(each) for each in columns) * step
    sheet.y += 3.0
    foot, heights = sheet.y + tall, dict[int, int]()
    colour = palette.unknown if faint else palette.had
    for at, (days, column) in enumerate(zip(found.days, columns, strict=True)):
        height = heights.get(column, 0)
        heights[column] = height + 1
        solid = at < found.half
        inset = 0.0 if solid else 0.6
        fill = colour if solid else palette.paper
        sheet.parts.append(
            shape(
                "circle", say_days(days), cx=scale.x((column + 0.5) * scale.column),
                cy=foot - radius - height * step, r=radius - inset,
                style=f"fill:{fill};stroke:{colour};stroke-width:{0 if solid else 1.2:g}",
            )
        )  # fmt: skip
    sheet.parts.append(shape("rect", x=LEFT, y=foot + 1.0, width=RIGHT - LEFT, height=1.0, style=f"fill:{palette.muted}"))
    sheet.y = foot + 2.0


def _axis(sheet: Sheet, scale: _Scale, days_before: float) -> None:
    """Days in 28; a bar below them reaches to half, a mark stands at what was before."""
    palette, half = sheet.palette, _HALF * days_before
    step = next(each for each in (1, 2, 4, 7, 14) if scale.end / each <= _MOST_TICKS)
    ticks = [tick for tick in range(0, 29, step) if tick <= scale.end + _TIGHT]
    for tick in ticks:
        sheet.parts.append(
            shape("rect", x=scale.x(tick) - 0.5, y=sheet.y, width=1.0, height=4.0, style=f"fill:{palette.muted}")
        )
    sheet.y += 3.0
    sheet.labels([Label(scale.x(tick), f"{tick}", palette.muted) for tick in ticks], 1)
    sheet.y += 4.0
    begin, end, before = scale.x(0.0), scale.x(half), scale.x(days_before)
    sheet.parts.append(shape("rect", x=begin, y=sheet.y, width=end - begin, height=4.0, style=f"fill:{palette.had}"))
    tip = [(before, sheet.y - 3.0), (before - 4.5, sheet.y + 5.0), (before + 4.5, sheet.y + 5.0)]
    sheet.parts.append(shape("polygon", points=points(*tip), style=f"fill:{palette.ink}"))
    sheet.y += 4.0
    sheet.labels([Label((begin + end) / 2.0, f"half: {say_days(half)}", palette.ink),
                  Label(before, f"before: {say_days(days_before)}", palette.ink)], 2)  # fmt: skip


def _reading(indication: str, days_before: float) -> str:
    return (
        f"For a person with {word('indication', indication)} and {say_days(days_before)} in 28 before. Each dot is one of "
        f"{DOTS} futures that are equally likely. Solid: at most half of the days. Across: days in 28, after a few months."
    )


def _row_said(name: str, found: Futures, days_before: float) -> str:
    return f"On {name}: in {found.half} of {DOTS} futures at most {say_days(_HALF * days_before)}"


def _plain(treatment: str, with_it: Futures, without: Futures, days_before: float) -> str:
    name, most = spoken(treatment), say_days(_HALF * days_before)
    return (
        f"In plain words: of {DOTS} people like you, about {with_it.half} would have {most} or fewer on {name}, and about "
        f"{without.half} on placebo. About {with_it.above} of {DOTS} would have more days than before. Nobody can say "
        "beforehand which one you are; your diary may show."
    )
