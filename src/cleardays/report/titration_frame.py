"""The frame of the picture of a titration: days across it, words that keep clear of each other, colours of its own file."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from typing import NamedTuple

from cleardays.catalogue.treatments import load_treatment
from cleardays.plan.monitoring import Check
from cleardays.plan.plan import Plan
from cleardays.report.plan_watch import in_catalogue_order, is_of_staff
from cleardays.report.vitals_panels import Layout

NARROW = Layout(width=340.0, letters=12.5, tall=96.0, gutter=30.0)
WIDE = Layout(width=720.0, letters=13.0, tall=112.0, gutter=34.0)
GAP = 10.0
_DAY = timedelta(days=1)
_TAIL = 0.05  # of the days that are drawn, kept free after the last thing
_EARLIER = timedelta(days=28)  # at most so many days before the start

_PLAIN, _BOLD = 0.61, 0.69  # width of a letter in a wide font, as a share of its size

Box = tuple[float, float, float, float]


class Frame(NamedTuple):
    """The days that are drawn, the last one included, across a layout."""

    layout: Layout
    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day begins; days outside stand at the edge."""
        layout, days = self.layout, (self.last - self.first).days + 1
        share = min(max((day - self.first).days / days, 0.0), 1.0)
        return layout.gutter + (layout.right - layout.gutter) * share

    def after(self, day: date) -> float:
        """Where a day ends."""
        return self.x(day + _DAY)


class Taken:
    """Places that are taken, so that a label finds a free one."""

    def __init__(self, left: float, right: float) -> None:
        self.left, self.right = left, right
        self.boxes: list[Box] = []

    def add(self, box: Box) -> None:
        """Nothing else goes here."""
        self.boxes.append(box)

    def is_free(self, box: Box) -> bool:
        """Whether a box is inside and clear of everything."""
        x0, y0, x1, y1 = box
        inside = self.left <= x0 and x1 <= self.right
        return inside and not any(x0 < b and a < x1 and y0 < d and c < y1 for a, c, b, d in self.boxes)


def frame_of(plan: Plan, layout: Layout) -> Frame:
    """From the first thing to do to a little after the last one: the review, the last step, the last session."""
    days = [plan.start, *(step.first for step in plan.steps), *(session.on for session in plan.sessions)]
    if plan.review is not None:
        days.append(plan.review.on)
    watched = [check.on for check in watches_of(plan) if check.on >= plan.start - _EARLIER]
    first, last = min([plan.start, *watched]), max(days)
    return Frame(layout, first, last + _DAY * max(1, round(_TAIL * (last - first).days)))


def watches_of(plan: Plan) -> list[Check]:
    """What others than staff watch over a stretch of days with an end; each day's first, then as the catalogue has it."""
    found = [
        check for check in plan.monitoring if check.until is not None and check.until > check.on and not is_of_staff(check)
    ]
    daily = {check.what for check in found if check.every_days == 1}
    return sorted(in_catalogue_order(found, load_treatment(plan.treatment)), key=lambda check: check.what not in daily)


def wide(said: str, layout: Layout, *, bold: bool = False) -> float:
    """How wide a text is at most, in any common font."""
    return layout.letters * len(said) * (_BOLD if bold else _PLAIN)


def wrapped(said: str, layout: Layout, *, bold: bool = False) -> list[str]:
    """A text in lines that fit across."""
    most = int((layout.width - 6) / wide("x", layout, bold=bold))
    return textwrap.wrap(said, most, break_on_hyphens=False)


def in_layers(parts: list[str], between: str) -> list[str]:
    """Shapes first, then one thing, then the words, so that no word is hidden."""
    words = [part for part in parts if part.startswith("<text")]
    return [*(part for part in parts if not part.startswith("<text")), between, *words]
