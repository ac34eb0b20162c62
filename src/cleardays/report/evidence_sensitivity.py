"""The picture of how far the answer hangs on what was assumed: the chance of half as many days under each other assumption.

A dot for the treatment, a hollow square for placebo; the line is the chance as it is usually worked out. A dot far from it
tells which assumption matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleardays.evidence.prior.stored import from_document
from cleardays.report.evidence_sheet import (
    LEFT,
    RIGHT,
    Label,
    Look,
    Sheet,
    named,
    nothing,
    part_of,
    people_with,
    shape,
    spoken,
)
from cleardays.report.words import sentence

_MUCH = 0.5
_STRIP, _GAP, _EDGE = 14.0, 6.0, 8.0
_FIGURES = 64.0  # room for two numbers at the right
_SAME = 0.0005  # chances that differ by less are the same


def draw_sensitivity(document: Mapping[str, Any], indication: str, look: Look | None = None) -> str:
    """The chance of half as many days or fewer under each assumption, as an SVG element.

    Args:
        document: what is stored of the treatment.
        indication: one of its indications.
        look: colours, font, prefix of the ids.
    """
    look = look or Look("sensitivity")
    treatment, part = str(document["treatment"]), part_of(document, indication)
    title = f"{named(treatment)}: if we had assumed something else"
    if part is None:
        return nothing(title, treatment, indication, look)
    prior = from_document(dict(part["expected"]))
    base = prior.chance_of(_MUCH), prior.chance_of(_MUCH, treated=False)
    moved, same = _parted(part["sensitivity"], base)
    sheet = Sheet(look)
    sheet.say(title, bold=True)
    reading = f"How many of 100 {people_with(indication)} have half as many days or fewer."
    sheet.say(reading, muted=True, small=True)
    _key(sheet, treatment)
    sheet.y += _GAP
    _row(sheet, "As we work it out", base, base)
    for each in moved:
        _row(sheet, each[0], each[1:], base)
    _axis(sheet)
    below = f"No change with: {'; '.join(same)}." if same else ""
    if below:
        sheet.y += 4.0
        sheet.say(below, muted=True, small=True)
    told = [f"{name}: {_hundred(on)} of 100 on {spoken(treatment)}, {_hundred(off)} on placebo." for name, on, off in
            [("As we work it out", *base), *moved]]  # fmt: skip
    return sheet.finish(title, " ".join([reading, *told, below]).strip())


def _parted(variants: list[Mapping[str, Any]], base: tuple[float, float]) -> tuple[list[tuple[str, float, float]], list[str]]:
    """Those that give other chances, furthest from the base first, and the words of those that give the same."""
    found = [(sentence(str(each["changed"])), float(each["chance_50"]), float(each["chance_50_placebo"])) for each in variants]
    moved = [each for each in found if abs(each[1] - base[0]) > _SAME or abs(each[2] - base[1]) > _SAME]
    same = [name[:1].lower() + name[1:] for name, *chances in found if all(
        abs(one - other) <= _SAME for one, other in zip(chances, base, strict=True))]  # fmt: skip
    return sorted(moved, key=lambda each: (-abs(each[1] - base[0]), each[0])), same


def _hundred(chance: float) -> int:
    return round(100 * chance)


def _x(chance: float) -> float:
    return LEFT + _EDGE + (RIGHT - LEFT - _FIGURES - 2.0 * _EDGE) * chance


def _row(sheet: Sheet, name: str, chances: tuple[float, ...], base: tuple[float, float]) -> None:
    palette, first = sheet.palette, chances is base
    sheet.say(name, bold=first, small=True)
    y = sheet.y + _STRIP / 2.0
    sheet.put(RIGHT, y + 4.5, f"{_hundred(chances[0])}, {_hundred(chances[1])}", "end", bold=first)
    line = f"fill:{palette.soft}"
    sheet.parts.append(shape("rect", x=_x(0.0), y=y - 0.5, width=_x(1.0) - _x(0.0), height=1.0, style=line))
    here = f"fill:{palette.muted}"
    sheet.parts.append(shape("rect", x=_x(base[0]) - 0.7, y=sheet.y, width=1.4, height=_STRIP, style=here))
    hollow = f"fill:{palette.paper};stroke:{palette.treatment};stroke-width:1.6"
    at = _x(chances[1])
    sheet.parts.append(shape("rect", f"{name}: {_hundred(chances[1])} of 100 on placebo", x=at - 4.4, y=y - 4.4, width=8.8,
                             height=8.8, style=hollow))  # fmt: skip
    dot = f"fill:{palette.had};stroke:{palette.paper};stroke-width:0.8"
    said = f"{name}: {_hundred(chances[0])} of 100 on the treatment"
    sheet.parts.append(shape("circle", said, cx=_x(chances[0]), cy=y, r=4.4, style=dot))
    sheet.y += _STRIP + _GAP


def _key(sheet: Sheet, treatment: str) -> None:
    palette, y = sheet.palette, sheet.y + 9.0
    sheet.parts.append(shape("circle", cx=LEFT + 5, cy=y, r=4.4, style=f"fill:{palette.had}"))
    sheet.put(LEFT + 15, y + 4.5, f"on {spoken(treatment)} (first number)")
    sheet.y += 19.0
    hollow = f"fill:{palette.paper};stroke:{palette.treatment};stroke-width:1.6"
    sheet.parts.append(shape("rect", x=LEFT + 0.6, y=y + 14.6, width=8.8, height=8.8, style=hollow))
    sheet.put(LEFT + 15, y + 23.5, "on placebo (second number)")
    sheet.y += 19.0


def _axis(sheet: Sheet) -> None:
    ticks = (0, 25, 50, 75, 100)
    sheet.labels([Label(_x(tick / 100), f"{tick}", sheet.palette.muted) for tick in ticks], 1)
