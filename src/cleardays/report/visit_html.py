"""The clinician's page as one HTML file: no network, no script; each number leads to its paragraph in the annex."""

from __future__ import annotations

from importlib import resources

from cleardays.report.annex_days import MARKS_SAY
from cleardays.report.marks import draw_icon
from cleardays.report.simulated import is_simulated, label_html
from cleardays.report.six_months import draw_sign, draw_six_months, legend, title
from cleardays.report.strip import SCREEN
from cleardays.report.visit import NO_DAYS, Visit
from cleardays.report.visit_pdf import ALONE, WITH, WITHOUT

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"


def render_visit_html(page: Visit, *, annex: str = WITH) -> str:
    """The page as a self-contained HTML document.

    Args:
        page: what it says.
        annex: "with" the annex after the page, "without" it, or the annex "alone".
    """
    import jinja2
    from markupsafe import Markup

    source = resources.files("cleardays.report").joinpath("templates", "visit.html.j2").read_text(encoding="utf-8")
    # Everything is escaped but the pictures that we draw ourselves (their labels are escaped there).
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
    account = page.account
    strip = Markup(draw_six_months(account, palette=SCREEN, font=_FONT, name="days")) if page.has_days else None
    found = template.render(
        page=page,
        shows_page=annex != ALONE,
        shows_annex=annex != WITHOUT,
        linked=annex == WITH,
        icon=Markup(draw_icon(page.verdict, SCREEN)),
        strip=strip,
        strip_title=title(account) if page.has_days else "Day by day",
        no_days=NO_DAYS,
        legend=[(Markup(draw_sign(mark, SCREEN)), meaning) for mark, meaning in legend(account)],
        key=MARKS_SAY,
    )
    return label_html(found) if is_simulated(account.about) else found
