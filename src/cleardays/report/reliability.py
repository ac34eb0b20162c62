"""The picture of reliability: of those given a probability, how many came true?

Dots on the diagonal are honest probabilities. Shapes tell the methods apart, whiskers are twice the Monte-Carlo
error, and columns below count the people of each bin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.report.colours import own_colours
from cleardays.report.strip import SCREEN, Palette
from cleardays.report.vitals_panels import Layout, text
from cleardays.response.study.figures import Bin, Figure

LAYOUT = Layout(width=420.0, letters=13.0, tall=0.0, gutter=46.0)
_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_SQUARE, _COLUMNS, _TOP = 330.0, 46.0, 84.0
_WHISKER = 2.0


class Diagram(NamedTuple):
    """The bins of one method, with its name in words."""

    method: str
    bins: tuple[Bin, ...]


def draw_reliability(title: str, ours: Diagram, beside: Diagram | None = None) -> str:
    """A reliability diagram as a file of its own, light or dark as the reader has set it.

    Args:
        title: what people these are.
        ours: filled dots, and the columns below.
        beside: a method to compare with, as hollow squares.
    """
    layout, palette, drawn = LAYOUT, SCREEN, [each for each in (ours, beside) if each is not None]
    parts = [text(layout, 2, layout.letters, title, palette.ink, weight="600")]
    x, y = layout.gutter, _TOP
    parts += _legend(drawn, layout, palette)
    for tick in range(0, 11, 2):
        at = tick / 10
        parts += [
            _bar(x + at * _SQUARE, y, 0.7, _SQUARE, palette.soft),
            _bar(x, y + at * _SQUARE, _SQUARE, 0.7, palette.soft),
            text(layout, x - 5, y + (1 - at) * _SQUARE + 4, f"{at:g}", palette.muted, "end", small=True),
            text(layout, x + at * _SQUARE, y + _SQUARE + 15, f"{at:g}", palette.muted, "middle", small=True),
        ]
    parts.append(line(x, y + _SQUARE, x + _SQUARE, y, palette.muted, 1.0))
    parts.append(text(layout, 2, y - 8, "came true", palette.muted, small=True))
    below = "probability given of a reduction of half or more"
    parts.append(text(layout, x + _SQUARE, y + _SQUARE + 32, below, palette.muted, "end", small=True))
    for diagram in reversed(drawn):
        parts += _points(diagram, x, y, palette, hollow=diagram is beside)
    foot = y + _SQUARE + 44 + _COLUMNS
    parts += _counts(ours, x, foot, layout, palette)
    return picture(layout.width, foot + 24, title, _said(title, drawn), parts, "reliability")


def picture(width: float, height: float, title: str, described: str, parts: Sequence[str], name: str) -> str:
    """An SVG file with title and description, in the reader's light or dark setting, plain when printed."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(_FONT)}" font-size="{LAYOUT.letters:g}">'
        f'{own_colours()}<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(described)}</desc>'
        f"{''.join(parts)}</svg>\n"
    )


def line(x0: float, y0: float, x1: float, y1: float, colour: str, thick: float) -> str:
    """A straight line."""
    points = f"{x0:g},{y0:g} {x1:g},{y1:g}"
    return f'<polyline points="{points}" style="fill:none;stroke:{colour};stroke-width:{thick:g}"/>'


def mark(x: float, y: float, size: float, said: str, palette: Palette, *, hollow: bool) -> str:
    """A filled dot or a hollow square, with its words."""
    if hollow:
        style = f"fill:{palette.paper};stroke:{palette.treatment};stroke-width:1.6"
        shape = f'<rect x="{x - size:g}" y="{y - size:g}" width="{2 * size:g}" height="{2 * size:g}" style="{style}">'
        return f"{shape}<title>{escape(said)}</title></rect>"
    return f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}" style="fill:{palette.had}"><title>{escape(said)}</title></circle>'


def span_of(figure: Figure) -> tuple[float, float]:
    """A share with twice its Monte-Carlo error to each side, inside 0 and 1."""
    away = _WHISKER * figure.error
    return max(0.0, figure.value - away), min(1.0, figure.value + away)


def _points(diagram: Diagram, x: float, y: float, palette: Palette, *, hollow: bool) -> list[str]:
    parts = []
    for each in diagram.bins:
        if each.forecast is None or each.observed is None:
            continue
        at, (low, high) = x + each.forecast * _SQUARE, span_of(each.observed)
        colour = palette.treatment if hollow else palette.had
        parts.append(line(at, y + (1 - low) * _SQUARE, at, y + (1 - high) * _SQUARE, colour, 1.2))
        parts.append(
            mark(
                at, y + (1 - each.observed.value) * _SQUARE, 4.2, f"{diagram.method}: {_bin_said(each)}", palette, hollow=hollow
            )
        )
    return parts


def _counts(diagram: Diagram, x: float, foot: float, layout: Layout, palette: Palette) -> list[str]:
    most = max((each.people for each in diagram.bins), default=0) or 1
    parts = [text(layout, x + _SQUARE, foot + 16, "people in each bin", palette.muted, "end", small=True)]
    for each in diagram.bins:
        tall, wide = _COLUMNS * each.people / most, _SQUARE * (each.last - each.first)
        parts.append(
            f'<rect x="{x + each.first * _SQUARE + 1:g}" y="{foot - tall:g}" width="{wide - 2:g}" height="{tall:g}" '
            f'style="fill:{palette.soft}"><title>{each.people} people from {each.first:g} to {each.last:g}</title></rect>'
        )
    return [*parts, text(layout, x - 5, foot - _COLUMNS + 10, str(most), palette.muted, "end", small=True)]


def _legend(drawn: Sequence[Diagram], layout: Layout, palette: Palette) -> list[str]:
    parts = []
    for index, diagram in enumerate(drawn):
        y = 28 + layout.row * index
        parts.append(mark(8, y, 4.2, diagram.method, palette, hollow=index > 0))
        parts.append(text(layout, 17, y + 4, diagram.method, palette.ink, small=True))
    return parts


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" style="fill:{colour}"/>'


def _bin_said(each: Bin) -> str:
    assert each.forecast is not None  # only bins with people are told
    assert each.observed is not None
    return f"{each.people} people given {each.forecast:.2f} on average, {each.observed.value:.2f} came true"


def _said(title: str, drawn: Sequence[Diagram]) -> str:
    told = []
    for diagram in drawn:
        bins = [_bin_said(each) for each in diagram.bins if each.forecast is not None and each.observed is not None]
        told.append(f"{diagram.method}: {'; '.join(bins) or 'nobody'}.")
    return f"{title}. Honest probabilities lie on the diagonal. {' '.join(told)}"
