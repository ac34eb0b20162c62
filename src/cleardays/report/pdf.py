"""The page as a tagged PDF (PDF/UA-1), set by typst from data."""

from __future__ import annotations

import json
from importlib import resources

from cleardays import __version__
from cleardays.report.bars import draw_bars
from cleardays.report.marks import draw_icon, draw_mark
from cleardays.report.page import Page
from cleardays.report.strip import PAPER, WIDE, describe, draw_strip, legend

PAPERS = {"a4": "a4", "letter": "us-letter"}

_FONT = "Libertinus Serif"
_MISSING_LETTERS = "Some letters on this page exist in no font of the machine that made it; the HTML page shows them."


def render_pdf(page: Page, *, paper: str = "a4") -> bytes:
    """The whole page as PDF bytes; `paper` is "a4" or "letter".

    All words reach typst as JSON, so nothing a person wrote can act as markup.
    Same page, same bytes. Letters that no font on this machine has would break
    the accessibility standard; then the PDF is made without it and says so.
    """
    import typst

    data = _as_data(page, PAPERS[paper])
    try:
        return _compile(data, accessible=True)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compile({**data, "small_print": [*page.small_print, _MISSING_LETTERS]}, accessible=False)


def _compile(data: dict[str, object], *, accessible: bool) -> bytes:
    import typst

    template = resources.files("cleardays.report").joinpath("templates", "page.typ").read_bytes()
    inputs = {"page": json.dumps(data, ensure_ascii=False)}
    made: bytes = typst.compile(template, sys_inputs=inputs, pdf_standards="ua-1" if accessible else None, timestamp=0)
    return made


def _as_data(page: Page, paper: str) -> dict[str, object]:
    review = page.review
    bars_said = "; ".join(f"{bar.label}: {bar.value.estimate:.0f}" for bar in page.bars)
    return {
        "paper": paper,
        "version": f"cleardays {__version__}",
        "title": page.title,
        "about": page.about,
        "badge": page.badge,
        "headline": page.headline,
        "plain": page.plain,
        "next_step": page.next_step,
        "verdict_line": page.verdict_line,
        "beside": page.beside,
        "icon": {"svg": draw_icon(page.verdict, PAPER), "alt": page.headline},
        "bars": {
            "svg": draw_bars(page, palette=PAPER, font=_FONT, name="rates"),
            "alt": f"Days in 28. {bars_said}",
            "caption": page.caption,
        }
        if page.bars
        else None,
        "rows": [row._asdict() for row in page.rows if row.recorded],
        "not_recorded": page.not_recorded,
        "strip": {
            "svg": draw_strip(review, WIDE, palette=PAPER, font=_FONT, name="days"),
            "alt": describe(review),
        },
        "legend": [{"svg": draw_mark(mark, PAPER), "meaning": meaning} for mark, meaning in legend(review)],
        "coming": page.coming,
        "reasons": [{"because": r.because, "source": ", ".join(r.source)} for r in page.reasons],
        "small_print": page.small_print,
        "sources": [{"key": key, "citation": citation} for key, citation in page.sources],
    }
