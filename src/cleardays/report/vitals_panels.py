"""The parts of the picture of a session: panels of readings with their limits, and lanes of marks.

Shapes carry the meaning, so that it survives a greyscale print and any eye: a dot is a
reading, a triangle one beyond a limit, a dotted outline a reading that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.plan.session_judge import Missed
from cleardays.plan.session_record import Vitals
from cleardays.plan.session_rules import BEFORE, DISCHARGE, DURING, MEASURES, Limit
from cleardays.report.strip import Palette

_BEFORE_START = 12.0  # how far a limit on the start reaches to each side of minute 0
_SPARE = 0.12  # of a panel's range, kept free above and below
_NARROW_CHARACTER = 0.55  # of the size of a letter


class Layout(NamedTuple):
    """Width of the picture, size of its letters, height of a panel, all in the picture's own units."""

    width: float
    letters: float
    tall: float
    gutter: float
    margin: float = 10.0

    @property
    def left(self) -> float:
        """Where minute 0 stands."""
        return self.gutter + _BEFORE_START

    @property
    def right(self) -> float:
        """Where the last minute stands."""
        return self.width - self.margin - 4

    @property
    def row(self) -> float:
        """Height of a line of text."""
        return self.letters * 1.35

    def wide(self, said: str) -> float:
        """About how wide a text is."""
        return _NARROW_CHARACTER * self.letters * len(said)


class Scale(NamedTuple):
    """Minutes across the picture."""

    layout: Layout
    last: float

    def x(self, minute: float) -> float:
        """Where a minute stands."""
        return self.layout.left + (self.layout.right - self.layout.left) * minute / max(self.last, 1.0)


class Panel(NamedTuple):
    """One panel: its title and the measures it shows, the upper one first; `size` is its share of the usual height."""

    title: str
    measures: tuple[str, ...]
    size: float


PANELS = (
    Panel("Blood pressure, mmHg", ("sbp", "dbp"), 1.35),
    Panel("Heart rate, a minute", ("heart_rate",), 0.85),
    Panel("Oxygen saturation, %", ("spo2",), 0.75),
    Panel("Breathing rate, a minute", ("respiratory_rate",), 0.7),
)


def draw_panel(
    panel: Panel, top: float, rows: Sequence[Vitals], missed: Sequence[Missed], limits: Sequence[Limit],
    scale: Scale, palette: Palette,
) -> Iterator[str]:  # fmt: skip
    """One panel with its title, limits, gaps, lines and readings."""
    layout, own = scale.layout, [each for each in limits if each.measure in panel.measures]
    height = layout.tall * panel.size
    values = [getattr(row, name) for row in rows for name in panel.measures if getattr(row, name) is not None]
    y = _vertical(values, own, top + layout.row, height)
    yield text(layout, 2, top + layout.letters, panel.title, palette.ink, weight="600", halo=palette.paper)
    stops = _said_stops(panel, own)
    yield text(layout, layout.right - 4, top + layout.letters, stops, palette.muted, "end", halo=palette.paper)
    foot, across = top + layout.row + height, layout.right - layout.gutter
    yield f'<rect x="{layout.gutter:g}" y="{foot:g}" width="{across:g}" height="0.7" style="fill:{palette.soft}"/>'
    for each in own:
        yield from _limit(each, y, scale, palette)
    gaps = [each.minute for each in missed if set(panel.measures) & set(each.measures)]
    for minute in gaps:
        names = [MEASURES[name][0] for each in missed if each.minute == minute for name in each.measures]
        yield hole(
            scale.x(minute), top + layout.row + 1, height - 2, f"minute {minute:g}: not read ({', '.join(names)})", palette
        )
    yield from _stems(panel, rows, y, scale, palette)
    for name in panel.measures:
        told = [row for row in rows if getattr(row, name) is not None]
        broken = [each.minute for each in missed if name in each.measures]
        yield from _line(name, told, broken, y, scale, palette)
        for row in told:
            yield from _reading(name, row, own, y, scale, palette)


class Vertical(NamedTuple):
    """From values to heights."""

    low: float
    high: float
    top: float
    height: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return self.top + self.height * (self.high - value) / (self.high - self.low)


def _vertical(values: Sequence[float], limits: Sequence[Limit], top: float, height: float) -> Vertical:
    marks = [each for limit in limits if limit.phase == DURING for each in (limit.above, limit.below) if each is not None]
    seen = [*values, *marks]
    low, high = min(seen), max(seen)
    spare = max((high - low) * _SPARE, 1.0)
    return Vertical(low - spare, high + spare, top, height)


def _said_stops(panel: Panel, limits: Sequence[Limit]) -> str:
    """At what the session stops, in words: "stop above 120, below 45"."""
    stops = [each for each in limits if each.phase == DURING and each.do == "stop"]
    in_order = sorted(stops, key=lambda each: panel.measures.index(each.measure))
    sides = [("above", [each.above for each in in_order]), ("below", [each.below for each in in_order])]
    said = [f"{side} {'/'.join(f'{each:g}' for each in found if each is not None)}" for side, found in sides if any(found)]
    return f"stop {', '.join(said)}" if said else ""


