"""The picture of simulation-based calibration: ranks of the truth among the draws, flat where the computation is right.

The band holds each column in 99 % of studies if the ranks are uniform; a column outside it is outlined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from cleardays.report.reliability import LAYOUT, picture
from cleardays.report.strip import SCREEN
from cleardays.report.vitals_panels import text
from cleardays.response.study.ranks import BINS, QUANTITIES, Ranks

_WIDE, _TALL, _GAP, _ACROSS, _TOP = 210.0, 90.0, 20.0, 3, 30.0
_HEAD, _FOOT = 20.0, 24.0
_NORMAL_99 = 2.5758


def draw_ranks(title: str, found: Sequence[Ranks]) -> str:
    """A histogram for each quantity, with its chi-square."""
    layout, palette = LAYOUT, SCREEN
    parts = [text(layout, 2, layout.letters, title, palette.ink, weight="600")]
    for index, each in enumerate(found):
        x = 2 + (index % _ACROSS) * (_WIDE + _GAP)
        y = _TOP + (index // _ACROSS) * (_HEAD + _TALL + _FOOT)
        parts += _histogram(each, x, y)
    rows = -(-len(found) // _ACROSS)
    told = "; ".join(f"{QUANTITIES[each.quantity]}: {_test_said(each)}" for each in found)
    width, height = _ACROSS * (_WIDE + _GAP), _TOP + rows * (_HEAD + _TALL + _FOOT) + 4
    described = f"{title}. Ranks of the truth among the posterior draws, flat where the computation is right. {told}."
    return picture(width, height, title, described, parts, "ranks")


def _histogram(found: Ranks, x: float, y: float) -> list[str]:
    layout, palette = LAYOUT, SCREEN
    expected = found.people / BINS
    away = _NORMAL_99 * math.sqrt(expected * (1 - 1 / BINS))
    low, high = max(0.0, expected - away), expected + away
    most = max(*found.counts, high) * 1.05
    foot, column = y + _HEAD + _TALL, _WIDE / BINS
    parts = [
        text(layout, x, y + layout.letters, found.quantity, palette.ink, weight="600", small=True),
        text(layout, x + _WIDE, y + layout.letters, _test_said(found), palette.muted, "end", small=True),
        f'<rect x="{x:g}" y="{foot - high / most * _TALL:g}" width="{_WIDE:g}" height="{(high - low) / most * _TALL:g}" '
        f'style="fill:{palette.soft}"/>',
    ]
    for index, count in enumerate(found.counts):
        tall = count / most * _TALL
        outside = not low <= count <= high
        edge = f";stroke:{palette.ink};stroke-width:2" if outside else ""
        said = f"{found.quantity}, ranks {index / BINS:g} to {(index + 1) / BINS:g}: {count} people"
        said += ", outside the band" if outside else ""
        parts.append(
            f'<rect x="{x + index * column + 1.5:g}" y="{foot - tall:g}" width="{column - 3:g}" height="{tall:g}" '
            f'style="fill:{palette.had}{edge}"><title>{escape(said)}</title></rect>'
        )
    return [*parts, text(layout, x, foot + 14, "0", palette.muted, small=True),
            text(layout, x + _WIDE, foot + 14, "1", palette.muted, "end", small=True)]  # fmt: skip


def _test_said(found: Ranks) -> str:
    return f"chi-square {found.chi_square:.1f}, p {found.chi_square_p:.2f}"
