"""The page as one HTML file: no network, no script, readable by phone, printer and screen reader."""

from __future__ import annotations

from importlib import resources

from cleardays.report.bars import draw_bars
from cleardays.report.marks import draw_icon, draw_mark
from cleardays.report.page import Page
from cleardays.report.simulated import is_simulated, label_html
from cleardays.report.strip import NARROW, SCREEN, WIDE, draw_strip, legend

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"


def render_html(page: Page) -> str:
    """The whole page as a self-contained HTML document.

    Every figure is an inline SVG with a title and a description; colours follow
    the reader's light or dark setting; a phone gets the days in rows of 28.
    """
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "page.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the pictures that we draw ourselves (their labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    review = page.review
    found = template.render(
        page=page,
        icon=Markup(draw_icon(page.verdict, SCREEN)),
        caption=page.caption,
        bars=Markup(draw_bars(page, palette=SCREEN, font=_FONT, name="rates")),
        strip_wide=Markup(draw_strip(review, WIDE, palette=SCREEN, font=_FONT, name="days-wide")),
        strip_narrow=Markup(draw_strip(review, NARROW, palette=SCREEN, font=_FONT, name="days-narrow")),
        legend=[(Markup(draw_mark(mark, SCREEN)), meaning) for mark, meaning in legend(review)],
    )
    return label_html(found) if is_simulated(review.about) else found
