"""The picture of the rates: before, now, and now without the treatment, with intervals."""

from __future__ import annotations

from xml.sax.saxutils import escape

from cleardays.report import words
from cleardays.report.page import Page
from cleardays.report.strip import Palette

_WIDTH = 340.0
_ROW = 46.0
_LEFT, _RIGHT = 8.0, 8.0


def draw_bars(page: Page, *, palette: Palette, font: str, name: str) -> str:
    """Each rate as a dot with its 90 % interval on the page's scale, as an SVG element."""
    height, scale = _ROW * len(page.bars) + 24, page.scale
    figures = [
        f"{words.figure(b.value.estimate, scale.decimals)}  ({words.figure_range(b.value, scale.decimals)})" for b in page.bars
    ]
    said = "; ".join(f"{bar.label}: {' '.join(figure.split())}" for bar, figure in zip(page.bars, figures, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="13">',
        f'<title id="{name}-title">{escape(scale.title)}</title>',
        f'<desc id="{name}-desc">Dots with 90 % intervals. {escape(said)}</desc>',
    ]
    most = scale.ticks[-1]
    for index, (bar, figure) in enumerate(zip(page.bars, figures, strict=True)):
        y = index * _ROW
        low, middle, high = (_x(v, most) for v in (bar.value.lower, bar.value.estimate, bar.value.upper))
        parts.append(_text(_LEFT, y + 14, bar.label, palette.ink))
        parts.append(_text(_WIDTH - _RIGHT, y + 14, figure, palette.ink, anchor="end"))
        parts.append(
            f'<rect x="{_LEFT:g}" y="{y + 27.5:g}" width="{_WIDTH - _LEFT - _RIGHT:g}" height="1" style="fill:{palette.soft}"/>'
        )
        parts.append(
            f'<rect x="{low:g}" y="{y + 25:g}" width="{max(high - low, 1):g}" height="6" rx="3" style="fill:{palette.soft}"/>'
        )
        # what did not happen (now without the treatment) is hollow
        inside = f"fill:{palette.paper};stroke:{palette.had};stroke-width:2" if bar.estimated else f"fill:{palette.had}"
        parts.append(f'<circle cx="{middle:g}" cy="{y + 28:g}" r="5.5" style="{inside}"/>')
    for value in scale.ticks:
        anchor = {0: "start", most: "end"}.get(value, "middle")
        label = scale.end if value == most else f"{value:,}"
        parts.append(_text(_x(value, most), height - 6, label, palette.muted, anchor))
    return "".join([*parts, "</svg>"])


def _x(value: float, most: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / most


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="fill:{colour}">{escape(text)}</text>'
