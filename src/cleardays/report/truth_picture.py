"""The truth beside what a page said: an interval with its dot, and a cross where the truth lay."""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import escape

from cleardays.report.strip import Palette

_WIDE, _ROW, _TOP = 480.0, 44.0, 4.0
_LEFT, _RIGHT = 10.0, 10.0
_LETTERS = 13.0
_CROSS = 6.0


class Mark(NamedTuple):
    """One row on a scale from `least` to `most`: what is shown, its interval and estimate, the truth, and both in words."""

    label: str
    least: float
    most: float
    interval: tuple[float, float, float] | None
    true: float
    said: str


def draw_truth(marks: tuple[Mark, ...], *, palette: Palette, font: str, name: str) -> str:
    """The picture as an SVG element.

    Args:
        marks: one for each row.
        palette: colours.
        font: the font family of the labels.
        name: prefix of the element ids, unique on its page.
    """
    tall = _TOP + _ROW * len(marks)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:g} {tall:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(font)}" font-size="{_LETTERS:g}">',
        f'<title id="{name}-title">What was true, beside what the page said</title>',
        f'<desc id="{name}-desc">{escape(describe_truth(marks))}</desc>',
    ]
    for at, mark in enumerate(marks):
        parts += _row(mark, _TOP + _ROW * at, palette)
    return "".join([*parts, "</svg>"])


def describe_truth(marks: tuple[Mark, ...]) -> str:
    """The picture in words."""
    return " ".join(f"{mark.label}: {mark.said}." for mark in marks)


def _row(mark: Mark, y: float, palette: Palette) -> list[str]:
    line = y + 30
    parts = [
        f'<text x="{_LEFT:g}" y="{y + 14:g}" style="fill:{palette.ink}">{escape(mark.label)}</text>',
        f'<text x="{_WIDE - _RIGHT:g}" y="{y + 14:g}" text-anchor="end" style="fill:{palette.ink}">{escape(mark.said)}</text>',
        f'<rect x="{_LEFT:g}" y="{line - 0.5:g}" width="{_WIDE - _LEFT - _RIGHT:g}" height="1" style="fill:{palette.soft}"/>',
    ]
    if mark.interval is not None:
        low, middle, high = (_x(mark, value) for value in mark.interval)
        parts.append(
            f'<rect x="{low:g}" y="{line - 4:g}" width="{max(high - low, 1):g}" height="8" rx="4" style="fill:{palette.soft}"/>'
        )
        parts.append(f'<circle cx="{middle:g}" cy="{line:g}" r="5" style="fill:{palette.had}"/>')
    x, stroke = _x(mark, mark.true), f"stroke:{palette.treatment};stroke-width:2.6;stroke-linecap:round"
    ends = ((-_CROSS, -_CROSS), (_CROSS, _CROSS)), ((-_CROSS, _CROSS), (_CROSS, -_CROSS))
    parts += [
        f'<line x1="{x + a:g}" y1="{line + b:g}" x2="{x + c:g}" y2="{line + d:g}" style="{stroke}"/>' for (a, b), (c, d) in ends
    ]
    return parts


def _x(mark: Mark, value: float) -> float:
    share = (value - mark.least) / (mark.most - mark.least)
    return _LEFT + _CROSS + (_WIDE - _LEFT - _RIGHT - 2 * _CROSS) * min(1.0, max(0.0, share))