def _limit(limit: Limit, y: Vertical, scale: Scale, palette: Palette) -> Iterator[str]:
    """A limit as a line with its number at the left; one on the start is short, one on the end is not drawn."""
    layout = scale.layout
    begin, end = layout.gutter, layout.right
    if limit.phase == BEFORE:
        end = layout.gutter + 2 * _BEFORE_START
    elif limit.from_minute:
        begin = scale.x(limit.from_minute)
    for value, side in ((limit.above, "above"), (limit.below, "below")):
        if value is None or limit.phase == DISCHARGE or begin >= end or not y.low < value < y.high:
            continue
        at, said = y.at(value), f"{limit.do} {side} {value:g}"
        tall = 1.4 if limit.do == "stop" else 0.8
        yield (
            f'<rect x="{begin:g}" y="{at - tall / 2:g}" width="{end - begin:g}" height="{tall:g}" style="fill:{palette.muted}">'
            f"<title>{escape(MEASURES[limit.measure][0])}: {escape(said)}</title></rect>"
        )
        if limit.do == "stop":
            yield text(layout, layout.gutter - 3, at + layout.letters * 0.35, f"{value:g}", palette.muted, "end", small=True)


def _stems(panel: Panel, rows: Sequence[Vitals], y: Vertical, scale: Scale, palette: Palette) -> Iterator[str]:
    """The span between the two pressures of one reading."""
    if len(panel.measures) < 2:
        return
    for row in rows:
        upper, lower = (getattr(row, name) for name in panel.measures)
        if upper is not None and lower is not None:
            x, begin, end = scale.x(row.minute), y.at(upper), y.at(lower)
            yield f'<rect x="{x - 0.6:g}" y="{begin:g}" width="1.2" height="{end - begin:g}" style="fill:{palette.soft}"/>'


def _line(
    name: str, rows: Sequence[Vitals], broken: Sequence[float], y: Vertical, scale: Scale, palette: Palette
) -> Iterator[str]:
    """Readings joined where none was missed between them."""
    for one, other in pairwise(rows):
        if not any(one.minute < minute < other.minute for minute in broken):
            points = (
                f"{scale.x(one.minute):g},{y.at(getattr(one, name)):g} {scale.x(other.minute):g},{y.at(getattr(other, name)):g}"
            )
            yield f'<polyline points="{points}" style="fill:none;stroke:{palette.had};stroke-width:1.3"/>'


def _reading(name: str, row: Vitals, limits: Sequence[Limit], y: Vertical, scale: Scale, palette: Palette) -> Iterator[str]:
    """A dot; a triangle with its number where it lies beyond a limit."""
    value, x, layout = getattr(row, name), scale.x(row.minute), scale.layout
    at, said = y.at(value), f"minute {row.minute:g}: {MEASURES[name][0]} {value:g} {MEASURES[name][1]}"
    beyond = [each for each in limits if each.measure == name and each.holds_at(row.minute) and each.is_crossed(value)]
    if not beyond:
        inside = f"fill:{palette.had}" if name != "dbp" else f"fill:{palette.paper};stroke:{palette.had};stroke-width:1.5"
        yield f'<circle cx="{x:g}" cy="{at:g}" r="2.6" style="{inside}"><title>{escape(said)}</title></circle>'
        return
    up = any(each.above is not None and value > each.above for each in beyond)
    yield triangle(x, at, 6.0, up=up, said=f"{said}: {beyond[0].do}", palette=palette)
    near_end = x > layout.right - 30
    shift = -8 if near_end else 8
    yield text(
        layout, x + shift, at + layout.letters * 0.35, f"{value:g}", palette.ink, "end" if near_end else "start",
        small=True, weight="700", halo=palette.paper,
    )  # fmt: skip


def triangle(x: float, y: float, size: float, *, up: bool, said: str, palette: Palette) -> str:
    """A triangle that points to where the value went."""
    tip, foot = (y - size, y + size * 0.7) if up else (y + size, y - size * 0.7)
    points = f"{x:g},{tip:g} {x - size:g},{foot:g} {x + size:g},{foot:g}"
    style = f"fill:{palette.ink};stroke:{palette.paper};stroke-width:1"
    return f'<polygon points="{points}" style="{style}"><title>{escape(said)}</title></polygon>'


def hole(x: float, top: float, height: float, said: str, palette: Palette) -> str:
    """A reading that is missing: a dotted outline with nothing inside, as an unknown day is drawn."""
    style = f"fill:none;stroke:{palette.unknown};stroke-width:1.4;stroke-linecap:round;stroke-dasharray:0.1 3.2"
    return (
        f'<rect x="{x - 4:g}" y="{top:g}" width="8" height="{height:g}" rx="2" style="{style}">'
        f"<title>{escape(said)}</title></rect>"
    )


def text(
    layout: Layout, x: float, y: float, said: str, colour: str, anchor: str = "start", *,
    small: bool = False, weight: str = "400", halo: str | None = None,
) -> str:  # fmt: skip
    """A label; a halo keeps it readable over a line."""
    size = layout.letters - 1.5 if small else layout.letters
    ring = f";paint-order:stroke;stroke:{halo};stroke-width:3" if halo else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}" '
        f'style="fill:{colour}{ring}">{escape(said)}</text>'
    )
