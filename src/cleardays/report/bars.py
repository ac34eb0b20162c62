"""The picture of the rates: before, now, and now without the treatment, with intervals."""

from __future__ import annotations

from xml.sax.saxutils import escape

from cleardays.report import words
from cleardays.report.page import Page
from cleardays.report.strip import Palette

_WIDTH = 340.0
_ROW = 46.0
_LEFT, _RIGHT = 8.0, 8.0
_MONTH = 28


def draw_bars(page: Page, *, palette: Palette, font: str, name: str) -> str:
    """Each rate as a dot with its 90 % interval on a scale of 0 to 28 days, as an SVG element."""
    height = _ROW * len(page.bars) + 24
    said = "; ".join(f"{bar.label}: {words.days(bar.value.estimate)} ({words.days_range(bar.value)})" for bar in page.bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="13">',
        f'<title id="{name}-title">Days in 28, with 90 % intervals</title>',
        f'<desc id="{name}-desc">{escape(said)}</desc>',
    ]
    for index, bar in enumerate(page.bars):
        y = index * _ROW
        low, middle, high = (_x(v) for v in (bar.value.lower, bar.value.estimate, bar.value.upper))
        parts.append(_text(_LEFT, y + 14, bar.label, palette.ink))
        figure = f"{words.days(bar.value.estimate)}  ({words.days_range(bar.value)})"
        parts.append(_text(_WIDTH - _RIGHT, y + 14, figure, palette.ink, anchor="end"))
        parts.append(
            f'<rect x="{_LEFT:g}" y="{y + 27.5:g}" width="{_x(_MONTH) - _LEFT:g}" height="1" style="fill:{palette.soft}"/>'
        )
        parts.append(
            f'<rect x="{low:g}" y="{y + 25:g}" width="{max(high - low, 1):g}" height="6" rx="3" style="fill:{palette.soft}"/>'
        )
        # what did not happen (now without the treatment) is hollow
        inside = f"fill:{palette.paper};stroke:{palette.had};stroke-width:2" if bar.estimated else f"fill:{palette.had}"
        parts.append(f'<circle cx="{middle:g}" cy="{y + 28:g}" r="5.5" style="{inside}"/>')
    for value in (0, 7, 14, 21, 28):
        anchor = {0: "start", 28: "end"}.get(value, "middle")
        parts.append(_text(_x(value), height - 6, f"{value} days" if value == _MONTH else str(value), palette.muted, anchor))
    return "".join([*parts, "</svg>"])


def _x(days: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * days / _MONTH


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="fill:{colour}">{escape(text)}</text>'
