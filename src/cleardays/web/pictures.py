"""Pictures of the report room inside a page: in the page's colours, without styles of their own, labelled where simulated."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from cleardays.report.answer_days import SHOWN_DAYS
from cleardays.report.answer_fan import Fan
from cleardays.report.answer_fan_picture import draw_fan
from cleardays.report.bars import draw_bars
from cleardays.report.in_page import in_page
from cleardays.report.marks import draw_icon, draw_mark
from cleardays.report.page import Page
from cleardays.report.simulated import is_simulated, stamp
from cleardays.report.strip import NARROW, SCREEN, WIDE, draw_strip, legend
from cleardays.trial.review import Review

_FONT = "inherit"


def icon(sign: str) -> Markup:
    """The state as a shape beside its words."""
    return Markup(in_page(draw_icon(sign, SCREEN)))


def fan(found: Fan, about: Mapping[str, str]) -> Markup:
    """Three futures; empty where there are none."""
    return _shown(draw_fan(found, palette=SCREEN, font=_FONT, name="fan"), about)


def strips(review: Review) -> dict[str, Markup]:
    """The days by their width: rows of 28 for a phone, long ones for a desk."""
    layouts = {"narrow": NARROW, "wide": WIDE}
    return {
        name: _shown(
            draw_strip(review, layout, palette=SCREEN, font=_FONT, name=f"days-{name}", longest=SHOWN_DAYS), review.about
        )
        for name, layout in layouts.items()
    }


def marks(review: Review) -> list[tuple[Markup, str]]:
    """The legend of the days."""
    return [(Markup(in_page(draw_mark(mark, SCREEN))), meaning) for mark, meaning in legend(review)]


def bars(page: Page) -> Markup:
    """The levels with their intervals."""
    return _shown(draw_bars(page, palette=SCREEN, font=_FONT, name="rates") if page.bars else "", page.review.about)


def _shown(picture: str, about: Mapping[str, str]) -> Markup:
    # Only what we draw ourselves; every label in it was escaped there.
    return Markup(in_page(stamp(picture) if picture and is_simulated(about) else picture))
