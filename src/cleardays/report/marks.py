"""Small marks: the legend of the strip chart, and the verdict as a shape beside its word."""

from __future__ import annotations

from cleardays.report.strip import Palette
from cleardays.response.verdict import CANNOT_TELL, NOT_RESPONDING, RESPONDING, TOO_EARLY

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" aria-hidden="true">{inside}</svg>'


def draw_mark(mark: str, palette: Palette) -> str:
    """One column of the strip chart, as in its legend."""
    inside = {
        "had": f'<rect x="1" y="0" width="8" height="18" style="fill:{palette.had}"/>',
        "soft": f'<rect x="1" y="5" width="8" height="13" style="fill:{palette.soft}"/>',
        "clear": f'<rect x="1" y="15" width="8" height="3" style="fill:{palette.clear}"/>',
        "unknown": f'<rect x="1.5" y="1" width="7" height="16" '
        f'style="fill:none;stroke:{palette.unknown};stroke-width:1.2;stroke-linecap:round;stroke-dasharray:0.1 3"/>',
    }[mark]
    return _SVG.format(w=10, h=18, inside=inside)


def draw_icon(verdict: str, palette: Palette) -> str:
    """Tick, cross, hourglass or question mark: the verdict without colour and without words.

    Of a person's page also a triangle (a warning sign), an empty ring (not begun) and a ring of dots (no day is known).
    """
    line = f'style="fill:none;stroke:{palette.ink};stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round"'
    ring = f'<circle cx="12" cy="12" r="10" {line}/>'
    inside = {
        RESPONDING: f'{ring}<path d="M7 12.5l3.5 3.5L17 9" {line}/>',
        NOT_RESPONDING: f'{ring}<path d="M8.5 8.5l7 7M15.5 8.5l-7 7" {line}/>',
        TOO_EARLY: f'<path d="M6 3h12M6 21h12M7.5 3c0 5 9 6 9 9s-9 4-9 9M16.5 3c0 5-9 6-9 9s9 4 9 9" {line}/>',
        CANNOT_TELL: f'{ring}<path d="M9 9.5a3 3 0 1 1 4.2 2.7c-.8.4-1.2.9-1.2 1.8M12 17.2v.1" {line}/>',
        "safety": f'<path d="M12 3L22.5 21h-21zM12 10v5M12 18v.1" {line}/>',
        "not_begun": ring,
        "no_day": f'<circle cx="12" cy="12" r="10" {line[:-1]};stroke-dasharray:0.1 4.4"/>',
    }[verdict]
    return _SVG.format(w=24, h=24, inside=inside)
